/**
 * The items of a streamed output to events. An item is told three times (added, in pieces, whole when it is done);
 * what the pieces left out is taken from the whole, as compatible servers send some of the events only.
 */
import type { JsonObject } from '../chat.ts';
import { unfoldPart } from '../fold.ts';
import { asObject, lookUp } from '../json.ts';
import { finishCall, openCall } from './decode-call.ts';
import { finishReasoning, newReasoning } from './decode-reasoning.ts';
import { type ItemsState, type OpenItem, placeOf, takeIndex } from './decode-state.ts';
import { finishMessage, newMessage } from './decode-text.ts';
import { readItem } from './items.ts';

export function addItem(state: ItemsState, data: JsonObject): void {
  const item = asObject(data.item);
  if (!item) return;
  const next = Math.max(-1, ...state.items.keys()) + 1;
  const place = typeof data.output_index === 'number' ? data.output_index : next;
  if (!state.items.has(place)) state.items.set(place, openItem(state, item));
}

function openItem(state: ItemsState, item: JsonObject): OpenItem {
  const open = lookUp(OPENERS, item.type);
  return open ? open(state, item) : { kind: 'whole' };
}

const OPENERS: Readonly<Record<string, (state: ItemsState, item: JsonObject) => OpenItem>> = {
  message: (_state, item) => newMessage(item),
  reasoning: (_state, item) => newReasoning(item),
  function_call: openCall,
  custom_tool_call: openCall,
};

/** The item is whole: what was not told of it yet is told now. */
export function endItem(state: ItemsState, data: JsonObject): void {
  const item = asObject(data.item);
  if (item) finishItem(state, placeOf(state, data), item);
}

/** @param value undefined: the item never became whole */
function finishItem(state: ItemsState, place: number, value: JsonObject | undefined): void {
  const item = state.items.get(place) ?? { kind: 'whole' };
  state.items.set(place, { kind: 'ended' });
  if (item.kind === 'ended') return;
  if (!isBegun(item)) {
    if (value) pushWhole(state, value);
    return;
  }
  if (item.kind === 'message') finishMessage(state, item, value ?? {});
  if (item.kind === 'call') finishCall(state, item, value ?? {});
  if (item.kind === 'reasoning') finishReasoning(state, item, value);
}

/** Something of it was told. */
function isBegun(item: OpenItem): boolean {
  if (item.kind === 'message') return item.texts.size > 0;
  return item.kind === 'call' || (item.kind === 'reasoning' && item.begun !== undefined);
}

function pushWhole(state: ItemsState, value: JsonObject): void {
  for (const part of readItem(value)) {
    state.hasCalls ||= part.type === 'tool-call';
    for (const event of unfoldPart(part, takeIndex(state))) state.events.push(event);
  }
}

/** The output is whole: items told in part or not at all are told, and what else is open ends. */
export function endItems(state: ItemsState, output: readonly JsonObject[]): void {
  // Servers that number items their own way have told them all nevertheless.
  const hasMore = output.length > state.items.size;
  for (const [place, item] of output.entries()) {
    if (hasMore || state.items.has(place)) finishItem(state, place, item);
  }
  for (const place of state.items.keys()) finishItem(state, place, undefined);
}

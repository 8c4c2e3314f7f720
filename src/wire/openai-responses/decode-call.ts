/** Tool calls of a stream. A custom tool's text goes into the one field of an object, piece by piece. */
import type { JsonObject } from '../chat.ts';
import { asFullText, asText, without } from '../json.ts';
import { customArguments, readCall } from './calls.ts';
import {
  type ItemsState,
  type OpenCall,
  type OpenItem,
  placeOf,
  settled,
  takeIndex,
} from './decode-state.ts';

const EMPTY = customArguments('');
/** What stands before the text, and after it. */
const [HEAD, TAIL] = [EMPTY.slice(0, -2), EMPTY.slice(-2)];

export function openCall(state: ItemsState, item: JsonObject): OpenItem {
  // Told whole, where the server gives the name no sooner.
  if (asFullText(item.name) === undefined) return { kind: 'whole' };
  const isCustom = item.type === 'custom_tool_call';
  const index = takeIndex(state);
  state.hasCalls = true;
  const { id, name, signature, extra } = readCall(without(settled(item), ['arguments', 'input']));
  const start = { type: 'tool-call-start', index, id, name } as const;
  state.events.push({ ...start, ...(signature && { signature }), ...(extra && { extra }) });
  if (isCustom) state.events.push({ type: 'tool-call-delta', index, arguments: HEAD });
  return { kind: 'call', index, isCustom, chars: 0 };
}

export function addArguments(state: ItemsState, data: JsonObject): void {
  const item = state.items.get(placeOf(state, data));
  if (item?.kind === 'call') pushArguments(state, item, asText(data.delta) ?? '');
}

function pushArguments(state: ItemsState, call: OpenCall, delta: string): void {
  if (delta === '') return;
  call.chars += delta.length;
  const text = call.isCustom ? JSON.stringify(delta).slice(1, -1) : delta;
  state.events.push({ type: 'tool-call-delta', index: call.index, arguments: text });
}

/** The whole arguments: pieces of them that are missing are told now. */
export function endArguments(state: ItemsState, data: JsonObject): void {
  const item = state.items.get(placeOf(state, data));
  if (item?.kind === 'call') fillCall(state, item, data);
}

function fillCall(state: ItemsState, call: OpenCall, whole: JsonObject): void {
  pushArguments(state, call, (asText(call.isCustom ? whole.input : whole.arguments) ?? '').slice(call.chars));
}

export function finishCall(state: ItemsState, call: OpenCall, value: JsonObject): void {
  fillCall(state, call, value);
  const { index, isCustom } = call;
  if (isCustom) state.events.push({ type: 'tool-call-delta', index, arguments: TAIL });
  state.events.push({ type: 'tool-call-end', index });
}

/**
 * The items of a streamed output to events. An item is told three times (added, in pieces, whole when it is done);
 * what the pieces left out is taken from the whole, as compatible servers send some of the events only.
 */
import type { ChatEvent, JsonObject } from '../chat.ts';
import { unfoldPart } from '../fold.ts';
import { customArguments, readCall } from './calls.ts';
import { messageExtra, readItem } from './items.ts';
import { asFullText, asObject, asObjects, asText, FORMAT, isBlank, lookUp, without } from './loose.ts';
import {
  PARAGRAPH,
  type ReasoningField,
  readReasoning,
  reasoningExtra,
  signatureOf,
  textOfField,
} from './reasoning-item.ts';

/** A content part of a message. */
interface OpenText {
  readonly index: number;
  readonly kind: 'text' | 'refusal';
  /** Characters of it that went by. */
  chars: number;
  annotations: number;
  isEnded: boolean;
}

interface OpenMessage {
  readonly kind: 'message';
  readonly value: JsonObject;
  readonly texts: Map<number, OpenText>;
}
interface OpenCall {
  readonly kind: 'call';
  readonly index: number;
  readonly isCustom: boolean;
  chars: number;
}
interface OpenReasoning {
  readonly kind: 'reasoning';
  readonly value: JsonObject;
  /** Known when its first text comes. */
  begun: { readonly index: number; readonly field: ReasoningField } | undefined;
  /** Paragraph of the summary. */
  place: number;
  chars: number;
}
/** `whole`: told when it is done. */
type OpenItem = OpenMessage | OpenCall | OpenReasoning | { readonly kind: 'whole' | 'ended' };

export interface ItemsState {
  events: ChatEvent[];
  readonly items: Map<number, OpenItem>;
  nextIndex: number;
  hasCalls: boolean;
}

export function createItemsState(): ItemsState {
  return { events: [], items: new Map(), nextIndex: 0, hasCalls: false };
}

function takeIndex(state: ItemsState): number {
  state.nextIndex += 1;
  return state.nextIndex - 1;
}

/** Where an event belongs; servers that forget it mean the last item. */
function placeOf(state: ItemsState, data: JsonObject): number {
  if (typeof data.output_index === 'number') return data.output_index;
  return Math.max(0, ...state.items.keys());
}

export function addItem(state: ItemsState, data: JsonObject): void {
  const item = asObject(data.item);
  if (!item) return;
  const isGiven = typeof data.output_index === 'number';
  const place = isGiven ? (data.output_index as number) : Math.max(-1, ...state.items.keys()) + 1;
  if (!state.items.has(place)) state.items.set(place, openItem(state, item));
}

function openItem(state: ItemsState, item: JsonObject): OpenItem {
  const open = lookUp(OPENERS, item.type);
  return open ? open(state, item) : { kind: 'whole' };
}

const OPENERS: Readonly<Record<string, (state: ItemsState, item: JsonObject) => OpenItem>> = {
  message: (_state, value) => ({ kind: 'message', value, texts: new Map() }),
  reasoning: (_state, value) => ({ kind: 'reasoning', value, begun: undefined, place: 0, chars: 0 }),
  function_call: openCall,
  custom_tool_call: openCall,
};

/** A custom tool's text goes into the one field of an object, piece by piece. */
const [CUSTOM_HEAD, CUSTOM_TAIL] = [customArguments('').slice(0, -2), customArguments('').slice(-2)];

function openCall(state: ItemsState, item: JsonObject): OpenItem {
  // Told whole, where the server gives id and name no sooner.
  if (asFullText(item.name) === undefined) return { kind: 'whole' };
  const isCustom = item.type === 'custom_tool_call';
  const index = takeIndex(state);
  state.hasCalls = true;
  const { id, name, signature, extra } = readCall(without(settled(item), ['arguments', 'input']));
  const head = { type: 'tool-call-start', index, id, name } as const;
  state.events.push({ ...head, ...(signature && { signature }), ...(extra && { extra }) });
  if (isCustom) state.events.push({ type: 'tool-call-delta', index, arguments: CUSTOM_HEAD });
  return { kind: 'call', index, isCustom, chars: 0 };
}

/** An item as it will be when it is done. */
function settled(item: JsonObject): JsonObject {
  return item.status === 'in_progress' ? { ...item, status: 'completed' } : item;
}

export function addText(state: ItemsState, data: JsonObject, kind: OpenText['kind']): void {
  const text = findText(state, data, kind);
  if (text && !text.isEnded) pushText(state, text, asText(data.delta) ?? '');
}

function pushText(state: ItemsState, text: OpenText, delta: string): void {
  if (delta === '') return;
  text.chars += delta.length;
  state.events.push({ type: `${text.kind}-delta`, index: text.index, text: delta });
}

function pushFragment(state: ItemsState, { index }: OpenText, value: JsonObject): void {
  state.events.push({ type: 'opaque-delta', index, format: FORMAT, value });
}

function findText(state: ItemsState, data: JsonObject, kind: OpenText['kind']): OpenText | undefined {
  const place = placeOf(state, data);
  const unknown: OpenItem = { kind: 'message', value: { role: 'assistant' }, texts: new Map() };
  const item = state.items.get(place) ?? unknown;
  state.items.set(place, item);
  if (item.kind !== 'message') return undefined;
  return openText(state, item, typeof data.content_index === 'number' ? data.content_index : 0, kind);
}

function openText(state: ItemsState, item: OpenMessage, place: number, kind: OpenText['kind']): OpenText {
  const known = item.texts.get(place);
  if (known) return known;
  const text: OpenText = {
    index: takeIndex(state),
    kind,
    chars: 0,
    annotations: 0,
    isEnded: false,
  };
  // The first part of a message tells of the message.
  const extra = item.texts.size === 0 ? messageExtra(without(settled(item.value), ['content'])) : undefined;
  item.texts.set(place, text);
  state.events.push({ type: `${kind}-start`, index: text.index, ...(extra && { extra }) });
  return text;
}

const TEXT_KINDS: Readonly<Record<string, OpenText['kind']>> = { output_text: 'text', refusal: 'refusal' };

export function addPart(state: ItemsState, data: JsonObject): void {
  const part = asObject(data.part);
  const kind = lookUp(TEXT_KINDS, part?.type);
  if (!part || !kind) return;
  const text = findText(state, data, kind);
  if (text) pushText(state, text, asText(part.text) ?? asText(part.refusal) ?? '');
}

/** The whole text, where pieces of it are missing. */
export function endText(state: ItemsState, data: JsonObject, kind: OpenText['kind']): void {
  const text = findText(state, data, kind);
  if (text && !text.isEnded) fillText(state, text, data);
}

function fillText(state: ItemsState, text: OpenText, whole: JsonObject): void {
  pushText(state, text, (asText(whole.text) ?? asText(whole.refusal) ?? '').slice(text.chars));
  const annotations = asObjects(whole.annotations).slice(text.annotations);
  if (annotations.length > 0) pushFragment(state, text, { annotations });
  text.annotations += annotations.length;
}

export function endPart(state: ItemsState, data: JsonObject): void {
  const part = asObject(data.part);
  const item = state.items.get(placeOf(state, data));
  if (!part || item?.kind !== 'message') return;
  finishPart(state, item, typeof data.content_index === 'number' ? data.content_index : 0, part);
}

function finishPart(state: ItemsState, item: OpenMessage, place: number, part: JsonObject): void {
  const kind = lookUp(TEXT_KINDS, part.type);
  if (!kind) {
    pushContent(state, item, place, part);
    return;
  }
  const text = openText(state, item, place, kind);
  if (text.isEnded) return;
  fillText(state, text, part);
  // Pieces have log probabilities too, but less of them.
  if (!isBlank(part.logprobs)) pushFragment(state, text, { logprobs: part.logprobs! });
  finishText(state, text);
}

/** A content part only this format understands. */
function pushContent(state: ItemsState, item: OpenMessage, place: number, part: JsonObject): void {
  if (item.texts.has(place)) return;
  const isFirst = item.texts.size === 0;
  const index = takeIndex(state);
  item.texts.set(place, { index, kind: 'text', chars: 0, annotations: 0, isEnded: true });
  const around = isFirst ? without(settled(item.value), ['content']) : {};
  const value = { type: 'message', ...around, content: [part] };
  state.events.push({ type: 'opaque-part', index, part: { type: 'opaque', format: FORMAT, value } });
}

function finishText(state: ItemsState, text: OpenText): void {
  if (!text.isEnded) state.events.push({ type: `${text.kind}-end`, index: text.index });
  text.isEnded = true;
}

export function addAnnotation(state: ItemsState, data: JsonObject): void {
  const text = findText(state, data, 'text');
  const annotation = asObject(data.annotation);
  if (!text || text.isEnded || !annotation) return;
  text.annotations += 1;
  pushFragment(state, text, { annotations: [annotation] });
}

export function addArguments(state: ItemsState, data: JsonObject): void {
  const item = state.items.get(placeOf(state, data));
  if (item?.kind === 'call') pushArguments(state, item, asText(data.delta) ?? '');
}

/** The whole arguments, where pieces of them are missing. */
export function endArguments(state: ItemsState, data: JsonObject): void {
  const item = state.items.get(placeOf(state, data));
  if (item?.kind === 'call') fillCall(state, item, data);
}

function fillCall(state: ItemsState, call: OpenCall, whole: JsonObject): void {
  pushArguments(state, call, (asText(call.isCustom ? whole.input : whole.arguments) ?? '').slice(call.chars));
}

function pushArguments(state: ItemsState, call: OpenCall, delta: string): void {
  if (delta === '') return;
  call.chars += delta.length;
  const text = call.isCustom ? JSON.stringify(delta).slice(1, -1) : delta;
  state.events.push({ type: 'tool-call-delta', index: call.index, arguments: text });
}

export function addReasoning(state: ItemsState, data: JsonObject, field: ReasoningField): void {
  const place = placeOf(state, data);
  const unknown: OpenItem = {
    kind: 'reasoning',
    value: { type: 'reasoning' },
    begun: undefined,
    place: 0,
    chars: 0,
  };
  const item = state.items.get(place) ?? unknown;
  state.items.set(place, item);
  if (item.kind !== 'reasoning') return;
  const paragraph = typeof data.summary_index === 'number' ? data.summary_index : item.place;
  pushReasoning(state, item, field, { paragraph, text: asText(data.delta) ?? '' });
}

function pushReasoning(
  state: ItemsState,
  item: OpenReasoning,
  field: ReasoningField,
  { paragraph, text }: { readonly paragraph: number; readonly text: string },
): void {
  // Of a summary and the thoughts themselves, what comes first is the text.
  if (text === '' || (item.begun && item.begun.field !== field)) return;
  if (!item.begun) {
    item.begun = { index: takeIndex(state), field };
    const extra = reasoningExtra(item.value, field);
    state.events.push({ type: 'thinking-start', index: item.begun.index, extra });
  } else if (field === 'summary' && paragraph > item.place) pushThought(state, item, PARAGRAPH);
  item.place = paragraph;
  // A paragraph's end is told by this text alone, so the same text inside one comes in two pieces.
  const pieces = text === PARAGRAPH ? [...text] : [text];
  for (const piece of pieces) pushThought(state, item, piece);
}

function pushThought(state: ItemsState, item: OpenReasoning, text: string): void {
  if (!item.begun) return;
  item.chars += text.length;
  state.events.push({ type: 'thinking-delta', index: item.begun.index, text });
}

/** The item is whole: what was not told of it yet is told now. */
export function endItem(state: ItemsState, data: JsonObject): void {
  const item = asObject(data.item);
  if (item) finishItem(state, placeOf(state, data), item);
}

function finishItem(state: ItemsState, place: number, value: JsonObject): void {
  const item = state.items.get(place);
  state.items.set(place, { kind: 'ended' });
  switch (item?.kind) {
    case 'message':
      finishMessage(state, item, value);
      return;
    case 'call':
      finishCall(state, item, value);
      return;
    case 'reasoning':
      finishReasoning(state, item, value);
      return;
    case 'whole':
    case undefined:
      pushWhole(state, value);
      return;
    case 'ended':
      return;
    default:
      item satisfies never;
  }
}

function pushWhole(state: ItemsState, value: JsonObject): void {
  for (const part of readItem(value)) {
    state.hasCalls ||= part.type === 'tool-call';
    for (const event of unfoldPart(part, takeIndex(state))) state.events.push(event);
  }
}

function finishMessage(state: ItemsState, item: OpenMessage, value: JsonObject): void {
  if (item.texts.size === 0) {
    pushWhole(state, value);
    return;
  }
  for (const [place, part] of asObjects(value.content).entries()) finishPart(state, item, place, part);
  for (const text of item.texts.values()) finishText(state, text);
}

function finishCall(state: ItemsState, call: OpenCall, value: JsonObject): void {
  fillCall(state, call, value);
  const { index } = call;
  if (call.isCustom) state.events.push({ type: 'tool-call-delta', index, arguments: CUSTOM_TAIL });
  state.events.push({ type: 'tool-call-end', index });
}

function finishReasoning(state: ItemsState, item: OpenReasoning, value: JsonObject): void {
  if (!item.begun) {
    for (const event of unfoldPart(readReasoning(value), takeIndex(state))) state.events.push(event);
    return;
  }
  const { index, field } = item.begun;
  const rest = textOfField(value, field).slice(item.chars);
  if (rest !== '') state.events.push({ type: 'thinking-delta', index, text: rest });
  state.events.push({ type: 'thinking-signature', index, signature: signatureOf(value) });
  state.events.push({ type: 'thinking-end', index });
}

/** The output is whole: items told in part or not at all are told, and what else is open ends. */
export function endItems(state: ItemsState, output: readonly JsonObject[]): void {
  // Servers that number items their own way have told them all nevertheless.
  const hasMore = output.length > state.items.size;
  for (const [place, item] of output.entries()) {
    if (hasMore || state.items.has(place)) finishItem(state, place, item);
  }
  for (const [place, item] of state.items) {
    if (item.kind === 'message') finishMessage(state, item, { ...item.value, content: [] });
    if (item.kind === 'call') finishCall(state, item, {});
    if (item.kind === 'reasoning' && item.begun) closeThought(state, item);
    state.items.set(place, { kind: 'ended' });
  }
}

function closeThought(state: ItemsState, { begun }: OpenReasoning): void {
  if (begun) state.events.push({ type: 'thinking-end', index: begun.index });
}

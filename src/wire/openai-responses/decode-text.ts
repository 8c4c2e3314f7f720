/** Messages of a stream: texts and refusals in pieces, what is beside them as fragments. */
import type { JsonObject } from '../chat.ts';
import { asObject, asText, isBlank, lookUp, objectsOf, without } from '../json.ts';
import {
  type ItemsState,
  itemFor,
  type OpenMessage,
  type OpenText,
  placeOf,
  settled,
  takeIndex,
} from './decode-state.ts';
import { messageExtra } from './items.ts';
import { FORMAT } from './own.ts';

type TextKind = OpenText['kind'];

const KINDS: Readonly<Record<string, TextKind>> = { output_text: 'text', refusal: 'refusal' };

export function newMessage(value: JsonObject): OpenMessage {
  return { kind: 'message', value, texts: new Map() };
}

export function addText(state: ItemsState, data: JsonObject, kind: TextKind): void {
  const text = findText(state, data, kind);
  if (text) pushText(state, text, asText(data.delta) ?? '');
}

/** The text an event adds to; none where it has ended. */
function findText(state: ItemsState, data: JsonObject, kind: TextKind): OpenText | undefined {
  const item = itemFor(state, data, newMessage({ role: 'assistant' }));
  const text = item.kind === 'message' ? openText(state, item, contentPlace(data), kind) : undefined;
  return text?.isEnded ? undefined : text;
}

function contentPlace(data: JsonObject): number {
  return typeof data.content_index === 'number' ? data.content_index : 0;
}

function openText(state: ItemsState, item: OpenMessage, place: number, kind: TextKind): OpenText {
  const known = item.texts.get(place);
  if (known) return known;
  const text: OpenText = { index: takeIndex(state), kind, chars: 0, annotations: 0, isEnded: false };
  // The first part of a message tells of the message.
  const extra = item.texts.size === 0 ? messageExtra(aroundContent(item)) : undefined;
  item.texts.set(place, text);
  state.events.push({ type: `${kind}-start`, index: text.index, ...(extra && { extra }) });
  return text;
}

function aroundContent({ value }: OpenMessage): JsonObject {
  return without(settled(value), ['content']);
}

function pushText(state: ItemsState, text: OpenText, delta: string): void {
  if (delta === '') return;
  text.chars += delta.length;
  state.events.push({ type: `${text.kind}-delta`, index: text.index, text: delta });
}

function pushFragment(state: ItemsState, { index }: OpenText, value: JsonObject): void {
  state.events.push({ type: 'opaque-delta', index, format: FORMAT, value });
}

export function addPart(state: ItemsState, data: JsonObject): void {
  const part = asObject(data.part);
  const kind = lookUp(KINDS, part?.type);
  const text = part && kind && findText(state, data, kind);
  if (text) pushText(state, text, asText(part.text) ?? asText(part.refusal) ?? '');
}

/** The whole text: pieces of it that are missing are told now. */
export function endText(state: ItemsState, data: JsonObject, kind: TextKind): void {
  const text = findText(state, data, kind);
  if (text) fillText(state, text, data);
}

function fillText(state: ItemsState, text: OpenText, whole: JsonObject): void {
  pushText(state, text, (asText(whole.text) ?? asText(whole.refusal) ?? '').slice(text.chars));
  const annotations = objectsOf(whole.annotations).slice(text.annotations);
  if (annotations.length > 0) pushFragment(state, text, { annotations });
  text.annotations += annotations.length;
}

export function addAnnotation(state: ItemsState, data: JsonObject): void {
  const text = findText(state, data, 'text');
  const annotation = asObject(data.annotation);
  if (!text || !annotation) return;
  text.annotations += 1;
  pushFragment(state, text, { annotations: [annotation] });
}

export function endPart(state: ItemsState, data: JsonObject): void {
  const part = asObject(data.part);
  const item = state.items.get(placeOf(state, data));
  if (part && item?.kind === 'message') finishPart(state, item, contentPlace(data), part);
}

function finishPart(state: ItemsState, item: OpenMessage, place: number, part: JsonObject): void {
  const kind = lookUp(KINDS, part.type);
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
  const around = item.texts.size === 0 ? aroundContent(item) : {};
  const index = takeIndex(state);
  item.texts.set(place, { index, kind: 'text', chars: 0, annotations: 0, isEnded: true });
  const value = { type: 'message', ...around, content: [part] };
  state.events.push({ type: 'opaque-part', index, part: { type: 'opaque', format: FORMAT, value } });
}

function finishText(state: ItemsState, text: OpenText): void {
  if (!text.isEnded) state.events.push({ type: `${text.kind}-end`, index: text.index });
  text.isEnded = true;
}

/** The message is whole: parts that were not told yet are told now. */
export function finishMessage(state: ItemsState, item: OpenMessage, value: JsonObject): void {
  for (const [place, part] of objectsOf(value.content).entries()) finishPart(state, item, place, part);
  for (const text of item.texts.values()) finishText(state, text);
}

/** Reasoning items of a stream: thoughts in pieces, their state when the item is whole. */
import type { JsonObject } from '../chat.ts';
import { asText } from '../json.ts';
import { type ItemsState, itemFor, type OpenReasoning, takeIndex } from './decode-state.ts';
import { PARAGRAPH, type ReasoningField, readState, reasoningExtra, textOfField } from './reasoning-item.ts';

export function newReasoning(value: JsonObject): OpenReasoning {
  return { kind: 'reasoning', value, begun: undefined, place: 0, chars: 0 };
}

export function addReasoning(state: ItemsState, data: JsonObject, field: ReasoningField): void {
  const item = itemFor(state, data, newReasoning({ type: 'reasoning' }));
  const text = asText(data.delta) ?? '';
  if (item.kind !== 'reasoning' || text === '') return;
  if (!item.begun) begin(state, item, field);
  // Of a summary and the thoughts themselves, what comes first is the text.
  if (item.begun?.field !== field) return;
  const place = typeof data.summary_index === 'number' ? data.summary_index : item.place;
  if (place > item.place && item.chars > 0) push(state, item, PARAGRAPH);
  item.place = place;
  // A paragraph's end is told by this text alone, so the same text inside one comes in two pieces.
  const pieces = text === PARAGRAPH ? [...text] : [text];
  for (const piece of pieces) push(state, item, piece);
}

function begin(state: ItemsState, item: OpenReasoning, field: ReasoningField): void {
  item.begun = { index: takeIndex(state), field };
  const extra = reasoningExtra(item.value, field);
  state.events.push({ type: 'thinking-start', index: item.begun.index, extra });
}

function push(state: ItemsState, item: OpenReasoning, text: string): void {
  if (!item.begun) return;
  item.chars += text.length;
  state.events.push({ type: 'thinking-delta', index: item.begun.index, text });
}

/** The item is whole; `undefined` where it never will be. Items that have not begun are told otherwise. */
export function finishReasoning(state: ItemsState, item: OpenReasoning, value: JsonObject | undefined): void {
  if (!item.begun) return;
  const { index, field } = item.begun;
  if (value) {
    const rest = textOfField(value, field).slice(item.chars);
    if (rest !== '') push(state, item, rest);
    state.events.push({ type: 'thinking-signature', index, signature: readState(value) });
  }
  state.events.push({ type: 'thinking-end', index });
}

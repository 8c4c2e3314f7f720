/**
 * Ends a relayed stream before its end. The terminal event repeats the whole output, so each frame is read here and the
 * items are kept as far as they came.
 */
import type { JsonObject, Usage } from '../chat.ts';
import { MAX_REPLY_CHARS } from '../fold.ts';
import type { StreamCutter } from '../format.ts';
import type { Frame } from '../frames.ts';
import { asObject } from '../json.ts';
import { closeItem, growItem, type KeptItem } from './cut-items.ts';
import { readEventError } from './error.ts';
import { readFrame, TERMINAL_EVENTS } from './event-data.ts';
import { writeUsage } from './usage.ts';

interface CutState {
  /** As `response.created` told it; undefined until then. */
  response: JsonObject | undefined;
  /** By output index, in the order they began. */
  readonly items: Map<number, KeptItem>;
  /** Number of the next event. */
  sequence: number;
  chars: number;
  isOver: boolean;
}

export function createCutter(): StreamCutter {
  const state: CutState = { response: undefined, items: new Map(), sequence: 0, chars: 0, isOver: false };
  return { read: (frame) => takeFrame(state, frame), cut: (usage) => cut(state, usage) };
}

function takeFrame(state: CutState, frame: Frame): void {
  if (state.isOver) return;
  const read = readFrame(frame);
  if (read.kind !== 'event') return;
  const { type, data } = read;
  if (typeof data.sequence_number === 'number') state.sequence = data.sequence_number + 1;
  if (readEventError(type, data) || TERMINAL_EVENTS.has(type)) {
    endReading(state);
    return;
  }
  if (data.response !== undefined) state.response ??= asObject(data.response);
  if (typeof data.output_index !== 'number') return;
  state.chars += growItem(state.items, type, data.output_index, data);
  // More than any reply: what cannot be repeated cannot be ended either.
  if (state.chars > MAX_REPLY_CHARS) endReading(state);
}

function endReading(state: CutState): void {
  state.isOver = true;
  state.items.clear();
}

function cut(state: CutState, usage: Usage): string | undefined {
  const { response, items, isOver } = state;
  if (!response || isOver) return undefined;
  const send = (type: string, fields: JsonObject): string => {
    const data = { type, ...fields, sequence_number: state.sequence };
    state.sequence += 1;
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  };
  const places = [...items.keys()].sort((a, b) => a - b);
  const closed = places.map((place) => closeItem(items.get(place)!, place, send)).join('');
  const ended: JsonObject = {
    ...response,
    status: 'incomplete',
    incomplete_details: { reason: 'max_output_tokens' },
    output: places.map((place) => items.get(place)!.item),
    usage: writeUsage(usage, false),
  };
  return closed + send('response.incomplete', { response: ended });
}

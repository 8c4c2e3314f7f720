/** Stream events to chat events: one handler for each type of event. Types it does not know are passed over. */
import type { ChatError, ChatEvent, JsonObject } from '../chat.ts';
import type { StreamDecoder } from '../format.ts';
import type { Frame } from '../frames.ts';
import { asObject, asText, objectsOf } from '../json.ts';
import { invalidStream, truncatedStream } from '../stream-error.ts';
import { addArguments, endArguments } from './decode-call.ts';
import { addItem, endItem, endItems } from './decode-items.ts';
import { addReasoning } from './decode-reasoning.ts';
import { createItemsState, type ItemsState } from './decode-state.ts';
import { addAnnotation, addPart, addText, endPart, endText } from './decode-text.ts';
import { readEventError } from './error.ts';
import { readFrame, TERMINAL_EVENTS } from './event-data.ts';
import { readCreatedAt, responseExtra } from './response.ts';
import { readStop } from './stop.ts';
import { readUsage } from './usage.ts';

/** Frames that are no JSON, tolerated before the stream counts as broken. */
const MAX_MALFORMED_FRAMES = 3;

interface DecoderState extends ItemsState {
  isStarted: boolean;
  /** The terminal event or an error went by: the rest is not read. */
  isOver: boolean;
  malformed: number;
}

export function createDecoder(): StreamDecoder {
  const state: DecoderState = { ...createItemsState(), isStarted: false, isOver: false, malformed: 0 };
  return {
    push: (frame) => {
      if (!state.isOver) decodeFrame(state, frame);
      return takeEvents(state);
    },
    end: () => {
      if (!state.isOver) decodeEnd(state);
      return takeEvents(state);
    },
  };
}

function takeEvents(state: DecoderState): ChatEvent[] {
  const { events } = state;
  state.events = [];
  return events;
}

type EventHandler = (state: DecoderState, data: JsonObject) => void;

const HANDLERS: ReadonlyMap<string, EventHandler> = new Map<string, EventHandler>([
  ['response.created', startResponse],
  ['response.queued', startResponse],
  ['response.in_progress', startResponse],
  ['response.output_item.added', addItem],
  ['response.output_item.done', endItem],
  ['response.content_part.added', addPart],
  ['response.content_part.done', endPart],
  ['response.output_text.delta', (state, data) => addText(state, data, 'text')],
  ['response.output_text.done', (state, data) => endText(state, data, 'text')],
  ['response.output_text.annotation.added', addAnnotation],
  ['response.refusal.delta', (state, data) => addText(state, data, 'refusal')],
  ['response.refusal.done', (state, data) => endText(state, data, 'refusal')],
  ['response.function_call_arguments.delta', addArguments],
  ['response.function_call_arguments.done', endArguments],
  ['response.custom_tool_call_input.delta', addArguments],
  ['response.custom_tool_call_input.done', endArguments],
  ['response.reasoning_summary_text.delta', (state, data) => addReasoning(state, data, 'summary')],
  ['response.reasoning_text.delta', (state, data) => addReasoning(state, data, 'content')],
  ['keepalive', (state) => state.events.push({ type: 'ping' })],
]);

function decodeFrame(state: DecoderState, frame: Frame): void {
  const read = readFrame(frame);
  if (read.kind === 'done') return;
  if (read.kind === 'malformed') {
    countMalformed(state);
    return;
  }
  const { type, data } = read;
  const error = readEventError(type, data);
  if (error) {
    fail(state, error);
    return;
  }
  if (TERMINAL_EVENTS.has(type)) {
    finish(state, asObject(data.response) ?? {});
    return;
  }
  const handler = HANDLERS.get(type);
  if (!handler) return;
  if (type !== 'keepalive') startResponse(state, data);
  handler(state, data);
}

function countMalformed(state: DecoderState): void {
  state.malformed += 1;
  if (state.malformed <= MAX_MALFORMED_FRAMES) return;
  const message = `more than ${MAX_MALFORMED_FRAMES} frames of the upstream are no JSON objects`;
  fail(state, invalidStream(message));
}

function fail(state: DecoderState, error: ChatError): void {
  state.isOver = true;
  state.events.push({ type: 'error', error });
}

/** The first event starts the reply, whichever it is. */
function startResponse(state: DecoderState, data: JsonObject): void {
  if (state.isStarted) return;
  state.isStarted = true;
  const response = asObject(data.response) ?? {};
  const createdAtMs = readCreatedAt(response);
  state.events.push({
    type: 'start',
    id: asText(response.id) ?? '',
    model: asText(response.model) ?? '',
    ...(createdAtMs !== undefined && { createdAtMs }),
    extra: responseExtra(response),
  });
}

function finish(state: DecoderState, response: JsonObject): void {
  state.isOver = true;
  startResponse(state, { response });
  endItems(state, objectsOf(response.output));
  const usage = readUsage(response);
  if (usage) state.events.push({ type: 'usage', usage });
  const stop = readStop(response, state.hasCalls);
  state.events.push({ type: 'stop', stop, extra: responseExtra(response) }, { type: 'end' });
}

function decodeEnd(state: DecoderState): void {
  if (state.isStarted) endItems(state, []);
  fail(state, truncatedStream());
}

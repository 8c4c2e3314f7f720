/**
 * Stream chunks to chat events. One record of state; one handler for each thing a chunk can bring.
 *
 * The stop is told last, at `[DONE]` or at the end of the bytes, because usage follows the finish reason on
 * this wire and precedes the stop among chat events.
 */
import type { ChatError, ChatEvent, Extra, JsonObject, JsonValue, StopReason } from '../chat.ts';
import type { DecodeContext, StreamDecoder } from '../format.ts';
import type { Frame } from '../frames.ts';
import { asFullText, isBlank, isObject, patchFields, setField, unknownFields } from '../json.ts';
import { invalidStream, truncatedStream } from '../stream-error.ts';
import { ASSISTANT_FIELDS } from './assistant.ts';
import { deltaOf, finishOf, firstChoice, readFrame } from './chunk.ts';
import {
  type CallsHost,
  type CallsState,
  closeAllCalls,
  closeWholeCalls,
  createCallsState,
  decodeLegacyCall,
  decodeToolCalls,
  fallbackCallId,
} from './decode-calls.ts';
import { readChunkError } from './error.ts';
import { FORMAT, ownExtra } from './own.ts';
import { readContentPart } from './parts.ts';
import { BODY_FIELDS, CHOICE_FIELDS } from './reply.ts';
import { readStop } from './stop.ts';
import { mergeDetails, ownSignature, type ThinkingPlace, textOfDetails } from './thinking.ts';
import { readUsage } from './usage.ts';

/** Frames that are no JSON, tolerated before the stream counts as broken. */
const MAX_MALFORMED_FRAMES = 3;

type TextKind = 'text' | 'thinking' | 'refusal';

interface DecoderState {
  events: ChatEvent[];
  isStarted: boolean;
  /** The terminal event or an error went by: the rest is not read. */
  isOver: boolean;
  malformed: number;
  id: string;
  model: string;
  createdAtMs: number | undefined;
  serviceTier: string | undefined;
  /** Unknown top-level fields: those before the start go with it, later ones with the stop. */
  readonly fields: JsonObject;
  readonly told: Set<string>;
  nextIndex: number;
  /** Thinking came as text of its own, not only inside `reasoning_details`. */
  hasThinkingText: boolean;
  open: { readonly kind: TextKind; readonly index: number; readonly place: ThinkingPlace } | undefined;
  /** Entries of `reasoning_details` that came and stand in no part yet. */
  details: JsonValue[];
  readonly calls: CallsState;
  stop: StopReason | undefined;
  /** Unknown fields of a choice that came while no part was open. */
  readonly loose: JsonObject;
}

export function createDecoder(context?: DecodeContext): StreamDecoder {
  const state: DecoderState = {
    events: [],
    isStarted: false,
    isOver: false,
    malformed: 0,
    id: '',
    model: '',
    createdAtMs: undefined,
    serviceTier: undefined,
    fields: {},
    told: new Set(),
    nextIndex: 0,
    hasThinkingText: false,
    open: undefined,
    details: [],
    calls: createCallsState(),
    stop: undefined,
    loose: {},
  };
  const host = createHost(state, context?.fallbackId ?? '');
  return {
    push: (frame) => {
      if (!state.isOver) decodeFrame(state, host, frame);
      return takeEvents(state);
    },
    end: () => {
      if (!state.isOver) decodeEnd(state, host);
      return takeEvents(state);
    },
  };
}

function takeEvents(state: DecoderState): ChatEvent[] {
  const { events } = state;
  state.events = [];
  return events;
}

function createHost(state: DecoderState, exchangeId: string): CallsHost {
  return {
    beforeCall: () => closeText(state),
    nextIndex: () => takeIndex(state),
    emit: (event) => state.events.push(event),
    fallbackId: (index) => fallbackCallId(index, state.id || exchangeId),
  };
}

function takeIndex(state: DecoderState): number {
  state.nextIndex += 1;
  return state.nextIndex - 1;
}

function decodeFrame(state: DecoderState, host: CallsHost, frame: Frame): void {
  const read = readFrame(frame);
  if (read.kind === 'done') finish(state, host);
  else if (read.kind === 'malformed') countMalformed(state);
  else decodeChunk(state, host, read.chunk);
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

function decodeChunk(state: DecoderState, host: CallsHost, chunk: JsonObject): void {
  const error = readChunkError(chunk);
  if (error) return fail(state, error);
  readHead(state, chunk);
  const choice = firstChoice(chunk);
  if (choice) {
    start(state);
    decodeChoice(state, host, choice);
  }
  const usage = readUsage(chunk, asFullText(chunk.service_tier) ?? state.serviceTier);
  if (usage) {
    start(state);
    state.events.push({ type: 'usage', usage });
  }
}

/** Azure's first chunk has no choices and an empty id, so the reply starts with the first choice. */
function readHead(state: DecoderState, chunk: JsonObject): void {
  state.serviceTier ??= asFullText(chunk.service_tier);
  const unknown = unknownFields(chunk, BODY_FIELDS);
  for (const key of Object.keys(unknown)) {
    if (!state.told.has(key)) setField(state.fields, key, unknown[key]!);
  }
  if (state.isStarted) return;
  state.id = asFullText(chunk.id) ?? state.id;
  state.model = asFullText(chunk.model) ?? state.model;
  if (typeof chunk.created === 'number' && chunk.created > 0) state.createdAtMs = chunk.created * 1000;
}

function start(state: DecoderState): void {
  if (state.isStarted) return;
  state.isStarted = true;
  const { id, model, createdAtMs } = state;
  // The extra stands even when empty: it tells that the reply came from this format.
  const extra: Extra = { format: FORMAT, fields: takeFields(state) };
  state.events.push({
    type: 'start',
    id,
    model,
    ...(createdAtMs !== undefined && { createdAtMs }),
    extra,
  });
}

function takeFields(state: DecoderState): JsonObject {
  const fields = { ...state.fields };
  for (const key of Object.keys(fields)) {
    state.told.add(key);
    delete state.fields[key];
  }
  return fields;
}

const DELTA_FIELDS = new Set(['role', ...ASSISTANT_FIELDS]);

function decodeChoice(state: DecoderState, host: CallsHost, choice: JsonObject): void {
  const delta = deltaOf(choice);
  for (const [field, handler] of DELTA_HANDLERS) {
    const value = delta[field];
    if (value !== undefined && value !== null) handler(state, host, value, delta);
  }
  decodeUnknown(state, unknownFields(delta, DELTA_FIELDS), unknownFields(choice, CHOICE_FIELDS));
  if (finishOf(choice) === undefined) return;
  closeText(state);
  closeAllCalls(state.calls, host);
  state.stop = readStop(choice, state.calls.calls.length > 0);
}

type DeltaHandler = (state: DecoderState, host: CallsHost, value: JsonValue, delta: JsonObject) => void;

/** In the order a reply has its parts, for chunks that bring several. */
const DELTA_HANDLERS: readonly (readonly [field: string, handler: DeltaHandler])[] = [
  ['reasoning_content', (state, host, value) => addText(state, host, 'thinking', value, 'reasoning_content')],
  ['reasoning', decodeReasoning],
  ['reasoning_details', decodeDetails],
  ['content', decodeContent],
  ['refusal', (state, host, value) => addText(state, host, 'refusal', value)],
  ['images', decodeImages],
  ['tool_calls', (state, host, value) => decodeToolCalls(state.calls, host, value)],
  ['function_call', (state, host, value) => decodeLegacyCall(state.calls, host, value)],
];

/** vLLM has sent the same thought under both names while it renamed the field. */
function decodeReasoning(state: DecoderState, host: CallsHost, value: JsonValue, delta: JsonObject): void {
  if (asFullText(delta.reasoning_content) === undefined) addText(state, host, 'thinking', value, 'reasoning');
}

/** OpenRouter repeats here what `reasoning` says; the text counts only in streams that have no such field. */
function decodeDetails(state: DecoderState, host: CallsHost, value: JsonValue): void {
  if (!Array.isArray(value) || value.length === 0) return;
  state.details = mergeDetails([...state.details, ...value]);
  if (!state.hasThinkingText) addText(state, host, 'thinking', textOfDetails(value), 'reasoning_details');
}

/** A string; Mistral's reasoning models send lists of text and thinking blocks. */
function decodeContent(state: DecoderState, host: CallsHost, value: JsonValue): void {
  if (!Array.isArray(value)) {
    addText(state, host, 'text', value);
    return;
  }
  for (const part of value.filter(isObject)) {
    if (part.type === 'thinking') addText(state, host, 'thinking', textOfDetails(part.thinking), 'content');
    else if (typeof part.text === 'string') addText(state, host, 'text', part.text);
    else addOpaque(state, host, part);
  }
}

function decodeImages(state: DecoderState, host: CallsHost, value: JsonValue): void {
  if (!Array.isArray(value)) return;
  for (const image of value.filter(isObject)) {
    const part = readContentPart(image);
    if (part?.type === 'image') addWhole(state, host, (index) => ({ type: 'image-part', index, part }));
    else addOpaque(state, host, image);
  }
}

function addOpaque(state: DecoderState, host: CallsHost, value: JsonObject): void {
  const part = { type: 'opaque', format: FORMAT, value } as const;
  addWhole(state, host, (index) => ({ type: 'opaque-part', index, part }));
}

function addWhole(state: DecoderState, host: CallsHost, eventAt: (index: number) => ChatEvent): void {
  closeText(state);
  closeWholeCalls(state.calls, host);
  state.events.push(eventAt(takeIndex(state)));
}

/** Adds to the open part of this kind, or opens one. `place` is where the wire has the thinking. */
function addText(
  state: DecoderState,
  host: CallsHost,
  kind: TextKind,
  value: JsonValue,
  place: ThinkingPlace = 'reasoning_content',
): void {
  const text = asFullText(value);
  if (text === undefined) return;
  if (kind === 'thinking' && place !== 'reasoning_details') state.hasThinkingText = true;
  if (state.open?.kind !== kind) openText(state, host, kind, place);
  state.events.push({ type: `${kind}-delta`, index: state.open!.index, text });
}

function openText(state: DecoderState, host: CallsHost, kind: TextKind, place: ThinkingPlace): void {
  // What came of the details before a thought's first text belongs to that thought.
  if (kind !== 'thinking' || state.open) closeText(state);
  closeWholeCalls(state.calls, host);
  const index = takeIndex(state);
  state.open = { kind, index, place };
  // Said again in the signature, which comes last: whoever writes the same format must know it from the start.
  const extra = kind === 'thinking' ? ownExtra({}, { place }) : undefined;
  state.events.push({ type: `${kind}-start`, index, ...(extra && { extra }) });
}

/** Ends the open text, a thought with its state. Details without a text are a thought nobody can read. */
function closeText(state: DecoderState): void {
  const { open, details, events } = state;
  state.open = undefined;
  const isThought = open?.kind === 'thinking';
  if (isThought || details.length > 0) state.details = [];
  if (isThought) {
    const signature = ownSignature(open.place, details);
    events.push({ type: 'thinking-signature', index: open.index, signature });
  }
  if (open) events.push({ type: `${open.kind}-end`, index: open.index });
  if (isThought || details.length === 0) return;
  const data = ownSignature('reasoning_details', details);
  events.push({ type: 'redacted-thinking', index: takeIndex(state), data });
}

/** Annotations, log probabilities, filter results: a fragment of the open part, or told with the stop. */
function decodeUnknown(state: DecoderState, delta: JsonObject, choice: JsonObject): void {
  const value: JsonObject = isBlank(choice) ? delta : { ...delta, choices: [choice] };
  if (isBlank(value)) return;
  if (state.open) {
    state.events.push({ type: 'opaque-delta', index: state.open.index, format: FORMAT, value });
    return;
  }
  patchFields(state.loose, isBlank(delta) ? choice : { ...choice, message: delta });
}

/** `[DONE]`, or the end of bytes after a finish reason where the server omits it. */
function finish(state: DecoderState, host: CallsHost): void {
  state.isOver = true;
  start(state);
  closeText(state);
  closeAllCalls(state.calls, host);
  const fields = takeFields(state);
  if (!isBlank(state.loose)) fields.choices = [state.loose];
  const extra = ownExtra(fields);
  const stop = state.stop ?? readStop({}, state.calls.calls.length > 0);
  state.events.push({ type: 'stop', stop, ...(extra && { extra }) }, { type: 'end' });
}

function decodeEnd(state: DecoderState, host: CallsHost): void {
  if (state.stop) {
    finish(state, host);
    return;
  }
  if (state.isStarted) {
    closeText(state);
    closeAllCalls(state.calls, host);
  }
  fail(state, truncatedStream());
}

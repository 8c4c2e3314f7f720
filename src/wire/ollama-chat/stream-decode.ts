/**
 * Lines of a stream to chat events. Each brings a piece of the message: thinking, text, or whole calls. The last one
 * says that it is, why, and what it took.
 */
import type { ChatError, ChatEvent, JsonObject, Signature, Usage } from '../chat.ts';
import { unfoldPart } from '../fold.ts';
import type { DecodeContext, StreamDecoder } from '../format.ts';
import { asFullText, asObject, asText, objectsOf } from '../json.ts';
import { readSignature } from '../seal.ts';
import { invalidStream, truncatedStream } from '../stream-error.ts';
import { type CallId, createCallIds, readCall } from './calls.ts';
import { readLineError } from './error.ts';
import { readImages } from './images.ts';
import { readLine } from './line.ts';
import { FORMAT, isBlank, ownExtra } from './own.ts';
import { BODY_FIELDS, readTime, readUnknown } from './reply.ts';
import { readStop } from './stop.ts';
import { OWN_THOUGHT, readThoughts, THOUGHTS_FIELD } from './thoughts.ts';
import { readUsage } from './usage.ts';

/** Lines that are no JSON, tolerated before the stream counts as broken. */
const MAX_MALFORMED_LINES = 3;

type TextKind = 'text' | 'thinking';

interface DecoderState {
  events: ChatEvent[];
  readonly replyId: string;
  readonly takeId: (given: string | undefined) => CallId;
  isStarted: boolean;
  /** The last line or an error went by: the rest is not read. */
  isOver: boolean;
  malformed: number;
  nextIndex: number;
  open: { readonly kind: TextKind; readonly index: number } | undefined;
  hasCalls: boolean;
  /** Places of thoughts whose state was told: a line repeats what those before it said. */
  readonly toldThoughts: Set<number>;
  /** Unknown fields that came while no part was open. */
  loose: JsonObject;
}

export function createDecoder(context?: DecodeContext): StreamDecoder {
  const state: DecoderState = {
    events: [],
    replyId: context?.fallbackId ?? '',
    takeId: createCallIds(context?.fallbackId ?? ''),
    isStarted: false,
    isOver: false,
    malformed: 0,
    nextIndex: 0,
    open: undefined,
    hasCalls: false,
    toldThoughts: new Set(),
    loose: {},
  };
  return {
    push: (frame) => {
      if (!state.isOver) decodeLine(state, readLine(frame.data));
      return takeEvents(state);
    },
    end: () => {
      if (!state.isOver) {
        closeText(state);
        fail(state, truncatedStream());
      }
      return takeEvents(state);
    },
  };
}

function takeEvents(state: DecoderState): ChatEvent[] {
  const { events } = state;
  state.events = [];
  return events;
}

function fail(state: DecoderState, error: ChatError): void {
  state.isOver = true;
  state.events.push({ type: 'error', error });
}

function decodeLine(state: DecoderState, line: JsonObject | undefined): void {
  if (!line) {
    state.malformed += 1;
    if (state.malformed <= MAX_MALFORMED_LINES) return;
    const message = `more than ${MAX_MALFORMED_LINES} lines of the upstream are no JSON objects`;
    return fail(state, invalidStream(message));
  }
  const error = readLineError(line);
  if (error) {
    state.isOver = true;
    state.events.push({ type: 'error', error });
    return;
  }
  start(state, line);
  const message = asObject(line.message) ?? {};
  for (const decode of MESSAGE_DECODERS) decode(state, message);
  decodeUnknown(state, readUnknown(line, message));
  if (line.done === true) finish(state, line);
}

function start(state: DecoderState, line: JsonObject): void {
  if (state.isStarted) return;
  state.isStarted = true;
  const createdAtMs = readTime(line.created_at);
  state.events.push({
    type: 'start',
    id: state.replyId,
    model: asText(line.model) ?? '',
    ...(createdAtMs !== undefined && { createdAtMs }),
    // The extra stands even when empty: it tells that the reply came from this format.
    extra: { format: FORMAT, fields: {} },
  });
}

/** In the order a message has its parts, for lines that bring several. */
const MESSAGE_DECODERS: readonly ((state: DecoderState, message: JsonObject) => void)[] = [
  (state, message) => addText(state, 'thinking', asFullText(message.thinking)),
  decodeThoughts,
  (state, message) => addText(state, 'text', asFullText(message.content)),
  decodeImages,
  decodeCalls,
];

/** Adds to the open part of this kind, or opens one. */
function addText(state: DecoderState, kind: TextKind, text: string | undefined): void {
  if (text === undefined) return;
  if (state.open?.kind !== kind) openText(state, kind);
  state.events.push({ type: `${kind}-delta`, index: state.open!.index, text });
}

function openText(state: DecoderState, kind: TextKind): void {
  closeText(state);
  state.open = { kind, index: takeIndex(state) };
  state.events.push({ type: `${kind}-start`, index: state.open.index });
}

/** @param proof of a thought; a model's here has none to give */
function closeText(state: DecoderState, proof: Signature = OWN_THOUGHT): void {
  if (!state.open) return;
  const { kind, index } = state.open;
  if (kind === 'thinking') state.events.push({ type: 'thinking-signature', index, signature: proof });
  state.events.push({ type: `${kind}-end`, index });
  state.open = undefined;
}

function takeIndex(state: DecoderState): number {
  state.nextIndex += 1;
  return state.nextIndex - 1;
}

/** State of thoughts as we write it ourselves, where the upstream is another of us. */
function decodeThoughts(state: DecoderState, message: JsonObject): void {
  const thoughts = readThoughts(message[THOUGHTS_FIELD]);
  for (const thought of thoughts) {
    if (state.toldThoughts.has(thought.at)) continue;
    state.toldThoughts.add(thought.at);
    if ('data' in thought) {
      closeText(state);
      const data = readSignature(thought.data, FORMAT);
      state.events.push({ type: 'redacted-thinking', index: takeIndex(state), data });
      continue;
    }
    if (thought.signature === undefined) {
      // One without proof is told last when the text that follows is another thought's.
      if (thought === thoughts.at(-1) && state.open?.kind === 'thinking') closeText(state);
      continue;
    }
    if (state.open?.kind !== 'thinking') openText(state, 'thinking');
    closeText(state, readSignature(thought.signature, FORMAT));
  }
}

function decodeImages(state: DecoderState, message: JsonObject): void {
  for (const part of readImages(message.images)) {
    closeText(state);
    state.events.push({ type: 'image-part', index: takeIndex(state), part });
  }
}

function decodeCalls(state: DecoderState, message: JsonObject): void {
  for (const call of objectsOf(message.tool_calls)) {
    const part = readCall(call, state.takeId);
    if (!part) continue;
    closeText(state);
    state.hasCalls = true;
    for (const event of unfoldPart(part, takeIndex(state))) state.events.push(event);
  }
}

/** Log probabilities above all: a fragment of the open part, or told with the stop. */
function decodeUnknown(state: DecoderState, value: JsonObject): void {
  if (isBlank(value)) return;
  if (state.open) state.events.push({ type: 'opaque-delta', index: state.open.index, format: FORMAT, value });
  else state.loose = { ...state.loose, ...value };
}

function finish(state: DecoderState, line: JsonObject): void {
  state.isOver = true;
  closeText(state);
  const usage = readUsage(line);
  if (usage) state.events.push({ type: 'usage', usage });
  const extra = ownExtra(state.loose, spellingOf(line, usage));
  const stop = readStop(line, state.hasCalls);
  state.events.push({ type: 'stop', stop, ...(extra && { extra }) }, { type: 'end' });
}

/** What of the last line is neither the answer nor its usage: the server's names, times where nothing was counted. */
function spellingOf(line: JsonObject, usage: Usage | undefined): JsonObject {
  const counted = Object.keys((usage?.raw as JsonObject | undefined) ?? {});
  const told = new Set([...READ_FIELDS, ...counted]);
  return Object.fromEntries(Object.entries(line).filter(([key]) => BODY_FIELDS.has(key) && !told.has(key)));
}

const READ_FIELDS = ['model', 'created_at', 'message', 'done', 'done_reason'];

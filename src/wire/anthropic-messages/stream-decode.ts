/**
 * Anthropic's stream events to chat events: one handler per event type. Parts are counted anew, since a block's
 * own index says nothing once a server repeats it. Broken frames are skipped up to a limit, then the stream is
 * given up; nothing throws.
 */
import type { ChatError, ChatEvent, JsonObject, JsonValue } from '../chat.ts';
import { unfoldPart } from '../fold.ts';
import type { StreamDecoder } from '../format.ts';
import type { Frame } from '../frames.ts';
import { isObject } from '../json.ts';
import { readSignature } from '../seal.ts';
import { invalidStream, truncatedStream } from '../stream-error.ts';
import { opaque, readBlock } from './block-parse.ts';
import { parseStreamError, SECOND_START } from './error.ts';
import { FORMAT, leftExtra, markExtra } from './fields.ts';
import { isError, readFrame } from './frame-data.ts';
import { restOfMessage } from './reply.ts';
import { readStop } from './stop.ts';
import { mergeUsage, readUsage } from './usage.ts';

/** Frames that are no valid event and are passed over; one more and the stream is no stream of this format. */
export const MAX_BROKEN_FRAMES = 3;
/** Text held for blocks that are handed on as a whole. As much as one frame may hold. */
export const MAX_OPAQUE_CHARS = 16 * 1024 * 1024;

/** A block that has begun and not ended. */
type OpenBlock =
  | { readonly kind: 'text' | 'thinking'; readonly index: number }
  | { readonly kind: 'tool-call'; readonly index: number; readonly input: JsonValue; hasDelta: boolean }
  /** Kept whole until it ends. `input` is the JSON text its deltas make. */
  | { readonly kind: 'opaque'; readonly index: number; readonly value: JsonObject; input: string }
  /** Already handed on whole; only its end is still to come. */
  | { readonly kind: 'whole'; readonly index: number };

interface DecodeState {
  hasStarted: boolean;
  /** The terminal event or an error went by: whatever follows is ignored. */
  isDone: boolean;
  /** Open blocks by the wire's index. */
  readonly open: Map<number, OpenBlock>;
  nextIndex: number;
  usage: JsonObject | undefined;
  /** What `message_start` said of the stop, for servers that send no `message_delta`. */
  startStop: JsonObject;
  hasStopped: boolean;
  brokenFrames: number;
  opaqueChars: number;
}

/** Handlers give undefined for an event that is not valid here. */
type EventHandler = (state: DecodeState, data: JsonObject) => ChatEvent[] | undefined;

const handlers: Readonly<Record<string, EventHandler>> = {
  message_start: startMessage,
  content_block_start: startBlock,
  content_block_delta: growBlock,
  content_block_stop: stopBlock,
  message_delta: changeMessage,
  message_stop: stopMessage,
  ping: () => [{ type: 'ping' }],
};

export function createDecoder(): StreamDecoder {
  const state: DecodeState = {
    hasStarted: false,
    isDone: false,
    open: new Map(),
    nextIndex: 0,
    usage: undefined,
    startStop: {},
    hasStopped: false,
    brokenFrames: 0,
    opaqueChars: 0,
  };
  return { push: (frame) => (state.isDone ? [] : decodeFrame(state, frame)), end: () => endStream(state) };
}

function decodeFrame(state: DecodeState, frame: Frame): ChatEvent[] {
  const data = readFrame(frame);
  if (!data) return frame.data === '[DONE]' ? [] : skipBroken(state);
  if (isError(data)) return fail(state, parseStreamError(data));
  const type = typeof data.type === 'string' ? data.type : '';
  // An event this version does not know is passed over: the format promises more of them.
  if (!Object.hasOwn(handlers, type)) return type === '' ? skipBroken(state) : [];
  return handlers[type]!(state, data) ?? skipBroken(state);
}

function skipBroken(state: DecodeState): ChatEvent[] {
  state.brokenFrames += 1;
  if (state.brokenFrames <= MAX_BROKEN_FRAMES) return [];
  return fail(
    state,
    invalidStream(`the upstream sent more than ${MAX_BROKEN_FRAMES} frames that are no valid event`),
  );
}

function fail(state: DecodeState, error: ChatError): ChatEvent[] {
  state.isDone = true;
  return [{ type: 'error', error }];
}

function startMessage(state: DecodeState, data: JsonObject): ChatEvent[] | undefined {
  const { message } = data;
  if (!isObject(message)) return undefined;
  if (state.hasStarted) return fail(state, invalidStream(SECOND_START));
  state.startStop = message;
  const events = ensureStart(state, message);
  if (isObject(message.usage)) events.push(...takeUsage(state, message.usage));
  for (const block of Array.isArray(message.content) ? message.content : []) {
    if (isObject(block)) events.push(...unfoldPart(readBlock(block), state.nextIndex++));
  }
  return events;
}

function ensureStart(state: DecodeState, message: JsonObject): ChatEvent[] {
  if (state.hasStarted) return [];
  state.hasStarted = true;
  const id = typeof message.id === 'string' ? message.id : '';
  const model = typeof message.model === 'string' ? message.model : '';
  return [{ type: 'start', id, model, extra: markExtra(restOfMessage(message)) }];
}

function takeUsage(state: DecodeState, report: JsonObject): ChatEvent[] {
  const before = JSON.stringify(state.usage);
  state.usage = mergeUsage(state.usage, report);
  if (JSON.stringify(state.usage) === before) return [];
  const usage = readUsage(state.usage);
  return usage ? [{ type: 'usage', usage }] : [];
}

function startBlock(state: DecodeState, data: JsonObject): ChatEvent[] | undefined {
  const { index: wireIndex, content_block: block } = data;
  if (typeof wireIndex !== 'number' || !isObject(block) || state.open.has(wireIndex)) return undefined;
  const index = state.nextIndex++;
  const { open, events } = beginBlock(block, index);
  state.open.set(wireIndex, open);
  return [...ensureStart(state, {}), ...events];
}

function beginBlock(block: JsonObject, index: number): { open: OpenBlock; events: ChatEvent[] } {
  const part = readBlock(block);
  // All but the end: text a server puts into the start already goes on as a delta.
  const events = unfoldPart(part, index).slice(0, -1);
  switch (part.type) {
    case 'text':
      return { open: { kind: 'text', index }, events };
    case 'thinking':
      // Starts carry an empty signature; the true one comes as a delta.
      return {
        open: { kind: 'thinking', index },
        events: part.signature?.value === '' ? events.slice(0, -1) : events,
      };
    case 'tool-call':
      return {
        open: { kind: 'tool-call', index, input: block.input ?? {}, hasDelta: false },
        events: events.slice(0, 1),
      };
    case 'redacted-thinking':
      return { open: { kind: 'whole', index }, events: unfoldPart(part, index) };
    default:
      return { open: { kind: 'opaque', index, value: block, input: '' }, events: [] };
  }
}

function growBlock(state: DecodeState, data: JsonObject): ChatEvent[] | undefined {
  const { index: wireIndex, delta } = data;
  const block = typeof wireIndex === 'number' ? state.open.get(wireIndex) : undefined;
  if (!block || !isObject(delta) || typeof delta.type !== 'string') return undefined;
  if (block.kind === 'opaque') return growOpaque(state, block, delta);
  const grow = Object.hasOwn(growers, delta.type) ? growers[delta.type]! : undefined;
  if (grow) return grow(block, delta);
  // A kind of fragment this version does not know: only the same format can make something of it.
  return [{ type: 'opaque-delta', index: block.index, format: FORMAT, value: { [delta.type]: [delta] } }];
}

const growers: Readonly<Record<string, (block: OpenBlock, delta: JsonObject) => ChatEvent[] | undefined>> = {
  text_delta: ({ kind, index }, { text }) => {
    if (kind !== 'text' || typeof text !== 'string') return undefined;
    return text === '' ? [] : [{ type: 'text-delta', index, text }];
  },
  thinking_delta: ({ kind, index }, { thinking: text }) => {
    if (kind !== 'thinking' || typeof text !== 'string') return undefined;
    return text === '' ? [] : [{ type: 'thinking-delta', index, text }];
  },
  signature_delta: ({ kind, index }, { signature }) => {
    if (kind !== 'thinking' || typeof signature !== 'string') return undefined;
    return [{ type: 'thinking-signature', index, signature: readSignature(signature, FORMAT) }];
  },
  input_json_delta: (block, { partial_json: json }) => {
    if (block.kind !== 'tool-call' || typeof json !== 'string') return undefined;
    if (json === '') return [];
    block.hasDelta = true;
    return [{ type: 'tool-call-delta', index: block.index, arguments: json }];
  },
  citations_delta: ({ index }, { citation }) =>
    citation === undefined
      ? undefined
      : [{ type: 'opaque-delta', index, format: FORMAT, value: { citations: [citation] } }],
};

function growOpaque(
  state: DecodeState,
  block: Extract<OpenBlock, { kind: 'opaque' }>,
  delta: JsonObject,
): ChatEvent[] {
  const { type, ...fields } = delta;
  if (type === 'input_json_delta') block.input += String(fields.partial_json ?? '');
  else addFields(block.value, fields);
  state.opaqueChars += JSON.stringify(delta).length;
  if (state.opaqueChars <= MAX_OPAQUE_CHARS) return [];
  return fail(
    state,
    invalidStream(`more than ${MAX_OPAQUE_CHARS} characters in blocks that are handed on as a whole`),
  );
}

/** Strings and lists grow, anything else is replaced. In place: the block is the decoder's own until it ends. */
function addFields(value: JsonObject, fields: JsonObject): void {
  for (const [key, added] of Object.entries(fields)) {
    const present = value[key];
    if (typeof present === 'string' && typeof added === 'string') value[key] = present + added;
    else if (Array.isArray(present) && Array.isArray(added)) for (const item of added) present.push(item);
    else value[key] = added;
  }
}

function stopBlock(state: DecodeState, data: JsonObject): ChatEvent[] | undefined {
  const wireIndex = typeof data.index === 'number' ? data.index : Number.NaN;
  const block = state.open.get(wireIndex);
  if (!block) return undefined;
  state.open.delete(wireIndex);
  if (block.kind === 'opaque') {
    return [{ type: 'opaque-part', index: block.index, part: opaque(finishOpaque(block)) }];
  }
  // A call without arguments streams none at all; then the start's input counts, mostly {}.
  const isUnsaid = block.kind === 'tool-call' && !block.hasDelta;
  const said: ChatEvent[] = isUnsaid
    ? [{ type: 'tool-call-delta', index: block.index, arguments: JSON.stringify(block.input) }]
    : [];
  return [...said, ...endBlock(block)];
}

function finishOpaque(block: Extract<OpenBlock, { kind: 'opaque' }>): JsonObject {
  if (block.input === '') return block.value;
  try {
    return { ...block.value, input: JSON.parse(block.input) as JsonValue };
  } catch {
    return { ...block.value, input: block.input };
  }
}

function endBlock(block: OpenBlock): ChatEvent[] {
  const { kind, index } = block;
  return kind === 'opaque' || kind === 'whole' ? [] : [{ type: `${kind}-end`, index }];
}

function changeMessage(state: DecodeState, data: JsonObject): ChatEvent[] | undefined {
  const delta = isObject(data.delta) ? data.delta : {};
  if (!isObject(data.delta) && !isObject(data.usage)) return undefined;
  const events = ensureStart(state, {});
  if (isObject(data.usage)) events.push(...takeUsage(state, data.usage));
  if (typeof delta.stop_reason === 'string' && !state.hasStopped) {
    state.hasStopped = true;
    const { type: _type, delta: _delta, usage: _usage, ...around } = data;
    const { stop_reason: _reason, stop_sequence: _sequence, ...inside } = delta;
    const extra = leftExtra({ ...around, ...inside });
    const stop = readStop(delta.stop_reason, delta.stop_sequence);
    events.push(extra ? { type: 'stop', stop, extra } : { type: 'stop', stop });
  }
  return events;
}

function stopMessage(state: DecodeState): ChatEvent[] {
  const events = [...ensureStart(state, {}), ...closeAll(state)];
  const { stop_reason: reason, stop_sequence: sequence } = state.startStop;
  if (!state.hasStopped) events.push({ type: 'stop', stop: readStop(reason, sequence) });
  state.isDone = true;
  return [...events, { type: 'end' }];
}

/** Ends what a server left open. Half a block that only makes sense as a whole is not handed on. */
function closeAll(state: DecodeState): ChatEvent[] {
  const events = [...state.open.values()].flatMap(endBlock);
  state.open.clear();
  return events;
}

function endStream(state: DecodeState): ChatEvent[] {
  if (state.isDone) return [];
  const message = 'the upstream ended its stream without message_stop';
  return [...closeAll(state), ...fail(state, truncatedStream(message))];
}

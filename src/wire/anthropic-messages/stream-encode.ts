/**
 * Chat events to Anthropic's stream. `message_start` waits for the event after `start`, which is the usage of
 * the input where the upstream tells it at once; `message_delta` waits for the end, when all numbers are final.
 */
import type { ChatEvent, JsonObject, Signature, Usage, Warning } from '../chat.ts';
import type { ReplyContext, StreamEncoder } from '../format.ts';
import { isObject } from '../json.ts';
import { approximate, drop, type Place } from '../place.ts';
import { sealId, writeSignature } from '../seal.ts';
import { sequenceEvents } from '../sequence.ts';
import { renderStreamError } from './error.ts';
import { FORMAT, ownFields, ownSpelling, restore } from './fields.ts';
import { writeName } from './names.ts';
import { writeProof } from './reply.ts';
import { renderStop } from './stop.ts';
import { renderFinalUsage, renderUsage } from './usage.ts';

type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>;

interface EncodeState {
  readonly context: ReplyContext;
  readonly place: Place;
  /** Held until it is known whether usage comes with it. */
  start: EventOf<'start'> | undefined;
  /** The usage `message_start` showed; undefined until it went out. */
  startedUsage: JsonObject | undefined;
  usage: Usage | undefined;
  stop: EventOf<'stop'> | undefined;
  /** Index of the next block; the open one is the one before. */
  nextIndex: number;
  /** A text block of another format begins with its first text: Anthropic has no empty ones. */
  heldText: EventOf<'text-start'> | undefined;
  hasToolCalls: boolean;
  hasRefusal: boolean;
  /** The open thought was signed. */
  isSigned: boolean;
  isDone: boolean;
}

type Handlers = { readonly [T in ChatEvent['type']]: (state: EncodeState, event: EventOf<T>) => string };

const handlers: Handlers = {
  start: (state, event) => {
    state.start = event;
    return '';
  },
  usage: (state, event) => {
    state.usage = event.usage;
    return state.start ? flushStart(state) : '';
  },
  'text-start': startText,
  'text-delta': (state, event) => flushText(state) + delta(state, { type: 'text_delta', text: event.text }),
  'text-end': (state) => (state.heldText ? skipText(state) : endBlock(state)),
  'refusal-start': (state, event) => {
    approximate(state.place, `parts[${event.index}]`, 'a refusal is shown as text');
    state.heldText = { ...event, type: 'text-start' };
    return '';
  },
  'refusal-delta': (state, event) => {
    state.hasRefusal = true;
    return flushText(state) + delta(state, { type: 'text_delta', text: event.text });
  },
  'refusal-end': (state) => (state.heldText ? skipText(state) : endBlock(state)),
  'thinking-start': (state, event) => {
    state.isSigned = false;
    return startBlock(state, { type: 'thinking', thinking: '', signature: '' }, event);
  },
  'thinking-delta': (state, event) => delta(state, { type: 'thinking_delta', thinking: event.text }),
  'thinking-signature': (state, event) => sign(state, event.signature),
  'thinking-end': (state) => (state.isSigned ? '' : sign(state, undefined)) + endBlock(state),
  'redacted-thinking': (state, event) =>
    startBlock(state, { type: 'redacted_thinking', data: writeSignature(event.data, FORMAT) }, event) +
    endBlock(state),
  'tool-call-start': startToolCall,
  'tool-call-delta': (state, event) =>
    delta(state, { type: 'input_json_delta', partial_json: event.arguments }),
  'tool-call-end': (state) => endBlock(state),
  'image-part': (state, event) => {
    drop(state.place, `parts[${event.index}]`, 'parts of type image have no place in an answer');
    return '';
  },
  'opaque-part': writeOpaque,
  'opaque-delta': writeOpaqueDelta,
  ping: () => frame({ type: 'ping' }),
  stop: (state, event) => {
    state.stop = event;
    return '';
  },
  error: (state, event) => {
    state.isDone = true;
    return renderStreamError(event.error, state.context.requestId ?? '');
  },
  end: endMessage,
};

export function createEncoder(context: ReplyContext): StreamEncoder {
  const warnings: Warning[] = [];
  const state: EncodeState = {
    context,
    place: { path: '', warnings, isOwn: false },
    start: undefined,
    startedUsage: undefined,
    usage: undefined,
    stop: undefined,
    nextIndex: 0,
    heldText: undefined,
    hasToolCalls: false,
    hasRefusal: false,
    isSigned: false,
    isDone: false,
  };
  const sequence = sequenceEvents();
  return {
    push: (event) =>
      sequence
        .push(event)
        .map((next) => encodeEvent(state, next))
        .join(''),
    warnings: () => warnings,
  };
}

/** Events that do not make `message_start` go out by themselves. */
const WAITING: readonly ChatEvent['type'][] = ['start', 'usage', 'error'];

function encodeEvent(state: EncodeState, event: ChatEvent): string {
  if (state.isDone) return '';
  const isWaiting = WAITING.includes(event.type) || (event.type === 'ping' && !state.start);
  const opening = isWaiting ? '' : flushStart(state);
  return opening + (handlers[event.type] as (state: EncodeState, event: ChatEvent) => string)(state, event);
}

function frame(data: JsonObject): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function isOwn(state: EncodeState): boolean {
  return state.start?.extra?.format === FORMAT;
}

function flushStart(state: EncodeState): string {
  if (state.startedUsage) return '';
  state.startedUsage = renderUsage(state.usage, isOwn(state));
  const message: JsonObject = {
    id: state.start?.id || state.context.fallbackId,
    type: 'message',
    role: 'assistant',
    model: state.context.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: state.startedUsage,
  };
  return frame({ type: 'message_start', message: restore(message, state.start?.extra, state.place) });
}

function startBlock(
  state: EncodeState,
  block: JsonObject,
  event: { index: number; extra?: EventOf<'start'>['extra'] },
): string {
  const place: Place = { ...state.place, path: `parts[${event.index}]` };
  const content_block = restore(block, event.extra, place);
  return frame({ type: 'content_block_start', index: state.nextIndex++, content_block });
}

function delta(state: EncodeState, fields: JsonObject): string {
  return frame({ type: 'content_block_delta', index: state.nextIndex - 1, delta: fields });
}

function endBlock(state: EncodeState): string {
  return frame({ type: 'content_block_stop', index: state.nextIndex - 1 });
}

function sign(state: EncodeState, signature: Signature | undefined): string {
  state.isSigned = true;
  const proof = writeProof(signature, state.start?.extra?.format);
  return proof === '' ? '' : delta(state, { type: 'signature_delta', signature: proof });
}

function startText(state: EncodeState, event: EventOf<'text-start'>): string {
  state.heldText = event;
  return isOwn(state) ? flushText(state) : '';
}

function flushText(state: EncodeState): string {
  const event = state.heldText;
  if (!event) return '';
  state.heldText = undefined;
  return startBlock(state, { type: 'text', text: '' }, event);
}

function skipText(state: EncodeState): string {
  state.heldText = undefined;
  return '';
}

function startToolCall(state: EncodeState, event: EventOf<'tool-call-start'>): string {
  state.hasToolCalls = true;
  const id = sealId(writeName(event.id), event.signature);
  const block = { type: 'tool_use', id, name: writeName(event.name), input: {} };
  return startBlock(state, block, event);
}

/** Clients read a call's input and a summary only from deltas; other whole blocks stand in their start. */
function writeOpaque(state: EncodeState, { index, part }: EventOf<'opaque-part'>): string {
  if (part.format !== FORMAT) {
    const type = typeof part.value.type === 'string' ? part.value.type : 'block';
    drop(state.place, `parts[${index}]`, `${part.format} ${type} without an equivalent`);
    return '';
  }
  const { type, input, content } = part.value;
  if (isObject(input) && String(type).endsWith('tool_use')) {
    const partial_json = JSON.stringify(input);
    return (
      startBlock(state, { ...part.value, input: {} }, { index }) +
      delta(state, { type: 'input_json_delta', partial_json }) +
      endBlock(state)
    );
  }
  if (type === 'compaction' && typeof content === 'string') {
    return (
      startBlock(state, { ...part.value, content: null }, { index }) +
      delta(state, { type: 'compaction_delta', content }) +
      endBlock(state)
    );
  }
  return startBlock(state, part.value, { index }) + endBlock(state);
}

function writeOpaqueDelta(state: EncodeState, { index, format, value }: EventOf<'opaque-delta'>): string {
  if (format !== FORMAT) {
    drop(state.place, `parts[${index}]`, `${format} ${Object.keys(value).join(', ')} without an equivalent`);
    return '';
  }
  const deltas = Object.entries(value).flatMap(([key, list]) => {
    if (!Array.isArray(list)) return [];
    return key === 'citations'
      ? list.map((citation) => ({ type: 'citations_delta', citation }))
      : list.filter(isObject);
  });
  return flushText(state) + deltas.map((fields) => delta(state, fields)).join('');
}

/** Fields of `delta` in `message_delta`; others stand beside it. */
const DELTA_FIELDS = ['container', 'stop_details'];

function endMessage(state: EncodeState): string {
  state.isDone = true;
  const extra = state.stop?.extra;
  const more = Object.entries({ ...ownSpelling(extra), ...ownFields(extra) });
  if (extra && extra.format !== FORMAT) restore({}, extra, state.place);
  const usage = renderUsage(state.usage, isOwn(state));
  const event: JsonObject = {
    type: 'message_delta',
    delta: {
      ...renderStop(state.stop?.stop, isOwn(state), state),
      ...Object.fromEntries(more.filter(([key]) => DELTA_FIELDS.includes(key))),
    },
    usage: renderFinalUsage(state.startedUsage ?? {}, usage),
    ...Object.fromEntries(more.filter(([key]) => !DELTA_FIELDS.includes(key))),
  };
  return frame(event) + frame({ type: 'message_stop' });
}

/**
 * Chat events to stream events: `response.created` and `response.in_progress` first, then the items one after the
 * other, then the whole response once more in the terminal event.
 */
import type { ChatError, ChatEvent, Extra, JsonObject, Usage, Warning } from '../chat.ts';
import { MAX_REPLY_CHARS } from '../fold.ts';
import type { ReplyContext, StreamEncoder } from '../format.ts';
import { sequenceEvents } from '../sequence.ts';
import { beginCall, type CallState, endCall, growCall } from './encode-call.ts';
import {
  beginText,
  closeMessage,
  endText,
  growFields,
  growText,
  type TextState,
  writeOpaque,
} from './encode-text.ts';
import {
  beginThought,
  endThought,
  growThought,
  signThought,
  type ThoughtState,
  writeRedacted,
} from './encode-thought.ts';
import { errorEvent, failureOf } from './error.ts';
import { writeImageItem } from './items.ts';
import { type Output, placeIn, writeItem } from './output.ts';
import { FORMAT, spelled, warnExtra } from './own.ts';
import { stopFields } from './reply.ts';
import { closeResponse, openResponse } from './response.ts';
import { itemId } from './show-items.ts';
import { writeStop } from './stop.ts';

type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>;

interface EncoderState {
  readonly context: ReplyContext;
  readonly out: Output & TextState & ThoughtState & CallState;
  readonly warnings: Map<string, Warning>;
  /** The response as `response.created` told it. */
  opened: JsonObject | undefined;
  usage: Usage | undefined;
  stop: EventOf<'stop'> | undefined;
  /** Characters of the reply so far. */
  chars: number;
  isOver: boolean;
}

/** What keeps a silent connection open; parsers of server-sent events pass over comments. */
export const KEEP_ALIVE = ': keep-alive\n\n';

export function createEncoder(context: ReplyContext): StreamEncoder {
  let sequence = 0;
  const send = (type: string, fields: JsonObject): string => {
    const text = frame(type, { ...fields, sequence_number: sequence });
    sequence += 1;
    return text;
  };
  const sendDelta = (head: string, delta: string): string => {
    const text = `${head}${JSON.stringify(delta)},"sequence_number":${sequence}}\n\n`;
    sequence += 1;
    return text;
  };
  const state: EncoderState = {
    context,
    out: {
      send,
      sendDelta,
      tools: context.tools ?? [],
      id: context.fallbackId,
      isOwn: false,
      items: [],
      message: undefined,
      text: undefined,
      thought: undefined,
      call: undefined,
    },
    warnings: new Map(),
    opened: undefined,
    usage: undefined,
    stop: undefined,
    chars: 0,
    isOver: false,
  };
  const parts = sequenceEvents();
  return {
    push: (event) => {
      let text = '';
      for (const next of parts.push(event)) text += encodeWithin(state, next);
      return text;
    },
    warnings: () => [...state.warnings.values()],
  };
}

function frame(type: string, fields: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

type Handlers = { readonly [T in ChatEvent['type']]: (state: EncoderState, event: EventOf<T>) => string };

const HANDLERS: Handlers = {
  start: encodeStart,
  'text-start': (state, event) => noteExtra(state, event) + beginText(state.out, 'text', event.extra),
  'text-delta': ({ out }, { text }) => growText(out, text),
  'text-end': ({ out }) => endText(out),
  'thinking-start': (state, event) => {
    noteExtra(state, event);
    const closed = closeMessage(state.out);
    beginThought(state.out, event.extra);
    return closed;
  },
  'thinking-delta': ({ out }, { text }) => growThought(out, text),
  'thinking-signature': ({ out }, { signature }) => {
    signThought(out, signature);
    return '';
  },
  'thinking-end': ({ out }) => endThought(out),
  'redacted-thinking': (state, event) => {
    noteExtra(state, event);
    return closeMessage(state.out) + writeRedacted(state.out, event.data);
  },
  'tool-call-start': (state, event) => {
    noteExtra(state, event);
    return closeMessage(state.out) + beginCall(state.out, event);
  },
  'tool-call-delta': ({ out }, event) => growCall(out, event.arguments),
  'tool-call-end': ({ out }, { isCut }) => endCall(out, isCut),
  'refusal-start': (state, event) => noteExtra(state, event) + beginText(state.out, 'refusal', event.extra),
  'refusal-delta': ({ out }, { text }) => growText(out, text),
  'refusal-end': ({ out }) => endText(out),
  'image-part': encodeImage,
  'opaque-part': encodeOpaque,
  'opaque-delta': encodeFragment,
  ping: () => KEEP_ALIVE,
  usage: (state, { usage }) => {
    state.usage = usage;
    return '';
  },
  stop: (state, event) => {
    state.stop = event;
    return '';
  },
  error: encodeError,
  end: encodeEnd,
};

/** The terminal event repeats the whole reply, so it is kept until then: no longer than a reply may be. */
function encodeWithin(state: EncoderState, event: ChatEvent): string {
  if (state.isOver) return '';
  if ('text' in event) state.chars += event.text.length;
  if ('arguments' in event) state.chars += event.arguments.length;
  if (state.chars <= MAX_REPLY_CHARS) return encodeEvent(state, event);
  const message = `the reply is longer than ${MAX_REPLY_CHARS} characters`;
  const error = { kind: 'upstream', status: 502, code: 'reply_too_long', message } as const;
  return encodeError(state, { type: 'error', error });
}

function encodeEvent(state: EncoderState, event: ChatEvent): string {
  const handler = HANDLERS[event.type] as (state: EncoderState, event: ChatEvent) => string;
  return handler(state, event);
}

function warn(state: EncoderState, warning: Warning): void {
  state.warnings.set(`${warning.path} ${warning.note}`, warning);
}

function drop(state: EncoderState, path: string, note: string): string {
  warn(state, { kind: 'dropped', path, note });
  return '';
}

function noteExtra(state: EncoderState, event: { readonly index: number; readonly extra?: Extra }): string {
  warnExtra(event.extra, `parts[${event.index}].extra`, (warning) => warn(state, warning));
  return '';
}

function encodeStart(state: EncoderState, event: EventOf<'start'>): string {
  const { context, out } = state;
  warnExtra(event.extra, 'extra', (warning) => warn(state, warning));
  out.isOwn = event.extra?.format === FORMAT;
  out.id = event.id === '' ? context.fallbackId : event.id;
  const { createdAtMs } = event;
  const head = { id: out.id, ...(createdAtMs !== undefined && { createdAtMs }) };
  const response = openResponse(head, context, spelled(event.extra, 'body'));
  state.opened = response;
  return out.send('response.created', { response }) + out.send('response.in_progress', { response });
}

function encodeImage(state: EncoderState, event: EventOf<'image-part'>): string {
  noteExtra(state, { index: event.index, ...(event.part.extra && { extra: event.part.extra }) });
  const { out } = state;
  const item = writeImageItem(event.part);
  if (!item) return drop(state, `parts[${event.index}]`, 'an image is shown as its bytes alone');
  const closed = closeMessage(out);
  return closed + writeItem(out, { id: itemId('image', out.id, placeIn(out)), ...item });
}

function encodeOpaque(state: EncoderState, { index, part }: EventOf<'opaque-part'>): string {
  if (part.format === FORMAT) return writeOpaque(state.out, part);
  return drop(state, `parts[${index}]`, `only ${part.format} knows this block`);
}

function encodeFragment(state: EncoderState, { index, format, value }: EventOf<'opaque-delta'>): string {
  if (format === FORMAT) return growFields(state.out, value);
  return drop(state, `parts[${index}].extra`, `${Object.keys(value).join(', ')}: known to ${format} only`);
}

function encodeEnd(state: EncoderState): string {
  const { out, stop: ended, usage } = state;
  const { isOwn } = out;
  const reason = ended?.stop ?? { kind: 'unknown', raw: null };
  warnExtra(ended?.extra, 'extra', (warning) => warn(state, warning));
  if (reason.sequence !== undefined && !isOwn) {
    drop(state, 'stop.sequence', 'there is no field for the stop text met');
  }
  const was = isOwn ? spelled(ended?.extra, 'body') : undefined;
  const stop = was ? stopFields(reason, was) : writeStop(reason, isOwn);
  const isCut = (stop.status ?? was?.status) === 'incomplete';
  const closed = closeMessage(out, isCut);
  const opened = state.opened ?? openResponse({ id: out.id }, state.context, undefined);
  const response = closeResponse(opened, { stop, output: out.items, usage, isOwn, was });
  const type = response.status === 'completed' ? 'response.completed' : 'response.incomplete';
  return closed + out.send(type, { response });
}

/** Two events, as OpenAI itself sends them: its SDK throws at the first, Codex waits for the second. */
function encodeError(state: EncoderState, { error }: EventOf<'error'>): string {
  const { out, context } = state;
  state.isOver = true;
  const opened = state.opened ?? openResponse({ id: out.id }, context, undefined);
  const response = { ...opened, status: 'failed', error: failureOf(error), output: out.items };
  return out.send('error', errorEvent(error)) + out.send('response.failed', { response });
}

/** The same for a stream somebody else wrote: how far it came is not known. */
export function renderStreamError(error: ChatError, requestId: string): string {
  const context = { model: '', fallbackId: requestId, nowMs: 0, streamUsage: false };
  const opened = openResponse({ id: requestId }, context, undefined);
  const response = { ...opened, status: 'failed', error: failureOf(error) };
  return (
    frame('error', { ...errorEvent(error), sequence_number: 0 }) +
    frame('response.failed', { response, sequence_number: 1 })
  );
}

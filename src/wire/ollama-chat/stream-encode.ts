/**
 * Chat events to lines: one for each piece of thinking or text, one for each call once it is whole, and the last one
 * with the reason and the counts.
 */
import type {
  ChatEvent,
  Extra,
  FormatId,
  JsonObject,
  StopReason,
  ToolCallPart,
  Usage,
  Warning,
} from '../chat.ts';
import type { ReplyContext, StreamEncoder } from '../format.ts';
import { asObject, defined, isWhole } from '../json.ts';
import { writeSignature } from '../seal.ts';
import { sequenceEvents } from '../sequence.ts';
import { renderStreamError } from './error.ts';
import { writeImage } from './images.ts';
import { FORMAT, ownFields, ownSpelling, warnExtra } from './own.ts';
import { LOSSES, warnOfArguments, warnOfStop, writeReplyCall } from './reply.ts';
import { writeStop } from './stop.ts';
import { createThoughtList, THOUGHTS_FIELD, type ThoughtList } from './thoughts.ts';
import { writeUsage } from './usage.ts';

type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { readonly type: T }>;

interface EncoderState {
  readonly context: ReplyContext;
  /** The opening of every line up to its message, as JSON text. */
  head: string;
  /** The events came from this format, so its raw words hold. */
  isOwn: boolean;
  /** Whose model it is; stands for the proof of thoughts that have none. */
  maker: FormatId | undefined;
  /** Places of the parts, for the state of thoughts. */
  readonly thoughts: ThoughtList;
  /** The part that is open: a thought with the length of its text, or a call with what came of its arguments. */
  thought: { chars: number; signature: EventOf<'thinking-signature'>['signature'] | undefined } | undefined;
  /** A thought without proof ended, and nothing on the wire says that another text would be another thought. */
  isThoughtLoose: boolean;
  call: ToolCallPart | undefined;
  calls: number;
  usage: Usage | undefined;
  stop: StopReason | undefined;
  stopExtra: Extra | undefined;
  /** By path and note: a stream meets the same loss many times. */
  readonly warnings: Map<string, Warning>;
}

export function createEncoder(context: ReplyContext): StreamEncoder {
  const state: EncoderState = {
    context,
    head: '',
    isOwn: false,
    maker: undefined,
    thoughts: createThoughtList((signature) => writeSignature(signature, FORMAT)),
    thought: undefined,
    isThoughtLoose: false,
    call: undefined,
    calls: 0,
    usage: undefined,
    stop: undefined,
    stopExtra: undefined,
    warnings: new Map(),
  };
  // One part after the other, and nothing after the end.
  const sequence = sequenceEvents();
  return {
    push: (event) => {
      let text = '';
      for (const next of sequence.push(event)) text += encodeEvent(state, next);
      return text;
    },
    warnings: () => [...state.warnings.values()],
  };
}

type Handlers = { readonly [T in ChatEvent['type']]: (state: EncoderState, event: EventOf<T>) => string };

const NOTHING = (): string => '';

const HANDLERS: Handlers = {
  start: encodeStart,
  'text-start': startText,
  'text-delta': (state, { text }) => writeText(state, text),
  'text-end': NOTHING,
  'refusal-start': (state, event) => {
    warn(state, { kind: 'approximated', path: `parts[${event.index}]`, note: LOSSES.refusal });
    return startText(state, event);
  },
  'refusal-delta': (state, { text }) => writeText(state, text),
  'refusal-end': NOTHING,
  'thinking-start': (state, event) => {
    noteExtra(state, event);
    state.thought = { chars: 0, signature: undefined };
    return state.isThoughtLoose ? writeThoughts(state) : '';
  },
  'thinking-delta': encodeThinking,
  'thinking-signature': (state, { signature }) => {
    if (state.thought) state.thought.signature = signature;
    return '';
  },
  'thinking-end': endThinking,
  'redacted-thinking': (state, event) => {
    noteExtra(state, event);
    state.thoughts.add({ type: 'redacted-thinking', data: event.data });
    return writeThoughts(state);
  },
  'tool-call-start': startCall,
  'tool-call-delta': (state, event) => {
    if (state.call) state.call = { ...state.call, arguments: state.call.arguments + event.arguments };
    return '';
  },
  'tool-call-end': endCall,
  'image-part': encodeImage,
  'opaque-part': (state, { index, part }) =>
    drop(state, `parts[${index}]`, `only ${part.format} knows this block`),
  'opaque-delta': encodeOpaqueDelta,
  // There is no event here that says nothing.
  ping: NOTHING,
  usage: (state, { usage }) => {
    state.usage = usage;
    return '';
  },
  stop: encodeStop,
  error: (_state, { error }) => renderStreamError(error),
  end: encodeEnd,
};

function encodeEvent(state: EncoderState, event: ChatEvent): string {
  return (HANDLERS[event.type] as (state: EncoderState, event: ChatEvent) => string)(state, event);
}

function warn(state: EncoderState, warning: Warning): void {
  state.warnings.set(`${warning.path} ${warning.note}`, warning);
}

function drop(state: EncoderState, path: string, note: string): string {
  warn(state, { kind: 'dropped', path, note });
  return '';
}

function noteExtra(state: EncoderState, event: { readonly index: number; readonly extra?: Extra }): void {
  warnExtra(event.extra, `parts[${event.index}].extra`, (warning) => warn(state, warning));
}

function encodeStart(state: EncoderState, { createdAtMs, extra }: EventOf<'start'>): string {
  state.isOwn = extra?.format === FORMAT;
  state.maker = extra?.format;
  openHead(state, createdAtMs ?? state.context.nowMs);
  warnExtra(extra, 'extra', (warning) => warn(state, warning));
  return '';
}

function openHead(state: EncoderState, createdAtMs: number): void {
  const head = { model: state.context.model, created_at: new Date(createdAtMs).toISOString() };
  state.head = `${JSON.stringify(head).slice(0, -1)},"message":`;
}

/** Written as text around the message, as there is one line for every token. */
function writeLine(state: EncoderState, message: JsonObject, more: JsonObject): string {
  if (state.head === '') openHead(state, state.context.nowMs);
  const said = JSON.stringify({ role: 'assistant', content: '', ...message });
  return `${state.head}${said},${JSON.stringify(more).slice(1)}\n`;
}

function writePiece(state: EncoderState, message: JsonObject): string {
  return writeLine(state, message, { done: false });
}

function startText(state: EncoderState, event: { readonly index: number; readonly extra?: Extra }): string {
  noteExtra(state, event);
  state.thoughts.add({ type: 'text', text: '' });
  state.isThoughtLoose = false;
  return '';
}

function writeText(state: EncoderState, text: string): string {
  return text === '' ? '' : writePiece(state, { content: text });
}

function encodeThinking(state: EncoderState, { text }: EventOf<'thinking-delta'>): string {
  if (state.thought) state.thought.chars += text.length;
  return text === '' ? '' : writePiece(state, { thinking: text });
}

function endThinking(state: EncoderState): string {
  const { chars, signature } = state.thought ?? { chars: 0, signature: undefined };
  state.thought = undefined;
  const proof = signature ?? (state.maker && { format: state.maker, value: '' });
  state.thoughts.addThought(chars, proof);
  if (proof && writeSignature(proof, FORMAT) !== '') return writeThoughts(state);
  state.isThoughtLoose = chars > 0;
  return '';
}

/** All that was told so far, as clients that put lines together keep the last value of a field they do not know. */
function writeThoughts(state: EncoderState): string {
  state.isThoughtLoose = false;
  const entries = state.thoughts.all();
  return writePiece(state, { [THOUGHTS_FIELD]: entries.map((entry): JsonObject => ({ ...entry })) });
}

function startCall(state: EncoderState, event: EventOf<'tool-call-start'>): string {
  noteExtra(state, event);
  const { id, name, signature, extra } = event;
  state.call = defined<ToolCallPart>({ type: 'tool-call', id, name, arguments: '', signature, extra });
  return '';
}

/** Arguments are an object here, so a call can only go out whole. */
function endCall(state: EncoderState, { index, isCut = false }: EventOf<'tool-call-end'>): string {
  const { call } = state;
  state.call = undefined;
  if (!call || (isCut && !isWhole(call.arguments))) return '';
  state.thoughts.add(call);
  warnOfArguments(call, `parts[${index}]`, (warning) => warn(state, warning));
  const written = writeReplyCall(call, state.calls);
  state.calls += 1;
  return writePiece(state, { tool_calls: [written] });
}

function encodeImage(state: EncoderState, { index, part }: EventOf<'image-part'>): string {
  const image = writeImage(part);
  if (image === undefined) return drop(state, `parts[${index}]`, LOSSES.image);
  return writePiece(state, { images: [image] });
}

function encodeOpaqueDelta(state: EncoderState, { index, format, value }: EventOf<'opaque-delta'>): string {
  if (format !== FORMAT) {
    return drop(state, `parts[${index}].extra`, `${Object.keys(value).join(', ')}: known to ${format} only`);
  }
  const { message, ...fields } = value;
  return writeLine(state, asObject(message) ?? {}, { done: false, ...fields });
}

function encodeStop(state: EncoderState, { stop, extra }: EventOf<'stop'>): string {
  warnExtra(extra, 'extra', (warning) => warn(state, warning));
  if (!state.isOwn) warnOfStop(stop, (warning) => warn(state, warning));
  state.stop = stop;
  state.stopExtra = extra;
  return '';
}

function encodeEnd(state: EncoderState): string {
  const { message, ...fields } = ownFields(state.stopExtra);
  return writeLine(state, asObject(message) ?? {}, {
    done: true,
    ...writeStop(state.stop ?? { kind: 'unknown', raw: null }, state.isOwn),
    ...ownSpelling(state.stopExtra),
    ...writeUsage(state.usage, state.isOwn),
    ...fields,
  });
}

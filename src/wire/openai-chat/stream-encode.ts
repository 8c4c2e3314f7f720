/** Chat events to stream chunks: one id, created and model throughout; role first, finish reason and usage last. */
import type { ChatEvent, Extra, JsonObject, JsonValue, StopReason, Usage, Warning } from '../chat.ts';
import type { ReplyContext, StreamEncoder } from '../format.ts';
import { asObject, asText } from '../json.ts';
import { isLegacy } from './assistant.ts';
import { shownId, writeCallState } from './call-state.ts';
import { renderStreamError } from './error.ts';
import { FORMAT, ownFields, ownSpelling, warnExtra } from './own.ts';
import { writeContentPart } from './parts.ts';
import { writeStop } from './stop.ts';
import { ownDetails, type ThinkingPlace } from './thinking.ts';
import {
  addRedacted,
  beginThought,
  createThoughts,
  growThought,
  MAX_THOUGHT_CHARS,
  sealThoughts,
  signThought,
  type ThoughtsState,
} from './thoughts-encode.ts';
import { writeUsage } from './usage.ts';

interface EncodedCall {
  /** Place among `tool_calls`, counted without gaps. */
  readonly place: number;
  readonly kind: 'function' | 'custom' | 'legacy';
  hasArguments: boolean;
}

interface EncoderState {
  readonly context: ReplyContext;
  /** The opening of every chunk up to its choices, as JSON text. */
  head: string;
  /** The events came from this format, so its raw words hold. */
  isOwn: boolean;
  readonly calls: Map<number, EncodedCall>;
  readonly thoughts: ThoughtsState;
  usage: Usage | undefined;
  /** Unknown fields of the choice, known from the start when a whole reply is played as a stream. */
  choice: JsonObject;
  readonly warnings: Map<string, Warning>;
}

export function createEncoder(context: ReplyContext): StreamEncoder {
  const state: EncoderState = {
    context,
    head: '',
    isOwn: false,
    calls: new Map(),
    thoughts: createThoughts(),
    usage: undefined,
    choice: {},
    warnings: new Map(),
  };
  return {
    push: (event) => encodeEvent(state, event),
    warnings: () => [...state.warnings.values()],
  };
}

type Handler<T extends ChatEvent['type']> = (
  state: EncoderState,
  event: Extract<ChatEvent, { type: T }>,
) => string;

const NOTHING = (): string => '';

const HANDLERS: { readonly [T in ChatEvent['type']]: Handler<T> } = {
  start: encodeStart,
  'text-start': noteExtra,
  'text-delta': (state, { text }) => writeDelta(state, { content: text }),
  'text-end': NOTHING,
  'thinking-start': encodeThinkingStart,
  'thinking-delta': encodeThinkingDelta,
  'thinking-signature': encodeSignature,
  'thinking-end': NOTHING,
  'redacted-thinking': encodeRedacted,
  'tool-call-start': encodeCallStart,
  'tool-call-delta': encodeCallDelta,
  'tool-call-end': encodeCallEnd,
  'refusal-start': noteExtra,
  'refusal-delta': (state, { text }) => writeDelta(state, { refusal: text }),
  'refusal-end': NOTHING,
  'image-part': encodeImage,
  'opaque-part': encodeOpaquePart,
  'opaque-delta': encodeOpaqueDelta,
  // A comment: the socket stays busy, and clients that count events see no progress where there is none.
  ping: () => ': ping\n\n',
  usage: (state, { usage }) => {
    state.usage = usage;
    return '';
  },
  stop: encodeStop,
  error: (_state, { error }) => renderStreamError(error),
  end: encodeEnd,
};

function encodeEvent(state: EncoderState, event: ChatEvent): string {
  const handler = HANDLERS[event.type] as (state: EncoderState, event: ChatEvent) => string;
  return handler(state, event);
}

function encodeStart(state: EncoderState, event: Extract<ChatEvent, { type: 'start' }>): string {
  const { context } = state;
  const created = Math.floor((event.createdAtMs ?? context.nowMs) / 1000);
  openHead(state, event.id === '' ? context.fallbackId : event.id, created);
  state.isOwn = event.extra?.format === FORMAT;
  state.thoughts.maker = event.extra?.format;
  warn(state, event.extra, 'extra');
  const { choices, ...more } = ownFields(event.extra);
  state.choice = readChoiceFields(state, choices);
  return writeChunk(state, { delta: { role: 'assistant', content: '' } }, more);
}

function readChoiceFields(state: EncoderState, choices: JsonValue | undefined): JsonObject {
  if (!Array.isArray(choices)) return {};
  if (choices.length > 1) drop(state, 'extra.choices', 'only the first choice is streamed');
  return asObject(choices[0]) ?? {};
}

function openHead(state: EncoderState, id: string, created: number): void {
  const { model } = state.context;
  state.head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model }).slice(0, -1);
}

/** A chunk of one choice. Written as text around the delta, as there is one for every token. */
function writeDelta(state: EncoderState, delta: JsonObject): string {
  if (state.head === '') openHead(state, state.context.fallbackId, Math.floor(state.context.nowMs / 1000));
  return `data: ${state.head},"choices":[{"index":0,"delta":${JSON.stringify(delta)},"finish_reason":null}]}\n\n`;
}

function writeChunk(state: EncoderState, choice: JsonObject, more: JsonObject = {}): string {
  if (state.head === '') openHead(state, state.context.fallbackId, Math.floor(state.context.nowMs / 1000));
  const rest = JSON.stringify({ choices: [{ index: 0, finish_reason: null, ...choice }], ...more });
  return `data: ${state.head},${rest.slice(1)}\n\n`;
}

function warn(state: EncoderState, extra: Extra | undefined, path: string): void {
  warnExtra(extra, path, (warning) => state.warnings.set(`${warning.path} ${warning.note}`, warning));
}

function drop(state: EncoderState, path: string, note: string): string {
  state.warnings.set(`${path} ${note}`, { kind: 'dropped', path, note });
  return '';
}

function noteExtra(state: EncoderState, event: { readonly index: number; readonly extra?: Extra }): string {
  warn(state, event.extra, `parts[${event.index}].extra`);
  return '';
}

function encodeThinkingStart(
  state: EncoderState,
  event: Extract<ChatEvent, { type: 'thinking-start' }>,
): string {
  const place = asText(ownSpelling(event.extra).place);
  beginThought(state.thoughts, event.index, (place as ThinkingPlace | undefined) ?? 'reasoning_content');
  return noteExtra(state, event);
}

function encodeThinkingDelta(
  state: EncoderState,
  { index, text }: Extract<ChatEvent, { type: 'thinking-delta' }>,
): string {
  const place = growThought(state.thoughts, index, text);
  // The details come when the thought ends, with the text inside.
  if (place === 'reasoning_details') return '';
  if (place !== 'content') return writeDelta(state, { [place]: text });
  return writeDelta(state, { content: [{ type: 'thinking', thinking: [{ type: 'text', text }] }] });
}

/** Own state stands where it stood; another vendor's waits for the end. */
function encodeSignature(
  state: EncoderState,
  { index, signature }: Extract<ChatEvent, { type: 'thinking-signature' }>,
): string {
  if (signature.format === FORMAT) return writeDetails(state, ownDetails(signature));
  signThought(state.thoughts, index, signature);
  return '';
}

function encodeRedacted(
  state: EncoderState,
  event: Extract<ChatEvent, { type: 'redacted-thinking' }>,
): string {
  noteExtra(state, event);
  if (event.data.format === FORMAT) return writeDetails(state, ownDetails(event.data));
  addRedacted(state.thoughts, event.index, event.data);
  return '';
}

function writeDetails(state: EncoderState, details: readonly JsonValue[]): string {
  return details.length === 0 ? '' : writeDelta(state, { reasoning_details: [...details] });
}

/**
 * The state of all thoughts in one delta before the finish reason: clients that join lists get each entry once,
 * and those that keep the last value of a field they do not know, as OpenAI's own do, get all of them.
 */
function writeThoughts(state: EncoderState): string {
  const { details, tooLong } = sealThoughts(state.thoughts);
  for (const index of tooLong) {
    drop(state, `parts[${index}].signature`, `too long to be kept: over ${MAX_THOUGHT_CHARS} characters`);
  }
  return writeDetails(state, details);
}

function encodeCallStart(
  state: EncoderState,
  event: Extract<ChatEvent, { type: 'tool-call-start' }>,
): string {
  noteExtra(state, event);
  const fields = ownFields(event.extra);
  const kind = isLegacy(event.extra) ? 'legacy' : fields.type === 'custom' ? 'custom' : 'function';
  const call: EncodedCall = { place: state.calls.size, kind, hasArguments: false };
  state.calls.set(event.index, call);
  const { name } = event;
  const id = shownId(event.id, event.signature);
  if (kind === 'legacy') return writeDelta(state, { function_call: { name, arguments: '' } });
  const inner = kind === 'custom' ? { name, input: '' } : { name, arguments: '' };
  const entry = {
    index: call.place,
    id,
    type: kind,
    ...fields,
    ...writeCallState(event.signature),
    [kind]: { ...inner, ...asObject(fields[kind]) },
  };
  return writeDelta(state, { tool_calls: [entry] });
}

function encodeCallDelta(
  state: EncoderState,
  event: Extract<ChatEvent, { type: 'tool-call-delta' }>,
): string {
  const call = state.calls.get(event.index);
  return call ? writeArguments(state, call, event.arguments) : '';
}

function writeArguments(state: EncoderState, call: EncodedCall, text: string): string {
  call.hasArguments = true;
  if (call.kind === 'legacy') return writeDelta(state, { function_call: { arguments: text } });
  const inner = call.kind === 'custom' ? { custom: { input: text } } : { function: { arguments: text } };
  return writeDelta(state, { tool_calls: [{ index: call.place, ...inner }] });
}

/** Clients parse the arguments, also where a foreign call came without any. */
function encodeCallEnd(
  state: EncoderState,
  { index, isCut = false }: Extract<ChatEvent, { type: 'tool-call-end' }>,
): string {
  const call = state.calls.get(index);
  return call && !call.hasArguments && !state.isOwn && !isCut ? writeArguments(state, call, '{}') : '';
}

/** In OpenRouter's place for it. */
function encodeImage(
  state: EncoderState,
  { index, part }: Extract<ChatEvent, { type: 'image-part' }>,
): string {
  const path = `parts[${index}]`;
  const image = writeContentPart(part);
  if (!image) return drop(state, path, 'the image has no bytes and no URL');
  if (!state.isOwn) {
    const note = 'stands in `message.images`, as OpenRouter does it';
    state.warnings.set(`${path} ${note}`, { kind: 'approximated', path, note });
  }
  return writeDelta(state, { images: [image] });
}

function encodeOpaquePart(
  state: EncoderState,
  { index, part }: Extract<ChatEvent, { type: 'opaque-part' }>,
): string {
  if (part.format !== FORMAT) return drop(state, `parts[${index}]`, `only ${part.format} knows this block`);
  const field = part.value.type === 'image_url' ? 'images' : 'content';
  return writeDelta(state, { [field]: [part.value] });
}

function encodeOpaqueDelta(
  state: EncoderState,
  { index, format, value }: Extract<ChatEvent, { type: 'opaque-delta' }>,
): string {
  if (format !== FORMAT) {
    return drop(state, `parts[${index}].extra`, `${Object.keys(value).join(', ')}: known to ${format} only`);
  }
  const { choices, ...delta } = value;
  const choice = Array.isArray(choices) ? asObject(choices[0]) : undefined;
  return writeChunk(state, { delta, ...choice });
}

function encodeStop(state: EncoderState, { stop, extra }: Extract<ChatEvent, { type: 'stop' }>): string {
  warn(state, extra, 'extra');
  noteSequence(state, stop);
  const { choices, ...more } = ownFields(extra);
  const { message, ...choice } = { ...state.choice, ...readChoiceFields(state, choices) };
  const sequence = state.isOwn && stop.sequence !== undefined ? { stop_reason: stop.sequence } : {};
  const reason = writeStop(stop, state.isOwn, state.calls.size > 0);
  const delta = asObject(message) ?? {};
  const finish = { delta, ...choice, ...sequence, finish_reason: reason };
  return writeThoughts(state) + writeChunk(state, finish, more);
}

function noteSequence(state: EncoderState, { sequence }: StopReason): void {
  if (sequence === undefined || state.isOwn) return;
  drop(state, 'stop.sequence', 'there is no field for the stop text met');
}

/** Usage stands in a chunk without choices, for clients that asked for it. */
function encodeEnd(state: EncoderState): string {
  const { usage, context, isOwn } = state;
  const done = 'data: [DONE]\n\n';
  if (!context.streamUsage || !usage) return done;
  const tier = isOwn && usage.serviceTier !== undefined ? { service_tier: usage.serviceTier } : {};
  const rest = JSON.stringify({ ...tier, choices: [], usage: writeUsage(usage, isOwn) });
  return `data: ${state.head},${rest.slice(1)}\n\n${done}`;
}

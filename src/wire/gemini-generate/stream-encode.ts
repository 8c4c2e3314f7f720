/**
 * Chat events to a stream, framed as events or as one array. Texts go out as they come, calls whole, since Google has no
 * pieces of arguments on all of its APIs; the finish reason and the usage stand in a last frame of their own.
 *
 * The last character of a thought waits for its signature: clients keep a signature only beside a text.
 */
import type { ChatEvent, ChatPart, Extra, JsonObject, Signature, Warning } from '../chat.ts';
import type { ReplyContext, StreamEncoder } from '../format.ts';
import { complete, isObject, isWhole } from '../json.ts';
import { approximate, drop } from '../place.ts';
import { sequenceEvents } from '../sequence.ts';
import { invalidStream } from '../stream-error.ts';
import { renderError, renderStreamError } from './error.ts';
import { below, dropForeign, FORMAT, ownFields, ownSpelling, type Place, writeJson } from './fields.ts';
import { renderPart } from './part-render.ts';
import { MAX_ARGUMENT_CHARS } from './partial-args.ts';
import { EMPTY_PART, markUnsigned, noteStop } from './reply.ts';
import { candidateOf, MODEL_ROLE, renderTail } from './response.ts';
import { isOnText, writeState } from './state.ts';
import { writeStop } from './stop.ts';
import { readTraits } from './traits.ts';
import { renderUsage } from './usage.ts';

type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>;

/** A part that has begun and not ended. */
type OpenPart =
  | { readonly kind: 'text'; fields: JsonObject }
  /** `held` has not gone out yet; `chars` counts the whole thought. */
  | { readonly kind: 'thinking'; readonly fields: JsonObject; held: string; chars: number }
  | { readonly kind: 'call'; readonly start: EventOf<'tool-call-start'>; arguments: string };

interface EncodeState {
  readonly context: ReplyContext;
  readonly isArray: boolean;
  readonly warnings: Warning[];
  start: EventOf<'start'> | undefined;
  open: OpenPart | undefined;
  /** The field of the usage, as text. Google repeats it in each frame, and some clients add up what they miss. */
  usageText: string;
  /** What stands at the end of each body, as text. */
  tail: string | undefined;
  stop: EventOf<'stop'> | undefined;
  hasCalls: boolean;
  hasRefusal: boolean;
  /** Something went out: the array is open. */
  hasBegun: boolean;
  isDone: boolean;
}

type Handlers = { readonly [T in ChatEvent['type']]: (state: EncodeState, event: EventOf<T>) => string };

const NOTHING = (): string => '';

const handlers: Handlers = {
  start: (state, event) => {
    state.start = event;
    return '';
  },
  'text-start': (state, event) => openText(state, event),
  'text-delta': writeText,
  'text-end': closePart,
  'refusal-start': (state, event) => {
    approximate(placeOf(state), `parts[${event.index}]`, 'a refusal is shown as text');
    return openText(state, event);
  },
  'refusal-delta': (state, event) => {
    state.hasRefusal ||= event.text !== '';
    return writeText(state, event);
  },
  'refusal-end': closePart,
  'thinking-start': (state, event) => {
    state.open = { kind: 'thinking', fields: takeExtra(state, event), held: '', chars: 0 };
    return '';
  },
  'thinking-delta': writeThought,
  'thinking-signature': signThought,
  'thinking-end': endThought,
  'redacted-thinking': (state, { index, data, extra }) =>
    writePart(state, index, { type: 'redacted-thinking', data, ...(extra && { extra }) }),
  'tool-call-start': (state, event) => {
    state.open = { kind: 'call', start: event, arguments: '' };
    return '';
  },
  'tool-call-delta': growCall,
  'tool-call-end': endCall,
  'image-part': (state, { index, part }) => writePart(state, index, part),
  'opaque-part': writeOpaque,
  'opaque-delta': writeOpaqueDelta,
  // A stream of this format has no place for a sign of life: see `keepAlive`.
  ping: NOTHING,
  usage: (state, event) => {
    state.usageText = `"usageMetadata":${writeJson(renderUsage(event.usage, isOwn(state)))},`;
    return '';
  },
  stop: (state, event) => {
    state.stop = event;
    return '';
  },
  error: writeError,
  end: writeEnd,
};

export function createEncoder(context: ReplyContext): StreamEncoder {
  const state: EncodeState = {
    context,
    isArray: context.streamShape === 'array',
    warnings: [],
    start: undefined,
    open: undefined,
    usageText: '',
    tail: undefined,
    stop: undefined,
    hasCalls: false,
    hasRefusal: false,
    hasBegun: false,
    isDone: false,
  };
  const sequence = sequenceEvents();
  return {
    push: (event) =>
      sequence
        .push(event)
        .map((next) => encodeEvent(state, next))
        .join(''),
    warnings: () => state.warnings,
  };
}

function encodeEvent(state: EncodeState, event: ChatEvent): string {
  if (state.isDone) return '';
  return (handlers[event.type] as (state: EncodeState, event: ChatEvent) => string)(state, event);
}

function isOwn(state: EncodeState): boolean {
  return state.start?.extra?.format === FORMAT;
}

function placeOf(state: EncodeState): Place {
  return { path: '', warnings: state.warnings, isOwn: isOwn(state), side: 'client', traits: readTraits('') };
}

/** The own fields of a part's extra; a foreign extra is named. */
function takeExtra(state: EncodeState, { index, extra }: { index: number; extra?: Extra }): JsonObject {
  dropForeign(extra, below(placeOf(state), `parts[${index}]`));
  return ownFields(extra);
}

/** @param json a whole body, as text */
function frame(state: EncodeState, json: string): string {
  const opening = state.hasBegun ? ',\n' : '[';
  state.hasBegun = true;
  return state.isArray ? opening + json : `data: ${json}\n\n`;
}

/** A body of these fields, with what stands in each body. */
function bodyText(state: EncodeState, fields: string): string {
  state.tail ??= writeJson(tailOf(state)).slice(1);
  return `{${fields},${state.usageText}${state.tail}`;
}

function tailOf({ start, context }: EncodeState): JsonObject {
  const id = start?.id || context.fallbackId;
  const { candidates: _candidates, ...around } = ownFields(start?.extra);
  return complete(renderTail({ id, model: context.model, createdAtMs: start?.createdAtMs }), around);
}

/** Written as text around the part, as there is one for every token. */
function partFrame(state: EncodeState, part: JsonObject): string {
  const candidate = `{"content":{"parts":[${writeJson(part)}],"role":"${MODEL_ROLE}"},"index":0}`;
  return frame(state, bodyText(state, `"candidates":[${candidate}]`));
}

/** @param fields at least one */
function fieldsFrame(state: EncodeState, fields: JsonObject): string {
  return frame(state, bodyText(state, writeJson(fields).slice(1, -1)));
}

function openText(state: EncodeState, event: EventOf<'text-start'> | EventOf<'refusal-start'>): string {
  state.open = { kind: 'text', fields: takeExtra(state, event) };
  return '';
}

function writeText(state: EncodeState, { text }: { readonly text: string }): string {
  if (state.open?.kind !== 'text' || text === '') return '';
  const { fields } = state.open;
  // They belong to the part, not to each piece of it.
  state.open.fields = {};
  return partFrame(state, { ...fields, text });
}

function closePart(state: EncodeState): string {
  state.open = undefined;
  return '';
}

function writeThought(state: EncodeState, { text }: EventOf<'thinking-delta'>): string {
  const { open } = state;
  if (open?.kind !== 'thinking' || text === '') return '';
  const whole = open.held + text;
  const cut = whole.length - lastLength(whole);
  open.held = whole.slice(cut);
  open.chars += text.length;
  return cut === 0 ? '' : partFrame(state, { text: whole.slice(0, cut), thought: true });
}

/** Of the last character: two for those written as a pair. */
function lastLength(text: string): number {
  return (text.codePointAt(text.length - 2) ?? 0) > 0xffff ? 2 : 1;
}

function signThought(state: EncodeState, { signature }: EventOf<'thinking-signature'>): string {
  const { open } = state;
  if (open?.kind !== 'thinking') return '';
  const { held, fields, chars } = open;
  open.held = '';
  const thoughtSignature = writeState(signature, { type: 'thinking', chars });
  return partFrame(state, { ...fields, text: held, ...thoughtMark(signature), thoughtSignature });
}

function thoughtMark(signature: Signature): JsonObject {
  return isOnText(signature) ? {} : { thought: true };
}

function endThought(state: EncodeState): string {
  const { open } = state;
  state.open = undefined;
  if (open?.kind !== 'thinking' || open.held === '') return '';
  return partFrame(state, { ...open.fields, text: open.held, thought: true });
}

function growCall(state: EncodeState, event: EventOf<'tool-call-delta'>): string {
  const { open } = state;
  if (open?.kind !== 'call') return '';
  open.arguments += event.arguments;
  if (open.arguments.length <= MAX_ARGUMENT_CHARS) return '';
  const message = `the arguments of a call are longer than ${MAX_ARGUMENT_CHARS} characters`;
  return writeError(state, { type: 'error', error: invalidStream(message) });
}

/** Google shows no half of a call. */
function endCall(state: EncodeState, { isCut = false }: EventOf<'tool-call-end'>): string {
  const { open } = state;
  state.open = undefined;
  if (open?.kind !== 'call' || (isCut && !isWhole(open.arguments))) return '';
  const { index, type: _type, ...start } = open.start;
  const call = { ...start, type: 'tool-call', arguments: open.arguments } as const;
  const isFirst = !state.hasCalls;
  state.hasCalls = true;
  return writePart(state, index, isFirst && !isOwn(state) ? markUnsigned(call) : call);
}

function writePart(state: EncodeState, index: number, part: ChatPart): string {
  const wire = renderPart(part, below(placeOf(state), `parts[${index}]`));
  return wire ? partFrame(state, wire) : '';
}

function writeOpaque(state: EncodeState, { index, part }: EventOf<'opaque-part'>): string {
  const candidate = candidateOf(part);
  return candidate ? fieldsFrame(state, { candidates: [candidate] }) : writePart(state, index, part);
}

function writeOpaqueDelta(state: EncodeState, { index, format, value }: EventOf<'opaque-delta'>): string {
  if (format === FORMAT) return partFrame(state, { ...EMPTY_PART, ...value });
  const names = Object.keys(value).join(', ');
  drop(placeOf(state), `parts[${index}]`, `${format} ${names} without an equivalent`);
  return '';
}

/** Also right before anything else went out, which `renderStreamError` alone cannot know. */
function writeError(state: EncodeState, { error }: EventOf<'error'>): string {
  state.isDone = true;
  const { requestId = '' } = state.context;
  const shape = state.isArray ? 'array' : 'sse';
  if (!state.isArray || state.hasBegun) return renderStreamError(error, requestId, shape);
  return `[${writeJson(renderError(error, requestId))}]`;
}

function writeEnd(state: EncodeState): string {
  state.isDone = true;
  const { stop } = state;
  const place = placeOf(state);
  if (stop) noteStop(stop.stop, place);
  for (const extra of [state.start?.extra, stop?.extra]) dropForeign(extra, place);
  return fieldsFrame(state, lastFrame(state)) + (state.isArray ? '\n]' : '');
}

/** The finish reason, beside what the candidate has of its own; or why there was no candidate at all. */
function lastFrame(state: EncodeState): JsonObject {
  const { stop } = state;
  const { promptFeedback } = ownSpelling(stop?.extra);
  if (isObject(promptFeedback)) return { promptFeedback };
  const candidate: JsonObject = {
    content: { parts: [EMPTY_PART], role: MODEL_ROLE },
    finishReason: writeStop(stop?.stop, isOwn(state), state.hasRefusal && !state.hasCalls),
    index: 0,
  };
  return {
    candidates: [
      complete(candidate, { ...candidateFields(state.start?.extra), ...candidateFields(stop?.extra) }),
    ],
  };
}

function candidateFields(extra: Extra | undefined): JsonObject {
  const { candidates } = ownFields(extra);
  return Array.isArray(candidates) && isObject(candidates[0]) ? candidates[0] : {};
}

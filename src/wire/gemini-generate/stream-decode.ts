/**
 * Frames of a stream to chat events. Each frame is a reply of its own with the next pieces: texts that go on are one
 * part, a call comes whole (or, from Vertex AI, in pieces), usage is cumulative, and what stands around the parts is kept
 * to the end. Some models write a finish reason into every frame, so only the end of the bytes is the end.
 */
import type { ChatError, ChatEvent, ChatPart, JsonObject, JsonValue, Signature } from '../chat.ts';
import { unfoldPart } from '../fold.ts';
import type { DecodeContext, StreamDecoder } from '../format.ts';
import type { Frame } from '../frames.ts';
import { asText, defined, isObject, isSameJson } from '../json.ts';
import { invalidStream, truncatedStream } from '../stream-error.ts';
import { type CallIds, createCallIds } from './call-ids.ts';
import { readFrameError } from './error.ts';
import { FORMAT, markExtra } from './fields.ts';
import { opaque, readPart } from './part-parse.ts';
import { addPieces, createPartialArgs, MAX_ARGUMENT_CHARS, type PartialArgs } from './partial-args.ts';
import {
  CANDIDATE_PART,
  candidatesOf,
  firstCandidate,
  isResponse,
  partsOf,
  readHead,
  unknownAround,
  unknownOfCandidate,
} from './response.ts';
import { PART, withCamelNames } from './spelling.ts';
import { blockedStop, blockReasonOf, readStop } from './stop.ts';
import { readUsage } from './usage.ts';

/** Frames that are no reply and are passed over; one more and the stream is no stream of this format. */
export const MAX_BROKEN_FRAMES = 3;

/** A part that later frames may go on with. */
type OpenPart =
  | { readonly kind: 'text' | 'thinking'; readonly index: number }
  | { readonly kind: 'call'; readonly index: number; readonly pieces: PartialArgs };

interface DecodeState {
  readonly context: DecodeContext | undefined;
  /** Made with the first frame, which has the id they may need. */
  ids: CallIds | undefined;
  /** An error went by, or the end: whatever follows is ignored. */
  isDone: boolean;
  open: OpenPart | undefined;
  nextIndex: number;
  hasCalls: boolean;
  usage: JsonObject | undefined;
  /** The last finish reason. */
  finish: string | undefined;
  /** The `promptFeedback` of a prompt that is not answered. */
  feedback: JsonObject | undefined;
  /** Grounding, citations and the like of the first candidate, as told so far. */
  candidate: JsonObject;
  brokenFrames: number;
}

export function createDecoder(context?: DecodeContext): StreamDecoder {
  const state: DecodeState = {
    context,
    ids: undefined,
    isDone: false,
    open: undefined,
    nextIndex: 0,
    hasCalls: false,
    usage: undefined,
    finish: undefined,
    feedback: undefined,
    candidate: {},
    brokenFrames: 0,
  };
  return { push: (frame) => (state.isDone ? [] : decodeFrame(state, frame)), end: () => endStream(state) };
}

/** The JSON object of a frame, as decoder and tap both read it. */
export function readFrame(frame: Frame): JsonObject | undefined {
  try {
    const data = JSON.parse(frame.data) as JsonValue;
    return isObject(data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function decodeFrame(state: DecodeState, frame: Frame): ChatEvent[] {
  const body = readFrame(frame);
  // OpenAI's last word, which some servers send in every format.
  if (!body) return frame.data === '[DONE]' ? [] : skipBroken(state);
  const error = readFrameError(body);
  if (error) return fail(state, error);
  return isResponse(body) ? readBody(state, body) : skipBroken(state);
}

function skipBroken(state: DecodeState): ChatEvent[] {
  state.brokenFrames += 1;
  if (state.brokenFrames <= MAX_BROKEN_FRAMES) return [];
  return fail(
    state,
    invalidStream(`the upstream sent more than ${MAX_BROKEN_FRAMES} frames that are no reply`),
  );
}

function fail(state: DecodeState, error: ChatError): ChatEvent[] {
  state.isDone = true;
  return [{ type: 'error', error }];
}

function readBody(state: DecodeState, body: JsonObject): ChatEvent[] {
  const events = ensureStart(state, body);
  const candidate = firstCandidate(body);
  for (const other of candidatesOf(body)) {
    if (other === candidate && (other.index ?? 0) === 0) continue;
    events.push(...closeOpen(state), ...wholePart(state, opaque({ [CANDIDATE_PART]: other })));
  }
  if (candidate && (candidate.index ?? 0) === 0) events.push(...readCandidate(state, candidate));
  if (blockReasonOf(body) && isObject(body.promptFeedback)) state.feedback ??= body.promptFeedback;
  events.push(...takeUsage(state, body.usageMetadata));
  return events;
}

function ensureStart(state: DecodeState, body: JsonObject): ChatEvent[] {
  if (state.ids) return [];
  const head = readHead(body);
  state.ids = createCallIds(state.context?.fallbackId || head.id || 'call');
  const around = unknownAround(body);
  if (blockReasonOf(body)) delete around.promptFeedback;
  return [defined<ChatEvent & { type: 'start' }>({ type: 'start', ...head, extra: markExtra(around) })];
}

function readCandidate(state: DecodeState, candidate: JsonObject): ChatEvent[] {
  const events = partsOf(candidate).flatMap((part) => readText(state, part) ?? readWirePart(state, part));
  state.finish = asText(candidate.finishReason) ?? state.finish;
  for (const [key, value] of Object.entries(unknownOfCandidate(candidate))) {
    state.candidate[key] = addMetadata(key, state.candidate[key], value);
  }
  return events;
}

/** Told for each piece anew, where the rest is told again as a whole. */
const GROWING = ['citationMetadata', 'logprobsResult'];

function addMetadata(key: string, before: JsonValue | undefined, value: JsonValue): JsonValue {
  if (!GROWING.includes(key) || !isObject(before) || !isObject(value)) return value;
  const joined = Object.entries(value).map(([name, one]) => {
    const list = before[name];
    return [name, Array.isArray(list) && Array.isArray(one) ? [...list, ...one] : one] as const;
  });
  return { ...before, ...Object.fromEntries(joined) };
}

function takeUsage(state: DecodeState, report: JsonValue | undefined): ChatEvent[] {
  if (!isObject(report) || isSameJson(report, state.usage)) return [];
  state.usage = report;
  const usage = readUsage(report);
  return usage ? [{ type: 'usage', usage }] : [];
}

/** The most frequent part by far: a text, or a thought, and nothing else. An empty one says nothing. */
function readText(state: DecodeState, { text, thought, ...more }: JsonObject): ChatEvent[] | undefined {
  if (typeof text !== 'string' || Object.keys(more).length > 0) return undefined;
  if (thought !== undefined && thought !== true) return undefined;
  return text === '' ? [] : addPart(state, { type: thought ? 'thinking' : 'text', text });
}

function readWirePart(state: DecodeState, part: JsonObject): ChatEvent[] {
  const wire = withCamelNames(part, PART);
  if (isObject(wire.functionCall)) return readCall(state, wire, wire.functionCall);
  return readPart(wire, state.ids!).flatMap((read) => addPart(state, read.part));
}

/** A text goes on with the text before it, a thought with the thought; anything else stands for itself. */
function addPart(state: DecodeState, part: ChatPart): ChatEvent[] {
  if (part.type !== 'text' && part.type !== 'thinking')
    return [...closeOpen(state), ...wholePart(state, part)];
  const { open } = state;
  const isSignatureAlone =
    part.type === 'thinking' && part.text === '' && part.signature?.fields !== undefined;
  const goesOn = open?.kind === part.type && !part.extra && !isSignatureAlone;
  const opened = goesOn ? [] : [...closeOpen(state), ...openText(state, part)];
  const index = state.open!.index;
  const said: ChatEvent[] =
    part.text === '' ? [] : [{ type: `${part.type}-delta`, index, text: part.text } as const];
  const signature = part.type === 'thinking' ? part.signature : undefined;
  return [...opened, ...said, ...(signature ? signOpen(state, signature) : [])];
}

function openText(state: DecodeState, part: ChatPart & { type: 'text' | 'thinking' }): ChatEvent[] {
  const index = state.nextIndex++;
  state.open = { kind: part.type, index };
  const extra = part.extra && Object.keys(part.extra.fields).length > 0 ? { extra: part.extra } : {};
  return [{ type: `${part.type}-start`, index, ...extra }];
}

/** A signature ends the thought it stands on. */
function signOpen(state: DecodeState, signature: Signature): ChatEvent[] {
  return [{ type: 'thinking-signature', index: state.open!.index, signature }, ...closeOpen(state)];
}

function wholePart(state: DecodeState, part: ChatPart): ChatEvent[] {
  if (part.type === 'tool-call') state.hasCalls = true;
  // A stream has no event for sound and files: as a whole they are known to this format only.
  const known = part.type === 'audio' || part.type === 'document' ? asOpaque(part) : part;
  const events = unfoldPart(known, state.nextIndex);
  if (events.length > 0) state.nextIndex += 1;
  return events;
}

function asOpaque({ source, extra }: ChatPart & { type: 'audio' | 'document' }): ChatPart {
  const wire: JsonObject =
    source.kind === 'base64'
      ? { inlineData: { mimeType: source.mediaType, data: source.data } }
      : { fileData: { fileUri: source.kind === 'url' ? source.url : '' } };
  return opaque({ ...wire, ...extra?.fields });
}

function readCall(state: DecodeState, wire: JsonObject, call: JsonObject): ChatEvent[] {
  const { open } = state;
  if (typeof call.name === 'string') {
    const isGrowing = call.willContinue === true || call.partialArgs !== undefined;
    return isGrowing ? openCall(state, wire, call) : addWholeCall(state, wire);
  }
  if (open?.kind !== 'call') return [];
  return growCall(state, open, call);
}

function addWholeCall(state: DecodeState, wire: JsonObject): ChatEvent[] {
  return [...closeOpen(state), ...readPart(wire, state.ids!).flatMap(({ part }) => wholePart(state, part))];
}

function openCall(state: DecodeState, wire: JsonObject, call: JsonObject): ChatEvent[] {
  const { partialArgs: _pieces, willContinue: _more, args, ...begun } = call;
  const closed = closeOpen(state);
  const index = state.nextIndex;
  const events = addWholeCall(state, { ...wire, functionCall: begun });
  state.open = { kind: 'call', index, pieces: createPartialArgs(args) };
  // All but the end, which comes once the last piece is there.
  return [...closed, ...events.slice(0, -1), ...growCall(state, state.open, call)];
}

function growCall(state: DecodeState, open: OpenPart & { kind: 'call' }, call: JsonObject): ChatEvent[] {
  addPieces(open.pieces, call.partialArgs);
  if (open.pieces.chars > MAX_ARGUMENT_CHARS) {
    return fail(
      state,
      invalidStream(`the arguments of a call are longer than ${MAX_ARGUMENT_CHARS} characters`),
    );
  }
  return call.willContinue === true ? [] : closeOpen(state);
}

function closeOpen(state: DecodeState): ChatEvent[] {
  const { open } = state;
  if (!open) return [];
  state.open = undefined;
  if (open.kind !== 'call') return [{ type: `${open.kind}-end`, index: open.index }];
  return [
    { type: 'tool-call-delta', index: open.index, arguments: JSON.stringify(open.pieces.args) },
    { type: 'tool-call-end', index: open.index },
  ];
}

function endStream(state: DecodeState): ChatEvent[] {
  if (state.isDone) return [];
  const closed = closeOpen(state);
  if (state.finish === undefined && !state.feedback) {
    const message = 'the upstream ended its stream without a finish reason';
    return [...closed, ...fail(state, truncatedStream(message))];
  }
  state.isDone = true;
  return [...closed, stopEvent(state), { type: 'end' }];
}

function stopEvent({ finish, feedback, candidate, hasCalls }: DecodeState): ChatEvent {
  const fields: JsonObject = Object.keys(candidate).length > 0 ? { candidates: [candidate] } : {};
  if (finish === undefined) {
    const stop = blockedStop(blockReasonOf({ promptFeedback: feedback! })!);
    return { type: 'stop', stop, extra: { format: FORMAT, fields, spelling: { promptFeedback: feedback! } } };
  }
  const stop = readStop(finish, hasCalls);
  return Object.keys(fields).length > 0
    ? { type: 'stop', stop, extra: { format: FORMAT, fields } }
    : { type: 'stop', stop };
}

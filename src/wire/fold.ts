/** Chat events to a whole reply and back: `createFold` reads a stream to its end, `unfoldReply` plays a reply as one. */
import type {
  ChatError,
  ChatEvent,
  ChatPart,
  ChatReply,
  Extra,
  JsonObject,
  RefusalPart,
  StopReason,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  Usage,
} from './chat.ts';
import { signatureChars } from './seal.ts';

/** Text a fold keeps; a longer reply is no reply of any model, but would fill the memory. */
export const MAX_REPLY_CHARS = 64 * 1024 * 1024;

export type FoldResult =
  | { readonly type: 'reply'; readonly reply: ChatReply }
  /** The stream failed; `partial` is what had come by then. */
  | { readonly type: 'error'; readonly error: ChatError; readonly partial: ChatReply };

export interface Fold {
  push(event: ChatEvent): void;
  /** May be asked at any time; before the `end` event it is an error with code `stream_truncated`. */
  result(): FoldResult;
}

type GrowingPart = TextPart | ThinkingPart | ToolCallPart | RefusalPart;
type PartEvent = Extract<ChatEvent, { readonly index: number }>;

interface FoldState {
  start: Extract<ChatEvent, { type: 'start' }> | undefined;
  /** By index, which says where a part stands however the parts were mixed in time. */
  readonly parts: Map<number, ChatPart>;
  chars: number;
  usage: Usage | undefined;
  stop: Extract<ChatEvent, { type: 'stop' }> | undefined;
  error: ChatError | undefined;
  hasEnded: boolean;
}

export function createFold(): Fold {
  const state: FoldState = {
    start: undefined,
    parts: new Map(),
    chars: 0,
    usage: undefined,
    stop: undefined,
    error: undefined,
    hasEnded: false,
  };
  return { push: (event) => take(state, event), result: () => resultOf(state) };
}

/** Folds a finished stream. */
export function foldEvents(events: Iterable<ChatEvent>): FoldResult {
  const fold = createFold();
  for (const event of events) fold.push(event);
  return fold.result();
}

function take(state: FoldState, event: ChatEvent): void {
  if (state.error || state.hasEnded) return;
  if ('index' in event) takePartEvent(state, event);
  else if (event.type === 'start') state.start ??= event;
  else if (event.type === 'usage') state.usage = event.usage;
  else if (event.type === 'stop') state.stop ??= event;
  else if (event.type === 'error') state.error = event.error;
  else if (event.type === 'end') state.hasEnded = true;
}

function takePartEvent(state: FoldState, event: PartEvent): void {
  const begun = beginPart(event);
  if (begun) {
    state.parts.set(event.index, begun);
    return;
  }
  const part = state.parts.get(event.index);
  if (!part) return;
  const { part: grown, chars } = growPart(part as GrowingPart, event);
  state.parts.set(event.index, grown);
  state.chars += chars;
  if (state.chars > MAX_REPLY_CHARS) {
    state.error = streamError('reply_too_long', `the reply is longer than ${MAX_REPLY_CHARS} characters`);
  }
}

/** The part an event begins, or undefined when it continues one. */
function beginPart(event: PartEvent): ChatPart | undefined {
  const extra = 'extra' in event && event.extra ? { extra: event.extra } : {};
  switch (event.type) {
    case 'text-start':
      return { type: 'text', text: '', ...extra };
    case 'thinking-start':
      return { type: 'thinking', text: '', ...extra };
    case 'refusal-start':
      return { type: 'refusal', text: '', ...extra };
    case 'tool-call-start':
      return beginCall(event);
    case 'redacted-thinking':
      return { type: 'redacted-thinking', data: event.data, ...extra };
    case 'image-part':
    case 'opaque-part':
      return event.part;
    default:
      return undefined;
  }
}

function beginCall({
  id,
  name,
  signature,
  extra,
}: Extract<PartEvent, { type: 'tool-call-start' }>): ToolCallPart {
  const call = { type: 'tool-call', id, name, arguments: '' } as const;
  return { ...call, ...(signature && { signature }), ...(extra && { extra }) };
}

/** The part with what the event adds, and how many characters that is. An event of another kind adds nothing. */
function growPart(part: GrowingPart, event: PartEvent): { part: GrowingPart; chars: number } {
  switch (event.type) {
    case 'text-delta':
    case 'thinking-delta':
    case 'refusal-delta':
      if (part.type === 'tool-call') return { part, chars: 0 };
      return { part: { ...part, text: part.text + event.text }, chars: event.text.length };
    case 'tool-call-delta':
      if (part.type !== 'tool-call') return { part, chars: 0 };
      return {
        part: { ...part, arguments: part.arguments + event.arguments },
        chars: event.arguments.length,
      };
    case 'thinking-signature':
      if (part.type !== 'thinking') return { part, chars: 0 };
      return { part: { ...part, signature: event.signature }, chars: signatureChars(event.signature) };
    case 'opaque-delta': {
      const extra = patchExtra(part.extra, event);
      return { part: { ...part, extra }, chars: JSON.stringify(event.value).length };
    }
    default:
      return { part, chars: 0 };
  }
}

function patchExtra(
  extra: Extra | undefined,
  { format, value }: { format: Extra['format']; value: JsonObject },
): Extra {
  // One stream is of one format, so an extra of another one cannot be there.
  const fields: JsonObject = { ...extra?.fields };
  for (const [key, added] of Object.entries(value)) {
    const present = fields[key];
    fields[key] = Array.isArray(present) && Array.isArray(added) ? [...present, ...added] : added;
  }
  return { ...extra, format, fields };
}

function resultOf(state: FoldState): FoldResult {
  const reply = replyOf(state);
  if (state.error) return { type: 'error', error: state.error, partial: reply };
  if (state.hasEnded) return { type: 'reply', reply };
  const error = streamError('stream_truncated', 'the stream ended before the reply was complete');
  return { type: 'error', error, partial: reply };
}

function streamError(code: string, message: string): ChatError {
  return { kind: 'upstream', status: 502, code, message };
}

const NO_STOP: StopReason = { kind: 'unknown', raw: null };

function replyOf({ start, parts, stop, usage }: FoldState): ChatReply {
  const extra = joinExtras(start?.extra, stop?.extra);
  return {
    id: start?.id ?? '',
    model: start?.model ?? '',
    ...(start?.createdAtMs === undefined ? {} : { createdAtMs: start.createdAtMs }),
    parts: [...parts].sort(([a], [b]) => a - b).map(([, part]) => part),
    stop: stop?.stop ?? NO_STOP,
    ...(usage ? { usage } : {}),
    ...(extra ? { extra } : {}),
  };
}

/** What the end of a stream says replaces what its start said. */
function joinExtras(start: Extra | undefined, stop: Extra | undefined): Extra | undefined {
  if (!start || !stop) return start ?? stop;
  const fields = { ...start.fields, ...stop.fields };
  if (!start.spelling && !stop.spelling) return { format: stop.format, fields };
  return { format: stop.format, fields, spelling: { ...start.spelling, ...stop.spelling } };
}

/**
 * The events that fold into this reply. Parts no event can carry (documents, audio, tool results) are
 * left out; `isStreamable` tells which.
 */
export function unfoldReply(reply: ChatReply): ChatEvent[] {
  const { id, model, createdAtMs, extra, stop, usage } = reply;
  const start: ChatEvent = {
    type: 'start',
    id,
    model,
    ...(createdAtMs === undefined ? {} : { createdAtMs }),
    ...(extra ? { extra } : {}),
  };
  const parts = reply.parts.filter(isStreamable).flatMap(unfoldPart);
  return [
    start,
    ...parts,
    ...(usage ? [{ type: 'usage', usage } as const] : []),
    { type: 'stop', stop },
    { type: 'end' },
  ];
}

/** Whether a stream can carry this part. */
export function isStreamable(part: ChatPart): boolean {
  return !['document', 'audio', 'tool-result'].includes(part.type);
}

/** The events of one part; none for a part that is not streamable. */
export function unfoldPart(part: ChatPart, index: number): ChatEvent[] {
  const extra = 'extra' in part && part.extra ? { extra: part.extra } : {};
  switch (part.type) {
    case 'text':
      return [
        { type: 'text-start', index, ...extra },
        ...delta('text', part.text, index),
        { type: 'text-end', index },
      ];
    case 'refusal':
      return [
        { type: 'refusal-start', index, ...extra },
        ...delta('refusal', part.text, index),
        { type: 'refusal-end', index },
      ];
    case 'thinking':
      return [
        { type: 'thinking-start', index, ...extra },
        ...delta('thinking', part.text, index),
        ...(part.signature === undefined
          ? []
          : [{ type: 'thinking-signature', index, signature: part.signature } as const]),
        { type: 'thinking-end', index },
      ];
    case 'tool-call':
      return [
        {
          type: 'tool-call-start',
          index,
          id: part.id,
          name: part.name,
          ...(part.signature && { signature: part.signature }),
          ...extra,
        },
        ...(part.arguments === ''
          ? []
          : [{ type: 'tool-call-delta', index, arguments: part.arguments } as const]),
        { type: 'tool-call-end', index },
      ];
    case 'redacted-thinking':
      return [{ type: 'redacted-thinking', index, data: part.data, ...extra }];
    case 'opaque':
      return [{ type: 'opaque-part', index, part }];
    case 'image':
      return [{ type: 'image-part', index, part }];
    case 'document':
    case 'audio':
    case 'tool-result':
      return [];
    default:
      return part satisfies never;
  }
}

function delta(kind: 'text' | 'thinking' | 'refusal', text: string, index: number): ChatEvent[] {
  return text === '' ? [] : [{ type: `${kind}-delta`, index, text }];
}

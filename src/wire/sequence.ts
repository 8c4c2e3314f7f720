/**
 * Makes interleaved parts sequential, for wires that show one part after the other. The part that began first
 * goes through as it comes; what belongs to others waits until that part has ended.
 */
import type { ChatEvent, MediaSource } from './chat.ts';
import { signatureChars } from './seal.ts';
import { invalidStream } from './stream-error.ts';

/** Text held for parts that wait. More than any answer is long: reaching it means a part that never ends. */
export const MAX_WAITING_CHARS = 8 * 1024 * 1024;

export interface EventSequence {
  /** The events that may go out now, in order. */
  push(event: ChatEvent): ChatEvent[];
}

type PartEvent = Extract<ChatEvent, { readonly index: number }>;

interface SequenceState {
  /** First event of the part that goes through. */
  current: PartEvent | undefined;
  /** Other parts in the order they began, each with what came of it so far. */
  readonly waiting: Map<number, PartEvent[]>;
  waitingChars: number;
  /** An error or the end went by. */
  isDone: boolean;
}

export function sequenceEvents(): EventSequence {
  const state: SequenceState = { current: undefined, waiting: new Map(), waitingChars: 0, isDone: false };
  return { push: (event) => (state.isDone ? [] : take(state, event)) };
}

function take(state: SequenceState, event: ChatEvent): ChatEvent[] {
  if ('index' in event) return takePartEvent(state, event);
  if (event.type === 'end' || event.type === 'error') state.isDone = true;
  if (event.type === 'end' || event.type === 'stop') return [...endAll(state), event];
  return [event];
}

function takePartEvent(state: SequenceState, event: PartEvent): ChatEvent[] {
  if (!state.current) {
    if (!isLast(event)) state.current = event;
    return [event];
  }
  if (event.index !== state.current.index) return wait(state, event);
  if (!isLast(event)) return [event];
  state.current = undefined;
  return [event, ...releaseNext(state)];
}

function wait(state: SequenceState, event: PartEvent): ChatEvent[] {
  const held = state.waiting.get(event.index);
  if (held) held.push(event);
  else state.waiting.set(event.index, [event]);
  state.waitingChars += charsOf(event);
  if (state.waitingChars <= MAX_WAITING_CHARS) return [];
  state.isDone = true;
  state.waiting.clear();
  const message = `more than ${MAX_WAITING_CHARS} characters wait for a part that does not end`;
  return [{ type: 'error', error: invalidStream(message) }];
}

/** Lets waiting parts through, in their order, up to the first that has not ended yet; that one goes on. */
function releaseNext(state: SequenceState): ChatEvent[] {
  const released: ChatEvent[] = [];
  for (const [index, events] of state.waiting) {
    state.waiting.delete(index);
    for (const event of events) {
      released.push(event);
      state.waitingChars -= charsOf(event);
    }
    if (isLast(events.at(-1)!)) continue;
    state.current = events[0];
    break;
  }
  return released;
}

/** When the stream ends: parts that never ended are ended. */
function endAll(state: SequenceState): ChatEvent[] {
  const released: ChatEvent[] = [];
  while (state.current) {
    const { type, index } = state.current;
    const ending = ENDINGS[type];
    if (ending) released.push({ type: ending, index });
    state.current = undefined;
    for (const event of releaseNext(state)) released.push(event);
  }
  return released;
}

const ENDINGS: Partial<
  Record<PartEvent['type'], 'text-end' | 'thinking-end' | 'tool-call-end' | 'refusal-end'>
> = {
  'text-start': 'text-end',
  'thinking-start': 'thinking-end',
  'tool-call-start': 'tool-call-end',
  'refusal-start': 'refusal-end',
};

/** Events that are a whole part. */
const WHOLE: readonly PartEvent['type'][] = ['image-part', 'opaque-part', 'redacted-thinking'];

/** Parts that come as one event end with it. */
function isLast(event: PartEvent): boolean {
  return event.type.endsWith('-end') || WHOLE.includes(event.type);
}

/** What an event weighs: its texts, and a little for the event itself. */
function charsOf(event: PartEvent): number {
  const EVENT_CHARS = 64;
  switch (event.type) {
    case 'text-delta':
    case 'thinking-delta':
    case 'refusal-delta':
      return EVENT_CHARS + event.text.length;
    case 'tool-call-delta':
      return EVENT_CHARS + event.arguments.length;
    case 'thinking-signature':
      return EVENT_CHARS + signatureChars(event.signature);
    case 'redacted-thinking':
      return EVENT_CHARS + signatureChars(event.data);
    case 'tool-call-start':
      return EVENT_CHARS + (event.signature ? signatureChars(event.signature) : 0);
    case 'image-part':
      return EVENT_CHARS + sourceChars(event.part.source);
    case 'opaque-part':
      return EVENT_CHARS + JSON.stringify(event.part.value).length;
    case 'opaque-delta':
      return EVENT_CHARS + JSON.stringify(event.value).length;
    default:
      return EVENT_CHARS;
  }
}

function sourceChars(source: MediaSource): number {
  return source.kind === 'base64' ? source.data.length : 0;
}

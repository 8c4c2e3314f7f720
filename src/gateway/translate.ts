/** The translate lane: the upstream speaks another format than the client, so the reply goes through the canonical chat. */

import type { ChatError, ChatEvent, ChatReply, ChatTool, JsonObject, Usage } from '../wire/chat.ts';
import { unfoldReply } from '../wire/fold.ts';
import type { ReplyContext, StreamEncoder } from '../wire/format.ts';
import { usageOfCut } from './cut-usage.ts';
import type { Exchange } from './exchange.ts';
import type { Attempt, Lane, Observed, WholeReply } from './lane.ts';
import { estimateOfText } from './output-estimate.ts';
import { withoutCredentialInError } from './redact.ts';
import { inOwnWords } from './reply-error.ts';
import { hasOwnIds, type ReplyKeeper } from './stored-keep.ts';
import { streamType } from './stream-type.ts';

interface TranslateState {
  usage: Usage | undefined;
  stop: string | undefined;
  outputBytes: number;
  /** Events went to the client's encoder. */
  hasStarted: boolean;
  /** Something the client may be committed to went by; a stop without any output is, too. */
  hasContent: boolean;
  /** As `hasContent`, since somebody last asked. */
  isFresh: boolean;
  /** The model wrote something: with a report of zero beside it, the report is doubted. */
  hasOutput: boolean;
  error: ChatError | undefined;
  hasEnded: boolean;
}

/** What stays the same from the first event of a reply to its last. */
interface Translation {
  readonly exchange: Exchange;
  readonly attempt: Attempt;
  readonly context: ReplyContext;
  /** The client's own name of a tool that its upstream knows by another. */
  readonly restoreName: (name: string) => string;
  readonly keeper: ReplyKeeper | undefined;
}

/** @param keeper of replies that are stored */
export function createTranslateLane(
  exchange: Exchange,
  attempt: Attempt,
  context: ReplyContext,
  tools: readonly ChatTool[],
  keeper?: ReplyKeeper,
): Lane {
  const state: TranslateState = {
    usage: undefined,
    stop: undefined,
    outputBytes: 0,
    hasStarted: false,
    hasContent: false,
    isFresh: false,
    hasOutput: false,
    error: undefined,
    hasEnded: false,
  };
  const reader = attempt.upstreamFormat.createReader();
  const decoder = attempt.upstreamFormat.createDecoder({ fallbackId: exchange.id });
  const encoder = exchange.format.createEncoder({ ...context, requestId: exchange.id });
  const restoreName = attempt.upstreamFormat.createNameRestorer(tools);
  const translation: Translation = { exchange, attempt, context, restoreName, keeper };
  const encode = (events: readonly ChatEvent[]): string => {
    const text = encodeEvents(state, encoder, events, translation);
    if (state.hasEnded && text !== '') keeper?.keepStreamed(text);
    return text;
  };
  return {
    take(bytes) {
      let text = '';
      for (const frame of reader.push(bytes)) text += encode(decoder.push(frame));
      return text;
    },
    hasContent: () => state.hasContent,
    tookContent: () => takeFresh(state),
    error: () => state.error,
    end() {
      let rest = '';
      for (const frame of reader.end()) rest += encode(decoder.push(frame));
      rest += encode(decoder.end());
      return { rest, error: state.error };
    },
    breakOff: (error) => encoder.push({ type: 'error', error }),
    cut() {
      if (!state.hasStarted || state.hasEnded || state.error) return undefined;
      // Bytes of a frame that has not ended are left: what is in them was not shown.
      const left = decoder.end();
      const text = isEnded(left) ? encode(left) : cutText(translation, encoder, left, state);
      return { rest: text };
    },
    isBetweenFrames: () => true,
    observed: () => observedOf(state),
    streamWarnings: () => encoder.warnings(),
    whole: (body) => wholeReply(translation, body, state),
  };
}

function takeFresh(state: TranslateState): boolean {
  const { isFresh } = state;
  state.isFresh = false;
  return isFresh;
}

function isEnded(events: readonly ChatEvent[]): boolean {
  return events.at(-1)?.type === 'end';
}

/** Open parts end, and the model came to its limit. What is observed stays what the upstream showed. */
function cutText(
  { attempt, keeper }: Translation,
  encoder: StreamEncoder,
  left: readonly ChatEvent[],
  state: TranslateState,
): string {
  state.hasEnded = true;
  const closing = left.flatMap((event): ChatEvent[] => {
    if (event.type === 'error') return [];
    return [event.type === 'tool-call-end' ? { ...event, isCut: true } : event];
  });
  const usage = usageOfCut(observedOf(state), attempt);
  const events: ChatEvent[] = [
    ...closing,
    { type: 'usage', usage },
    // An upstream that told its reason is cut at its usage.
    ...(state.stop === undefined ? [{ type: 'stop', stop: { kind: 'length', raw: null } } as const] : []),
    { type: 'end' },
  ];
  const text = events.map((event) => encoder.push(event)).join('');
  keeper?.keepStreamed(text);
  return text;
}

/** With the client's own names of its tools, and an id of ours where the client may go on from it. */
function asOurs(event: ChatEvent, { exchange, context, restoreName }: Translation): ChatEvent {
  if (event.type === 'tool-call-start') return { ...event, name: restoreName(event.name) };
  return event.type === 'start' && hasOwnIds(exchange) ? { ...event, id: context.fallbackId } : event;
}

/** A broken stream is told in the codes of refusals.md, whichever lane it came by; and never with our own key in it. */
function withOwnWords(event: ChatEvent, attempt: Attempt): ChatEvent {
  if (event.type !== 'error') return event;
  const error = inOwnWords(event.error);
  const { credential } = attempt.deployment.provider;
  return { ...event, error: withoutCredentialInError(error, credential) };
}

function observedOf(state: TranslateState): Observed {
  return {
    usage: state.usage,
    outputEstimate: estimateOfText(state.outputBytes),
    hasContent: state.hasOutput,
    stop: state.stop,
  };
}

/** After an error or the end nothing more goes out, whatever an upstream still sends. */
function encodeEvents(
  state: TranslateState,
  encoder: StreamEncoder,
  events: readonly ChatEvent[],
  translation: Translation,
): string {
  let text = '';
  for (const told of events) {
    if (state.error || state.hasEnded) break;
    const event = withOwnWords(asOurs(told, translation), translation.attempt);
    note(state, event);
    text += encoder.push(event);
  }
  return text;
}

function note(state: TranslateState, event: ChatEvent): void {
  state.hasStarted = true;
  switch (event.type) {
    case 'usage':
      state.usage = event.usage;
      return;
    case 'stop':
      state.stop = event.stop.raw ?? event.stop.kind;
      state.hasContent = true;
      state.isFresh = true;
      return;
    case 'error':
      state.error = event.error;
      return;
    case 'end':
      state.hasEnded = true;
      return;
    case 'text-delta':
    case 'thinking-delta':
    case 'refusal-delta':
      state.outputBytes += Buffer.byteLength(event.text);
      noteOutput(state);
      return;
    case 'tool-call-delta':
      state.outputBytes += Buffer.byteLength(event.arguments);
      noteOutput(state);
      return;
    case 'tool-call-start':
    case 'opaque-part':
    case 'image-part':
    case 'redacted-thinking':
      noteOutput(state);
      return;
    default:
      return;
  }
}

function noteOutput(state: TranslateState): void {
  state.hasContent = true;
  state.isFresh = true;
  state.hasOutput = true;
}

function wholeReply(translation: Translation, body: Buffer, state: TranslateState): WholeReply | undefined {
  const { exchange, attempt, context, restoreName, keeper } = translation;
  const parsed = parsedReply(attempt, body, exchange.id);
  if (!parsed) return undefined;
  const reply = {
    ...parsed,
    ...(hasOwnIds(exchange) && { id: context.fallbackId }),
    parts: parsed.parts.map((part) =>
      part.type === 'tool-call' ? { ...part, name: restoreName(part.name) } : part,
    ),
  };
  const events = unfoldReply(reply);
  for (const event of events) note(state, event);
  if (!attempt.isStream) {
    const rendered = exchange.format.renderReply(reply, context);
    keeper?.keepWhole(rendered.body);
    const text = Buffer.from(JSON.stringify(rendered.body));
    return {
      body: text,
      contentType: 'application/json',
      observed: observedOf(state),
      warnings: rendered.warnings,
    };
  }
  // A stream was asked for and a whole reply came (some servers do): the client still gets its stream.
  const encoder = exchange.format.createEncoder(context);
  const text = events.map((event) => encoder.push(event)).join('');
  keeper?.keepWhole(text);
  return {
    body: Buffer.from(text),
    contentType: streamType(exchange),
    observed: observedOf(state),
    warnings: encoder.warnings(),
  };
}

function parsedReply(attempt: Attempt, body: Buffer, fallbackId: string): ChatReply | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return attempt.upstreamFormat.parseReply(value as JsonObject, { fallbackId });
  } catch {
    return undefined;
  }
}

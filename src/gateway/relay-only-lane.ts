/** The reply of a relayed call: its bytes go through as they came, JSON or not, and what they say of usage is read on the side. */
import type { ChatError, JsonObject, Usage } from '../wire/chat.ts';
import type { Frame } from '../wire/frames.ts';
import { createUsageFilter } from '../wire/openai-chat/index.ts';
import { createFrameScan } from '../wire/scan.ts';
import type { Exchange } from './exchange.ts';
import type { Attempt, Lane, Observed, StreamEnd, WholeReply } from './lane.ts';
import { estimateOfText } from './output-estimate.ts';
import { withoutCredential } from './redact.ts';
import type { Metering } from './relay-only-calls.ts';
import { isPriceable, readCallUsage, usageFields } from './relay-only-usage.ts';
import { truncatedError } from './reply-error.ts';
import { readFields } from './reply-fields.ts';

/** Reports, ends and errors; all else in a stream goes by unread. */
const NEEDLES = /"usage" ?: ?\{|\[DONE\]|"error" ?: ?[{"]|^event: ?error/g;

const NOTHING = Buffer.alloc(0);
const LF = 10;

interface StreamState {
  usage: Usage | undefined;
  error: ChatError | undefined;
  isDone: boolean;
  hasContent: boolean;
  /** The last two bytes for the client. */
  tail: [number, number];
}

export function createRelayOnlyLane(exchange: Exchange, attempt: Attempt, metering: Metering): Lane {
  const state: StreamState = {
    usage: undefined,
    error: undefined,
    isDone: false,
    hasContent: false,
    tail: [LF, LF],
  };
  const scan = createFrameScan(NEEDLES, (frame) => takeFrame(state, attempt, frame));
  const filter = attempt.isUsageHidden ? createUsageFilter() : undefined;
  const passed = (parts: readonly Buffer[]): Buffer => {
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    for (const byte of bytes.subarray(-2)) state.tail = [state.tail[1], byte];
    return bytes;
  };
  const observed = (): Observed => {
    scan.flush();
    // A frame of a completion is about a token; of images and sound there is no such rule.
    const outputEstimate = metering === 'tokens' ? scan.frames : 0;
    return observedOf(attempt, state.usage, { outputEstimate, hasContent: state.hasContent });
  };
  const isBatch = exchange.callName.startsWith('anthropic-messages-batches');
  let framesAsked = 0;
  const breakOff = (error: ChatError): string => {
    const text = exchange.format.renderStreamError(error, exchange.id, 'sse');
    return isBetweenFrames(state) ? text : `\n\n${text}`;
  };
  return {
    take(bytes) {
      scan.push(bytes);
      if (!state.error && scan.frames > 0) state.hasContent = true;
      const told = state.error ? withoutCredential(bytes, attempt.deployment.provider.credential) : bytes;
      return passed(filter ? filter.push(told) : [told]);
    },
    hasContent: () => state.hasContent,
    tookContent() {
      // What a frame of these calls says is not known; a stream without new frames says nothing.
      const taken = scan.frames !== framesAsked;
      framesAsked = scan.frames;
      return taken;
    },
    error: () => state.error,
    end(): StreamEnd {
      scan.flush();
      const rest = passed(filter ? filter.end() : [NOTHING]);
      const error = state.error ?? missingEnd(exchange, state);
      if (!error || state.error) return { rest, error };
      return { rest: Buffer.concat([rest, Buffer.from(breakOff(error))]), error };
    },
    breakOff,
    isText: metering === 'tokens',
    isBetweenFrames: () => isBetweenFrames(state),
    observed,
    // Sound and files are played and stored as they come; what is no JSON tells no usage.
    holdOf: (contentType) => (!/json\b/i.test(contentType) ? 'nothing' : isBatch ? 'all' : 'short'),
    whole: (body) => wholeReply(attempt, metering, isBatch ? withOwnResults(body) : body),
  };
}

/** The address of results, from its path on. */
const RESULTS_URL = /("results_url" ?: ?")https?:\/\/[^"/]+(\/[^"]*")/g;

/**
 * Anthropic's clients fetch a batch's results from the address that the batch names, with the key they have: which
 * would bring our key to Anthropic. A path is one at whoever they asked.
 */
function withOwnResults(body: Buffer): Buffer {
  if (!body.includes('"results_url"')) return body;
  return Buffer.from(body.toString('latin1').replace(RESULTS_URL, '$1$2'), 'latin1');
}

function isBetweenFrames({ tail }: StreamState): boolean {
  return tail[0] === LF && tail[1] === LF;
}

/** Streams of completions end with `[DONE]`; the others have no end in common that could be missing. */
function missingEnd({ callName }: Exchange, { isDone }: StreamState): ChatError | undefined {
  return callName === 'openai-completions' && !isDone ? truncatedError() : undefined;
}

function takeFrame(state: StreamState, attempt: Attempt, { event, data }: Frame): void {
  if (data.trim() === '[DONE]') {
    state.isDone = true;
    return;
  }
  const object = parsed(data);
  if (!object) return;
  state.usage = readCallUsage(object) ?? state.usage;
  // A word in a text is no error event; an object of that name at the top, or an event so called, is one.
  const isError = event === 'error' || (object.error !== undefined && object.error !== null);
  if (isError) state.error = attempt.upstreamFormat.parseError(200, object);
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

function observedOf(
  { deployment }: Attempt,
  usage: Usage | undefined,
  seen: Pick<Observed, 'outputEstimate' | 'hasContent'>,
): Observed {
  const rates = deployment.price?.tiers[0]?.rates;
  return { ...seen, usage, stop: undefined, ...(usage && { isPriceable: isPriceable(usage, rates) }) };
}

function wholeReply(attempt: Attempt, metering: Metering, body: Buffer): WholeReply {
  // Uploads and batches report usage of other requests, if any.
  const isRead = metering === 'tokens' || metering === 'reported';
  const usage = isRead ? readCallUsage(readFields(body, usageFields) ?? {}) : undefined;
  const isText = metering === 'tokens';
  const observed = observedOf(attempt, usage, {
    outputEstimate: isText ? (usage?.output ?? estimateOfText(body.length)) : 0,
    hasContent: isText && body.length > 0,
  });
  return { body, contentType: undefined, observed, warnings: [] };
}

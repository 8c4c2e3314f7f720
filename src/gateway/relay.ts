/** The relay lane: same format on both sides, so the reply's bytes go through as they came, and usage is read on the side. */
import type { ChatError, Usage } from '../wire/chat.ts';
import type { Format } from '../wire/format.ts';
import { createUsageFilter } from '../wire/openai-chat/index.ts';
import type { Exchange } from './exchange.ts';
import type { Attempt, Lane, Observed, StreamEnd, WholeReply } from './lane.ts';
import { truncatedError } from './reply-error.ts';

const NOTHING = Buffer.alloc(0);

export function createRelayLane(exchange: Exchange, attempt: Attempt): Lane {
  const format = attempt.upstreamFormat;
  const tap = format.createTap();
  const filter = attempt.isUsageHidden ? createUsageFilter() : undefined;
  return {
    take(bytes) {
      tap.push(bytes);
      return filter ? joined(filter.push(bytes)) : bytes;
    },
    hasContent: () => tap.report().hasContent,
    error: () => tap.report().error,
    end: () => endOf(exchange, format, tap.report(), filter ? joined(filter.end()) : NOTHING),
    observed() {
      const { usage, outputEstimate, hasContent, stop } = tap.report();
      return { usage, outputEstimate, hasContent, stop };
    },
    whole: (body) => wholeReply(format, body),
  };
}

function joined(chunks: readonly Buffer[]): Buffer {
  if (chunks.length === 1) return chunks[0]!;
  return chunks.length === 0 ? NOTHING : Buffer.concat(chunks);
}

function endOf(
  exchange: Exchange,
  format: Format,
  report: { readonly isComplete: boolean; readonly error: ChatError | undefined },
  rest: Buffer,
): StreamEnd {
  // An error event of the upstream went to the client as it came; saying it twice would confuse.
  if (report.isComplete || report.error) return { rest, error: report.error };
  const error = truncatedError();
  return { rest: Buffer.concat([rest, Buffer.from(format.renderStreamError(error, exchange.id))]), error };
}

/** Bytes per output token where nothing better is known: near the average of English text and JSON. */
const BYTES_PER_TOKEN = 4;

/** The body passes whatever it is; what cannot be read leaves usage unreported, and the ledger estimates. */
function wholeReply(format: Format, body: Buffer): WholeReply {
  return { body, contentType: undefined, observed: readWhole(format, body), warnings: [] };
}

function readWhole(format: Format, body: Buffer): Observed {
  let usage: Usage | undefined;
  let stop: string | undefined;
  try {
    const reply = JSON.parse(body.toString('utf8'));
    if (typeof reply === 'object' && reply !== null && !Array.isArray(reply)) {
      usage = format.readUsage(reply);
      stop = format.readStop(reply);
    }
  } catch {
    // Not JSON: nothing to read.
  }
  return {
    usage,
    stop,
    outputEstimate: Math.ceil(body.length / BYTES_PER_TOKEN),
    hasContent: body.length > 0,
  };
}

/** Lanes without a gateway around them, whose streams are cut: what such a client is written. */
import type { Exchange } from '../../src/gateway/exchange.ts';
import type { Attempt, Lane } from '../../src/gateway/lane.ts';
import { createRelayLane } from '../../src/gateway/relay.ts';
import { createTranslateLane } from '../../src/gateway/translate.ts';
import type { ReplyContext, StreamShape } from '../../src/wire/format.ts';
import type { Format } from '../../src/wire/formats.ts';

export const INPUT_ESTIMATE = 77;

export interface LaneOptions {
  readonly streamShape?: StreamShape;
  readonly streamUsage?: boolean;
  /** Usage was asked for on the client's behalf. */
  readonly isUsageHidden?: boolean;
  /** Output tokens from which on it may be cut. */
  readonly from?: number;
  /** False: the lane is not told that it may be cut. */
  readonly isCuttable?: boolean;
}

/** A lane from an upstream of one format to a client of another, or of the same. */
export function openLane(source: Format, target: Format, options: LaneOptions = {}): Lane {
  const { streamShape = 'sse', streamUsage = true, isUsageHidden = false, isCuttable = true } = options;
  // What lanes read of an exchange and an attempt; the rest is the gateway's.
  const exchange = { id: 'exc_1', format: target, streamShape } as unknown as Exchange;
  const attempt = {
    lane: source === target ? 'relay' : 'translate',
    upstreamFormat: source,
    isStream: true,
    isUsageHidden,
    inputEstimate: INPUT_ESTIMATE,
    deployment: { provider: { credential: undefined } },
  } as unknown as Attempt;
  if (source === target)
    return createRelayLane(
      exchange,
      attempt,
      isCuttable ? { streamUsage, ...(options.from !== undefined && { from: options.from }) } : undefined,
    );
  const context: ReplyContext = { model: 'shown', fallbackId: 'exc_1', nowMs: 0, streamUsage, streamShape };
  return createTranslateLane(exchange, attempt, context, []);
}

export interface CutStream {
  /** What went out before the cut. */
  readonly before: Buffer;
  /** What ended it; undefined = it could not be cut. */
  readonly rest: Buffer | undefined;
}

/** The stream of these reads, cut after the last of them. */
export function cutStream(lane: Lane, reads: readonly Uint8Array[]): CutStream {
  const before = Buffer.concat(reads.map((read) => Buffer.from(lane.take(Buffer.from(read)))));
  const cut = lane.cut?.();
  return { before, rest: cut && Buffer.from(cut.rest) };
}

/** Fields that several resources share: times on the wire, stretches of time, money. */
import { z } from '@hono/zod-openapi';
import { formatUsd, type NanoUsd } from '../base/money.ts';
import type { TimeRange } from './deps.ts';

/** ISO 8601 with an offset, or a day, which means its first moment in UTC. */
export const Moment = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()])
  .openapi({ example: '2026-11-01T00:00:00Z', description: 'ISO 8601 moment, or a UTC day' });

/** `[since, until)`; since defaults to the beginning of time, until to now. */
export const rangeQuery = { since: Moment.optional(), until: Moment.optional() };

export const Usd = z.string().openapi({ example: '0.00123', description: 'US dollars, exact decimal' });
export const When = z.string().openapi({ example: '2026-11-01T12:00:00.000Z' });
export const Count = z.int().nonnegative();

/** A query's limit on rows, as text; refused beyond `most` so that one answer stays small. */
export function limitOf(fallback: number, most: number) {
  return z.coerce.number().int().min(1).max(most).default(fallback);
}

export function readRange(
  query: { since?: string | undefined; until?: string | undefined },
  nowMs: number,
): TimeRange {
  return {
    sinceMs: query.since === undefined ? 0 : Date.parse(query.since),
    // Up to and including this millisecond, or the newest entry would be missing.
    untilMs: query.until === undefined ? nowMs + 1 : Date.parse(query.until),
  };
}

export function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** null = the price is unknown, which is not 0. */
export function usdOf(cost: NanoUsd | undefined): string | null {
  return cost === undefined ? null : formatUsd(cost);
}

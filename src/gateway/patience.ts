/** How long an attempt may take to its first byte: by what its deployment usually needs, where the operator said nothing. */
import { DEFAULT_TIMEOUTS } from '../upstream/configure.ts';
import type { Gateway } from './exchange.ts';
import type { Attempt } from './lane.ts';

/** Four times what 95 of 100 need: a deployment that is merely slow today is not given up. */
const OF_USUAL = 4;
const LEAST_MS = 10_000;
/** Models that think long before their first byte need minutes; where another may answer, two of them are enough. */
const MOST_MS = 120_000;

/**
 * Only streams: a whole answer's first byte is its last. Only where another deployment may answer, as otherwise
 * giving up early helps nobody; and never against a timeout that the operator has set.
 */
export function withPatience({ health }: Gateway, attempt: Attempt, hasOther: boolean): Attempt {
  const { request, isStream, deployment } = attempt;
  const { timeouts } = request;
  if (!hasOther || !isStream || timeouts.firstByteMs !== DEFAULT_TIMEOUTS.firstByteMs) return attempt;
  const { p95FirstByteMs } = health.standing(deployment.place);
  const firstByteMs =
    p95FirstByteMs === undefined ? MOST_MS : Math.min(MOST_MS, Math.max(LEAST_MS, OF_USUAL * p95FirstByteMs));
  return { ...attempt, request: { ...request, timeouts: { ...timeouts, firstByteMs } } };
}

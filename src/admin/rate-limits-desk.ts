/** The desk for rate limits on top of the registry and the ledger: one workspace. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { compileRateLimits } from '../ledger/rate-limits.ts';
import { rateUsage } from '../ledger/rate-usage.ts';
import {
  changeRateLimit,
  createRateLimit,
  deleteRateLimit,
  listRateLimits,
  type RateLimitOutcome,
} from '../registry/rate-limits.ts';
import type { Store } from '../store/store.ts';
import type { RateLimitDesk, RateLimitFacts } from './deps.ts';

/** Values and metrics shown of each rate limit. */
const USES = 20;

/** @param rateNow epoch milliseconds by the clock that rates go by */
export function createRateLimitDesk(
  store: Store,
  workspaceId: WorkspaceId,
  clock: Clock,
  rateNow: () => number,
): RateLimitDesk {
  const listAll = async (isShown: (id: string) => boolean, limit: number): Promise<RateLimitFacts[]> => {
    const all = await listRateLimits(store, workspaceId);
    const shown = all.filter(({ id }) => isShown(id)).slice(0, limit);
    const usage = await rateUsage(store, shown, compileRateLimits(all), rateNow(), USES);
    return shown.map((rateLimit) => ({ rateLimit, ...usage.get(rateLimit.id)! }));
  };
  const answer = async (outcome: RateLimitOutcome) => {
    if (outcome.kind !== 'done') return outcome;
    const { rateLimit } = outcome;
    const [facts] = await listAll((id) => id === rateLimit.id, 1);
    return { kind: 'done', facts: facts ?? { rateLimit, uses: [], count: 0 } } as const;
  };
  return {
    list: (limit) => listAll(() => true, limit),
    create: async (terms) => answer(await createRateLimit(store, terms, { workspaceId, nowMs: clock.now() })),
    change: async (id, change) => answer(await changeRateLimit(store, id, change, { workspaceId })),
    remove: async (id) => answer(await deleteRateLimit(store, id, { workspaceId })),
  };
}

/** Keys with what is made for them alone: budgets and a rate limit, in one transaction with the key, and found with it. */
import type { BudgetTerms } from '../base/budget.ts';
import type { KeyId, WorkspaceId } from '../base/ids.ts';
import type { RateLimitTerms } from '../base/rate-limit.ts';
import type { Store } from '../store/store.ts';
import { type BudgetRecord, findBudgetsOf, isNameTaken, newBudget } from './budgets.ts';
import { createKey, type MadeKey, type NewKey, type Random } from './keys.ts';
import { findRateLimitsOf, newRateLimit, type RateLimitRecord } from './rate-limits.ts';

/** Their scope is the key, which has no id yet. */
export interface NewKeyLimits {
  readonly budgets: readonly (Omit<BudgetTerms, 'scope' | 'name'> & { readonly name?: string })[];
  readonly rateLimit?: Omit<RateLimitTerms, 'scope'> | undefined;
}

export interface KeyLimits {
  readonly budgets: readonly BudgetRecord[];
  readonly rateLimit?: RateLimitRecord;
}

export type MadeKeyWithLimits =
  | ({ readonly kind: 'done' } & MadeKey & KeyLimits)
  /** Another budget of the workspace has the name of one of these; nothing was made. */
  | { readonly kind: 'budget_taken' };

/** The key is there with all of them, or nothing is. */
export async function createKeyWithLimits(
  store: Store,
  wanted: NewKey,
  limits: NewKeyLimits,
  nowMs: number,
  random: Random,
): Promise<MadeKeyWithLimits> {
  const context = { workspaceId: wanted.workspaceId, nowMs };
  let made: KeyLimits = { budgets: [] };
  try {
    const { key, token } = await createKey(store, wanted, nowMs, random, ({ id }) => {
      const scope = { kind: 'key', id } as const;
      const budgets = limits.budgets.map((terms) =>
        newBudget(store, { ...terms, scope, name: terms.name ?? `key:${id} ${terms.period}` }, context),
      );
      const rate = limits.rateLimit && newRateLimit(store, { ...limits.rateLimit, scope }, context);
      made = {
        budgets: budgets.map(({ budget }) => budget),
        ...(rate && { rateLimit: rate.rateLimit }),
      };
      return [...budgets.map(({ insert }) => insert), ...(rate ? [rate.insert] : [])];
    });
    return { kind: 'done', key, token, ...made };
  } catch (error) {
    if (isNameTaken(error)) return { kind: 'budget_taken' };
    throw error;
  }
}

/** Those of the keys alone, whoever made them; archived budgets are left out. */
export async function findLimitsOf(
  store: Store,
  workspaceId: WorkspaceId,
  ids: readonly KeyId[],
): Promise<ReadonlyMap<KeyId, KeyLimits>> {
  const scopes = { kind: 'key', ids } as const;
  const [budgets, rateLimits] = await Promise.all([
    findBudgetsOf(store, workspaceId, scopes),
    findRateLimitsOf(store, workspaceId, scopes),
  ]);
  const rates = new Map(rateLimits.map((one) => [one.scope.id, one]));
  const own = new Map<string, BudgetRecord[]>(ids.map((id) => [id, []]));
  for (const budget of budgets) own.get(budget.scope.id)?.push(budget);
  return new Map(
    ids.map((id) => {
      const rateLimit = rates.get(id);
      return [id, { budgets: own.get(id)!, ...(rateLimit && { rateLimit }) }];
    }),
  );
}

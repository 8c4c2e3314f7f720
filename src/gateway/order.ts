/** In which order the deployments of a plan are tried for one request. */
import { type Refusal, refuse } from '../base/refusal.ts';
import type { Skipped } from '../ledger/decision.ts';
import type { KeyRecord } from '../registry/keys.ts';
import type { RequestNeeds } from '../route/needs.ts';
import { type CandidateOrder, orderCompiled } from '../route/strategies.ts';
import { mayUse } from './allowed.ts';
import { firstByteMsOf, isWell } from './attend.ts';
import type { Exchange, Gateway } from './exchange.ts';
import type { Deployment, Plan } from './plan.ts';

export type OrderResult =
  | { readonly ok: true; readonly plan: readonly Deployment[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** @param needsOf what the request needs: only asked for where there is a choice */
export function orderFor(
  gateway: Gateway,
  exchange: Exchange,
  plan: Plan & { ok: true },
  needsOf: () => RequestNeeds,
): OrderResult {
  const { deployments } = plan;
  if (deployments.size === 1 && plan.order.skipped.length === 0) return { ok: true, plan: plan.attempts };
  const { asked, labels } = exchange;
  const key = exchange.key!;
  const wish = { asked, key, session: labels.session, needs: needsOf() };
  const { ordered, skipped } = orderOf(gateway, plan, wish);
  if (skipped.length > 0) exchange.skipped = [...exchange.skipped, ...skipped];
  exchange.order = ordered.map(({ ref }) => ref);
  if (ordered.length > 0) return { ok: true, plan: ordered.map(({ ref }) => deployments.get(ref)!) };
  return { ok: false, refusal: nothingServes(asked, skipped) };
}

export interface OrderWish {
  /** The ref that was chosen. */
  readonly asked: string;
  readonly key: Pick<KeyRecord, 'id' | 'allowedModels'>;
  readonly session: string | undefined;
  readonly needs: RequestNeeds;
}

export function orderOf(gateway: Gateway, plan: Plan & { ok: true }, wish: OrderWish): CandidateOrder {
  const { key, needs, session } = wish;
  const { deployments } = plan;
  return orderCompiled(plan.order, {
    needs,
    session: session ?? key.id,
    random: () => gateway.random(),
    isWell: (ref) => isWell(gateway, deployments.get(ref)!),
    firstByteMs: (ref) => firstByteMsOf(gateway, deployments.get(ref)!),
    ...(key.allowedModels && { mayUse: (ref: string) => isAllowed(plan, wish, ref) }),
  });
}

/** Who stands in has to be allowed itself; what a ref leads to is allowed with it. */
export function isAllowed(
  { standIns }: Plan & { ok: true },
  { asked, key }: Pick<OrderWish, 'asked' | 'key'>,
  ref: string,
): boolean {
  return mayUse(key.allowedModels, standIns.has(ref) ? ref : asked, ref);
}

export function nothingServes(asked: string, skipped: readonly Skipped[]): Refusal {
  const reasons = skipped.map(({ note }) => note).join('; ');
  return refuse('route_empty', `nothing that "${asked}" leads to may serve it: ${reasons}`, {
    param: 'model',
  });
}

export function nothingAllowed(asked: string): Refusal {
  return refuse('model_not_allowed', `this key may not use "${asked}"`, { param: 'model' });
}

/** In which order the deployments of a plan are tried for one request. */
import { type Refusal, refuse } from '../base/refusal.ts';
import type { RequestNeeds } from '../route/needs.ts';
import { orderCompiled } from '../route/strategies.ts';
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
  const { ordered, skipped } = orderCompiled(plan.order, {
    needs: needsOf(),
    session: exchange.labels.session ?? exchange.key!.id,
    random: () => gateway.random(),
    isWell: (ref) => isWell(gateway, deployments.get(ref)!),
    firstByteMs: (ref) => firstByteMsOf(gateway, deployments.get(ref)!),
  });
  if (skipped.length > 0) exchange.skipped = [...exchange.skipped, ...skipped];
  exchange.order = ordered.map(({ ref }) => ref);
  if (ordered.length > 0) return { ok: true, plan: ordered.map(({ ref }) => deployments.get(ref)!) };
  const reasons = skipped.map(({ note }) => note).join('; ');
  const message = `nothing that "${exchange.asked}" leads to may serve it: ${reasons}`;
  return { ok: false, refusal: refuse('route_empty', message, { param: 'model' }) };
}

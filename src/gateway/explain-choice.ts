/**
 * What would become of a request that is not sent: the same choice, plan, order and health as on the road, told as one
 * record. Nothing is reserved, and no trial of a half-open deployment is taken.
 */
import type { PromptId } from '../base/prompt-id.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Price } from '../catalog/price.ts';
import type { Standing } from '../health/health.ts';
import type { ChoiceFacts, Skipped } from '../ledger/decision.ts';
import type { KeyRecord } from '../registry/keys.ts';
import type { ChoiceInput } from '../route/layers.ts';
import type { RequestNeeds } from '../route/needs.ts';
import { MAX_ATTEMPTS } from '../route/plan.ts';
import { isWell } from './attend.ts';
import { askLayers, chosenRefusal, keyRule } from './choose.ts';
import { choiceOf } from './decision.ts';
import type { Chosen, Gateway } from './exchange.ts';
import { isAllowed, nothingAllowed, nothingServes, orderOf } from './order.ts';
import type { Deployment, Plan } from './plan.ts';
import { priceFor } from './price-for.ts';

export interface DryRequest {
  readonly key: Pick<
    KeyRecord,
    'id' | 'workspaceId' | 'memberId' | 'isOwnToken' | 'name' | 'defaultModel' | 'allowedModels' | 'agentId'
  >;
  readonly explicit: string | undefined;
  readonly request: string | undefined;
  readonly prompt: PromptId | undefined;
  readonly pipeline: string | undefined;
  readonly step: string | undefined;
  readonly session: string | undefined;
  readonly needs: RequestNeeds;
}

export interface DryCandidate {
  readonly ref: string;
  readonly standIn: string | undefined;
  readonly formats: readonly string[];
  readonly price: Price | undefined;
  readonly standing: Standing;
  /** It would be asked now if those before it failed. */
  readonly isAsked: boolean;
}

export interface DryRun {
  readonly asked: string | undefined;
  readonly choice: ChoiceFacts | undefined;
  readonly revision: number;
  readonly candidates: readonly DryCandidate[];
  readonly skipped: readonly Skipped[];
  /** Why it would be refused; undefined = it would be sent. */
  readonly refusal: Refusal | undefined;
}

export function explainChoice(gateway: Gateway, dry: DryRequest): DryRun {
  const { key } = dry;
  const snapshot = gateway.snapshot().of(key);
  const agent: PromptId | undefined =
    key.agentId === undefined ? undefined : { kind: 'agent', name: key.agentId };
  const asked: ChoiceInput = {
    workspaceId: key.workspaceId,
    memberId: key.memberId,
    explicit: dry.explicit,
    pipeline: dry.pipeline,
    step: dry.step,
    prompt: dry.prompt ?? agent,
    request: dry.request,
    key: keyRule(key),
  };
  const by = dry.prompt ? 'header' : agent ? 'key' : undefined;
  const { choice: made, input, promptBy } = askLayers(snapshot.rules, asked, by);
  const nothing = { revision: snapshot.revision, candidates: [], skipped: [] };
  if (!made.ok) {
    const refusal: Refusal = { code: 'model_missing', message: 'no layer names a model' };
    return { ...nothing, asked: undefined, choice: undefined, refusal };
  }
  const chosen: Chosen = { ...made, input, promptBy };
  const told = { asked: made.ref, choice: choiceOf(snapshot, chosen), revision: snapshot.revision };
  const plan = snapshot.plan(made.ref, made.rule.fallback, key.workspaceId);
  if (!plan.ok) return { ...nothing, ...told, refusal: chosenRefusal({ chosen }, plan.refusal) };
  return { ...told, ...candidatesOf(gateway, plan, { ...dry, asked: made.ref }) };
}

function candidatesOf(
  gateway: Gateway,
  plan: Plan & { ok: true },
  dry: DryRequest & { readonly asked: string },
): Pick<DryRun, 'candidates' | 'skipped' | 'refusal'> {
  const { key, asked } = dry;
  const { ordered, skipped } = orderOf(gateway, plan, dry);
  const passed: Skipped[] = [...skipped];
  const candidates: DryCandidate[] = [];
  for (const { ref } of ordered) {
    if (!isAllowed(plan, dry, ref)) {
      passed.push({ ref, reason: 'model_not_allowed' });
      continue;
    }
    const deployment = plan.deployments.get(ref)!;
    const standIn = plan.standIns.get(ref)?.by;
    const before = candidates.filter(({ isAsked }) => isAsked).length;
    candidates.push(candidateOf(gateway, deployment, { standIn, before, workspaceId: key.workspaceId }));
  }
  if (candidates.length > 0) return { candidates, skipped: passed, refusal: undefined };
  const refusal = ordered.length > 0 ? nothingAllowed(asked) : nothingServes(asked, skipped);
  return { candidates, skipped: passed, refusal };
}

function candidateOf(
  gateway: Gateway,
  deployment: Deployment,
  {
    standIn,
    before,
    workspaceId,
  }: {
    readonly standIn: string | undefined;
    readonly before: number;
    readonly workspaceId: KeyRecord['workspaceId'];
  },
): DryCandidate {
  const place = deployment.siblings.find((sibling) => isWell(gateway, { ...sibling, siblings: [sibling] }));
  return {
    ref: deployment.ref,
    standIn,
    formats: deployment.formats,
    price: priceFor(
      gateway.snapshot().of({ workspaceId }),
      workspaceId,
      deployment,
      undefined,
      gateway.clock.now(),
    ),
    standing: gateway.health.standing((place ?? deployment).place),
    isAsked: place !== undefined && before < MAX_ATTEMPTS,
  };
}

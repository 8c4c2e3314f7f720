/** Which providers a relayed call may go to: by the model it names, else by the header, the key's default, or as the only one that has it. */
import { type Refusal, refuse } from '../base/refusal.ts';
import type { Provider } from '../upstream/provider.ts';
import { withOwnAccounts } from './account-calls.ts';
import { mayUse, mayUseProvider } from './allowed.ts';
import { keepFit } from './decision.ts';
import type { Exchange } from './exchange.ts';
import type { RelayOnlyEndpoint } from './relay-only-calls.ts';
import type { Deployment } from './snapshot.ts';

export type RelayPlan =
  | { readonly ok: true; readonly attempts: readonly Deployment[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** @param model as the client names it; undefined = it names none */
export function planRelay(
  exchange: Exchange,
  endpoint: RelayOnlyEndpoint,
  model: string | undefined,
): RelayPlan {
  const plan = planShared(exchange, endpoint, model);
  const [first] = plan.ok ? plan.attempts : [];
  if (!plan.ok || !first) return plan;
  const attempts = withOwnAccounts(exchange, endpoint.call, plan.attempts);
  if (attempts.length > 0) return { ok: true, attempts };
  const { name } = first.provider;
  const message = `${endpoint.call.path} shows all that an account at ${name} holds, and the one at hand is shared by all workspaces; save a key of your own for ${name}`;
  return refused(refuse('operation_unsupported', message));
}

function planShared(exchange: Exchange, endpoint: RelayOnlyEndpoint, model: string | undefined): RelayPlan {
  const pinned = pinnedProvider(exchange);
  if (pinned) return planPinned(exchange, endpoint, pinned, model);
  if (model !== undefined) {
    const plan = exchange.snapshot.plan(model);
    if (plan.ok) return choose(exchange, endpoint, model, plan.attempts);
    // A name with a provider in it was meant; a bare one that nobody listed may still be the only provider's.
    if (plan.refusal.code !== 'model_unknown' || /[/:]/.test(model)) return plan;
  }
  return planUnnamed(exchange, endpoint, model);
}

/** `x-turnpike-model` may name a provider alone, or a ref of which only the provider counts. */
function pinnedProvider({ labels, snapshot }: Exchange): Provider | undefined {
  return labels.modelOverride === undefined ? undefined : snapshot.providers.get(labels.modelOverride);
}

function has({ kind }: Provider, { call }: RelayOnlyEndpoint): boolean {
  return kind.relays?.api === call.api && kind.relays.paths.includes(call.relayPath);
}

/** Of a plan, the deployments that have the call and that the key may use. */
function choose(
  exchange: Exchange,
  endpoint: RelayOnlyEndpoint,
  model: string,
  attempts: readonly Deployment[],
): RelayPlan {
  const able = keepFit(exchange, attempts, 'operation_unsupported', ({ provider }) =>
    has(provider, endpoint),
  );
  if (able.length === 0) return refused(unsupported(exchange, endpoint, attempts[0]!.ref));
  const allowed = keepFit(exchange, able, 'model_not_allowed', ({ ref }) =>
    mayUse(exchange.key!.allowedModels, model, ref),
  );
  if (allowed.length > 0) return { ok: true, attempts: allowed };
  return refused(refuse('model_not_allowed', `this key may not use "${model}"`, { param: 'model' }));
}

function planPinned(
  exchange: Exchange,
  endpoint: RelayOnlyEndpoint,
  provider: Provider,
  model: string | undefined,
): RelayPlan {
  if (!has(provider, endpoint)) return refused(unsupported(exchange, endpoint, provider.name));
  return planAt(exchange, endpoint, provider, model);
}

/** What no list knows is still bounded and plain: it is booked, and shown. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
const MODEL_NAME = /^[^\u0000-\u001f\u007f]{1,300}$/u;

function planAt(
  exchange: Exchange,
  { call }: RelayOnlyEndpoint,
  provider: Provider,
  model: string | undefined,
): RelayPlan {
  const { allowedModels } = exchange.key!;
  const prefix = `${provider.name}/`;
  const own = model?.startsWith(prefix) ? model.slice(prefix.length) : model;
  if (own !== undefined && !MODEL_NAME.test(own))
    return refused(refuse('body_invalid', '"model" is no name of a model', { param: 'model' }));
  const isAllowed =
    own === undefined
      ? mayUseProvider(allowedModels, provider.name)
      : mayUse(allowedModels, model!, prefix + own);
  if (!isAllowed) {
    const message =
      own === undefined
        ? `this key may use some models only, and ${call.path} may reach any model of ${provider.name}`
        : `this key may not use "${model}"`;
    return refused(refuse('model_not_allowed', message, { param: 'model' }));
  }
  // What names no model is booked under what it is about.
  const deployment = exchange.snapshot.deploymentOf(provider.name, own ?? call.topic);
  return { ok: true, attempts: deployment ? [deployment] : [] };
}

function planUnnamed(exchange: Exchange, endpoint: RelayOnlyEndpoint, model: string | undefined): RelayPlan {
  const { snapshot, labels } = exchange;
  const able = [...snapshot.providers.values()].filter((provider) => has(provider, endpoint));
  const hinted = labels.modelOverride ?? exchange.key!.defaultModel ?? snapshot.routing.defaultRef;
  const plan = hinted === undefined ? undefined : snapshot.plan(hinted);
  const preferred = plan?.ok ? plan.attempts.find(({ provider }) => has(provider, endpoint)) : undefined;
  const [only, ...others] = able;
  const provider = preferred?.provider ?? (others.length === 0 ? only : undefined);
  if (provider) return planAt(exchange, endpoint, provider, model);
  const asked = `${exchange.request.method} ${endpoint.call.path}`;
  if (!only) return refused(refuse('operation_unsupported', `no configured provider has ${asked}`));
  const names = able.map(({ name }) => name).join(', ');
  const which =
    model === undefined ? 'no model is named' : `"${model.slice(0, 100)}" is in no list of models`;
  return refused(refuse('provider_missing', `${which}, and several providers have ${asked}: ${names}`));
}

function unsupported(exchange: Exchange, { call }: RelayOnlyEndpoint, ref: string): Refusal {
  return refuse('operation_unsupported', `${ref} has no ${exchange.request.method} ${call.path}`);
}

function refused(refusal: Refusal): RelayPlan {
  return { ok: false, refusal };
}

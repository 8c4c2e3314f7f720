/** Health of providers and deployments: what may be sent where, what has changed, and taking a provider out of use. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { DeploymentHealth, HealthChange, ProviderHealth } from './deps-health.ts';
import { Count, iso, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { Provider } from './providers.ts';
import { adminRoute } from './route.ts';

/** Rows of one answer. */
const MAX_CHANGES = 500;
const MAX_DEPLOYMENTS = 1_000;

const State = z.enum(['healthy', 'degraded', 'half-open', 'limited', 'open', 'disabled', 'draining']);
const Milliseconds = z.number().nullable();

export const DeploymentHealthBody = z
  .strictObject({
    ref: z.string().openapi({ example: 'anthropic/claude-opus-4-1' }),
    provider: z.string(),
    credential: z.string().openapi({ description: 'Empty = the provider has but one, or none' }),
    state: State,
    until: When.nullable().openapi({ description: 'When the state ends by itself' }),
    reason: z.string().nullable(),
    p95FirstByteMs: Milliseconds.openapi({ description: 'Of the last 200 first bytes; null = too few' }),
    firstByteMs: Milliseconds.openapi({ description: 'Smoothed' }),
    lastFailedAt: When.nullable(),
    inFlight: Count,
  })
  .openapi('DeploymentHealth');
export type DeploymentHealthBody = z.infer<typeof DeploymentHealthBody>;

export const ProviderHealthBody = z
  .strictObject({
    provider: z.string(),
    kind: z.string(),
    state: z
      .enum([...State.options, 'unknown', 'unreachable'])
      .openapi({ description: 'Of what it serves, what is best off' }),
    reason: z.string().nullable(),
    isDraining: z.boolean(),
    deployments: Count.openapi({ description: 'That something was sent to' }),
    inFlight: Count,
    probe: z
      .strictObject({ at: When, isReachable: z.boolean(), said: z.string(), tookMs: z.number() })
      .nullable(),
  })
  .openapi('ProviderHealth');
export type ProviderHealthBody = z.infer<typeof ProviderHealthBody>;

export const HealthChangeBody = z
  .strictObject({
    id: z.string(),
    replica: z.string().openapi({ description: 'The process that saw it; empty = there is but one' }),
    ref: z.string(),
    provider: z.string(),
    credential: z.string(),
    from: State,
    to: State,
    reason: z.string(),
    at: When,
    until: When.nullable(),
  })
  .openapi('HealthChange');
export type HealthChangeBody = z.infer<typeof HealthChangeBody>;

export const HealthBody = z
  .strictObject({
    providers: z.array(ProviderHealthBody),
    deployments: z.array(DeploymentHealthBody),
    retriesLeft: Count.openapi({ description: 'Retries into what is unwell that could be made now' }),
    changes: z.array(HealthChangeBody).openapi({ description: 'Of all processes, newest first' }),
  })
  .openapi('Health');
export type HealthBody = z.infer<typeof HealthBody>;

export const DrainBody = z
  .strictObject({ provider: z.string().min(1).max(200), isDraining: z.boolean() })
  .openapi('Drain');
export type DrainBody = z.infer<typeof DrainBody>;

export const ProviderModels = z
  .strictObject({
    providers: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.string(),
        source: Provider.shape.source,
        isReady: z.boolean().openapi({ description: 'Has the credential it needs' }),
        health: ProviderHealthBody.nullable().openapi({ description: 'null = it is not in use' }),
        models: z.array(
          z.strictObject({
            ref: z.string(),
            state: z
              .enum([...State.options, 'unknown'])
              .openapi({ description: 'unknown = nothing was sent to it since the start' }),
          }),
        ),
      }),
    ),
  })
  .openapi('ProviderModels');
export type ProviderModels = z.infer<typeof ProviderModels>;

const readRoute = adminRoute('viewer', {
  method: 'get',
  path: '/health',
  summary: 'What this process knows of its providers and deployments, and what has changed lately',
  request: {
    query: z.strictObject({
      provider: z.string().max(200).optional(),
      changes: z.coerce.number().int().min(0).max(MAX_CHANGES).default(20),
    }),
  },
  responses: {
    200: { description: 'Health', content: { 'application/json': { schema: HealthBody } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const drainRoute = adminRoute('operator', {
  method: 'post',
  path: '/health/drain',
  summary: 'Take a provider out of use, or put it back; what runs may end',
  request: { body: { required: true, content: { 'application/json': { schema: DrainBody } } } },
  responses: {
    200: { description: 'The provider now', content: { 'application/json': { schema: ProviderHealthBody } } },
    400: problemResponse('body_invalid'),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

const modelsRoute = adminRoute('viewer', {
  method: 'get',
  path: '/llm/providers',
  summary: 'Providers with their models, and the health of both',
  responses: {
    200: { description: 'The providers', content: { 'application/json': { schema: ProviderModels } } },
    ...denied,
  },
});

export function registerHealth(app: AdminApp, deps: AdminDeps): void {
  const { health } = deps;
  app.openapi(readRoute, async (c) => {
    const { provider, changes: limit } = c.req.valid('query');
    const { providers, deployments, retriesLeft } = health.read();
    const changes =
      limit === 0 ? [] : await health.changes({ limit, ...(provider !== undefined && { provider }) });
    const isAsked = (one: { readonly provider: string }) =>
      provider === undefined || one.provider === provider;
    return c.json(
      {
        providers: providers.filter(isAsked).map(renderProvider),
        deployments: worstFirst(deployments.filter(isAsked)).slice(0, MAX_DEPLOYMENTS).map(renderDeployment),
        retriesLeft,
        changes: changes.map(renderChange),
      },
      200,
    );
  });
  app.openapi(drainRoute, async (c) => {
    const { provider, isDraining } = c.req.valid('json');
    const isKnown = await health.drain(provider, isDraining);
    const now = health.read().providers.find((one) => one.provider === provider);
    if (!isKnown || !now)
      return c.json(problemOf(refuse('record_unknown', `there is no provider "${provider}"`)), 404);
    return c.json(renderProvider(now), 200);
  });
  app.openapi(modelsRoute, async (c) => c.json(await listProviders(deps), 200));
}

/** What needs somebody's eye comes first, then by name. */
const ORDER: Readonly<Record<z.infer<typeof State>, number>> = {
  disabled: 0,
  open: 1,
  'half-open': 2,
  limited: 3,
  degraded: 4,
  draining: 5,
  healthy: 6,
};

function worstFirst(deployments: readonly DeploymentHealth[]): readonly DeploymentHealth[] {
  return deployments.toSorted(
    (a, b) =>
      ORDER[a.state] - ORDER[b.state] ||
      a.ref.localeCompare(b.ref, 'en') ||
      a.credential.localeCompare(b.credential, 'en'),
  );
}

async function listProviders(deps: AdminDeps): Promise<ProviderModels> {
  const { providers: healths, deployments } = deps.health.read();
  const healthOf = new Map(healths.map((one) => [one.provider, one]));
  // With several credentials the best of them counts.
  const best = new Map(worstFirst(deployments).map(({ ref, state }) => [ref, state]));
  const models = (await deps.describeModels(false)).models.filter(({ kind }) => kind === 'model');
  return {
    providers: deps.describeProviders().map(({ name, kind, source, hasCredential, needsCredential }) => {
      const health = healthOf.get(name);
      const own = models.filter(({ ref }) => ref.startsWith(`${name}/`));
      // What bars a provider's credential bars those of its models that nobody has asked for, too.
      const untried = health?.state === 'disabled' ? ('disabled' as const) : ('unknown' as const);
      return {
        ...{ name, kind, source },
        isReady: hasCredential || !needsCredential,
        health: health ? renderProvider(health) : null,
        models: own.map(({ ref }) => ({
          ref,
          state: health?.isDraining ? ('draining' as const) : (best.get(ref) ?? untried),
        })),
      };
    }),
  };
}

function renderProvider(facts: ProviderHealth): ProviderHealthBody {
  const { provider, kind, state, isDraining, deployments, inFlight, probe } = facts;
  return {
    ...{ provider, kind, state, isDraining, deployments, inFlight },
    reason: facts.reason ?? null,
    probe: probe
      ? {
          at: iso(probe.atMs),
          isReachable: probe.isReachable,
          said: probe.said,
          tookMs: Math.round(probe.tookMs),
        }
      : null,
  };
}

function renderDeployment(facts: DeploymentHealth): DeploymentHealthBody {
  const { ref, provider, credential, state, inFlight } = facts;
  return {
    ...{ ref, provider, credential, state, inFlight },
    until: isoOrNull(facts.untilMs),
    reason: facts.reason ?? null,
    p95FirstByteMs: rounded(facts.p95FirstByteMs),
    firstByteMs: rounded(facts.firstByteMs),
    lastFailedAt: isoOrNull(facts.lastFailedAtMs),
  };
}

function renderChange({ atMs, untilMs, ...change }: HealthChange): HealthChangeBody {
  return { ...change, at: iso(atMs), until: isoOrNull(untilMs) };
}

function isoOrNull(atMs: number | undefined): string | null {
  return atMs === undefined ? null : iso(atMs);
}

function rounded(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.round(ms);
}

/** Health behind the admin API that holds still: a provider that is well, one whose breaker is open, one nobody has asked. */
import type { DeploymentHealth, HealthDesk, ProviderHealth } from '../../src/admin/deps-health.ts';

function providersOf(isDraining: boolean, nowMs: number): readonly ProviderHealth[] {
  return [
    {
      provider: 'openai',
      kind: 'openai',
      state: isDraining ? 'draining' : 'healthy',
      isDraining,
      deployments: 1,
      inFlight: 2,
      probe: { atMs: nowMs - 30_000, isReachable: true, said: 'status 200', tookMs: 112.4 },
    },
    {
      provider: 'anthropic',
      kind: 'anthropic',
      state: 'open',
      reason: 'status 529',
      isDraining: false,
      deployments: 2,
      inFlight: 0,
    },
    {
      provider: 'house',
      kind: 'openai-compatible',
      state: 'unknown',
      isDraining: false,
      deployments: 0,
      inFlight: 0,
    },
  ];
}

function deploymentsOf(isDraining: boolean, nowMs: number): readonly DeploymentHealth[] {
  return [
    {
      ref: 'openai/gpt-4o',
      provider: 'openai',
      credential: '',
      state: isDraining ? 'draining' : 'healthy',
      p95FirstByteMs: 412.6,
      firstByteMs: 240.2,
      inFlight: 2,
    },
    {
      ref: 'anthropic/claude-opus-4-1',
      provider: 'anthropic',
      credential: 'file:team',
      state: 'open',
      untilMs: nowMs + 25_000,
      reason: 'status 529',
      lastFailedAtMs: nowMs - 5_000,
      inFlight: 0,
    },
    {
      ref: 'anthropic/claude-opus-4-1',
      provider: 'anthropic',
      credential: 'file:old',
      state: 'disabled',
      untilMs: nowMs + 200_000,
      reason: 'status 401',
      inFlight: 0,
    },
  ];
}

/** `asked` collects what it was asked. */
export function fakeHealthDesk(asked: unknown[], nowMs: number): HealthDesk {
  const draining = new Set<string>();
  return {
    read: () => ({
      providers: providersOf(draining.has('openai'), nowMs),
      deployments: deploymentsOf(draining.has('openai'), nowMs),
      retriesLeft: 7,
    }),
    async changes(query) {
      asked.push(query);
      return [
        {
          id: 'hev_2',
          replica: '',
          ref: 'anthropic/claude-opus-4-1',
          provider: 'anthropic',
          credential: 'file:team',
          from: 'healthy',
          to: 'open',
          reason: 'status 529',
          atMs: nowMs - 5_000,
          untilMs: nowMs + 25_000,
        },
      ];
    },
    async drain(provider, isDraining) {
      asked.push({ provider, isDraining });
      if (isDraining) draining.add(provider);
      else draining.delete(provider);
      return provider === 'openai';
    },
  };
}

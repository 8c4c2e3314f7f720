/** Health as operators ask for it. */
import type {
  DeploymentHealth,
  HealthDesk,
  HealthFacts,
  ProviderHealth,
  ProviderState,
} from './admin/deps-health.ts';
import type { Clock } from './base/clock.ts';
import type { HealthState, ListedPlace } from './health/health.ts';
import { setDrained } from './registry/drained.ts';
import type { Health } from './server-health.ts';
import type { Store } from './store/store.ts';
import { hasPlace } from './upstream/credentials.ts';
import type { Provider } from './upstream/provider.ts';

export interface HealthDeskInput {
  readonly health: Health;
  readonly store: Store;
  readonly clock: Clock;
  providers(): ReadonlyMap<string, Provider>;
}

export function createHealthDesk({ health, store, clock, providers }: HealthDeskInput): HealthDesk {
  return {
    read: () => readHealth(health, clock, providers()),
    async changes(query) {
      const all = await health.events.list(query);
      return all.filter((place) => isOwn(providers(), place));
    },
    async drain(provider, isDraining) {
      if (!providers().has(provider)) return false;
      await setDrained(store, provider, isDraining);
      // Others hear of it by the revision; who asked finds it done.
      health.board.drain(provider, isDraining);
      return true;
    },
  };
}

/** Of the same name another workspace may have a provider, with credentials of its own. */
function isOwn(
  providers: ReadonlyMap<string, Provider>,
  { provider: name, credential }: { readonly provider: string; readonly credential: string },
): boolean {
  const provider = providers.get(name);
  return provider !== undefined && hasPlace(provider, credential);
}

function readHealth(health: Health, clock: Clock, providers: ReadonlyMap<string, Provider>): HealthFacts {
  const listed = health.board.list().filter(({ place }) => isOwn(providers, place));
  const fromMono = clock.now() - clock.monotonic();
  return {
    providers: [...providers.values()].map((provider) => readProvider(health, provider, listed)),
    deployments: listed.map((one) => readDeployment(one, fromMono)),
    retriesLeft: health.board.retriesLeft(),
  };
}

/** @param fromMono what makes a monotonic time one of the wall clock */
function readDeployment({ place, standing }: ListedPlace, fromMono: number): DeploymentHealth {
  const { state, untilMono, reason, p95FirstByteMs, firstByteMs, lastFailedMono, inFlight } = standing;
  return {
    ...place,
    state,
    inFlight,
    ...(untilMono !== undefined && { untilMs: untilMono + fromMono }),
    ...(reason !== undefined && { reason }),
    ...(p95FirstByteMs !== undefined && { p95FirstByteMs }),
    ...(firstByteMs !== undefined && { firstByteMs }),
    ...(lastFailedMono !== undefined && { lastFailedAtMs: lastFailedMono + fromMono }),
  };
}

/** The best first. */
const BEST: readonly HealthState[] = [
  'healthy',
  'degraded',
  'half-open',
  'limited',
  'open',
  'disabled',
  'draining',
];

function readProvider(
  { board, probes }: Health,
  { name, kind }: Provider,
  listed: readonly ListedPlace[],
): ProviderHealth {
  const own = listed.filter(({ place }) => place.provider === name);
  const probe = probes.reports().get(name);
  const isDraining = board.standing({ ref: name, provider: name, credential: '' }).state === 'draining';
  const best = BEST.find((state) => own.some(({ standing }) => standing.state === state));
  const untried: ProviderState = !probe ? 'unknown' : probe.isReachable ? 'healthy' : 'unreachable';
  const state = isDraining ? 'draining' : (best ?? untried);
  const reason = own.find(({ standing }) => standing.state === state)?.standing.reason ?? probe?.said;
  return {
    provider: name,
    kind: kind.id,
    state,
    ...(reason !== undefined && state !== 'healthy' && { reason }),
    isDraining,
    deployments: own.length,
    inFlight: own.reduce((sum, { standing }) => sum + standing.inFlight, 0),
    ...(probe && { probe }),
  };
}

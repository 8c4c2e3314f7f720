/** Asks providers how they are when traffic does not tell: those that are idle, and those of which something is out of use. */
import type { Clock } from './base/clock.ts';
import type { HealthConfig } from './config-health.ts';
import type { HealthBoard, HealthState, ListedPlace } from './health/health.ts';
import { hasPlace, placeOf, withCredential } from './upstream/credentials.ts';
import { canProbe, type ProbeResult, probe } from './upstream/probe.ts';
import type { Authorizer, Provider } from './upstream/provider.ts';
import type { Transport } from './upstream/transport.ts';

export interface ProbesInput {
  readonly board: HealthBoard;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly random: () => number;
  settings(): HealthConfig;
  providers(): ReadonlyMap<string, Provider>;
  authorizerOf(provider: Provider): Authorizer | undefined;
  transportOf(provider: Provider): Transport;
}

export interface ProbeReport extends ProbeResult {
  readonly atMs: number;
  readonly tookMs: number;
}

export interface Probes {
  /** Looks who is due, and asks; called again and again. Resolves when those it asked have answered. */
  beat(): Promise<void>;
  /** What each provider last said, by the name it has among `providers`. */
  reports(): ReadonlyMap<string, ProbeReport>;
}

/** Probes under way at once: they are small, and nobody waits for them. */
const MAX_AT_ONCE = 8;
/** Intervals are longer or shorter by up to this share: processes that started together do not ask together. */
const JITTER = 0.1;
/** Out of use in a way that a probe may mend. */
const MENDABLE: readonly HealthState[] = ['open', 'half-open', 'disabled'];

interface Due {
  /** Monotonic. */
  atMono: number;
  isAsking: boolean;
}

/** A provider as it is called with one of its credentials. */
interface Asked {
  /** As a place names it. */
  readonly credential: string;
  readonly provider: Provider;
}

export function createProbes(input: ProbesInput): Probes {
  const { board, clock, random, settings } = input;
  const due = new Map<string, Due>();
  const reports = new Map<string, ProbeReport>();
  let asking = 0;

  const intervalOf = (): number => settings().probeEveryMs * (1 + (2 * random() - 1) * JITTER);
  const dueOf = (name: string, nowMono: number): Due => {
    const known = due.get(name);
    if (known) return known;
    // Nobody is idle who was just started.
    const made = { atMono: nowMono + intervalOf(), isAsking: false };
    due.set(name, made);
    return made;
  };
  const askOne = async (entry: Due, name: string, provider: Provider, asked: readonly Asked[]) => {
    entry.isAsking = true;
    asking += 1;
    for (const one of asked) {
      const report = await take(input, one.provider);
      if (!report) continue;
      reports.set(name, report);
      for (const { place } of placesOf(board, provider))
        if (place.credential === one.credential) board.probed(place, report);
    }
    entry.isAsking = false;
    asking -= 1;
  };

  return {
    async beat() {
      const { probes, probeEveryMs } = settings();
      const providers = input.providers();
      for (const known of [due, reports])
        for (const name of [...known.keys()]) if (!providers.has(name)) known.delete(name);
      if (!probes) return;
      const nowMono = clock.monotonic();
      const begun: Promise<void>[] = [];
      for (const [name, provider] of providers) {
        const entry = dueOf(name, nowMono);
        if (entry.atMono > nowMono || entry.isAsking || asking >= MAX_AT_ONCE) continue;
        entry.atMono = nowMono + intervalOf();
        const places = canProbe(provider) ? placesOf(board, provider) : undefined;
        if (places && (isIdle(places, nowMono - probeEveryMs) || places.some(isMendable)))
          begun.push(askOne(entry, name, provider, askedOf(provider, places)));
      }
      await Promise.all(begun);
    },
    reports: () => reports,
  };
}

async function take(
  { clock, transportOf, authorizerOf }: ProbesInput,
  provider: Provider,
): Promise<ProbeReport | undefined> {
  const startedMono = clock.monotonic();
  const result = await probe(provider, transportOf(provider), authorizerOf(provider));
  return result && { ...result, atMs: clock.now(), tookMs: clock.monotonic() - startedMono };
}

/** Of the same name there may be others, of other workspaces, with credentials of theirs. */
function placesOf(board: HealthBoard, provider: Provider): readonly ListedPlace[] {
  return board
    .list()
    .filter(({ place }) => place.provider === provider.name && hasPlace(provider, place.credential));
}

function isIdle(places: readonly ListedPlace[], sinceMono: number): boolean {
  return places.every(({ usedMono, standing }) => usedMono < sinceMono && standing.inFlight === 0);
}

function isMendable({ standing }: ListedPlace): boolean {
  return MENDABLE.includes(standing.state);
}

/** Each credential with which something is out of use; where there is none, the first speaks for the provider. */
function askedOf(provider: Provider, places: readonly ListedPlace[]): readonly Asked[] {
  const { credentials } = provider;
  if (credentials.length < 2) return [{ credential: placeOf(provider), provider }];
  const unwell = new Set(places.filter(isMendable).map(({ place }) => place.credential));
  const concerned = credentials.filter(({ id }) => unwell.has(id));
  return (concerned.length > 0 ? concerned : credentials.slice(0, 1)).map((credential) => ({
    credential: credential.id,
    provider: withCredential(provider, credential),
  }));
}

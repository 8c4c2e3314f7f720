/** Health of this installation: the board that traffic asks, what becomes of its events, and the loops that look after it. */
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import { createBoard } from './health/board.ts';
import type { HealthBoard, HealthEvent } from './health/health.ts';
import { listDrained } from './registry/drained.ts';
import { type EventLog, openEventLog } from './server-health-events.ts';
import type { Declared } from './server-live.ts';
import { createProbes, type Probes } from './server-probes.ts';
import { everyProvider } from './server-reach.ts';
import type { Store } from './store/store.ts';
import { hasPlace } from './upstream/credentials.ts';
import type { Provider } from './upstream/provider.ts';
import type { Transport } from './upstream/transport.ts';

export interface HealthInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Of this process among those that share the database; undefined = there is but one. */
  readonly replicaId: string | undefined;
  /** Nothing is asked, and nothing pruned, by a process that only looks. */
  readonly isServing: boolean;
  /** What is configured by now, which may change. */
  declared(): Declared;
  transportOf(provider: Provider): Transport;
  /** From 0 to below 1. */
  readonly random?: () => number;
  /** Default: the system's timers, none of which keeps the process alive. */
  readonly wait?: (delayMs: number, run: () => void) => () => void;
}

export interface Health {
  readonly board: HealthBoard;
  readonly events: EventLog;
  readonly probes: Probes;
  /** How often breakers of a provider have opened, by its name. */
  readonly opened: ReadonlyMap<string, number>;
  /** Before the store is closed. */
  stop(): Promise<void>;
}

/** How often it is looked at what time alone has changed, and who is to be probed. */
const BEAT_MS = 1_000;

const systemWait = (delayMs: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
};

export async function openHealth(input: HealthInput): Promise<Health> {
  const { store, clock, log, isServing, random = Math.random, wait = systemWait } = input;
  const events = openEventLog({ store, clock, log, replicaId: input.replicaId, random, wait }, isServing);
  const opened = new Map<string, number>();
  const board = createBoard({
    clock,
    random,
    onEvent(event) {
      note(event, log);
      events.note(event);
      const { provider } = event.place;
      if (event.to === 'open') opened.set(provider, (opened.get(provider) ?? 0) + 1);
    },
  });
  const probes = createProbes({
    ...{ board, clock, random },
    settings: () => input.declared().config.health,
    providers: () => everyProvider(input.declared().reaches),
    authorizerOf: (provider) => input.declared().reaches.authorizers.get(provider),
    transportOf: input.transportOf,
  });
  const stopDraining = await keepDrained(input, board);
  const stopBeating = isServing ? keepBeating(input, board, probes, wait) : () => undefined;
  return {
    board,
    events,
    probes,
    opened,
    async stop() {
      stopBeating();
      stopDraining();
      await events.stop();
    },
  };
}

function note({ place, from, to, reason }: HealthEvent, log: Log): void {
  const isBad = to === 'open' || to === 'disabled';
  const facts = { deployment: place.ref, credential: place.credential, from, to, reason };
  if (isBad) log.warn(facts, 'the health of a deployment has changed');
  else log.debug(facts, 'the health of a deployment has changed');
}

function keepBeating(
  { log, declared }: HealthInput,
  board: HealthBoard,
  probes: Probes,
  wait: NonNullable<HealthInput['wait']>,
): () => void {
  const providers = () => everyProvider(declared().reaches);
  let before = providers();
  const beat = (): void => {
    board.review();
    const now = providers();
    if (now !== before) forgetChanged(board, before, now);
    before = now;
    probes
      .beat()
      .catch((error: unknown) => log.error({ error: String(error) }, 'a provider could not be probed'));
    forget = wait(BEAT_MS, beat);
  };
  let forget = wait(BEAT_MS, beat);
  return () => forget();
}

/** What is configured no more is forgotten, and so is that a credential was refused which may be another now. */
function forgetChanged(
  board: HealthBoard,
  before: ReadonlyMap<string, Provider>,
  now: ReadonlyMap<string, Provider>,
): void {
  const same = new Set(before.values());
  const byName = new Map<string, Provider[]>();
  for (const provider of now.values())
    byName.set(provider.name, [...(byName.get(provider.name) ?? []), provider]);
  board.keepOnly((place) => {
    const owners = (byName.get(place.provider) ?? []).filter((one) => hasPlace(one, place.credential));
    if (owners.length === 0) return false;
    return owners.some((one) => same.has(one)) || board.standing(place).state !== 'disabled';
  });
}

/** Providers that operators took out of use are so in every process. */
async function keepDrained({ store, log }: HealthInput, board: HealthBoard): Promise<() => void> {
  let drained: ReadonlySet<string> = new Set();
  const take = async (): Promise<void> => {
    const next = await listDrained(store);
    for (const name of drained) if (!next.has(name)) board.drain(name, false);
    for (const name of next) board.drain(name, true);
    drained = next;
  };
  await take();
  let last: Promise<void> = Promise.resolve();
  return store.revision.onChange(() => {
    // One after the other: an older list must not come last.
    last = last.then(take).catch((error: unknown) => {
      log.error({ error: String(error) }, 'which providers are drained could not be read');
    });
  });
}

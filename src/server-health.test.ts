/** What the loops of health do while others change what is configured, or drain it. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { handTime } from '../test/support/outbox.ts';
import { storesUnderTest } from '../test/support/stores.ts';
import { silentLog } from './base/log.ts';
import { Secret } from './base/secret.ts';
import type { Observation, Place } from './health/health.ts';
import { setDrained } from './registry/drained.ts';
import { type Health, openHealth } from './server-health.ts';
import type { Declared } from './server-live.ts';
import type { Store } from './store/store.ts';
import { configureProviders } from './upstream/configure.ts';
import type { Provider } from './upstream/provider.ts';
import { providerKinds } from './upstream/providers.ts';

const opus: Place = { ref: 'anthropic/opus', provider: 'anthropic', credential: '' };
const REFUSED: Observation = { kind: 'credential', reason: 'status 401' };

function declaredOf(keys: Readonly<Record<string, string>>): Declared {
  const rows = Object.entries(keys).map(([name, key]) => {
    return { name, headers: {}, models: [], timeouts: {}, apiKey: new Secret(key) };
  });
  const configured = configureProviders(rows, providerKinds, {});
  const config = { health: { probes: false, probeEveryMs: 60_000 } };
  return { config, reaches: { common: { configured }, own: new Map() } } as unknown as Declared;
}

describe.each(storesUnderTest().slice(0, 1))('the loops of health ($name)', ({ open, remove }) => {
  afterAll(remove);
  let store: Store;
  let health: Health;
  let declared: Declared;
  let time: ReturnType<typeof handTime>;

  const start = () =>
    openHealth({
      ...{ store, clock: time.clock, log: silentLog, replicaId: undefined, isServing: true },
      declared: () => declared,
      transportOf: () => expect.unreachable('nothing is to be sent'),
      random: () => 0.5,
      wait: time.wait,
    });
  beforeEach(async () => {
    ({ store } = await open());
    time = handTime();
    declared = declaredOf({ anthropic: 'sk-old', openai: 'sk-1' });
    health = await start();
    return async () => {
      await health.stop();
      await store.close();
    };
  });
  const send = (place: Place, observation: Observation): void => {
    const trial = health.board.admit(place);
    trial?.observe(observation);
    trial?.end();
  };
  const beat = () => time.jump(1_000);

  it('forgets that a key was refused which may be another now, and of no other', () => {
    const gpt: Place = { ref: 'openai/gpt', provider: 'openai', credential: '' };
    send(opus, REFUSED);
    send(gpt, REFUSED);
    const providersOf = ({ reaches }: Declared) =>
      reaches.common.configured.providers as Map<string, Provider>;
    const next = declaredOf({ anthropic: 'sk-new', openai: 'sk-1' });
    providersOf(next).set('openai', providersOf(declared).get('openai')!);
    declared = next;
    beat();
    expect(health.board.standing(opus).state).toBe('healthy');
    expect(health.board.standing(gpt).state).toBe('disabled');
  });

  it('forgets what is configured no more', () => {
    send(opus, REFUSED);
    declared = declaredOf({ openai: 'sk-1' });
    beat();
    expect(health.board.list()).toEqual([]);
  });

  it('hears of providers that another process drains, and knows of them after a restart', async () => {
    const heard = (state: string) =>
      expect.poll(() => health.board.standing(opus).state, { interval: 5 }).toBe(state);
    await setDrained(store, 'anthropic', true);
    await heard('draining');
    await setDrained(store, 'anthropic', true);
    await health.stop();
    health = await start();
    expect(health.board.standing(opus).state).toBe('draining');
    await setDrained(store, 'anthropic', false);
    await heard('healthy');
  });

  it('tells of waits that are over though nobody asks', async () => {
    for (let failure = 0; failure < 5; failure += 1) send(opus, { kind: 'down', reason: 'status 529' });
    time.jump(30_000);
    beat();
    await health.stop();
    expect((await health.events.list({ limit: 5 })).map(({ from, to }) => `${from} > ${to}`)).toEqual([
      'open > half-open',
      'healthy > open',
    ]);
    expect([...health.opened]).toEqual([['anthropic', 1]]);
  });
});

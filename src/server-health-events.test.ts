/** Changes of health in the database, on every store: written in batches, told once, and not kept for ever. */
import { afterAll, describe, expect, it } from 'vitest';
import { handTime, NOW } from '../test/support/outbox.ts';
import { storesUnderTest } from '../test/support/stores.ts';
import { silentLog } from './base/log.ts';
import type { HealthEvent, HealthState, Place } from './health/health.ts';
import { type EventLog, openEventLog, pruneEvents } from './server-health-events.ts';
import type { Store } from './store/store.ts';

const opus: Place = { ref: 'anthropic/opus', provider: 'anthropic', credential: 'file:team' };
const haiku: Place = { ...opus, ref: 'anthropic/haiku' };

function event(from: HealthState, to: HealthState, minute: number, place = opus): HealthEvent {
  return { place, from, to, reason: `${from} > ${to}`, atMs: NOW + minute * 60_000, untilMs: undefined };
}

describe.each(storesUnderTest())('changes of health ($name)', ({ open, remove }) => {
  afterAll(remove);

  const openLog = (store: Store, replicaId?: string): EventLog & { flush(): Promise<void> } => {
    const time = handTime();
    const log = openEventLog(
      { store, replicaId, clock: time.clock, log: silentLog, random: () => 0.5, wait: time.wait },
      false,
    );
    return {
      ...log,
      async flush() {
        time.jump(500);
        // What was noted before it is written by the time an empty list is read.
        await log.stop();
      },
    };
  };
  const topicsOf = async (store: Store): Promise<string[]> => {
    const rows = await store.kysely.selectFrom('outbox').select(['topic', 'id']).orderBy('id').execute();
    return rows.map(({ topic }) => topic);
  };
  const write = async (store: Store, events: readonly HealthEvent[], replicaId?: string): Promise<void> => {
    const log = openLog(store, replicaId);
    for (const one of events) log.note(one);
    await log.flush();
  };

  it('are read newest first, of one provider or of all, whoever saw them', async () => {
    const { store } = await open();
    await write(store, [event('healthy', 'open', 0), event('open', 'half-open', 1)], 'replica-1');
    const elsewhere = { ref: 'openai/gpt', provider: 'openai', credential: '' };
    await write(
      store,
      [{ ...event('healthy', 'limited', 2, elsewhere), untilMs: NOW + 130_000 }],
      'replica-2',
    );
    const log = openLog(store);
    const all = await log.list({ limit: 10 });
    expect(all.map(({ ref, from, to, replica }) => [ref, from, to, replica])).toEqual([
      ['openai/gpt', 'healthy', 'limited', 'replica-2'],
      ['anthropic/opus', 'open', 'half-open', 'replica-1'],
      ['anthropic/opus', 'healthy', 'open', 'replica-1'],
    ]);
    expect(all[0]).toMatchObject({ atMs: NOW + 120_000, untilMs: NOW + 130_000 });
    expect(await log.list({ limit: 1, provider: 'anthropic' })).toMatchObject([{ to: 'half-open' }]);
    await store.close();
  });

  it('tell once that a credential is refused, until it was good again: other models, trials, other processes', async () => {
    const { store } = await open();
    await write(store, [event('healthy', 'disabled', 0), event('healthy', 'disabled', 0, haiku)]);
    await write(store, [event('disabled', 'half-open', 5), event('half-open', 'disabled', 6)]);
    await write(store, [event('healthy', 'disabled', 7)], 'replica-2');
    expect(await topicsOf(store)).toEqual(['credential.disabled']);
    await write(store, [event('half-open', 'healthy', 30, haiku), event('healthy', 'disabled', 40)]);
    await write(store, [event('healthy', 'disabled', 41)], 'replica-2');
    expect(await topicsOf(store)).toEqual(['credential.disabled', 'credential.disabled']);
    await store.close();
  });

  it('tell of what is down once an hour, whoever saw it', async () => {
    const { store } = await open();
    const down = [event('healthy', 'open', 0), event('open', 'half-open', 1), event('half-open', 'open', 2)];
    await write(store, down, 'replica-1');
    await write(
      store,
      [...down, event('open', 'half-open', 3), event('half-open', 'healthy', 4)],
      'replica-2',
    );
    expect(await topicsOf(store)).toEqual(['deployment.down', 'deployment.recovered']);
    await store.close();
  });

  it('belong to the workspace that has the provider or the credential, and to nobody where a member has it', async () => {
    const { store } = await open();
    const row = {
      workspace_id: 'ws_a',
      provider: 'groq',
      sealed: '',
      preview: '',
      weight: 1,
      created_at: NOW,
    };
    await store.write([
      store.kysely.insertInto('workspaces').values({ id: 'ws_a', name: 'a', created_at: NOW }),
      store.kysely.insertInto('credentials').values([
        { ...row, id: 'cred_team', label: 'team', member_id: null },
        { ...row, id: 'cred_bob', label: 'bob', member_id: 'mem_bob' },
      ] as never),
    ]);
    const places = ['cred_team', 'cred_bob', 'cred_gone', 'ws_b', 'file:team'];
    await write(
      store,
      places.map((credential) => event('healthy', 'disabled', 0, { ...opus, credential })),
    );
    const rows = await store.kysely
      .selectFrom('outbox')
      .select(['id', 'workspace_id'])
      .where('workspace_id', 'is not', null)
      .orderBy('id')
      .execute();
    expect(rows).toEqual([
      { id: 'credential.disabled/anthropic/cred_team/first', workspace_id: 'ws_a' },
      { id: 'credential.disabled/anthropic/ws_b/first', workspace_id: 'ws_b' },
    ]);
    expect(await topicsOf(store)).toHaveLength(places.length);
    await store.close();
  });

  it('are kept for a time, and so many of them', async () => {
    const { store } = await open();
    const events = Array.from({ length: 1_200 }, (_, minute) => event('healthy', 'open', minute));
    await write(store, events);
    expect(await pruneEvents(store, NOW, { ms: 86_400_000, rows: 5_000 })).toBe(0);
    expect(await pruneEvents(store, NOW + 700 * 60_000, { ms: 100 * 60_000, rows: 5_000 })).toBe(600);
    expect(await pruneEvents(store, NOW, { ms: 86_400_000, rows: 10 })).toBe(590);
    const left = await openLog(store).list({ limit: 100 });
    expect(left.map(({ atMs }) => (atMs - NOW) / 60_000)).toEqual(
      Array.from({ length: 10 }, (_, at) => 1_199 - at),
    );
    await store.close();
  });

  it('wait while the database cannot be written, and are then written once', async () => {
    const { store } = await open();
    let failures = 2;
    const failing: Store = {
      ...store,
      write: (queries) => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error('disk full')) : store.write(queries);
      },
    };
    const time = handTime();
    const log = openEventLog(
      {
        store: failing,
        replicaId: undefined,
        clock: time.clock,
        log: silentLog,
        random: () => 0.5,
        wait: time.wait,
      },
      false,
    );
    log.note(event('healthy', 'open', 0));
    for (const ms of [500, 5_000, 5_000]) {
      time.jump(ms);
      await new Promise((done) => setTimeout(done, 5));
    }
    await log.stop();
    expect(await log.list({ limit: 5 })).toHaveLength(1);
    await store.close();
  });
});

/** Live updates: who hears what, what was missed, and how each stream ends. On the stores that many processes may share. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bookAttempts, openBooks } from '../../test/support/analytics-books.ts';
import { type Ear, hear } from '../../test/support/heard.ts';
import { createManualTime, type ManualTime } from '../../test/support/manual-time.ts';
import { budgetAlert, putAlerts } from '../../test/support/outbox.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { newId, type WorkspaceId } from '../base/ids.ts';
import { silentLog } from '../base/log.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import { linkAudit } from '../registry/audit-chain.ts';
import { recordAudit } from '../registry/audit-events.ts';
import type { Store } from '../store/store.ts';
import type { LiveHub, LiveNeed } from './deps-live.ts';
import { createLiveHub, MAX_LISTENERS, MAX_OF_WORKSPACE } from './live-hub.ts';
import { MAX_WAITING_BYTES } from './live-listener.ts';

const START = Date.parse('2026-11-21T12:00:00Z');
const stores = storesUnderTest().filter(({ name }) => !name.endsWith('power'));

describe.each(stores)('live updates on $name', (underTest) => {
  let store: Store;
  let ledgerStore: LedgerStore;
  let time: ManualTime;
  let hub: LiveHub;
  let reads: number;
  let role: LiveNeed | undefined;
  beforeEach(async () => {
    role = 'admin';
    ({ store, ledgerStore } = await underTest.open());
    await openBooks(store);
    time = createManualTime(START);
    reads = 0;
    hub = createLiveHub({
      ...{ store, clock: time.clock, log: silentLog },
      wait: (delayMs, run) =>
        time.wait(delayMs, () => {
          reads += 1;
          run();
        }),
      sees: (workspaceId, { credential }) => credential === '' || credential === `of:${workspaceId}`,
    });
  });
  afterEach(async () => {
    hub.stop();
    await store.close();
  });
  afterAll(() => underTest.remove());

  const listen = async (workspaceId: WorkspaceId = 'ws_1', lastEventId?: string): Promise<Ear> => {
    const found = await hub.of(workspaceId).listen({ lastEventId, check: async () => role });
    if (found.kind !== 'open') throw new Error(found.kind);
    return hear(found.stream);
  };
  /** Turns of the loop read from a real database: they take as long as that does. */
  const turn = async (ear: Ear, type: string, count = 1) => {
    for (let turns = 0; turns < 200 && ear.of(type).length < count; turns += 1) await turnOnce();
    return ear.until(type, count);
  };
  const turnOnce = async () => {
    await time.advance(1_000);
    await new Promise((done) => setTimeout(done, 20));
  };
  const audit = async (
    action: string,
    workspaceId: WorkspaceId = 'ws_1',
    detail: object = { writes: [] },
  ) => {
    const actor = { id: 'mem_ada', name: 'Ada', via: 'session' } as const;
    await recordAudit(store, { workspaceId, actor, action, outcome: 'done', detail }, START);
    await linkAudit(store);
  };
  const health = (credential: string, atMs: number) =>
    store.write([
      store.kysely.insertInto('health_events').values({
        ...{ id: newId('hev'), replica: '', ref: 'p/m', provider: 'p', credential },
        ...{ from_state: 'healthy', to_state: 'open', reason: 'said sk-secret', at: atMs, until_at: null },
      }),
    ]);
  const task = (workspaceId: WorkspaceId, atMs: number) =>
    store.write([
      store.kysely.insertInto('agents').values({
        ...{
          id: newId('agt'),
          workspace_id: workspaceId,
          name: 'coder',
          description: null,
          system_prompt: null,
        },
        ...{ preferred_model: null, created_by: '', created_at: 0, last_seen_at: null, archived_at: null },
      }),
      store.kysely
        .insertInto('agent_events')
        .columns(['id', 'workspace_id', 'agent_id', 'kind', 'message', 'at'])
        .expression(
          store.kysely
            .selectFrom('agents')
            .select((eb) => [
              eb.val(newId('tev')).as('id'),
              'workspace_id',
              'id as agent_id',
              eb.val('heartbeat' as const).as('kind'),
              eb.val(`${workspaceId} began`).as('message'),
              eb.val(atMs).as('at'),
            ])
            .where('workspace_id', '=', workspaceId),
        ),
    ]);
  const attempt = (workspaceId = 'ws_1', more: object = {}) =>
    bookAttempts(ledgerStore, [{ atMs: START, workspaceId, cents: 3, exchangeId: newId('exc'), ...more }]);

  it('tells of everything, in its workspace', async () => {
    const ear = await listen();
    expect((await ear.until('hello'))[0]).toEqual({ workspace: 'ws_1', role: 'admin' });
    await attempt();
    await audit('budgets.create');
    await putAlerts(store, budgetAlert({ workspaceId: 'ws_1', at: START + 500 }));
    await health('', START + 500);
    await task('ws_1', START + 500);
    await turn(ear, 'audit');
    await ear.until('health');
    expect(await ear.until('task')).toMatchObject([{ kind: 'heartbeat', message: 'ws_1 began' }]);
    expect(ear.of('exchange')).toMatchObject([
      { model: 'p/m', costUsd: '0.03', kind: 'settle', status: 'ok' },
    ]);
    expect(ear.of('registry')).toMatchObject([{ kind: 'budgets' }]);
    expect(ear.of('audit')).toMatchObject([{ action: 'budgets.create', position: 1 }]);
    expect(ear.of('budget')).toMatchObject([{ topic: 'budget.threshold' }]);
    expect(ear.of('health')).toMatchObject([{ ref: 'p/m', to: 'open' }]);
    expect(JSON.stringify(ear.events)).not.toContain('secret');
    await time.advance(5_000);
    expect(ear.events.filter(({ type }) => type !== 'hello')).toHaveLength(6);
  });

  it('tells nothing of another workspace', async () => {
    const [one, two] = [await listen('ws_1'), await listen('ws_2')];
    await attempt('ws_1');
    await audit('budgets.create', 'ws_1');
    await putAlerts(store, budgetAlert({ workspaceId: 'ws_1', at: START + 500 }));
    await health('of:ws_1', START + 500);
    await task('ws_1', START + 500);
    await turn(one, 'health');
    await one.until('audit');
    await attempt('ws_2');
    await turn(two, 'exchange');
    expect(two.events.map(({ type }) => type)).toEqual(['hello', 'exchange']);
    expect(one.of('exchange')).toHaveLength(1);
  });

  it('who did what is for admins', async () => {
    role = 'viewer';
    const ear = await listen();
    await audit('budgets.create');
    await audit('keys.refused', 'ws_1', { status: 403 });
    await turn(ear, 'registry');
    expect(ear.events.map(({ type }) => type)).toEqual(['hello', 'registry']);
  });

  it('goes on where a listener was, without a gap', async () => {
    const first = await listen();
    await attempt();
    await turn(first, 'exchange');
    await first.close();
    const id = first.events.at(-1)!.id;
    await attempt('ws_1', { model: 'while-away' });
    await audit('budgets.create');
    const second = await listen('ws_1', id);
    await second.until('audit');
    expect(second.of('exchange').map(({ model }) => model)).toContain('p/while-away');
    await attempt('ws_1', { model: 'after' });
    await turn(second, 'exchange', second.of('exchange').length + 1);
    expect(second.of('exchange').at(-1)).toMatchObject({ model: 'p/after' });
    // With one process each is told once.
    if (store.dialect === 'sqlite') expect(second.of('exchange')).toHaveLength(2);
  });

  it('who lost the connection between two that belong together hears the second', async () => {
    const first = await listen();
    await audit('budgets.create');
    await turn(first, 'audit');
    const { id } = first.events.find(({ type }) => type === 'registry')!;
    const second = await listen('ws_1', id);
    expect((await second.until('audit'))[0]).toMatchObject({ action: 'budgets.create' });
  });

  it.each(['x', '1.2', '9'.repeat(90), "1.1.1.1' or 1=1"])('the id %j is none: it is said', async (id) => {
    const ear = await listen('ws_1', id);
    expect(await ear.until('reset')).toEqual([{ reason: 'unknown_id' }]);
  });

  it('an id of the future hears of the present', async () => {
    const ear = await listen('ws_1', '999999999.999999999.9999999999999.9999999999999.9999999999999');
    await attempt();
    await turn(ear, 'exchange');
  });

  it('who was away for too long is told so', async () => {
    await bookAttempts(
      ledgerStore,
      Array.from({ length: 501 }, () => ({ atMs: START, workspaceId: 'ws_1' })),
    );
    const ear = await listen('ws_1', `0.0.${START}.${START}.${START}`);
    expect(await ear.until('reset')).toEqual([{ reason: 'too_far_behind' }]);
    expect(ear.of('exchange')).toEqual([]);
  });

  it('reads nothing while nobody listens', async () => {
    await time.advance(10_000);
    expect([reads, time.pending()]).toEqual([0, 0]);
    const ear = await listen();
    await ear.close();
    await time.advance(10_000);
    expect(reads).toBe(1);
    expect(time.pending()).toBe(0);
    hub.stir();
    expect(time.pending()).toBe(0);
  });

  it('ends for who may not hear any more', async () => {
    const ear = await listen();
    role = undefined;
    expect(await turn(ear, 'end')).toEqual([{ reason: 'revoked' }]);
    expect(ear.isOver).toBe(true);
  });

  it('an admin who is one no more hears no audit', async () => {
    const ear = await listen();
    let checks = 0;
    const found = await hub.of('ws_1').listen({
      lastEventId: undefined,
      check: async () => {
        checks += 1;
        return checks === 1 ? 'admin' : 'viewer';
      },
    });
    if (found.kind !== 'open') throw new Error(found.kind);
    const former = hear(found.stream);
    while (checks < 2) await turnOnce();
    await audit('budgets.create');
    await turn(ear, 'audit');
    await former.until('registry');
    expect(former.of('audit')).toEqual([]);
  });

  it('gives signs of life', async () => {
    const ear = await listen();
    for (let turns = 0; turns < 200 && ear.comments.length === 0; turns += 1) await turnOnce();
    expect(ear.comments[0]).toBe('beat');
    expect(time.clock.monotonic()).toBeGreaterThanOrEqual(15_000);
  });

  it('cuts who does not read, with a last word, and keeps no more than its share', async () => {
    const found = await hub.of('ws_1').listen({ lastEventId: undefined, check: async () => 'admin' });
    if (found.kind !== 'open') throw new Error(found.kind);
    const data = { text: 'x'.repeat(10_000) };
    for (let n = 0; n < 100; n += 1) hub.publish('ws_1', { type: 'task', needs: 'viewer', data });
    const ear = hear(found.stream);
    expect(await ear.until('reset')).toEqual([{ reason: 'slow' }]);
    expect(ear.of('task').length * 10_000).toBeLessThan(MAX_WAITING_BYTES + 20_000);
    expect(ear.of('task').length).toBeGreaterThan(20);
    await ear.until('hello');
    expect(ear.isOver).toBe(true);
  });

  it('ends all when the process is to end, and takes no more', async () => {
    const ears = [await listen(), await listen('ws_2')];
    hub.stop();
    for (const ear of ears) expect(await ear.until('end')).toEqual([{ reason: 'shutting_down' }]);
    const after = await hub.of('ws_1').listen({ lastEventId: undefined, check: async () => 'admin' });
    expect(after.kind).toBe('ending');
  });
});

describe('how many', () => {
  const [underTest] = stores;
  it('so many of a workspace and so many in all, also of those that come at once', async () => {
    const { store } = await underTest!.open();
    const time = createManualTime(START);
    const hub = createLiveHub({
      store,
      clock: time.clock,
      log: silentLog,
      wait: time.wait,
      sees: () => true,
    });
    const ask = (n: number) =>
      hub.of(`ws_${n}`).listen({ lastEventId: undefined, check: async () => 'viewer' });
    const kinds = async (asks: readonly Promise<{ kind: string }>[]) =>
      (await Promise.all(asks)).map(({ kind }) => kind);
    for (let n = 0; n < MAX_OF_WORKSPACE; n += 1) expect((await ask(1)).kind).toBe('open');
    expect((await ask(1)).kind).toBe('full');
    expect((await ask(2)).kind).toBe('open');
    const left = MAX_LISTENERS - MAX_OF_WORKSPACE - 1;
    const found: string[] = [];
    while (found.length < left + 5)
      found.push(...(await kinds(Array.from({ length: 12 }, (_, n) => ask(3 + found.length + n)))));
    found.length = left + 5;
    expect(found.filter((kind) => kind === 'open')).toHaveLength(left);
    expect(found.filter((kind) => kind === 'full')).toHaveLength(5);
    hub.stop();
    await store.close();
    await underTest!.remove();
  });
});

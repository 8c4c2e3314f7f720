/** Processes that share a PostgreSQL database link one chain, also when two of them do it at once. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshPostgres, hasPostgres } from '../../test/support/postgres.ts';
import { silentLog } from '../base/log.ts';
import { openPostgres, type PostgresStore } from '../store/postgres.ts';
import { findHead, linkAudit } from './audit-chain.ts';
import { recordAudit } from './audit-events.ts';
import { verifyChain } from './audit-verify.ts';

const victim = fileURLToPath(new URL('../../test/support/audit-victim.ts', import.meta.url));
const actor = { id: 'mem_ada', name: 'Ada', via: 'session' } as const;

describe.runIf(hasPostgres)('one chain of many processes', () => {
  let url: string;
  let store: PostgresStore;
  beforeEach(async () => {
    url = await freshPostgres();
    store = await openPostgres(url, { durability: 'power', log: silentLog });
  });
  afterEach(() => store.close());

  it('two processes that tell and link at once', async () => {
    const run = (prefix: string) =>
      new Promise<number | null>((done) => {
        const child = spawn(process.execPath, ['--import', 'tsx', victim, url, '1', prefix, '60'], {
          stdio: 'inherit',
        });
        child.on('exit', done);
      });
    expect(await Promise.all([run('one'), run('two')])).toEqual([0, 0]);
    const report = await verifyChain(store, 'ws_1');
    expect(report).toMatchObject({ isSound: true, events: 120, unlinked: 0, head: { position: 120 } });
    // Both were at it: neither has linked all of its own in one piece.
    const rows = await store.kysely
      .selectFrom('audit_events')
      .select('actor_id')
      .orderBy('position')
      .execute();
    const turns = rows.filter(({ actor_id }, at) => at > 0 && actor_id !== rows[at - 1]!.actor_id).length;
    expect(turns).toBeGreaterThan(1);
  });

  it('who has lost the lock in between breaks nothing', async () => {
    const record = (n: number) =>
      recordAudit(store, { workspaceId: 'ws_1', actor, action: `a.${n}`, outcome: 'done' }, Date.now());
    for (let n = 0; n < 30; n += 1) await record(n);
    // As if each had the database to itself.
    const lockless = { ...store, alone: <T>(work: () => Promise<T>) => work() };
    for (let round = 0; round < 8; round += 1) {
      await Promise.all([record(100 + round), record(200 + round)]);
      await Promise.allSettled(Array.from({ length: 3 }, () => linkAudit(lockless)));
    }
    await linkAudit(store);
    const report = await verifyChain(store, 'ws_1');
    expect(report).toMatchObject({ isSound: true, events: 46, problems: [] });
    expect(await findHead(store, 'ws_1')).toEqual(report.head);
  });
});

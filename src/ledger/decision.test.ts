/** The decision of an attempt: bounded, clean, and in the books exactly when its entry is. */
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { request, settled } from '../../test/support/fake-ledger-store.ts';
import { storesUnderTest } from '../../test/support/stores.ts';
import { silentLog } from '../base/log.ts';
import type { Store } from '../store/store.ts';
import { createLedger, type RunningLedger } from './create-ledger.ts';
import {
  type Decision,
  type DecisionFacts,
  decisionsOf,
  type Loss,
  MAX_DECISION_CHARS,
  renderDecision,
} from './decision.ts';
import { emptyBatch, type LedgerStore } from './ledger-store.ts';

const facts: DecisionFacts = {
  asked: 'fast',
  revision: 3,
  upstreamFormat: 'anthropic-messages',
  overheadMs: 1.23456,
  skipped: [{ ref: 'oai/gpt-4o', reason: 'model_not_allowed' }],
  requestLosses: [],
  replyLosses: [],
};
const loss = (path: string, note = 'the target knows no such thing'): Loss => ({
  kind: 'dropped',
  path,
  note,
});
const many = (count: number, prefix: string, note?: string): Loss[] =>
  Array.from({ length: count }, (_, n) => loss(`${prefix}[${n}]`, note));
const kept = (more: Partial<DecisionFacts>): Decision => JSON.parse(renderDecision({ ...facts, ...more }));

describe('what is kept', () => {
  it('is all there is to say, requests and replies told apart', () => {
    const requestLosses = [loss('topK')];
    const replyLosses: Loss[] = [{ kind: 'approximated', path: 'parts[0]', note: 'shown as text' }];
    expect(kept({ requestLosses, replyLosses })).toEqual({
      ...facts,
      overheadMs: 1.23,
      requestLosses: { named: requestLosses, unnamed: 0 },
      replyLosses: { named: replyLosses, unnamed: 0 },
    });
  });

  it.each([
    { requests: 100, replies: 0, named: [100, 0], unnamed: [0, 0] },
    { requests: 101, replies: 0, named: [100, 0], unnamed: [1, 0] },
    { requests: 5000, replies: 3, named: [97, 3], unnamed: [4903, 0] },
    { requests: 200, replies: 200, named: [50, 50], unnamed: [150, 150] },
    { requests: 2, replies: 60, named: [2, 50], unnamed: [0, 10] },
  ])('names at most 100 of $requests and $replies, and counts the rest', (row) => {
    const { requestLosses, replyLosses } = kept({
      requestLosses: many(row.requests, 'turns'),
      replyLosses: many(row.replies, 'parts'),
    });
    expect([requestLosses.named.length, replyLosses.named.length]).toEqual(row.named);
    expect([requestLosses.unnamed, replyLosses.unnamed]).toEqual(row.unnamed);
  });

  it('names what was told twice once', () => {
    const { replyLosses } = kept({ replyLosses: [loss('parts[0]'), loss('parts[1]'), loss('parts[0]')] });
    expect(replyLosses.named.map(({ path }) => path)).toEqual(['parts[0]', 'parts[1]']);
    expect(replyLosses.unnamed).toBe(0);
  });

  it('cuts a note that is no sentence, and a path that is none', () => {
    const { requestLosses } = kept({ requestLosses: [loss('ab '.repeat(200), 'cd '.repeat(2000))] });
    const [{ path, note } = loss('')] = requestLosses.named;
    expect([path.length, note.length]).toEqual([200, 300]);
    expect([path, note].every((text) => text.endsWith('…'))).toBe(true);
  });

  it('names fewer where all are long, and still counts every one', () => {
    const requestLosses = many(400, 'x '.repeat(90), 'y '.repeat(150));
    const text = renderDecision({ ...facts, requestLosses });
    expect(text.length).toBeLessThanOrEqual(MAX_DECISION_CHARS);
    const { named, unnamed } = (JSON.parse(text) as Decision).requestLosses;
    expect(named.length).toBeGreaterThan(10);
    expect(named.length + unnamed).toBe(400);
  });

  it.each([
    [
      'a key',
      'there is no service tier sk-ant-api03-Zx81kQ0pL7mN2vB5cR9tY4wE6uI3oA here',
      'tier sk-ant… here',
    ],
    ['the rest of a key behind the cut', `${'a '.repeat(145)}sk-Zx81kQ0pL7mN2vB5cR9tY4wE6uI3oA`, 'a sk-Zx8…'],
    ['an id', 'the result of toolu_01A09q90qw90lq917835lq9 has no call', 'of toolu_… has'],
    [
      'no tool',
      'renamed mcp__claude-in-chrome__tabs_context2_mcp',
      'renamed mcp__claude-in-chrome__tabs_context2_mcp',
    ],
    ['no model', 'claude-sonnet-4-5-20250929 refuses it', 'claude-sonnet-4-5-20250929 refuses it'],
    [
      'no media type',
      'reads no application/vnd.openxmlformats-officedocument',
      'application/vnd.openxmlformats-office',
    ],
    ['an escape', 'tier \u001b[31mred\u202e here\nnext', 'tier  [31mred  here next'],
  ])('shows %s as little as it should', (_name, note, shown) => {
    const { requestLosses } = kept({ requestLosses: [loss('a', note)] });
    expect(requestLosses.named[0]!.note).toContain(shown);
  });

  it('is JSON within its limit, whatever it was told', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 700 }), fc.string());
    const losses = fc.array(
      fc.record({
        kind: fc.constantFrom('dropped' as const, 'approximated' as const),
        path: text,
        note: text,
      }),
      { maxLength: 150 },
    );
    const refs = fc.array(fc.record({ ref: text, reason: fc.constant('model_not_allowed') }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(text, refs, losses, losses, (asked, skipped, requestLosses, replyLosses) => {
        const written = renderDecision({ ...facts, asked, skipped, requestLosses, replyLosses });
        expect(written.length).toBeLessThanOrEqual(MAX_DECISION_CHARS);
        expect(written).not.toMatch(/\p{Cc}|\p{Cf}/u);
        expect(JSON.parse(written)).toMatchObject({ revision: 3 });
      }),
      { numRuns: 100 },
    );
  });
});

describe.each(storesUnderTest())('in the books on $name', ({ open, remove }) => {
  let store: Store;
  let ledgerStore: LedgerStore;
  let ledger: RunningLedger;
  beforeEach(async () => {
    ({ store, ledgerStore } = await open());
    ledger = createLedger({
      store: ledgerStore,
      clock: { now: () => 0, monotonic: () => 0 },
      log: silentLog,
    });
  });
  afterEach(async () => {
    ledger.stop();
    await store.close();
  });
  afterAll(remove);

  async function spend(attempt: number, decision: DecisionFacts | undefined): Promise<void> {
    await ledger.reserve({ ...request(1), attempt });
    ledger.settle({ ...settled(1), attempt, decision });
    expect(await ledger.drain(1000)).toBe(true);
  }

  it('stands beside each attempt that has more to say than its entry', async () => {
    await spend(1, undefined);
    await spend(2, { ...facts, requestLosses: [loss('topK')] });
    await spend(3, facts);
    const found = await decisionsOf(store, 'exc_1');
    expect([...found.keys()]).toEqual([2, 3]);
    expect(found.get(2)).toMatchObject({ asked: 'fast', requestLosses: { named: [loss('topK')] } });
    expect(await decisionsOf(store, 'exc_2')).toEqual(new Map());
  });

  it('is written once, like its entry', async () => {
    await spend(1, facts);
    const { seq: _, ...entry } = await store.kysely
      .selectFrom('ledger_entries')
      .selectAll()
      .executeTakeFirstOrThrow();
    const again = { entry, price: undefined, decision: renderDecision({ ...facts, asked: 'another' }) };
    const batch = { ...emptyBatch, posts: [again] };
    expect(await ledgerStore.applyBatch(batch)).toMatchObject({ ok: true, duplicates: [{ attempt: 1 }] });
    expect((await decisionsOf(store, 'exc_1')).get(1)).toMatchObject({ asked: 'fast' });
  });

  it('is taken back with its entry', async () => {
    const removeTrigger = await breakInserts(store, 'usage_days');
    await ledger.reserve(request(1));
    ledger.settle({ ...settled(1), decision: facts });
    await ledger.drain(1000);
    expect(await store.kysely.selectFrom('ledger_entries').select('seq').execute()).toEqual([]);
    expect(await decisionsOf(store, 'exc_1')).toEqual(new Map());
    await removeTrigger();
  });
});

/** Returns how to mend it. */
async function breakInserts({ dialect, kysely }: Store, table: string): Promise<() => Promise<unknown>> {
  if (dialect === 'sqlite') {
    const trigger = `create trigger broken before insert on ${table} begin select raise(abort, 'no'); end`;
    await sql.raw(trigger).execute(kysely);
    return () => sql`drop trigger broken`.execute(kysely);
  }
  const fail = `create function fail() returns trigger language plpgsql as $$ begin raise 'no'; end $$`;
  await sql.raw(fail).execute(kysely);
  await sql.raw(`create trigger broken before insert on ${table} execute function fail()`).execute(kysely);
  return () => sql`drop function fail cascade`.execute(kysely);
}

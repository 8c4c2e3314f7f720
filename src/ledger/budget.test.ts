/** Which budgets a request counts against, in which windows and in which order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ScopeKind, scopeKinds } from '../base/budget.ts';
import { nanoUsd } from '../base/money.ts';
import {
  type Budget,
  budgetWindowAt,
  calendarChangeAt,
  compileBudgets,
  inLockOrder,
  matchBudgets,
  noBudgets,
  type Owner,
  outputCapOf,
} from './budget.ts';

const NOW = Date.parse('2026-11-21T18:30:00Z');

let made = 0;
function budget(scope: string, more: Partial<Budget> = {}): Budget {
  const [kind = '', ...rest] = scope.split('=');
  made += 1;
  return {
    id: `bud_${String(made).padStart(4, '0')}`,
    workspaceId: 'ws_1',
    name: scope,
    scope: { kind: kind as ScopeKind, id: rest.join('=') || '*' },
    limit: nanoUsd(25_000_000_000n),
    enforcement: 'hard',
    period: 'day',
    timeZone: 'UTC',
    anchorDay: 1,
    queueMs: 0,
    thresholds: [80],
    mode: 'worst-case',
    version: 1,
    ...more,
  };
}

const owner: Owner = {
  workspaceId: 'ws_1',
  keyId: 'key_1',
  memberId: 'mem_1',
  agentId: 'coder',
  endUser: 'ann',
  sessionId: 's1',
  pipelineId: 'run_1',
  provider: 'openrouter',
  model: 'anthropic/claude-sonnet-4.5',
};

function matched(budgets: readonly Budget[], of: Owner = owner) {
  return matchBudgets(compileBudgets(budgets), of, NOW).map(({ name, subject }) => [name, subject]);
}

describe('matchBudgets', () => {
  it.each([
    ['workspace', 'ws_1'],
    ['member=mem_1', 'mem_1'],
    ['agent=coder', 'coder'],
    ['key=key_1', 'key_1'],
    ['end-user=ann', 'ann'],
    ['provider=openrouter', 'openrouter'],
    ['model=openrouter/anthropic/claude-sonnet-4.5', 'openrouter/anthropic/claude-sonnet-4.5'],
    ['session=s1', 's1'],
    ['pipeline=run_1', 'run_1'],
  ])('%s', (scope, subject) => {
    const kind = scope.split('=')[0]!;
    const all = [budget(scope), budget(`${kind}=*`), budget(`${kind}=another`)];
    if (kind === 'workspace') all.splice(1);
    expect(matched(all)).toEqual(all.slice(0, 2).map(({ name }) => [name, subject]));
  });

  it('passes over what the attempt does not have', () => {
    const bare = {
      workspaceId: 'ws_1',
      keyId: 'key_1',
      provider: 'openai',
      model: 'gpt-4o',
      agentId: '',
    } as const;
    const all = scopeKinds.map((kind) => budget(kind));
    expect(matched(all, bare).map(([name]) => name)).toEqual(['workspace', 'key', 'provider', 'model']);
  });

  it('keeps to its workspace', () => {
    expect(
      matched([budget('workspace', { workspaceId: 'ws_2' }), budget('key', { workspaceId: 'ws_2' })]),
    ).toEqual([]);
  });

  it('says what the store and the road need to know', () => {
    const one = budget('agent=coder', {
      period: 'rolling:5',
      enforcement: 'soft',
      outputCap: 4096,
      queueMs: 9,
      version: 3,
    });
    expect(matchBudgets(compileBudgets([one]), owner, NOW)).toEqual([
      {
        budgetId: one.id,
        name: 'agent=coder',
        scope: 'agent',
        subject: 'coder',
        windowStart: Date.parse('2026-11-21T18:00:00Z'),
        windowEnd: Date.parse('2026-11-21T19:00:00Z'),
        countedFrom: Date.parse('2026-11-21T13:00:00Z'),
        limit: 25_000_000_000n,
        isHard: false,
        version: 3,
        outputCap: 4096,
        queueMs: 9,
        mode: 'worst-case',
        thresholds: [80],
      },
    ]);
  });

  it('makes nothing at all where there are no budgets', () => {
    const compiled = compileBudgets([budget('workspace', { workspaceId: 'ws_2' })]);
    expect(matchBudgets(noBudgets, owner, NOW)).toBe(matchBudgets(compiled, owner, NOW));
  });

  it('has one order, however the budgets come', () => {
    const all = scopeKinds.flatMap((kind) => [budget(kind), budget(`${kind}`, { period: 'month' })]);
    const inOrder = matched(all);
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        const claims = matchBudgets(compileBudgets(shuffled), owner, NOW);
        expect(claims.map(({ name, subject }) => [name, subject])).toEqual(inOrder);
        expect([...claims].sort(inLockOrder)).toEqual(claims);
      }),
      { numRuns: 50 },
    );
  });

  it('asks for the windows of now each time', () => {
    const compiled = compileBudgets([budget('workspace')]);
    const starts = [0, 1, 2, 0].map(
      (days) => matchBudgets(compiled, owner, NOW + days * 86_400_000)[0]!.windowStart,
    );
    expect(starts.map((start) => new Date(start).getUTCDate())).toEqual([21, 22, 23, 21]);
  });

  it('finds the few among ten thousand without looking at the rest', () => {
    let reads = 0;
    const counted = (one: Budget): Budget => ({
      ...one,
      get limit() {
        reads += 1;
        return one.limit;
      },
    });
    const many = Array.from({ length: 10_000 }, (_, index) => counted(budget(`agent=a${index}`)));
    const compiled = compileBudgets([...many, budget('agent=coder'), budget('workspace')]);
    expect(compiled.size).toBe(10_002);
    expect(matchBudgets(compiled, owner, NOW)).toHaveLength(2);
    expect(matchBudgets(compiled, { ...owner, agentId: 'a77' }, NOW)).toHaveLength(2);
    expect(reads).toBe(1);
  });

  it('refuses a zone nobody knows when it is compiled, not on the road', () => {
    expect(() => compileBudgets([budget('workspace', { timeZone: 'Mars/Olympus' })])).toThrow(RangeError);
  });
});

describe('row 28: a change of the calendar', () => {
  const changed = budget('workspace', {
    timeZone: 'Asia/Tokyo',
    before: { timeZone: 'America/New_York', anchorDay: 1, untilMs: Date.parse('2026-11-22T05:00:00Z') },
  });

  it('leaves the window it came in as it is, and counts from the next one on', () => {
    const windows = [NOW, changed.before!.untilMs, Date.parse('2026-11-22T15:00:00Z')].map((atMs) => {
      const { startMs, endMs } = budgetWindowAt(changed, atMs);
      return [new Date(startMs).toISOString(), new Date(endMs).toISOString()];
    });
    expect(windows).toEqual([
      ['2026-11-21T05:00:00.000Z', '2026-11-22T05:00:00.000Z'],
      ['2026-11-22T05:00:00.000Z', '2026-11-22T15:00:00.000Z'],
      ['2026-11-22T15:00:00.000Z', '2026-11-23T15:00:00.000Z'],
    ]);
    const compiled = compileBudgets([changed]);
    expect(matchBudgets(compiled, owner, NOW)[0]!.windowStart).toBe(Date.parse('2026-11-21T05:00:00Z'));
  });

  it('keeps the windows without gap or overlap', () => {
    const from = Date.parse('2026-11-01T00:00:00Z');
    const instants = fc.integer({ min: from, max: from + 60 * 86_400_000 });
    fc.assert(
      fc.property(instants, (atMs) => {
        const window = budgetWindowAt(changed, atMs);
        expect(window.startMs <= atMs && atMs < window.endMs).toBe(true);
        expect(budgetWindowAt(changed, window.endMs).startMs).toBe(window.endMs);
        expect(budgetWindowAt(changed, window.startMs - 1).endMs).toBe(window.startMs);
      }),
      { numRuns: 300 },
    );
  });

  it('waits for the end of the window, if it has one', () => {
    expect(calendarChangeAt(changed, NOW)).toBe(changed.before!.untilMs);
    expect(calendarChangeAt(budget('workspace', { period: 'total' }), NOW)).toBeUndefined();
  });
});

it.each([
  [[undefined, undefined], undefined],
  [[4096, undefined, 1024], 1024],
])('outputCapOf %j is %s', (caps, smallest) => {
  const compiled = compileBudgets(caps.map((outputCap) => budget('workspace', { outputCap })));
  expect(outputCapOf(matchBudgets(compiled, owner, NOW))).toBe(smallest);
});

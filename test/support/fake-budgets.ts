/** Budgets behind the admin API that hold still: one of a person, one of a file. */
import type { BudgetDesk, BudgetFacts } from '../../src/admin/deps-budgets.ts';
import { budgetDefaults } from '../../src/base/budget.ts';
import { nanoUsd } from '../../src/base/money.ts';

const HOUR_MS = 3_600_000;

function factsAt(nowMs: number): { readonly mine: BudgetFacts; readonly declared: BudgetFacts } {
  const mine: BudgetFacts = {
    budget: {
      ...budgetDefaults,
      id: 'bud_1',
      workspaceId: 'ws_1',
      name: 'coders',
      scope: { kind: 'agent', id: '*' },
      limit: nanoUsd(25_000_000_000n),
      period: 'day',
      version: 3,
      source: 'api',
      createdAtMs: nowMs - HOUR_MS,
    },
    windows: [
      {
        subject: 'coder',
        startMs: nowMs - 12 * HOUR_MS,
        endMs: nowMs + 12 * HOUR_MS,
        limit: nanoUsd(25_000_000_000n),
        settled: nanoUsd(20_000_000_001n),
        reserved: nanoUsd(1_500_000_000n),
        requests: 1_234,
        refusals: 2,
        overruns: 1,
        blockedAtMs: nowMs - 60_000,
      },
    ],
    count: 7,
    projections: new Map([
      [
        'coder',
        {
          projected: nanoUsd(31_200_000_000n),
          crossesAtMs: nowMs + 6 * HOUR_MS,
          basis: 'recent',
        },
      ],
    ]),
  };
  const declared: BudgetFacts = {
    budget: {
      ...mine.budget,
      id: 'bud_2',
      name: 'house',
      scope: { kind: 'workspace', id: '*' },
      period: 'total',
      enforcement: 'soft',
      source: 'file',
    },
    windows: [{ ...mine.windows[0]!, subject: 'ws_1', settled: nanoUsd(26_000_000_000n) }],
    count: 1,
    projections: new Map(),
  };
  return { mine, declared };
}

/** `made` collects what it was told. A name is taken where it is `taken`. */
export function fakeBudgetDesk(made: unknown[], nowMs: number): BudgetDesk {
  const { mine, declared } = factsAt(nowMs);
  return {
    list: async (_withArchived, limit) => [mine, declared].slice(0, limit),
    ofScope: async ({ id }) => [mine, declared].filter(({ budget }) => budget.scope.id === id),
    async find(id) {
      const facts = [mine, declared].find(({ budget }) => budget.id === id);
      return facts ? { kind: 'done', facts } : { kind: 'unknown' };
    },
    async create(terms) {
      made.push(terms);
      if (terms.name === 'taken') return { kind: 'name_taken' };
      return { kind: 'done', facts: { ...mine, budget: { ...mine.budget, ...terms, version: 1 } } };
    },
    async change(id, change) {
      made.push([id, change]);
      if (id === 'bud_2') return { kind: 'declared' };
      if (id !== 'bud_1') return { kind: 'unknown' };
      const { outputCap, ...rest } = change;
      const budget = { ...mine.budget, ...rest, ...(outputCap != null && { outputCap }), version: 4 };
      return change.name === 'taken' ? { kind: 'name_taken' } : { kind: 'done', facts: { ...mine, budget } };
    },
    async archive(id) {
      made.push(id);
      if (id === 'bud_2') return { kind: 'declared' };
      if (id !== 'bud_1') return { kind: 'unknown' };
      return { kind: 'done', facts: { ...mine, budget: { ...mine.budget, archivedAtMs: nowMs } } };
    },
  };
}

/** Alerts behind the admin API that hold still: one that is under way, and bills that differ. */
import type { AlertDesk, AlertFacts } from '../../src/alerts/desk.ts';

/** `asked` collects what it was asked. */
export function fakeAlertDesk(asked: unknown[], nowMs: number): AlertDesk {
  const crossed: AlertFacts = {
    id: 'budget.threshold/bud_1/coder/1/80/v3',
    topic: 'budget.threshold',
    atMs: nowMs - 60_000,
    title: 'Budget "coders": 80 % of $25.00 is spent',
    fields: { budgetId: 'bud_1', spentUsd: '20.000000001' },
    isDone: false,
    deliveries: [
      {
        sink: 'email',
        state: 'failing',
        attempts: 3,
        nextAtMs: nowMs + 40_000,
        lastError: 'not sent (EAUTH 535)',
      },
      { sink: 'log', state: 'taken', attempts: 1, takenAtMs: nowMs - 59_000 },
      { sink: 'slack:hooks.slack.com:1f6b2a90', state: 'waiting', attempts: 0 },
    ],
  };
  const drifted: AlertFacts = {
    id: 'reconciliation.drift/openai/gpt-4o/2026-11-20',
    topic: 'reconciliation.drift',
    atMs: nowMs - 3_600_000,
    title: 'openai/gpt-4o on 2026-11-20: billed $2.60 more than is booked',
    fields: { provider: 'openai', driftUsd: '2.60' },
    isDone: true,
    deliveries: [
      { sink: 'log', state: 'taken', attempts: 1, takenAtMs: nowMs - 3_600_000 },
      {
        sink: 'webhook:hooks.example:00c0ffee',
        state: 'given_up',
        attempts: 1,
        lastError: 'it cannot be read',
      },
    ],
  };
  return {
    async list(query) {
      asked.push(query);
      return query.after ? [drifted] : [crossed, drifted].slice(0, query.limit);
    },
    test: async () => [
      { sink: 'log', isTaken: true, said: 'written', tookMs: 0.4 },
      { sink: 'email', isTaken: false, said: 'not sent (EAUTH 535)', tookMs: 112.7 },
    ],
  };
}

/** A reconciliation that holds still: one row over the line, and what it proposes. */
import type { ProposalState, StoredProposal } from '../../src/ledger/reconcile/proposals.ts';
import type { Reconciliation } from '../../src/ledger/reconcile/reconcile.ts';
import { noTokens } from '../../src/ledger/reconcile/sides.ts';

const DAY_MS = 86_400_000;
const DAY = Date.parse('2026-11-19');

export const oneRun: Reconciliation = {
  id: 'rec_1',
  createdAtMs: DAY + 2.5 * DAY_MS,
  width: 'day',
  startMs: DAY,
  endMs: DAY + 3 * DAY_MS,
  providers: ['openai'],
  rows: [
    {
      provider: 'openai',
      startMs: DAY,
      endMs: DAY + DAY_MS,
      model: 'gpt-4o',
      otherNames: ['gpt-4o-2024-08-06'],
      ours: { tokens: { ...noTokens, input: 1_000_000 }, cost: 2_500_000_000n },
      theirs: { tokens: { ...noTokens, input: 2_000_000 }, cost: 5_100_000_000n },
      drift: 2_600_000_000n,
      causes: [
        { cause: 'unrecorded', amount: 2_500_000_000n },
        { cause: 'price', amount: 100_000_000n },
      ],
      keylessTokens: 12_000,
      isOver: true,
    },
  ],
  judged: 4,
  unjudged: [{ provider: 'openai', startMs: DAY + 2 * DAY_MS, endMs: DAY + 3 * DAY_MS, reason: 'young' }],
  notes: ['Costs in EUR are not compared: the ledger is in US dollars.'],
  drift: 2_600_000_000n,
  over: 1,
};

export function proposalOf(id: string, state: ProposalState = 'open'): StoredProposal {
  return {
    id,
    reconciliationId: 'rec_1',
    createdAtMs: DAY + 2.5 * DAY_MS,
    provider: 'openai',
    model: 'gpt-4o',
    startMs: DAY,
    tokens: { ...noTokens, input: 1_000_000 },
    cost: 2_600_000_000n,
    reason: 'bill of openai for 2026-11-19: unrecorded +2.50, price +0.10 USD',
    state,
    ...(state !== 'open' && { decidedAtMs: DAY + 2.6 * DAY_MS, decidedBy: 'operator' }),
    ...(state === 'accepted' && { exchangeId: 'exc_1' as const }),
  };
}

/** A dry run and a counted budget as the admin API's stand-in tells them. */
import type { DryRunFacts } from '../../src/admin/deps-dry-run.ts';
import type { BudgetId } from '../../src/base/budget.ts';
import type { Price } from '../../src/catalog/price.ts';
import type { CountedBudget } from '../../src/ledger/decision-context.ts';

export const fakeCounted: CountedBudget = {
  id: 'bud_1' as BudgetId,
  name: 'team',
  subject: '',
  windowStartMs: Date.parse('2026-11-01T00:00:00Z'),
};

const calm = {
  untilMono: undefined,
  p95FirstByteMs: 120,
  firstByteMs: 80,
  lastFailedMono: undefined,
  inFlight: 0,
};

/** `gone` leads nowhere. */
export function fakeDryRun(asked: string, price: Price): DryRunFacts {
  const said = [{ layer: 'explicit', ref: asked, source: 'x-turnpike-model' }];
  const choice = { layer: 'explicit', prompt: 'agent:coder', promptBy: 'header', said };
  if (asked === 'gone') {
    const refusal = { code: 'model_unknown', message: 'there is no model "gone"' } as const;
    return { asked, choice, revision: 7, candidates: [], skipped: [], refusal };
  }
  return {
    asked,
    choice,
    revision: 7,
    candidates: [
      {
        ref: 'openai/gpt-4o',
        standIn: undefined,
        formats: ['openai-chat'],
        price,
        standing: { ...calm, state: 'open', reason: 'status_503', untilMono: 30_000 },
        isAsked: false,
      },
      {
        ref: 'anthropic/claude-haiku-4-5',
        standIn: 'chain',
        formats: ['anthropic-messages'],
        price: undefined,
        standing: { ...calm, state: 'healthy', reason: undefined },
        isAsked: true,
      },
    ],
    skipped: [{ ref: 'openai/o3', reason: 'lacks_vision', note: 'the request needs vision' }],
    refusal: undefined,
  };
}

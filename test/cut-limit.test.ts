/** Bodies that say their output limit twice: under a hard budget neither of the two is above what was reserved. */
import { afterEach, expect, it } from 'vitest';
import { type BudgetHouse, openBudgetHouse } from './support/budget-house.ts';
import { ask } from './support/plain-client.ts';
import { good, spoken } from './support/spoken.ts';

let at: BudgetHouse;
afterEach(() => at.close());

it.each([
  [
    { max_completion_tokens: 1_500, max_tokens: 100_000 },
    { max_completion_tokens: 1_500, max_tokens: 1_500 },
  ],
  [
    { max_completion_tokens: 1_500, max_tokens: -1 },
    { max_completion_tokens: 1_500, max_tokens: 1_500 },
  ],
  [
    { max_completion_tokens: 1_500, max_tokens: 1_400 },
    { max_completion_tokens: 1_500, max_tokens: 1_400 },
  ],
  [{ max_tokens: 1_500 }, { max_tokens: 1_500 }],
])('%j is sent as %j', async (more, sent) => {
  at = await openBudgetHouse('{ name: team, scope: workspace, period: total, limit_usd: "1" }');
  at.upstream.answerWith(good(spoken['openai-chat'], false, 'Fine.', spoken['openai-chat'].usage(10, 5)));
  const seen = await ask(at.house.url, { format: 'openai-chat', model: 'oai/m', more });
  expect(seen.status).toBe(200);
  const body = JSON.parse(at.upstream.requests[0]!.body.toString()) as Record<string, unknown>;
  const limits = Object.fromEntries(Object.entries(body).filter(([name]) => /^max_/.test(name)));
  expect(limits).toEqual(sent);
});

/** Whose prices the order of a plan goes by. */
import { expect, it } from 'vitest';
import { handClock } from '../../test/support/scripted-upstream.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { createCatalog } from '../catalog/catalog.ts';
import { createPriceBook } from '../catalog/price-book.ts';
import { noBudgets } from '../ledger/budget.ts';
import { noRateLimits } from '../ledger/rate-limits.ts';
import { noModelRules } from '../route/layers.ts';
import { noFallback } from '../route/route-rule.ts';
import { orderCompiled } from '../route/strategies.ts';
import type { Provider } from '../upstream/provider.ts';
import { openai } from '../upstream/providers/openai.ts';
import type { Transport } from '../upstream/transport.ts';
import { noPrompts } from './find-prompt.ts';
import { compileSnapshot } from './snapshot.ts';

const OWNER = 'ws_owner' as WorkspaceId;
const OTHER = 'ws_other' as WorkspaceId;

function provider(name: string, catalogProvider: string): Provider {
  return {
    name,
    kind: openai,
    catalogProvider,
    baseUrl: 'http://127.0.0.1:1/v1',
    credential: undefined,
    credentials: [],
    headers: {},
    models: [],
    timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1, contentMs: 1, totalMs: 1 },
    streamUsage: 'ask',
    autoCache: false,
  };
}

function snapshot() {
  const catalog = createCatalog();
  const targets = ['openai/gpt-4o-mini', 'gpu/llama'].map((ref) => ({ ref, weight: 1 }));
  const filter = { capabilities: [], maxInputRate: 0 };
  const free = {
    provider: 'gpu',
    model: '*',
    serviceTier: '*',
    source: 'operator',
    effectiveFromMs: 0,
    tiers: [{ aboveInputTokens: 0, rates: { input: 0, output: 0 } }],
  };
  const providers = [provider('openai', 'openai'), provider('gpu', 'openai-compatible')];
  return compileSnapshot({
    revision: 1,
    keys: new Map(),
    budgets: noBudgets,
    rateLimits: noRateLimits,
    contents: new Map(),
    prompts: noPrompts,
    common: {
      providers: new Map(providers.map((one) => [one.name, one])),
      routing: {
        providers: new Map(providers.map((one) => [one.name, one])),
        aliases: new Map(),
        routes: new Map([
          ['cheap', { strategy: 'cheapest', targets, filter: undefined }],
          ['free', { strategy: 'ordered', targets, filter }],
        ]),
        fallback: noFallback,
        defaultRef: undefined,
      },
      rules: noModelRules,
    },
    catalog,
    prices: createPriceBook(catalog, [{ workspaceId: OWNER, createdAtMs: 0, price: free }]),
    clock: handClock(),
    transportOf: () => ({}) as Transport,
    authorizerOf: () => undefined,
  });
}

const cases: [string, WorkspaceId | undefined, string[]][] = [
  ['cheap', undefined, ['openai/gpt-4o-mini', 'gpu/llama']],
  ['cheap', OTHER, ['openai/gpt-4o-mini', 'gpu/llama']],
  ['cheap', OWNER, ['gpu/llama', 'openai/gpt-4o-mini']],
  ['free', OTHER, []],
  ['free', OWNER, ['gpu/llama']],
];
it.each(cases)('%s for %s', (ref, workspaceId, expected) => {
  const made = snapshot();
  // One after the other: what is remembered for one is not another's.
  made.plan(ref, [], workspaceId === OWNER ? OTHER : OWNER);
  const plan = made.plan(ref, [], workspaceId);
  const { ordered } = orderCompiled(plan.ok ? plan.order : expect.fail(), {
    needs: { inputTokens: 1_000, outputTokens: 100, capabilities: [] },
    session: undefined,
    random: () => 0.5,
    isWell: () => true,
    firstByteMs: () => undefined,
  });
  expect(ordered.map((one) => one.ref)).toEqual(expected);
  expect(made.plan(ref, [], workspaceId)).toBe(plan);
});

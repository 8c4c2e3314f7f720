/** The decision record: what was kept, what follows from the entry alone, and what nobody knows. */
import { expect, it } from 'vitest';
import type { Decision } from '../ledger/decision.ts';
import { DecisionRecord, renderDecisionRecord } from './decision.ts';
import type { EntryFacts } from './deps.ts';

const entry = {
  ...{ id: 'ent_1', exchangeId: 'exc_1', attempt: 1, kind: 'settle', status: 'ok', createdAtMs: 9 },
  ...{ startedAtMs: 1, workspaceId: 'ws_1', keyId: 'key_1', provider: 'oai', model: 'gpt-4o' },
  ...{ clientFormat: 'openai-chat', lane: 'relay', input: 1, cacheRead: 0, cacheWrite: 0, output: 1 },
  ...{ reasoning: 0, cost: undefined, isEstimated: false, flags: [] },
} satisfies EntryFacts;

const kept: Decision = {
  asked: 'fast',
  revision: 3,
  upstreamFormat: 'anthropic-messages',
  overheadMs: 1,
  skipped: [],
  requestLosses: { named: [{ kind: 'dropped', path: 'topK', note: 'no such field' }], unnamed: 2 },
  replyLosses: { named: [], unnamed: 0 },
};
const none = { named: [], unnamed: 0 };

it.each<[string, Partial<EntryFacts>, Decision | undefined, object]>([
  ['a relayed one, from its entry', {}, undefined, { upstreamFormat: 'openai-chat', requestLosses: none }],
  ['a relayed one that failed', { status: 'timeout' }, undefined, { status: 'timeout', replyLosses: none }],
  [
    'a relayed one whose process died',
    { kind: 'interrupted', status: 'interrupted' },
    undefined,
    { requestLosses: null, replyLosses: null, latencyMs: null },
  ],
  [
    'a translated one that nothing was kept of',
    { lane: 'translate' },
    undefined,
    { upstreamFormat: null, requestLosses: null, replyLosses: null },
  ],
  [
    'a translated one',
    { lane: 'translate' },
    kept,
    { upstreamFormat: 'anthropic-messages', requestLosses: kept.requestLosses, replyLosses: none },
  ],
])('tells of %s', (_name, more, decision, expected) => {
  const decisions = new Map(decision ? [[1, decision]] : []);
  const record = DecisionRecord.parse(renderDecisionRecord([{ ...entry, ...more }], decisions, context));
  expect(record.attempts).toMatchObject([{ number: 1, model: 'oai/gpt-4o', ...expected }]);
  // What was relayed to its end, and nothing is kept of, was named by its own request.
  const isOrdinary = more.lane === undefined && more.kind === undefined;
  expect(record.asked).toBe(decision ? 'fast' : isOrdinary ? 'oai/gpt-4o' : null);
  expect(record.choice?.layer).toBe(isOrdinary ? 'request' : undefined);
});

const context = { prices: new Map(), budgets: [] };

it.each([
  ['anthropic-messages', 'chat'],
  ['ollama-embed', 'embeddings'],
  ['openai-images-generations', 'relay-only'],
  ['toString', 'relay-only'],
])('knows what %s was', (clientFormat, operation) => {
  expect(renderDecisionRecord([{ ...entry, clientFormat }], new Map(), context).operation).toBe(operation);
});

it('believes the last attempt, and counts no correction as one', () => {
  const entries: EntryFacts[] = [
    entry,
    { ...entry, kind: 'correction' },
    { ...entry, attempt: 2, lane: 'translate' },
  ];
  const decisions = new Map([
    [1, { ...kept, skipped: [] }],
    [2, { ...kept, overheadMs: 4, skipped: [{ ref: 'oai/o3', reason: 'credential_unusable' }] }],
  ]);
  const record = renderDecisionRecord(entries, decisions, context);
  expect(record.attempts.map(({ number }) => number)).toEqual([1, 2]);
  expect(record).toMatchObject({ overheadMs: 4, skipped: [{ ref: 'oai/o3' }] });
});

/** The layers that a dry run asks are those that the road asks. */
import { expect, it } from 'vitest';
import type { KeyId, WorkspaceId } from '../base/ids.ts';
import { noModelRules } from '../route/layers.ts';
import type { Gateway } from './exchange.ts';
import { type DryRequest, explainChoice } from './explain-choice.ts';

const rule = (ref: string) => ({ ref, source: 'a test' });
const rules = {
  ...noModelRules,
  agents: {
    exact: new Map([
      ['agent:writer', rule('a/writes')],
      ['agent:reviewer', rule('a/reviews')],
    ]),
    wide: new Map(),
  },
  pipelines: new Map([['ship', [{ name: 'review', agent: 'reviewer', rule: undefined }]]]),
};
const plan = () => ({ ok: false, refusal: { code: 'model_unknown', message: 'It leads nowhere.' } });
const snapshot = { revision: 1, rules, plan, of: () => snapshot };
const gateway = { snapshot: () => snapshot } as unknown as Gateway;

const asking: DryRequest = {
  key: {
    id: 'key_1' as KeyId,
    workspaceId: 'ws_1' as WorkspaceId,
    name: 'k',
    agentId: 'writer',
  },
  ...{ explicit: undefined, request: 'a/requested', prompt: undefined, pipeline: undefined },
  ...{ step: undefined, session: undefined },
  needs: { inputTokens: 0, outputTokens: 0, capabilities: [] },
};

it.each([
  ['the key’s agent', {}, 'a/writes', 'key'],
  ['the agent of the step before the key’s', { pipeline: 'ship', step: 'review' }, 'a/reviews', 'step'],
  ['the key’s agent, where there is no such step', { pipeline: 'ship', step: 'sail' }, 'a/writes', 'key'],
  [
    'the prompt that is named before the step’s agent',
    { pipeline: 'ship', step: 'review', prompt: { kind: 'agent', name: 'writer' } },
    'a/writes',
    'header',
  ],
] as const)('%s', (_, more, ref, promptBy) => {
  const { asked, choice, refusal } = explainChoice(gateway, { ...asking, ...more });
  expect([asked, choice?.promptBy]).toEqual([ref, promptBy]);
  expect(refusal?.message).toBe('It leads nowhere. (named by a test)');
});

/** Model rules and fallback chains in the registry: set, set anew, taken away, and loaded for the snapshot. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { loadFallbackChains, setFallbackChain, unsetFallbackChain } from './fallback-chains.ts';
import {
  findModelRule,
  loadModelRules,
  type ModelRuleTerms,
  setModelRule,
  unsetModelRule,
  WORKSPACE_DEFAULT,
} from './model-rules.ts';
import { createWorkspace, ensureFirstWorkspace } from './workspaces.ts';

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))('on $name', (under) => {
  let store: Store;
  let here: WorkspaceId;
  beforeEach(async () => {
    store = (await under.open()).store;
    here = (await ensureFirstWorkspace(store, 1)).id;
  });
  afterEach(() => store.close());
  afterAll(under.remove);

  const set = (promptId: string, ref: string, more: Partial<ModelRuleTerms> = {}, workspaceId = here) =>
    setModelRule(store, { promptId, ref, ...more }, { workspaceId, nowMs: 10, by: 'operator' });
  const revision = () => store.revision.current();

  it('rules are kept as they were set, and the last one counts', async () => {
    const before = revision();
    const first = await set('agent:oss:x', 'a/first', { fallback: ['b/c', 'fast'] });
    expect(first).toEqual({
      workspaceId: here,
      promptId: 'agent:oss:x',
      ref: 'a/first',
      fallback: ['b/c', 'fast'],
      createdBy: 'operator',
      createdAtMs: 10,
    });
    expect(await loadModelRules(store)).toEqual([first]);
    expect(revision()).toBe(before + 1);
    const second = await set('agent:oss:x', 'a/second');
    expect(second).not.toHaveProperty('fallback');
    expect(await loadModelRules(store)).toEqual([second]);
    expect(revision()).toBe(before + 2);
  });

  it('rules of workspaces are apart, and come by prompt', async () => {
    const there = (await createWorkspace(store, 'other', 2)).id;
    await set('skill:s', 'a/skill');
    await set('agent:*', 'a/agents');
    await set(WORKSPACE_DEFAULT, 'a/default');
    await set('agent:*', 'b/agents', {}, there);
    const loaded = await loadModelRules(store);
    const refs = (id: WorkspaceId) => loaded.filter((rule) => rule.workspaceId === id).map(({ ref }) => ref);
    expect(refs(here)).toEqual(['a/agents', 'a/default', 'a/skill']);
    expect(refs(there)).toEqual(['b/agents']);
    expect(await findModelRule(store, 'agent:*', there)).toMatchObject({ ref: 'b/agents' });
    expect(await findModelRule(store, 'skill:s', there)).toBeUndefined();
  });

  it('a rule that is taken away is told, and gone; what is not there changes nothing', async () => {
    await set('hook:h', 'a/hook');
    await set('hook:i', 'a/other');
    const before = revision();
    expect(await unsetModelRule(store, 'hook:h', here)).toMatchObject({ ref: 'a/hook' });
    expect((await loadModelRules(store)).map(({ promptId }) => promptId)).toEqual(['hook:i']);
    expect(revision()).toBe(before + 1);
    expect(await unsetModelRule(store, 'hook:h', here)).toBeUndefined();
    expect(revision()).toBe(before + 1);
  });

  it('chains are kept as they were set, empty ones too, and the last one counts', async () => {
    const before = revision();
    const context = { nowMs: 20, by: 'operator' };
    const model = 'anthropic/claude-sonnet-4-5';
    await setFallbackChain(store, { model, refs: ['a/b'] }, context);
    const second = await setFallbackChain(store, { model, refs: ['c/d', 'smart'] }, context);
    const none = await setFallbackChain(store, { model: 'openai/gpt-4o', refs: [] }, context);
    expect(second).toEqual({ model, refs: ['c/d', 'smart'], createdBy: 'operator', createdAtMs: 20 });
    expect(await loadFallbackChains(store)).toEqual([second, none]);
    expect(revision()).toBe(before + 3);
    expect(await unsetFallbackChain(store, model)).toEqual(second);
    expect(await unsetFallbackChain(store, model)).toBeUndefined();
    expect(await loadFallbackChains(store)).toEqual([none]);
    expect(revision()).toBe(before + 4);
  });
});

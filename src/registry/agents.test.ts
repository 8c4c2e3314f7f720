/** Agents in the registry: made with their budgets in one piece, listed in pages, changed, archived, one workspace each. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { budgetDefaults } from '../base/budget.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { nanoUsd } from '../base/money.ts';
import type { Store } from '../store/store.ts';
import {
  type AgentBudgetTerms,
  type AgentTerms,
  archiveAgent,
  changeAgent,
  createAgent,
  findAgent,
  listAgents,
  liveNames,
  loadAgents,
  MAX_AGENTS,
  preferModel,
  type WholeAgent,
} from './agents.ts';
import { listBudgets } from './budgets.ts';
import { createWorkspace, ensureFirstWorkspace } from './workspaces.ts';

const budget = (name: string): AgentBudgetTerms => ({
  ...budgetDefaults,
  name,
  period: 'month',
  limit: nanoUsd(5_000_000_000n),
});

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))('agents on $name', (under) => {
  let store: Store;
  let here: WorkspaceId;
  let there: WorkspaceId;
  beforeEach(async () => {
    store = (await under.open()).store;
    here = (await ensureFirstWorkspace(store, 1)).id;
    there = (await createWorkspace(store, 'there', 2)).id;
  });
  afterEach(() => store.close());
  afterAll(under.remove);

  const create = (terms: AgentTerms, budgets: AgentBudgetTerms[] = [], workspaceId = here) =>
    createAgent(store, terms, budgets, { workspaceId, nowMs: 10, by: 'operator' });
  async function make(name: string, more: Partial<AgentTerms> = {}, workspaceId = here): Promise<WholeAgent> {
    const made = await create({ name, ...more }, [], workspaceId);
    if (made.kind !== 'done') throw new Error(made.kind);
    return made.agent;
  }
  const all = { after: undefined, text: undefined, withArchived: false, limit: 100 };
  const names = async (query: Partial<typeof all> & object = {}, workspaceId = here) =>
    (await listAgents(store, workspaceId, { ...all, ...query })).map(({ name }) => name);

  it('are kept as they were made, and without their text in lists', async () => {
    const terms = {
      name: 'oss:coder',
      description: 'Writes code, ünïcode too',
      systemPrompt: 'You write code.\n'.repeat(1_000),
      preferredModel: 'openai/gpt-4o',
    };
    const made = await make(terms.name, terms);
    expect(made).toEqual({
      ...terms,
      id: expect.stringMatching(/^agt_/),
      workspaceId: here,
      createdBy: 'operator',
      createdAtMs: 10,
    });
    expect(await findAgent(store, made.id, here)).toEqual(made);
    expect(await findAgent(store, 'oss:coder', here)).toEqual(made);
    const { systemPrompt: _, ...listed } = made;
    expect(await listAgents(store, here, all)).toEqual([listed]);
    expect(await loadAgents(store)).toEqual([listed]);
  });

  it('come with their budgets, all or nothing', async () => {
    const made = await create({ name: 'coder' }, [budget('coder month'), budget('coder more')]);
    if (made.kind !== 'done') throw new Error(made.kind);
    expect(made.budgets.map(({ scope }) => scope)).toEqual([
      { kind: 'agent', id: 'coder' },
      { kind: 'agent', id: 'coder' },
    ]);
    expect(await listBudgets(store, here)).toHaveLength(2);
    const before = store.revision.current();
    expect(await create({ name: 'other' }, [budget('fine'), budget('coder more')])).toEqual({
      kind: 'budget_taken',
    });
    expect(await create({ name: 'coder' }, [budget('fine')])).toEqual({ kind: 'name_taken' });
    expect(await names()).toEqual(['coder']);
    expect((await listBudgets(store, here)).map(({ name }) => name)).toEqual(
      ['coder month', 'coder more'].sort(),
    );
    expect(store.revision.current()).toBe(before);
  });

  it('have a name of their own until they are archived, in each workspace', async () => {
    const first = await make('coder');
    await make('coder', {}, there);
    expect(await create({ name: 'coder' })).toEqual({ kind: 'name_taken' });
    expect(await archiveAgent(store, first.id, { workspaceId: here, nowMs: 20 })).toMatchObject({
      kind: 'done',
      agent: { archivedAtMs: 20 },
    });
    // Twice changes nothing.
    expect(await archiveAgent(store, first.id, { workspaceId: here, nowMs: 30 })).toMatchObject({
      agent: { archivedAtMs: 20 },
    });
    const second = await make('coder');
    expect(await findAgent(store, 'coder', here)).toEqual(second);
    expect((await findAgent(store, first.id, here))?.archivedAtMs).toBe(20);
    expect(await liveNames(store, here)).toEqual(new Set(['coder']));
    expect((await loadAgents(store)).map(({ id }) => id)).not.toContain(first.id);
  });

  it('that are made at once under one name are one', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => create({ name: 'coder' }, [budget('b')])));
    expect(made.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(await listBudgets(store, here)).toHaveLength(1);
  });

  it('are found in pages, by part of a name, and with archived ones', async () => {
    for (const name of ['b', 'Coder', 'a_c', 'axc', 'a%c', 'z\\']) await make(name);
    const gone = await make('gone');
    await archiveAgent(store, gone.id, { workspaceId: here, nowMs: 20 });
    await make('theirs', {}, there);
    expect(await names()).toEqual(['Coder', 'a%c', 'a_c', 'axc', 'b', 'z\\']);
    expect(await names({ text: 'CODE' } as object)).toEqual(['Coder']);
    for (const text of ['a_c', 'a%c', 'z\\']) expect(await names({ text } as object)).toEqual([text]);
    expect(await names({ withArchived: true })).toContain('gone');
    const [first, second] = await listAgents(store, here, { ...all, limit: 2 });
    expect(await names({ after: second } as object)).toEqual(['a_c', 'axc', 'b', 'z\\']);
    expect(await names({ after: { name: first!.name, id: '' } } as object)).toContain('Coder');
  });

  it('are changed field by field, and prefer a model or none', async () => {
    const made = await make('coder', { description: 'old', systemPrompt: 'Old.' });
    const at = { workspaceId: here };
    const before = store.revision.current();
    const changed = await changeAgent(store, made.id, { description: 'new' }, at);
    expect(changed).toEqual({ kind: 'done', agent: { ...made, description: 'new' } });
    const { systemPrompt: _, ...rest } = made;
    expect(await changeAgent(store, 'coder', { systemPrompt: null, description: 'old' }, at)).toEqual({
      kind: 'done',
      agent: rest,
    });
    expect(await changeAgent(store, 'coder', {}, at)).toMatchObject({ kind: 'done' });
    // Traffic reads neither.
    expect(store.revision.current()).toBe(before);
    const preferring = await preferModel(store, 'coder', 'openai/gpt-4o', at);
    expect(preferring).toMatchObject({ agent: { preferredModel: 'openai/gpt-4o' } });
    expect(store.revision.current()).toBe(before + 1);
    await preferModel(store, 'coder', 'openai/gpt-4o', at);
    expect(store.revision.current()).toBe(before + 1);
    expect(await preferModel(store, 'coder', undefined, at)).toEqual({ kind: 'done', agent: rest });
  });

  it('of another workspace are not there at all, and archived ones stay as they are', async () => {
    const theirs = await make('theirs', {}, there);
    const at = { workspaceId: here, nowMs: 20 };
    for (const which of [theirs.id, 'theirs', 'agt_none', '']) {
      expect(await findAgent(store, which, here)).toBeUndefined();
      expect(await changeAgent(store, which, { description: 'mine' }, at)).toEqual({ kind: 'unknown' });
      expect(await preferModel(store, which, 'a/b', at)).toEqual({ kind: 'unknown' });
      expect(await archiveAgent(store, which, at)).toEqual({ kind: 'unknown' });
    }
    expect(await findAgent(store, theirs.id, there)).toEqual(theirs);
    await archiveAgent(store, theirs.id, { workspaceId: there, nowMs: 20 });
    const fixed = { kind: 'archived' };
    expect(await changeAgent(store, theirs.id, { description: 'x' }, { workspaceId: there })).toEqual(fixed);
    expect(await preferModel(store, theirs.id, 'a/b', { workspaceId: there })).toEqual(fixed);
  });

  it('are no more than the limit', async () => {
    const rows = Array.from({ length: MAX_AGENTS }, (_, at) => ({
      id: `agt_${at}` as const,
      workspace_id: here,
      name: `agent-${at}`,
      description: null,
      system_prompt: null,
      preferred_model: null,
      created_by: 'test',
      created_at: 1,
      last_seen_at: null,
      archived_at: null,
    }));
    await store.change([store.kysely.insertInto('agents').values(rows)]);
    expect(await create({ name: 'one-more' })).toEqual({ kind: 'too_many' });
    await archiveAgent(store, 'agent-7', { workspaceId: here, nowMs: 20 });
    expect(await create({ name: 'one-more' })).toMatchObject({ kind: 'done' });
  });
});

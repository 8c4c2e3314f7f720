/** Tasks and signs of life: forward only, whoever reports at once; the newest are kept; one agent's are its own. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { TASK_STATES, type TaskState } from '../base/agent.ts';
import type { Store } from '../store/store.ts';
import { addEvent, beat, listEvents, MAX_AGENT_EVENTS, MAX_EVENTS, MIN_BEAT_MS } from './agent-events.ts';
import {
  changeTask,
  createTask,
  findTask,
  listTasks,
  MAX_ENDED_TASKS,
  MAX_OPEN_TASKS,
  type TaskRecord,
} from './agent-tasks.ts';
import { createAgent, findAgent, type WholeAgent } from './agents.ts';
import { createWorkspace, ensureFirstWorkspace } from './workspaces.ts';

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'what agents report on $name',
  (under) => {
    let store: Store;
    let agent: WholeAgent;
    let other: WholeAgent;
    let theirs: WholeAgent;
    beforeEach(async () => {
      store = (await under.open()).store;
      const here = (await ensureFirstWorkspace(store, 1)).id;
      const there = (await createWorkspace(store, 'there', 2)).id;
      const make = async (name: string, workspaceId = here) => {
        const made = await createAgent(store, { name }, [], { workspaceId, nowMs: 1, by: 'test' });
        if (made.kind !== 'done') throw new Error(made.kind);
        return made.agent;
      };
      agent = await make('coder');
      other = await make('other');
      theirs = await make('coder', there);
    });
    afterEach(() => store.close());
    afterAll(under.remove);

    async function begin(title: string, state: TaskState = 'queued', nowMs = 10): Promise<TaskRecord> {
      const task = await createTask(store, agent, { title, state }, nowMs);
      if (!task) throw new Error('too many');
      return task;
    }
    const page = { before: undefined, state: undefined, limit: 100 };
    const events = (task: TaskRecord, of = agent) =>
      listEvents(store, of, { taskId: task.id, before: undefined, limit: 1_000 });
    const heartbeats = () => listEvents(store, agent, { taskId: undefined, before: undefined, limit: 1_000 });

    it('a task is kept as it was reported, and each state it came into', async () => {
      const made = await createTask(
        store,
        agent,
        { title: 'Fix #7', state: 'running', session: 's-1', progress: 10 },
        10,
      );
      expect(made).toEqual({
        id: expect.stringMatching(/^tsk_/),
        ...{ title: 'Fix #7', state: 'running', session: 's-1', progress: 10 },
        ...{ createdAtMs: 10, updatedAtMs: 10, startedAtMs: 10 },
      });
      const ended = await changeTask(
        store,
        agent,
        made!.id,
        { state: 'done', progress: 100, result: 'Ok' },
        20,
      );
      expect(ended).toEqual({
        kind: 'done',
        task: { ...made, state: 'done', progress: 100, result: 'Ok', updatedAtMs: 20, endedAtMs: 20 },
      });
      expect(await findTask(store, agent, made!.id)).toEqual(ended.kind === 'done' && ended.task);
      const told = (await events(made!)).map(({ kind, message, atMs }) => [kind, message, atMs]);
      expect(told).toEqual([
        ['state', 'done', 20],
        ['state', 'running', 10],
      ]);
    });

    it.each(TASK_STATES)('what is %s goes only forward, and what has ended stays', async (before) => {
      for (const after of TASK_STATES) {
        const task = await begin('t', before);
        const outcome = await changeTask(store, agent, task.id, { state: after }, 20);
        const isForward = before === 'queued' || (before === 'running' && after !== 'queued');
        const kind = before === after || isForward ? 'done' : 'fixed';
        expect([after, outcome.kind]).toEqual([after, kind]);
        expect((await findTask(store, agent, task.id))?.state).toBe(kind === 'done' ? after : before);
      }
      const ended = await begin('t', 'failed');
      for (const change of [{ title: 'new' }, { progress: 1 }, { result: 'late' }, { session: 's' }])
        expect((await changeTask(store, agent, ended.id, change, 20)).kind).toBe('fixed');
      // What changes nothing is no change: the same report may come twice.
      expect((await changeTask(store, agent, ended.id, { state: 'failed', title: 't' }, 20)).kind).toBe(
        'done',
      );
    });

    it('of two reports at once that end a task one counts, and both know', async () => {
      for (let round = 0; round < 5; round += 1) {
        const task = await begin('t', 'running');
        const ends = ['done', 'failed', 'cancelled'] as const;
        const outcomes = await Promise.all(
          ends.map((state) => changeTask(store, agent, task.id, { state, result: state }, 20)),
        );
        expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'fixed', 'fixed']);
        const winner = ends[outcomes.findIndex(({ kind }) => kind === 'done')];
        expect(await findTask(store, agent, task.id)).toMatchObject({ state: winner, result: winner });
        const states = (await events(task)).filter(({ message }) => message !== 'running');
        expect(states.map(({ message }) => message)).toEqual([winner]);
      }
    });

    it('reports at once of different things are all kept', async () => {
      const task = await begin('t', 'running');
      const changes = [{ title: 'new' }, { progress: 50 }, { session: 's-1' }, { result: 'so far' }];
      await Promise.all(changes.map((change) => changeTask(store, agent, task.id, change, 20)));
      expect(await findTask(store, agent, task.id)).toMatchObject(Object.assign({}, ...changes) as object);
    });

    it('tasks are listed newest first, in pages, by state', async () => {
      const made = [];
      for (const title of ['a', 'b', 'c', 'd'])
        made.push(await begin(title, title === 'b' ? 'done' : 'queued'));
      const titles = async (query: object = {}) =>
        (await listTasks(store, agent, { ...page, ...query })).map(({ title }) => title);
      expect(await titles()).toEqual(['d', 'c', 'b', 'a']);
      expect(await titles({ limit: 2 })).toEqual(['d', 'c']);
      expect(await titles({ before: made[2]!.id })).toEqual(['b', 'a']);
      expect(await titles({ state: 'done' })).toEqual(['b']);
    });

    it("nothing of another agent's or workspace's is found or changed", async () => {
      const task = await begin('mine');
      await addEvent(store, agent, task.id, { kind: 'note', message: 'mine' }, 10);
      for (const stranger of [other, theirs, { id: agent.id, workspaceId: theirs.workspaceId }]) {
        expect(await findTask(store, stranger, task.id)).toBeUndefined();
        expect(await listTasks(store, stranger, page)).toEqual([]);
        expect(await changeTask(store, stranger, task.id, { state: 'done' }, 20)).toEqual({
          kind: 'unknown',
        });
        expect(await listEvents(store, stranger, { taskId: task.id, before: undefined, limit: 9 })).toEqual(
          [],
        );
      }
      expect(await findTask(store, agent, task.id)).toEqual(task);
    });

    it('of the events of a task the newest are kept, in pages', async () => {
      const [task, beside] = [await begin('t'), await begin('beside')];
      const rows = Array.from({ length: MAX_EVENTS }, (_, at) => ({
        id: `tev_0${String(at).padStart(4, '0')}` as const,
        workspace_id: agent.workspaceId,
        agent_id: agent.id,
        task_id: task.id,
        kind: 'note' as const,
        message: `${at}`,
        at,
      }));
      await store.write([store.kysely.insertInto('agent_events').values(rows)]);
      const newest = await addEvent(store, agent, task.id, { kind: 'tool', message: 'last' }, 30);
      const found = await events(task);
      expect(found).toHaveLength(MAX_EVENTS);
      expect(found[0]).toEqual(newest);
      expect(await events(beside)).toHaveLength(1);
      const next = await listEvents(store, agent, { taskId: task.id, before: found[1]!.id, limit: 2 });
      expect(next).toEqual(found.slice(2, 4));
    });

    it('of the events of an agent in all the newest are kept', async () => {
      const kept = await begin('kept');
      for (let at = 0; at < MAX_AGENT_EVENTS; at += 1_000) {
        const rows = Array.from({ length: 1_000 }, (_, n) => ({
          id: `tev_0${String(at + n).padStart(5, '0')}` as const,
          workspace_id: agent.workspaceId,
          agent_id: agent.id,
          task_id: `tsk_0${Math.floor((at + n) / 400)}` as const,
          kind: 'note' as const,
          message: null,
          at,
        }));
        await store.write([store.kysely.insertInto('agent_events').values(rows)]);
      }
      await addEvent(store, agent, kept.id, { kind: 'note', message: 'one more' }, 30);
      const count = await store.kysely
        .selectFrom('agent_events')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('agent_id', '=', agent.id)
        .executeTakeFirstOrThrow();
      expect(Number(count.count)).toBe(MAX_AGENT_EVENTS);
      expect(await events(kept)).toHaveLength(2);
    });

    it('of the tasks that have ended the newest are kept, with their events', async () => {
      const rows = Array.from({ length: MAX_ENDED_TASKS + 3 }, (_, at) => ({
        id: `tsk_0${String(at).padStart(4, '0')}` as const,
        workspace_id: agent.workspaceId,
        agent_id: agent.id,
        ...{ title: 'old', state: 'done' as const, session: null, progress: null, result: null },
        ...{ version: 1, created_at: 1, updated_at: 1, started_at: 1, ended_at: 1 },
      }));
      await store.write([store.kysely.insertInto('agent_tasks').values(rows)]);
      await addEvent(store, agent, 'tsk_00000', { kind: 'note' }, 1);
      await begin('new');
      const left = await listTasks(store, agent, { ...page, limit: 5_000 });
      expect(left).toHaveLength(MAX_ENDED_TASKS + 1);
      expect(await findTask(store, agent, 'tsk_00002')).toBeUndefined();
      expect(await findTask(store, agent, 'tsk_00003')).toBeDefined();
      expect(await listEvents(store, agent, { taskId: 'tsk_00000', before: undefined, limit: 9 })).toEqual(
        [],
      );
    });

    it('more open tasks than the limit are not taken; ended ones are', async () => {
      const rows = Array.from({ length: MAX_OPEN_TASKS }, (_, at) => ({
        id: `tsk_0${at}` as const,
        workspace_id: agent.workspaceId,
        agent_id: agent.id,
        ...{ title: 'open', state: 'queued' as const, session: null, progress: null, result: null },
        ...{ version: 1, created_at: 1, updated_at: 1, started_at: null, ended_at: null },
      }));
      await store.write([store.kysely.insertInto('agent_tasks').values(rows)]);
      expect(await createTask(store, agent, { title: 't', state: 'queued' }, 10)).toBeUndefined();
      expect(await createTask(store, agent, { title: 't', state: 'done' }, 10)).toBeDefined();
      expect(await createTask(store, other, { title: 't', state: 'queued' }, 10)).toBeDefined();
    });

    it('a heartbeat is written down, one that says nothing not too often', async () => {
      const seen = async () => (await findAgent(store, agent.id, agent.workspaceId))!;
      const now = 1_000_000;
      await beat(store, agent, undefined, now);
      expect((await seen()).beatAtMs).toBe(now);
      await beat(store, await seen(), undefined, now + MIN_BEAT_MS - 1);
      expect((await seen()).beatAtMs).toBe(now);
      await beat(store, await seen(), 'indexing', now + 1);
      expect((await seen()).beatAtMs).toBe(now + 1);
      await beat(store, await seen(), undefined, now + MIN_BEAT_MS + 1);
      expect((await seen()).beatAtMs).toBe(now + MIN_BEAT_MS + 1);
      // A clock behind the others.
      await beat(store, agent, 'late', now - 1);
      expect((await seen()).beatAtMs).toBe(now + MIN_BEAT_MS + 1);
      expect((await heartbeats()).map(({ message }) => message)).toEqual(['late', 'indexing']);
      expect((await findAgent(store, theirs.id, theirs.workspaceId))?.beatAtMs).toBeUndefined();
    });
  },
);

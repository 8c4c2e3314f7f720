/** Agents behind the admin API that hold still: one of the registry, which is busy, and one that a file declares. */
import type { AgentAnswer, AgentDesk, AgentFacts, WholeAgentFacts } from '../../src/admin/deps-agents.ts';
import { nanoUsd } from '../../src/base/money.ts';
import { noSums } from '../../src/ledger/analytics/sums.ts';
import type { TaskRecord } from '../../src/registry/agent-tasks.ts';
import type { AgentRecord } from '../../src/registry/agents.ts';

interface Fakes {
  readonly record: AgentRecord;
  readonly coder: WholeAgentFacts;
  readonly filed: WholeAgentFacts;
  readonly task: TaskRecord;
}

function fakesAt(nowMs: number): Fakes {
  const record: AgentRecord = {
    id: 'agt_1',
    workspaceId: 'ws_1',
    name: 'coder',
    description: 'Writes code',
    preferredModel: 'openai/gpt-4o',
    createdBy: 'operator',
    createdAtMs: nowMs - 86_400_000,
    beatAtMs: nowMs - 30_000,
  };
  const month = { ...noSums, entries: 1_234, cost: nanoUsd(2_500_000_000n) };
  const coder: WholeAgentFacts = {
    origin: { source: 'registry', record },
    name: 'coder',
    preferredModel: 'openai/gpt-4o',
    effective: {
      layer: 'agent',
      rule: { ref: 'openai/gpt-4o', source: 'agent coder of the registry' },
    },
    problem: undefined,
    seenAtMs: nowMs - 30_000,
    presence: 'online',
    spend: { month, total: { ...month, entries: 5_678, cost: nanoUsd(20_000_000_001n), unpriced: 2 } },
    systemPrompt: 'You write code.',
    budgets: [],
  };
  const filed: WholeAgentFacts = {
    origin: { source: 'file', agent: { name: 'reviewer', file: '/repo/agents.yaml' } },
    name: 'reviewer',
    effective: {
      layer: 'agent',
      rule: { ref: 'ollama/codellama', source: '/repo/agents.yaml, agent reviewer' },
    },
    problem: 'no provider ollama is declared; set OLLAMA_HOST or providers.ollama',
    seenAtMs: undefined,
    presence: 'offline',
    spend: { month: noSums, total: noSums },
    budgets: [],
  };
  const task: TaskRecord = {
    id: 'tsk_1',
    title: 'Fix the door',
    state: 'running',
    session: 'session-7',
    progress: 40,
    createdAtMs: nowMs - 120_000,
    updatedAtMs: nowMs - 60_000,
    startedAtMs: nowMs - 110_000,
  };
  return { record, coder, filed, task };
}

/** `made` collects what it is told. A model that begins with `nowhere` leads nowhere. */
export function fakeAgentDesk(made: unknown[], nowMs: number): AgentDesk {
  const { record, coder, filed, task } = fakesAt(nowMs);
  const find = (which: string): WholeAgentFacts | undefined =>
    which === 'agt_1' || which === 'coder' ? coder : which === 'reviewer' ? filed : undefined;
  const answer = (which: string, more: Partial<AgentFacts> = {}): AgentAnswer => {
    const facts = find(which);
    if (!facts) return { kind: 'unknown' };
    return facts.origin.source === 'file'
      ? { kind: 'declared' }
      : { kind: 'done', facts: { ...facts, ...more } };
  };
  return {
    async list(search) {
      made.push(search);
      return [coder, filed].slice(0, search.limit);
    },
    find: async (which) => find(which),
    async create(terms, budgets, how) {
      made.push([terms, budgets, how]);
      if (terms.name === 'coder') return { kind: 'name_taken' };
      return {
        kind: 'done',
        facts: { ...coder, name: terms.name, preferredModel: terms.preferredModel ?? '' },
      };
    },
    async change(which, change) {
      made.push([which, change]);
      return answer(which);
    },
    async prefer(which, ref, force) {
      made.push([which, ref, force]);
      if (ref?.startsWith('nowhere') && !force)
        return { kind: 'unreachable', message: `${ref}: no provider nowhere` };
      const { preferredModel: _, ...rest } = find(which) ?? coder;
      const facts: WholeAgentFacts = { ...rest, ...(ref !== undefined && { preferredModel: ref }) };
      return find(which) ? { kind: 'done', facts } : { kind: 'unknown' };
    },
    async archive(which) {
      made.push(['archive', which]);
      return answer(which);
    },
    reports: {
      find: async (which) => {
        const facts = find(which);
        if (!facts) return { kind: 'unknown' };
        return facts.origin.source === 'file' ? { kind: 'declared' } : { kind: 'found', agent: record };
      },
      async beat(_, message) {
        made.push(['beat', message]);
      },
      heartbeats: async () => [{ id: 'tev_1', kind: 'heartbeat', message: 'indexing', atMs: nowMs }],
      tasks: async (_, { state }) => (state === undefined || state === task.state ? [task] : []),
      task: async (_, id) => (id === task.id ? task : undefined),
      async createTask(_, terms) {
        made.push(terms);
        return { ...task, ...terms };
      },
      async changeTask(_, id, change) {
        made.push([id, change]);
        return id === task.id ? { kind: 'done', task: { ...task, ...change } } : undefined;
      },
      events: async () => [{ id: 'tev_2', kind: 'state', message: 'running', atMs: nowMs - 110_000 }],
      async addEvent(_, id, report) {
        made.push([id, report]);
        return { id: 'tev_3', ...report, atMs: nowMs };
      },
    },
  };
}

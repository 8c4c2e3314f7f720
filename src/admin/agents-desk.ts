/** The desk for agents, on top of the registry, the files, the ledger and of what serves now: one workspace. */
import type { Definitions } from '../agents/definition.ts';
import { presenceOf } from '../base/agent.ts';
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { type PromptId, promptIdText } from '../base/prompt-id.ts';
import { lastBooked, sumAgents } from '../ledger/analytics/agents.ts';
import {
  type AgentPlace,
  archiveAgent,
  type ChangedAgent,
  changeAgent,
  createAgent,
  findAgent,
  listAgents,
  liveNames,
  preferModel,
  type WholeAgent,
} from '../registry/agents.ts';
import type { ModelRules } from '../route/layers.ts';
import { choose, INHERIT } from '../route/precedence.ts';
import type { Store } from '../store/store.ts';
import { fileAgentsOf } from './agent-files.ts';
import { createReportDesk } from './agent-reports-desk.ts';
import type {
  AgentAnswer,
  AgentDesk,
  AgentFacts,
  AgentOrigin,
  AgentSearch,
  FileAgent,
  WholeAgentFacts,
} from './deps-agents.ts';
import type { BudgetDesk } from './deps-budgets.ts';
import type { RoutingDesk } from './deps-routing.ts';

export interface AgentMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  readonly budgets: Pick<BudgetDesk, 'ofScope'>;
  /** For agents of files: what an operator prefers for one is a rule. */
  readonly routing: Pick<RoutingDesk, 'setRule' | 'unsetRule'>;
  definitions(): Definitions;
  /** Which model prompts get now. */
  rules(): ModelRules;
  /** undefined = it leads somewhere. `hasHints`: with what is near to it, which takes milliseconds. */
  problemOf(ref: string, hasHints: boolean): string | undefined;
  /** What the registry holds by now serves when this resolves. */
  recompile(): Promise<void>;
}

/** Looked at together where a page is made of those that are in one state. */
const BATCH = 500;

export function createAgentDesk(means: AgentMeans): AgentDesk {
  const { store, workspaceId, clock, routing } = means;
  const at = () => ({ workspaceId, nowMs: clock.now() });
  const ofFile = (which: string) => fileAgentsOf(means.definitions()).find(({ name }) => name === which);
  const find = async (which: string): Promise<WholeAgentFacts | undefined> => {
    const record = await findAgent(store, which, workspaceId);
    if (record) return wholeOfRecord(means, record);
    const agent = ofFile(which);
    return agent && wholeOf(means, { source: 'file', agent });
  };
  /** A file says of it what it is; what is not even there is unknown. */
  const answer = async (which: string, changed: ChangedAgent): Promise<AgentAnswer> => {
    if (changed.kind === 'done') return { kind: 'done', facts: await wholeOfRecord(means, changed.agent) };
    return changed.kind === 'unknown' && ofFile(which) ? { kind: 'declared' } : changed;
  };
  return {
    list: (search) => list(means, search),
    find,
    async create(terms, budgets, { by, force }) {
      const problem = unreachable(means, terms.preferredModel, force);
      if (problem) return problem;
      const made = await createAgent(store, terms, budgets, { ...at(), by });
      if (made.kind !== 'done') return made;
      await means.recompile();
      return { kind: 'done', facts: await wholeOfRecord(means, made.agent) };
    },
    change: async (which, change) => answer(which, await changeAgent(store, which, change, at())),
    async prefer(which, ref, force) {
      const problem = unreachable(means, ref, force);
      if (problem) return problem;
      const changed = await preferModel(store, which, ref, at());
      const file = changed.kind === 'unknown' ? ofFile(which) : undefined;
      if (!file) {
        await means.recompile();
        return answer(which, changed);
      }
      const subject = { kind: 'prompt', id: promptOf(file.name) } as const;
      if (ref === undefined) await routing.unsetRule(subject);
      else await routing.setRule(subject, { ref }, force);
      return { kind: 'done', facts: await wholeOf(means, { source: 'file', agent: file }) };
    },
    async archive(which) {
      const changed = await archiveAgent(store, which, at());
      await means.recompile();
      return answer(which, changed);
    },
    reports: createReportDesk({
      store,
      workspaceId,
      clock,
      isOfFile: (which) => ofFile(which) !== undefined,
    }),
  };
}

function unreachable(
  { problemOf }: AgentMeans,
  ref: string | undefined,
  force: boolean,
): AgentAnswer | undefined {
  const problem = ref === undefined || force || ref === INHERIT ? undefined : problemOf(ref, true);
  return problem === undefined ? undefined : { kind: 'unreachable', message: `${ref}: ${problem}` };
}

function promptOf(name: string): PromptId {
  return { kind: 'agent', name };
}

function nameOf(origin: AgentOrigin): string {
  return origin.source === 'registry' ? origin.record.name : origin.agent.name;
}

/** Where it stands in the list: before those of the registry that have its name and are archived. */
export function placeOf(origin: AgentOrigin): AgentPlace {
  return { name: nameOf(origin), id: origin.source === 'registry' ? origin.record.id : '' };
}

async function list(means: AgentMeans, search: AgentSearch): Promise<readonly AgentFacts[]> {
  const { presence, limit } = search;
  const size = presence === undefined ? limit : Math.max(limit, BATCH);
  const found: Seen[] = [];
  for (let { after } = search; found.length < limit; ) {
    const origins = await nextOrigins(means, { ...search, after, limit: size });
    const seen = await seeAll(means, origins);
    found.push(...seen.filter((one) => presence === undefined || one.presence === presence));
    if (origins.length < size) break;
    after = placeOf(origins.at(-1)!);
  }
  return factsOf(means, found.slice(0, limit));
}

/** Of files and the registry, by name. One of a file is not shown beside one of the registry that has its name. */
async function nextOrigins(
  { store, workspaceId, definitions }: AgentMeans,
  search: AgentSearch,
): Promise<readonly AgentOrigin[]> {
  const { source, limit } = search;
  const records = source === 'file' ? [] : await listAgents(store, workspaceId, search);
  const declared = source === 'registry' ? [] : fileAgentsOf(definitions());
  const wanted = declared.filter((agent) => isWanted(agent, search));
  const taken = wanted.length === 0 ? new Set() : await liveNames(store, workspaceId);
  const files = wanted.filter(({ name }) => !taken.has(name)).slice(0, limit);
  return [
    ...records.map((record) => ({ source: 'registry', record }) as const),
    ...files.map((agent) => ({ source: 'file', agent }) as const),
  ]
    .sort(byPlace)
    .slice(0, limit);
}

function isWanted({ name }: FileAgent, { after, text }: AgentSearch): boolean {
  if (after && name <= after.name) return false;
  return text === undefined || name.toLowerCase().includes(text.toLowerCase());
}

function byPlace(a: AgentOrigin, b: AgentOrigin): number {
  const [first, second] = [placeOf(a), placeOf(b)];
  if (first.name !== second.name) return first.name < second.name ? -1 : 1;
  return first.id < second.id ? -1 : 1;
}

interface Seen {
  readonly origin: AgentOrigin;
  readonly seenAtMs: number | undefined;
  readonly presence: AgentFacts['presence'];
}

/** A heartbeat and a booked request are both signs of life. What is archived is not there, whoever uses its name. */
async function seeAll(
  { store, workspaceId, clock }: AgentMeans,
  origins: readonly AgentOrigin[],
): Promise<readonly Seen[]> {
  const nowMs = clock.now();
  const names = [...new Set(origins.map(nameOf))];
  const booked = await lastBooked({ kysely: store.reader }, { workspaceId, names }, nowMs);
  return origins.map((origin) => {
    const record = origin.source === 'registry' ? origin.record : undefined;
    const isArchived = record?.archivedAtMs !== undefined;
    const signs = [record?.beatAtMs, isArchived ? undefined : booked.get(nameOf(origin))];
    const known = signs.filter((sign) => sign !== undefined);
    const seenAtMs = known.length === 0 ? undefined : Math.max(...known);
    return { origin, seenAtMs, presence: isArchived ? 'offline' : presenceOf(seenAtMs, nowMs) };
  });
}

async function factsOf(means: AgentMeans, seen: readonly Seen[]): Promise<readonly AgentFacts[]> {
  const { store, workspaceId, clock } = means;
  const names = [...new Set(seen.map(({ origin }) => nameOf(origin)))];
  const spend = await sumAgents({ ...store, kysely: store.reader }, { workspaceId, names }, clock.now());
  return seen.map((one) => {
    const name = nameOf(one.origin);
    return { ...one, name, spend: spend.get(name)!, ...modelsOf(means, one.origin) };
  });
}

/** What is preferred of an agent, and what it gets by that and all else that is said of it. */
function modelsOf(
  { rules, workspaceId, problemOf }: AgentMeans,
  origin: AgentOrigin,
): Pick<AgentFacts, 'preferredModel' | 'effective' | 'problem'> {
  const prompt = promptOf(nameOf(origin));
  const now = rules();
  const choice = choose(now, {
    ...{ workspaceId, prompt, explicit: undefined, request: undefined, key: undefined },
    ...{ pipeline: undefined, step: undefined },
  });
  const preferred =
    origin.source === 'registry'
      ? origin.record.preferredModel
      : now.settings.get(workspaceId)?.exact.get(promptIdText(prompt))?.ref;
  return {
    ...(preferred !== undefined && { preferredModel: preferred }),
    effective: choice.ok ? { layer: choice.layer, rule: choice.rule } : undefined,
    problem: choice.ok ? problemOf(choice.ref, false) : undefined,
  };
}

function wholeOfRecord(means: AgentMeans, { systemPrompt, ...record }: WholeAgent): Promise<WholeAgentFacts> {
  return wholeOf(means, { source: 'registry', record }, systemPrompt);
}

async function wholeOf(
  means: AgentMeans,
  origin: AgentOrigin,
  systemPrompt?: string,
): Promise<WholeAgentFacts> {
  const [facts] = await factsOf(means, await seeAll(means, [origin]));
  const budgets = await means.budgets.ofScope({ kind: 'agent', id: nameOf(origin) });
  return { ...facts!, budgets, ...(systemPrompt !== undefined && { systemPrompt }) };
}

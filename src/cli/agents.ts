/** `turnpike agents`: list, show, make, change and archive agents, and say which model one prefers. */
import type { AgentBody, WholeAgentBody } from '../admin/agent-fields.ts';
import { RefusedError } from './client.ts';
import { withBooks } from './connect.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { readBudget } from './keys.ts';
import { count, moment, money, paintFor, printJson, printLine, printTable } from './print.ts';
import { readPrompt } from './prompt-text.ts';

interface Json {
  readonly json?: boolean;
}

export interface ListOptions extends Json {
  readonly search?: string;
  readonly source?: string;
  readonly state?: string;
  readonly archived?: boolean;
}

export async function listAgents(io: Io, options: ListOptions): Promise<ExitCode> {
  const { search, source, state, archived } = options;
  const filter = { q: search, source, state, archived: archived ? 'true' : undefined };
  const agents = await withBooks(io, (client) => client.agents.list(filter));
  if (options.json) {
    printJson(io, { agents });
    return 0;
  }
  if (agents.length === 0) {
    printLine(io.stdout, 'No agents. Make one with `turnpike agents create <name>`.');
    return 0;
  }
  const numbers = ['requests', 'this month', 'in all'].map((title) => ({ title, align: 'right' as const }));
  printTable(
    io,
    [
      ...['name', 'state', 'last seen', 'model', 'by'].map((title) => ({ title })),
      ...numbers,
      { title: 'from' },
    ],
    agents.map(renderRow),
  );
  return 0;
}

function renderRow(agent: AgentBody): string[] {
  const { name, archivedAt, state, lastSeenAt, model, problem, spend, source } = agent;
  return [
    archivedAt === null ? name : `${name} (archived)`,
    state,
    lastSeenAt === null ? 'never' : moment(lastSeenAt),
    model === null ? '-' : `${model.ref}${problem === null ? '' : ' (leads nowhere)'}`,
    model?.layer ?? '',
    count(spend.totalRequests),
    money(spend.monthUsd),
    money(spend.totalUsd),
    source,
  ];
}

export async function showAgent(io: Io, wanted: string, options: Json): Promise<ExitCode> {
  const agent = await withBooks(io, (client) => client.agents.find(wanted));
  if (options.json) printJson(io, agent);
  else printAgent(io, agent);
  return 0;
}

function printAgent(io: Io, agent: WholeAgentBody): void {
  const { model, spend, preferredModel, lastSeenAt, createdAt, archivedAt, file, problem } = agent;
  const month = `${money(spend.monthUsd)} this month (${count(spend.monthRequests)} request${spend.monthRequests === 1 ? '' : 's'})`;
  const facts: readonly (readonly [string, string])[] = [
    ...(agent.source === 'registry' ? [['id', agent.id] as const] : []),
    ...(agent.description === null ? [] : [['description', agent.description] as const]),
    ...(file === null ? [] : [['file', file] as const]),
    ['prefers', preferredModel ?? 'the default'],
    ['gets', model === null ? 'no model by itself' : `${model.ref}, by ${model.layer} (${model.source})`],
    ...(problem === null ? [] : [['problem', problem] as const]),
    ['state', lastSeenAt === null ? 'never seen' : `${agent.state}, last seen ${moment(lastSeenAt)} UTC`],
    ['spent', `${month}, ${money(spend.totalUsd)} in all (${count(spend.totalRequests)})`],
    ...agent.budgets.map(
      ({ name, limitUsd, period, action }) =>
        ['budget', `${name}: ${money(limitUsd)} ${period}${action === 'warn' ? ', only told' : ''}`] as const,
    ),
    ...(createdAt === null ? [] : [['made', `${moment(createdAt)} UTC by ${agent.createdBy}`] as const]),
    ...(archivedAt === null ? [] : [['archived', `${moment(archivedAt)} UTC`] as const]),
  ];
  const paint = paintFor(io.stdout, io.env);
  printLine(io.stdout, paint.bold(agent.name));
  for (const [name, value] of facts)
    printLine(io.stdout, `  ${paint.dim(name.padEnd(11))} ${harmless(value)}`);
  if (agent.systemPrompt !== null) printLine(io.stdout, `\n${harmless(agent.systemPrompt).trimEnd()}`);
}

/** Texts of others may hold what a terminal obeys. Line breaks and tabs stay. */
export function harmless(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

export interface CreateOptions extends Json {
  readonly description?: string;
  /** A file. */
  readonly prompt?: string;
  readonly model?: string;
  /** Each `usd/period`. */
  readonly budget?: readonly string[];
  readonly force?: boolean;
}

export async function createAgent(io: Io, name: string, options: CreateOptions): Promise<ExitCode> {
  const { description, prompt, model, budget = [], force } = options;
  const systemPrompt = prompt === undefined ? undefined : (await readPrompt(io, prompt)).text;
  const wanted = {
    name,
    ...(description !== undefined && { description }),
    ...(systemPrompt !== undefined && { systemPrompt }),
    ...(model !== undefined && { model }),
    ...(budget.length > 0 && { budgets: budget.map(readBudget) }),
    force: force ?? false,
  };
  const made = await withBooks(io, (client) => client.agents.create(wanted)).catch(sayHowToForce(model));
  return printDone(io, made, `Agent ${made.name} (${made.id}).`, options);
}

export interface UpdateOptions extends Json {
  /** `none` = nothing is said. */
  readonly description?: string;
  /** A file; `none` = it has none. */
  readonly prompt?: string;
}

export async function updateAgent(io: Io, wanted: string, options: UpdateOptions): Promise<ExitCode> {
  const { description, prompt } = options;
  if (description === undefined && prompt === undefined)
    throw usageError('nothing is to be changed', 'turnpike agents update --help lists what can be.');
  const text = prompt === undefined || prompt === 'none' ? null : (await readPrompt(io, prompt)).text;
  const changed = await withBooks(io, (client) =>
    client.agents.change(wanted, {
      ...(description !== undefined && { description: description === 'none' ? null : description }),
      ...(prompt !== undefined && { systemPrompt: text }),
    }),
  );
  return printDone(io, changed, `Changed ${changed.name}.`, options);
}

/** In place of a model: the layers below say which. */
const USE_DEFAULT = 'default';

export async function preferModel(
  io: Io,
  wanted: string,
  ref: string,
  options: Json & { readonly force?: boolean },
): Promise<ExitCode> {
  const model = ref === USE_DEFAULT ? null : ref;
  const agent = await withBooks(io, (client) =>
    client.agents.prefer(wanted, { model, force: options.force ?? false }),
  ).catch(sayHowToForce(ref));
  const gets = agent.model === null ? 'no model by itself' : `${agent.model.ref} (${agent.model.source})`;
  return printDone(io, agent, `${agent.name} prefers ${model ?? 'the default'} and gets ${gets}.`, options);
}

/** @throws what it is given, with a better hint where a model was named and leads nowhere */
function sayHowToForce(ref: string | undefined): (error: unknown) => never {
  return (error) => {
    const isRef = ref !== undefined && error instanceof RefusedError && error.message.startsWith(`${ref}: `);
    throw isRef ? new CliError(error.message, 'Correct the model, or add --force.') : error;
  };
}

export async function archiveAgent(
  io: Io,
  wanted: string,
  options: Json & { readonly yes?: boolean },
): Promise<ExitCode> {
  const agent = await withBooks(io, (client) => client.agents.find(wanted));
  if (!options.yes && !(await isConfirmed(io, agent))) {
    printLine(io.stderr, 'Nothing was archived.');
    return 1;
  }
  const archived = await withBooks(io, (client) => client.agents.archive(agent.id));
  return printDone(io, archived, `Archived ${archived.name} (${archived.id}).`, options);
}

async function isConfirmed(io: Io, { name }: WholeAgentBody): Promise<boolean> {
  if (!io.stdin.isTerminal)
    throw usageError('archiving cannot be undone, and nobody is here to confirm it', 'Add --yes.');
  return io.confirm(`Archive ${name}? It reports no more, and the model it prefers counts no more.`);
}

function printDone(io: Io, agent: WholeAgentBody, text: string, { json }: Json): ExitCode {
  if (json) printJson(io, agent);
  else {
    printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${text}`);
    const { yellow } = paintFor(io.stderr, io.env);
    if (agent.problem !== null && agent.archivedAt === null)
      printLine(io.stderr, `${yellow('!')} ${agent.model?.ref}: ${agent.problem}`);
  }
  return 0;
}

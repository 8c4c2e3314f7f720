/** `turnpike models set|unset|config`: which model each prompt gets, in the registry or in a configuration file. */
import type { ModelRuleBody, ModelsConfig } from '../admin/routing.ts';
import type { FileSide } from '../config-edit.ts';
import { RefusedError } from './client.ts';
import { homeOf } from './client-file.ts';
import { withBooks, withServer } from './connect.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { paintFor, printJson, printLine, printTable } from './print.ts';

interface Where {
  readonly project?: boolean;
  readonly user?: boolean;
  readonly json?: boolean;
}

export interface SetOptions extends Where {
  /** Refs to try after it. */
  readonly fallback?: readonly string[];
  readonly force?: boolean;
}

export async function setModel(
  io: Io,
  promptId: string,
  ref: string,
  options: SetOptions,
): Promise<ExitCode> {
  const side = sideOf(options);
  const { fallback = [], force = false } = options;
  if (side) return setInFile(io, side, promptId, { ref, fallback, force, isJson: options.json ?? false });
  const named = fallback.length > 0 && { fallback: [...fallback] };
  const rule = await withBooks(io, (client) =>
    client.routing.setRule(promptId, { model: ref, ...named, force }),
  ).catch(sayHowToForce);
  if (options.json) printJson(io, rule);
  else {
    printDone(io, `${rule.id} -> ${[ref, ...fallback].join(', then ')}`);
    warnOfProblem(io, rule);
  }
  return 0;
}

/** @throws what it is given, with a better hint where a ref leads nowhere */
function sayHowToForce(error: unknown): never {
  if (!(error instanceof RefusedError && error.code === 'body_invalid')) throw error;
  throw new CliError(error.message, FORCE);
}

const FORCE = 'Correct the model, or add --force.';

function sideOf({ project, user }: Where): FileSide | undefined {
  if (project && user) throw usageError('--project and --user are two files', 'Name one of them.');
  return project ? 'project' : user ? 'user' : undefined;
}

interface FileSetting {
  readonly ref: string;
  readonly fallback: readonly string[];
  readonly force: boolean;
  readonly isJson: boolean;
}

async function setInFile(
  io: Io,
  side: FileSide,
  promptId: string,
  { ref, fallback, force, isJson }: FileSetting,
): Promise<ExitCode> {
  if (!force) for (const one of [ref, ...fallback]) await checkRef(io, one);
  const { setModelInFile } = await import('../config-edit.ts');
  const path = await pathOf(io, side);
  setModelInFile(path, promptId, { ref, fallback }, io.env);
  if (isJson) printJson(io, { id: promptId, model: ref, fallback, file: path });
  else {
    printDone(io, `${promptId} -> ${[ref, ...fallback].join(', then ')} in ${path}`);
    await warnOfHigherLayers(io, side, promptId);
  }
  return 0;
}

async function pathOf(io: Io, side: FileSide): Promise<string> {
  const { fileToEdit } = await import('../config-edit.ts');
  return fileToEdit(side, { cwd: io.cwd, named: io.env.TURNPIKE_CONFIG, home: homeOf(io.env, io.cwd) });
}

/** By the books, where they can be had; a file may be written before any server was started. */
async function checkRef(io: Io, ref: string): Promise<void> {
  if (ref === 'inherit') return;
  try {
    await withBooks(io, (client) => client.routing.fallback(ref));
  } catch (error) {
    if (!(error instanceof RefusedError && error.code === 'query_invalid')) return;
    throw new CliError(error.message.replace(/^model: /, ''), FORCE);
  }
}

/** What counts more than the file, where a server runs that knows. */
async function warnOfHigherLayers(io: Io, side: FileSide, promptId: string): Promise<void> {
  const higher = side === 'project' ? ['setting'] : ['setting', 'project'];
  try {
    const { layers } = await withServer(io, (client) => client.routing.rule(promptId));
    const first = layers.find(({ layer }) => higher.includes(layer));
    if (first) printWarning(io, `${first.source} comes before it: ${first.ref}`);
  } catch {
    // Nobody to ask.
  }
}

export async function unsetModel(io: Io, promptId: string, options: Where): Promise<ExitCode> {
  const side = sideOf(options);
  if (side) return unsetInFile(io, side, promptId, options.json ?? false);
  const answer = await withBooks(io, (client) => client.routing.unsetRule(promptId));
  if (options.json) printJson(io, answer);
  else printDone(io, `${answer.now.id} is no longer ${answer.was.ref}; ${nowText(answer.now)}`);
  return 0;
}

function nowText({ effective }: ModelRuleBody): string {
  return effective ? `now ${effective.ref} (${effective.source})` : 'the request decides';
}

async function unsetInFile(io: Io, side: FileSide, promptId: string, isJson: boolean): Promise<ExitCode> {
  const { unsetModelInFile } = await import('../config-edit.ts');
  const path = await pathOf(io, side);
  if (!unsetModelInFile(path, promptId, io.env))
    throw new CliError(`${path} says nothing of ${promptId}`, '`turnpike models config` shows who does.');
  if (isJson) printJson(io, { id: promptId, file: path });
  else printDone(io, `${promptId} is taken out of ${path}`);
  return 0;
}

export async function printModelsConfig(io: Io, options: { readonly json?: boolean }): Promise<ExitCode> {
  const found = await withBooks(io, (client) => client.routing.config());
  if (options.json) {
    printJson(io, found);
    return 0;
  }
  printRules(io, found);
  printNames(io, found);
  printFallback(io, found);
  for (const { source, ref, problem } of found.problems) printWarning(io, `${source}: ${ref}: ${problem}`);
  if (found.isTruncated) printLine(io.stdout, paintFor(io.stdout, io.env).dim('there is more'));
  return 0;
}

function printRules(io: Io, { rules, steps }: ModelsConfig): void {
  const columns = ['prompt', 'model', 'by', 'from'].map((title) => ({ title }));
  const rows = rules.map(({ id, effective }) =>
    effective
      ? [id, [effective.ref, ...effective.fallback].join(' > '), effective.layer, effective.source]
      : [id, id === 'default' ? '(none)' : '(the request)', '', ''],
  );
  const stepRows = steps.map(({ pipeline, number, agent, ref, source }) => [
    `step ${pipeline} ${number}`,
    ref ?? (agent === null ? '(the request)' : `as agent:${agent}`),
    ref === null ? '' : 'step',
    source ?? '',
  ]);
  printTable(io, columns, [...stepRows, ...rows]);
}

function printNames(io: Io, { names }: ModelsConfig): void {
  if (names.length === 0) return;
  printLine(io.stdout);
  printTable(
    io,
    ['name', 'leads to', 'is', 'from'].map((title) => ({ title })),
    names.map(({ name, kind, strategy, refs, source }) => [
      name,
      refs.join(', '),
      strategy === null ? kind : `${strategy} ${kind}`,
      source ?? '',
    ]),
  );
}

function printFallback(io: Io, { fallback }: ModelsConfig): void {
  const { isEnabled, allowsNamed, onContentFilter, default: last } = fallback;
  const scope = isEnabled ? 'on' : allowsNamed ? 'only what a prompt names' : 'off';
  const parts = [
    scope,
    ...(isEnabled && last ? [`last ${last.ref}`] : []),
    ...(isEnabled && onContentFilter ? ['after a content filter too'] : []),
  ];
  printLine(io.stdout);
  printLine(io.stdout, `fallback: ${parts.join(', ')}`);
}

function warnOfProblem(io: Io, { problem, effective }: ModelRuleBody): void {
  if (problem !== null) printWarning(io, `${effective?.ref} leads nowhere now: ${problem}`);
}

function printWarning(io: Io, text: string): void {
  printLine(io.stderr, `${paintFor(io.stderr, io.env).yellow('!')} ${text}`);
}

function printDone(io: Io, text: string): void {
  printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${text}`);
}

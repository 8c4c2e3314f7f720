/** `turnpike routes` and `turnpike aliases`: list all, declare and remove those of the workspace. */
import type { Alias } from '../admin/declared-aliases.ts';
import type { NewRouteBody, Route } from '../admin/declared-routes.ts';
import { withBooks } from './connect.ts';
import { type ExitCode, type Io, usageError } from './io.ts';
import { paintFor, printJson, printLine, printTable } from './print.ts';

interface Options {
  readonly json?: boolean;
}

export async function listRoutes(io: Io, options: Options): Promise<ExitCode> {
  const { routes } = await withBooks(io, (client) => client.declared.routes());
  if (options.json) printJson(io, { routes });
  else printNames(io, 'route', routes, (route) => [route.strategy, describeModels(route)]);
  return 0;
}

export async function listAliases(io: Io, options: Options): Promise<ExitCode> {
  const { aliases } = await withBooks(io, (client) => client.declared.aliases());
  if (options.json) printJson(io, { aliases });
  else printNames(io, 'alias', aliases, ({ ref }) => [ref]);
  return 0;
}

function describeModels({ models }: Route): string {
  return models.map(({ ref, weight }) => (weight === 1 ? ref : `${ref} (${weight})`)).join(' > ');
}

function printNames<T extends Route | Alias>(
  io: Io,
  noun: 'route' | 'alias',
  rows: readonly T[],
  cellsOf: (row: T) => readonly string[],
): void {
  if (rows.length === 0) {
    const command =
      noun === 'route' ? 'turnpike routes set <name> <refs...>' : 'turnpike aliases set <name> <ref>';
    printLine(io.stdout, `There is no ${noun}. Declare one with \`${command}\`.`);
    return;
  }
  const columns = noun === 'route' ? ['route', 'strategy', 'models'] : ['alias', 'ref'];
  printTable(
    io,
    [...columns, 'declared in', 'problem'].map((title) => ({ title })),
    rows.map((row) => [row.name, ...cellsOf(row), row.file ?? 'the workspace', row.problem ?? '']),
  );
}

export interface RouteOptions extends Options {
  readonly strategy?: string;
  readonly cache?: number;
  readonly hedge?: boolean;
  readonly force?: boolean;
}

/** @param refs each maybe with `=weight` behind it */
export async function setRoute(
  io: Io,
  name: string,
  refs: readonly string[],
  { strategy, cache, hedge, force, json }: RouteOptions,
): Promise<ExitCode> {
  const body: NewRouteBody = {
    models: refs.map(readMember),
    // The server says which there are.
    ...(strategy !== undefined && { strategy: strategy as NonNullable<NewRouteBody['strategy']> }),
    ...(cache !== undefined && { cacheTtlSeconds: cache }),
    ...(hedge && { isHedged: true }),
    ...(force && { force }),
  };
  const route = await withBooks(io, (client) => client.declared.setRoute(name, body));
  if (json) printJson(io, route);
  else printDone(io, `${route.name} -> ${describeModels(route)}`);
  return 0;
}

function readMember(text: string): NewRouteBody['models'][number] {
  const at = text.lastIndexOf('=');
  if (at === -1) return text;
  const weight = text.slice(at + 1);
  if (at === 0 || !/^\d{1,4}$/.test(weight)) {
    throw usageError(`"${text}" is no ref with a weight`, 'Write ref, or ref=weight with a whole number.');
  }
  return { ref: text.slice(0, at), weight: Number(weight) };
}

export async function setAlias(
  io: Io,
  name: string,
  ref: string,
  { force, json }: Options & { readonly force?: boolean },
): Promise<ExitCode> {
  const body = { ref, ...(force && { force }) };
  const alias = await withBooks(io, (client) => client.declared.setAlias(name, body));
  if (json) printJson(io, alias);
  else printDone(io, `${alias.name} -> ${alias.ref}`);
  return 0;
}

export async function removeRoute(io: Io, name: string, { json }: Options): Promise<ExitCode> {
  const route = await withBooks(io, (client) => client.declared.removeRoute(name));
  if (json) printJson(io, route);
  else printDone(io, `Removed ${route.name}, which was ${describeModels(route)}.`);
  return 0;
}

export async function removeAlias(io: Io, name: string, { json }: Options): Promise<ExitCode> {
  const alias = await withBooks(io, (client) => client.declared.removeAlias(name));
  if (json) printJson(io, alias);
  else printDone(io, `Removed ${alias.name}, which was ${alias.ref}.`);
  return 0;
}

function printDone(io: Io, text: string): void {
  printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${text}`);
}

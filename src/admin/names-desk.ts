/** The desk for routes and aliases that a workspace declares: files win, and nothing leads back to itself. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Declaration } from '../registry/declarations.ts';
import {
  findName,
  listNames,
  type NameKind,
  type NameTerms,
  removeName,
  setName,
} from '../registry/names.ts';
import type { Store } from '../store/store.ts';
import type { NameDesk, NamedFacts } from './deps-declared.ts';

/** What files declare. */
export interface DeclaredNames {
  readonly aliases: ReadonlyMap<string, string>;
  readonly routes: ReadonlyMap<string, NameTerms['route']>;
}

/** What leads where now. */
export interface ServingNames {
  readonly aliases: ReadonlyMap<string, string>;
  readonly routes: ReadonlyMap<string, { readonly targets: readonly { readonly ref: string }[] }>;
}

export interface NameDeskInput {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  /** Of files alone. */
  declared(): DeclaredNames;
  /** All that serves in the workspace now. */
  serving(): ServingNames;
  /** The file that declares `aliases.x` or `routes.x`. */
  fileOf(setting: string): string | undefined;
  /** Why a ref leads nowhere now; undefined = it leads somewhere. */
  problemOf(ref: string, hasHints: boolean): string | undefined;
  /** What the registry holds by now serves when this resolves. */
  recompile(): Promise<void>;
}

type Terms<K extends NameKind> = NameTerms[K];

export function createNameDesk<K extends NameKind>(
  kind: K,
  input: NameDeskInput,
): NameDesk<Terms<K>, NamedFacts<Terms<K>>, Declaration<Terms<K>>> {
  const { store, workspaceId, clock } = input;
  const ofFile = (name: string) => fileTerms(kind, input.declared()).get(name);
  const fromFile = (name: string, terms: Terms<K>): NamedFacts<Terms<K>> => ({
    name,
    terms,
    file: input.fileOf(`${plural(kind)}.${name}`) ?? 'a configuration file',
    record: undefined,
    problem: input.problemOf(name, false),
  });
  const factsOf = (record: Declaration<Terms<K>>): NamedFacts<Terms<K>> => ({
    name: record.name,
    terms: record.terms,
    file: undefined,
    record,
    problem: fixedBy(input, record.name) ?? input.problemOf(record.name, false),
  });
  return {
    async list() {
      const declared = [...fileTerms(kind, input.declared())].map(([name, terms]) => fromFile(name, terms));
      return [...declared, ...(await listNames(store, kind, workspaceId)).map(factsOf)];
    },
    async find(name) {
      const declared = ofFile(name);
      if (declared) return fromFile(name, declared);
      const record = await findName(store, kind, name, workspaceId);
      return record && factsOf(record);
    },
    async set(name, terms, { by, force }) {
      const fixed = fixedBy(input, name);
      if (fixed !== undefined) return { kind: 'fixed', message: fixed };
      const problem = problemWith(input, kind, name, terms, force);
      if (problem !== undefined) return { kind: 'invalid', message: problem };
      const context = { workspaceId, nowMs: clock.now(), by };
      const outcome = await setName(store, kind, { name, terms }, context);
      if (outcome.kind === 'taken') return { kind: 'fixed', message: `${name} is ${other[kind]} already` };
      if (outcome.kind !== 'done') return outcome;
      await input.recompile();
      return { kind: 'done', facts: factsOf(outcome.record), isNew: outcome.isNew };
    },
    async remove(name) {
      const record = await removeName(store, kind, name, workspaceId);
      if (!record) {
        const fixed = ofFile(name) && fixedBy(input, name);
        return fixed === undefined ? { kind: 'unknown' } : { kind: 'fixed', message: fixed };
      }
      await input.recompile();
      return { kind: 'done', record };
    },
  };
}

const other = { alias: 'a route', route: 'an alias' } as const;
const plural = (kind: NameKind): 'aliases' | 'routes' => (kind === 'alias' ? 'aliases' : 'routes');

/** The one place where the two kinds are told apart; the compiler cannot follow a conditional type there. */
function fileTerms<K extends NameKind>(
  kind: K,
  { aliases, routes }: DeclaredNames,
): ReadonlyMap<string, Terms<K>> {
  const found =
    kind === 'alias' ? new Map([...aliases].map(([name, ref]) => [name, { ref }] as const)) : routes;
  return found as ReadonlyMap<string, NameTerms[NameKind]> as ReadonlyMap<string, Terms<K>>;
}

/** Files win, so what they declare under the name, as whatever kind, would never be reached. */
function fixedBy({ declared, fileOf }: NameDeskInput, name: string): string | undefined {
  const { aliases, routes } = declared();
  const setting = aliases.has(name) ? `aliases.${name}` : routes.has(name) ? `routes.${name}` : undefined;
  if (setting === undefined) return undefined;
  return `${name} is declared in ${fileOf(setting) ?? 'a configuration file'}, which wins`;
}

function problemWith<K extends NameKind>(
  { serving, problemOf }: NameDeskInput,
  kind: K,
  name: string,
  terms: Terms<K>,
  force: boolean,
): string | undefined {
  if (name === 'default') {
    return 'a model for requests that name none is set with `turnpike models set default`, not by a name of the API';
  }
  const refs = refsOf(terms);
  const loop = loopFrom(name, refs, serving());
  if (loop) return `${name} leads back to itself (${loop.join(' -> ')})`;
  if (force) return undefined;
  for (const ref of refs) {
    const problem = problemOf(ref, true);
    if (problem !== undefined) return `${kind === 'route' ? `models: ${ref}` : `ref: ${ref}`}: ${problem}`;
  }
  return undefined;
}

function refsOf(terms: Terms<NameKind>): readonly string[] {
  return 'ref' in terms ? [terms.ref] : terms.targets.map(({ ref }) => ref);
}

/** Names looked at: routes that name routes multiply. */
const MAX_LOOKED = 5_000;

/** The way from a name back to itself, were it to lead to these refs; undefined = there is none. */
function loopFrom(
  name: string,
  refs: readonly string[],
  { aliases, routes }: ServingNames,
): string[] | undefined {
  const nextOf = (one: string): readonly string[] => {
    const alias = aliases.get(one);
    return alias === undefined ? (routes.get(one)?.targets.map(({ ref }) => ref) ?? []) : [alias];
  };
  const seen = new Set<string>();
  const open = refs.map((ref) => [name, ref.trim()]);
  for (let path = open.pop(); path; path = open.pop()) {
    const last = path.at(-1)!;
    if (last === name) return path;
    if (seen.has(last) || seen.size >= MAX_LOOKED) continue;
    seen.add(last);
    for (const next of nextOf(last)) open.push([...path, next.trim()]);
  }
  return undefined;
}

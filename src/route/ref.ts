/** Model refs: what a client writes for a model, and where it leads. Pure. */
import type { RefusalCode } from '../base/refusal.ts';
import type { Catalog } from '../catalog/model.ts';
import type { FallbackRules, RouteRule } from './route-rule.ts';

/** One model at one provider. */
export interface Target {
  readonly provider: string;
  readonly model: string;
}

/** What this installation can reach, by name. Declared by operators, compiled into the snapshot. */
export interface RoutingTable {
  readonly providers: ReadonlyMap<string, RoutedProvider>;
  readonly aliases: ReadonlyMap<string, string>;
  readonly routes: ReadonlyMap<string, RouteRule>;
  /** Who stands in when what was chosen fails. */
  readonly fallback: FallbackRules;
  /** Ref for requests that name no model. */
  readonly defaultRef: string | undefined;
  /** Asked where several serve a model that is named without its provider; absent = the first of them. */
  readonly preferredProvider?: string;
}

export interface RoutedProvider {
  readonly name: string;
  /** Vendor whose catalog entries describe its models. */
  readonly catalogProvider: string;
  /** Model ids the operator listed. */
  readonly models: readonly string[];
}

/** Where a ref leads: one target, or a route's members, each a target or a route again. */
export type Candidates = Leaf | Group;

export interface Leaf {
  readonly kind: 'target';
  readonly target: Target;
  /** Its share in the route it stands in. */
  readonly weight: number;
}

export interface Group {
  readonly kind: 'route';
  readonly name: string;
  readonly rule: RouteRule;
  readonly members: readonly Candidates[];
  readonly weight: number;
}

export type Resolution =
  | {
      readonly ok: true;
      /** In the order written, each once or more. */
      readonly targets: readonly Target[];
      /** The same, with the routes they were found by. */
      readonly candidates: Candidates;
      /** Each step from the text to the targets, for people. */
      readonly trail: readonly string[];
    }
  | { readonly ok: false; readonly code: RefusalCode; readonly message: string };

/** Aliases and routes may name each other; a chain longer than this is a mistake or a loop. */
const MAX_DEPTH = 8;
/** Targets one ref may lead to; plans are cut shorter still. */
const MAX_TARGETS = 50;
/** Names followed for one ref: routes that name routes multiply. */
const MAX_STEPS = 500;
/** The longest ids in use have about 100; clients choose this text, and it is compared and remembered. */
export const MAX_REF_LENGTH = 300;
const MAX_SUGGESTIONS = 3;
/** More edits apart than this is another name, not a slip. */
const MAX_EDITS = 6;

interface Walk {
  readonly table: RoutingTable;
  readonly catalog: Catalog;
  readonly trail: string[];
  readonly targets: Target[];
  /** Whether a refusal says what is near: that compares the text with every name there is. */
  readonly hasHints: boolean;
  steps: number;
}

/**
 * Follows a ref through aliases and routes to providers' models; what leads nowhere is refused with a hint, which takes
 * milliseconds: `hasHints` false is for who asks of many.
 */
export function resolveRef(ref: string, table: RoutingTable, catalog: Catalog, hasHints = true): Resolution {
  const text = ref.trim();
  if (text.length > MAX_REF_LENGTH) {
    const message = `the model name has ${text.length} characters, at most ${MAX_REF_LENGTH} are read`;
    return { ok: false, code: 'body_invalid', message };
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    return { ok: false, code: 'body_invalid', message: 'the model name holds control characters' };
  }
  const walk: Walk = { table, catalog, trail: [], targets: [], hasHints, steps: 0 };
  const found = follow(walk, text, 1, []);
  if ('ok' in found) return found;
  return { ok: true, targets: walk.targets, candidates: found, trail: walk.trail };
}

type Problem = Resolution & { ok: false };

function follow(walk: Walk, ref: string, weight: number, path: readonly string[]): Candidates | Problem {
  if (path.includes(ref)) return unknown(`"${ref}" leads back to itself (${[...path, ref].join(' -> ')})`);
  if (path.length >= MAX_DEPTH) return unknown(`"${path[0]}" leads through more than ${MAX_DEPTH} names`);
  walk.steps += 1;
  if (walk.steps > MAX_STEPS)
    return unknown(`"${path[0]}" leads through more than ${MAX_STEPS} names in all`);
  const nextPath = [...path, ref];
  const alias = walk.table.aliases.get(ref);
  if (alias !== undefined) {
    walk.trail.push(`alias ${ref} -> ${alias}`);
    return follow(walk, alias, weight, nextPath);
  }
  const route = walk.table.routes.get(ref);
  if (route) return followRoute(walk, { name: ref, rule: route, weight }, nextPath);
  const target = splitTarget(walk.table, ref) ?? bareTarget(walk, ref);
  if (!target) return unknown(notFound(walk, ref));
  walk.targets.push(target);
  return { kind: 'target', target, weight };
}

/** A route stands as long as one of its refs leads somewhere: an operator without one of the keys still has the rest. */
function followRoute(
  walk: Walk,
  { name, rule, weight }: { readonly name: string; readonly rule: RouteRule; readonly weight: number },
  path: readonly string[],
): Candidates | Problem {
  walk.trail.push(`route ${name} -> ${rule.targets.map(({ ref }) => ref).join(', ')}`);
  const members: Candidates[] = [];
  let first: Problem | undefined;
  for (const target of rule.targets) {
    const found = follow(walk, target.ref, target.weight, path);
    if ('ok' in found) first ??= found;
    else members.push(found);
    if (walk.targets.length >= MAX_TARGETS || walk.steps > MAX_STEPS) break;
  }
  return members.length > 0 ? { kind: 'route', name, rule, members, weight } : first!;
}

/** `provider/model` or `provider:model`, at the first separator only: the rest is the provider's own spelling. */
export function splitRef(ref: string): Target | undefined {
  const at = ref.search(/[/:]/);
  if (at <= 0 || at === ref.length - 1) return undefined;
  return { provider: ref.slice(0, at), model: ref.slice(at + 1) };
}

/** A configured provider's ref stands even where the catalog does not know the model: providers add models daily. */
function splitTarget(table: RoutingTable, ref: string): Target | undefined {
  const split = splitRef(ref);
  return split && table.providers.has(split.provider) ? split : undefined;
}

/** An id without a provider: one the operator listed, else one the catalog knows of a configured provider's vendor. */
function bareTarget(walk: Walk, ref: string): Target | undefined {
  const preferred = walk.table.providers.get(walk.table.preferredProvider ?? '');
  if (preferred && servesBare(walk, preferred, ref)) return found(walk, ref, preferred.name);
  for (const provider of walk.table.providers.values()) {
    if (provider.models.includes(ref)) return found(walk, ref, provider.name);
  }
  for (const model of walk.catalog.findBare(ref)) {
    for (const provider of walk.table.providers.values()) {
      if (provider.catalogProvider === model.provider) return found(walk, ref, provider.name);
    }
  }
  return undefined;
}

function servesBare({ catalog }: Walk, { models, catalogProvider }: RoutedProvider, ref: string): boolean {
  return models.includes(ref) || catalog.findBare(ref).some(({ provider }) => provider === catalogProvider);
}

function found(walk: Walk, model: string, provider: string): Target {
  walk.trail.push(`${model} -> ${provider}/${model}`);
  return { provider, model };
}

function unknown(message: string): Problem {
  return { ok: false, code: 'model_unknown', message };
}

function notFound(walk: Walk, ref: string): string {
  const shown = ref.slice(0, 100);
  const split = splitRef(ref);
  const vendors = walk.catalog.findBare(split?.model ?? ref).map((model) => model.provider);
  if (vendors.length > 0) {
    const names = [...new Set(vendors)].slice(0, MAX_SUGGESTIONS).join(', ');
    return `"${shown}" is known (${names}), but no provider that serves it has a key here`;
  }
  const near = walk.hasHints ? suggestions(walk, ref) : [];
  const hint = near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '';
  return `there is no model, alias or route "${shown}"${hint}`;
}

function suggestions(walk: Walk, ref: string): string[] {
  const names = [...walk.table.aliases.keys(), ...walk.table.routes.keys()];
  for (const provider of walk.table.providers.values()) {
    for (const model of provider.models) names.push(`${provider.name}/${model}`);
    for (const model of walk.catalog.list(provider.catalogProvider))
      names.push(`${provider.name}/${model.id}`);
  }
  const text = ref.slice(0, 100).toLowerCase();
  const limit = Math.min(MAX_EDITS, Math.max(2, Math.floor(text.length / 4)));
  return names
    .map((name) => ({
      name,
      distance: Math.min(distance(text, name.toLowerCase(), limit), distance(text, tail(name), limit)),
    }))
    .filter((row) => row.distance <= limit)
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, MAX_SUGGESTIONS)
    .map((row) => row.name);
}

function tail(name: string): string {
  return name.slice(name.indexOf('/') + 1).toLowerCase();
}

/** Edits between two short texts (Levenshtein). More than `limit` are not counted out. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change));
    }
    if (Math.min(...next) > limit) return Number.POSITIVE_INFINITY;
    row = next;
  }
  return row[b.length]!;
}

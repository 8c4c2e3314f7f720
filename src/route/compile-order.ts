/**
 * A tree of candidates, made ready for being put in order request after request: filters are judged, names hashed,
 * and what is `ordered` all through is flat already. Pure.
 */
import { CAPABILITIES, type Capability } from '../catalog/model.ts';
import { filteredOut } from './filter.ts';
import { type CandidateFacts, type CapabilityBits, lackingBits } from './needs.ts';
import type { Candidates, Group, Target } from './ref.ts';
import type { Strategy } from './route-rule.ts';

export interface Ordered {
  readonly target: Target;
  readonly ref: string;
  /** The route it was found by, the innermost one; undefined = asked for itself. */
  readonly route: string | undefined;
}

export interface SkippedCandidate {
  readonly ref: string;
  /** A short code: `no_provider`, `route_filter`, `lacks_tools`, `context_too_long`, … */
  readonly reason: string;
  readonly note: string;
}

/** A candidate and what comparing needs of it. */
export interface Entry extends Ordered {
  readonly facts: CandidateFacts;
  readonly lacking: CapabilityBits;
}

/** Entries that stand together, in the order they are tried in; never empty. */
export type Block = readonly Entry[];

export interface Member {
  readonly weight: number;
  /** Of its name, for `sticky`. */
  readonly hash: number;
  readonly content:
    | { readonly kind: 'fixed'; readonly block: Block }
    | { readonly kind: 'choice'; readonly strategy: Strategy; readonly members: readonly Member[] };
}

export interface CompiledOrder {
  /** undefined = nothing passed. */
  readonly root: Member | undefined;
  /** By a route's filter, or because nobody serves it: the same for each request. */
  readonly skipped: readonly SkippedCandidate[];
  /** What some candidate is known to lack: whether a request needs anything else makes no difference. */
  readonly lacking: readonly Capability[];
}

interface Compilation {
  factsOf(target: Target): CandidateFacts | undefined;
  readonly skipped: SkippedCandidate[];
  /** Every candidate that passed, by its ref. */
  readonly kept: Map<string, CandidateFacts>;
}

export function compileOrder(
  tree: Candidates,
  factsOf: (target: Target) => CandidateFacts | undefined,
): CompiledOrder {
  const compilation: Compilation = { factsOf, skipped: [], kept: new Map() };
  const root = compileMember(tree, [], compilation);
  const seen = new Set(compilation.kept.keys());
  const skipped = compilation.skipped.filter(({ ref }) => !seen.has(ref) && seen.add(ref));
  const all = [...compilation.kept.values()];
  const lacking = CAPABILITIES.filter((capability) => all.some((facts) => facts.can(capability) === false));
  return { root, skipped, lacking };
}

/** @param routes that lead here, the outermost first: the filter of each counts */
function compileMember(
  tree: Candidates,
  routes: readonly Group[],
  compilation: Compilation,
): Member | undefined {
  if (tree.kind === 'target') return compileTarget(tree, routes, compilation);
  const inside = [...routes, tree];
  const members = tree.members.flatMap((member) => compileMember(member, inside, compilation) ?? []);
  return joined(tree.rule.strategy, members, { weight: tree.weight, hash: hashText(tree.name) });
}

function compileTarget(
  { target, weight }: Candidates & { kind: 'target' },
  routes: readonly Group[],
  { factsOf, skipped, kept }: Compilation,
): Member | undefined {
  const ref = `${target.provider}/${target.model}`;
  const facts = factsOf(target);
  if (!facts) {
    skipped.push({ ref, reason: 'no_provider', note: `no configured provider serves ${ref}` });
    return undefined;
  }
  for (const { name, rule } of routes) {
    const problem = rule.filter && filteredOut(rule.filter, facts);
    if (problem === undefined) continue;
    skipped.push({ ref, reason: 'route_filter', note: `route ${name} leaves ${ref} out: ${problem}` });
    return undefined;
  }
  kept.set(ref, facts);
  const route = routes.at(-1)?.name;
  const entry: Entry = { target, ref, route, facts, lacking: lackingBits(facts) };
  return { weight, hash: hashText(ref), content: { kind: 'fixed', block: [entry] } };
}

/** One member needs no strategy, and fixed ones in a fixed order are one fixed block. */
function joined(
  strategy: Strategy,
  members: readonly Member[],
  place: Pick<Member, 'weight' | 'hash'>,
): Member | undefined {
  const [first, ...others] = members;
  if (!first) return undefined;
  if (others.length === 0) return { ...place, content: first.content };
  const blocks = members.flatMap(({ content }) => (content.kind === 'fixed' ? [content.block] : []));
  const isFixed = strategy === 'ordered' && blocks.length === members.length;
  return {
    ...place,
    content: isFixed
      ? { kind: 'fixed', block: distinct(blocks.flat()) }
      : { kind: 'choice', strategy, members },
  };
}

/** The first of each ref. */
export function distinct(entries: readonly Entry[]): Block {
  const isRepeated = entries.some(
    ({ ref }, index) => entries.findIndex((entry) => entry.ref === ref) < index,
  );
  if (!isRepeated) return entries;
  const seen = new Set<string>();
  return entries.filter(({ ref }) => !seen.has(ref) && seen.add(ref));
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over the code units, then mixed: 32 bits that are the same in every process. */
export function hashText(text: string): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  }
  return mixBits(hash);
}

/** The last step of MurmurHash3: every bit of the input reaches every bit of the result. */
export function mixBits(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * In which order the candidates of a ref are tried. A route puts its own members in order, and what it gives stands
 * as a block in the route around it. Pure; what is the same for each request is compiled once (compile-order.ts).
 */
import {
  type Block,
  type CompiledOrder,
  compileOrder,
  distinct,
  type Entry,
  hashText,
  type Member,
  mixBits,
  type Ordered,
  type SkippedCandidate,
} from './compile-order.ts';
import { type CandidateFacts, isTooLong, neededBits, type RequestNeeds, unfitFor } from './needs.ts';
import type { Candidates, Target } from './ref.ts';
import type { Strategy } from './route-rule.ts';

export { type CompiledOrder, compileOrder, type Ordered, type SkippedCandidate } from './compile-order.ts';
export type { CandidateFacts, RequestNeeds } from './needs.ts';

/** What one request brings to the order. */
export interface OrderRequest {
  /** Smoothed time to the first byte; undefined = never seen. */
  firstByteMs(ref: string): number | undefined;
  /** Neither open, limited nor disabled. */
  isWell(ref: string): boolean;
  readonly needs: RequestNeeds;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** What `sticky` goes by. */
  readonly session: string | undefined;
  /** Whose turn may come at all: nobody is set aside for one whose turn may not. Absent = everyone's. */
  mayUse?(ref: string): boolean;
}

export interface OrderInput extends OrderRequest {
  /** undefined = no provider serves it. */
  factsOf(target: Target): CandidateFacts | undefined;
}

export interface CandidateOrder {
  /** Each target once. */
  readonly ordered: readonly Ordered[];
  readonly skipped: readonly SkippedCandidate[];
}

/** Compiles and orders at once; where a plan is kept, `compileOrder` and `orderCompiled` do it in two steps. */
export function orderCandidates(tree: Candidates, input: OrderInput): CandidateOrder {
  const compiled = compileOrder(tree, (target) => input.factsOf(target));
  return orderCompiled(compiled, input);
}

export function orderCompiled({ root, skipped }: CompiledOrder, request: OrderRequest): CandidateOrder {
  if (!root) return { ordered: [], skipped };
  const { content } = root;
  const block = content.kind === 'fixed' ? content.block : distinct(blockOf(root, request));
  return block.length === 1 ? { ordered: block, skipped } : setAside(block, request, skipped);
}

/** Without those known to lack what the request needs, as long as another remains. */
function setAside(
  block: Block,
  { needs, mayUse }: OrderRequest,
  skipped: readonly SkippedCandidate[],
): CandidateOrder {
  const needed = neededBits(needs);
  const isFit = ({ lacking, facts }: Entry) => (lacking & needed) === 0 && !isTooLong(facts, needs);
  const remains = (entry: Entry) => isFit(entry) && (mayUse?.(entry.ref) ?? true);
  if (block.every(isFit) || !block.some(remains)) return { ordered: block, skipped };
  const aside = block.flatMap((entry) => {
    const unfit = isFit(entry) ? undefined : unfitFor(entry.facts, needs);
    return unfit ? [{ ref: entry.ref, ...unfit }] : [];
  });
  return { ordered: block.filter(isFit), skipped: [...skipped, ...aside] };
}

function blockOf({ content }: Member, request: OrderRequest): Block {
  if (content.kind === 'fixed') return content.block;
  const candidates = content.members.map((member) => ({ member, block: blockOf(member, request) }));
  return strategies[content.strategy](candidates, request).flatMap(({ block }) => block);
}

/** A member of a route, its own candidates in order. It is judged by the one that would be tried first. */
interface Candidate {
  readonly member: Member;
  readonly block: Block;
}

type OrderMembers = (candidates: readonly Candidate[], request: OrderRequest) => readonly Candidate[];

const strategies: Readonly<Record<Strategy, OrderMembers>> = {
  ordered: (candidates) => candidates,
  weighted: (candidates, { random }) => sortBy(candidates, ({ member }) => drawTime(1 - random(), member)),
  cheapest: (candidates, { needs }) => sortBy(candidates, ({ block }) => worstCost(block[0]!.facts, needs)),
  fastest: orderFastest,
  sticky: orderSticky,
};

/**
 * The time until a member of this weight is drawn, at a chance above 0 and up to 1: the times of a race in order are
 * a draw without replacement by weight. Weight 0 comes after all others.
 */
function drawTime(chance: number, { weight }: Member): number {
  return weight > 0 ? -Math.log(chance) / weight : Number.POSITIVE_INFINITY;
}

/** In one unit for all candidates; unknown prices are last. */
function worstCost({ inputRate, outputRate }: CandidateFacts, needs: RequestNeeds): number {
  if (inputRate === undefined || outputRate === undefined) return Number.POSITIVE_INFINITY;
  return needs.inputTokens * inputRate + needs.outputTokens * outputRate;
}

/** How often `fastest` begins with a member nobody has timed yet: often enough to learn, too seldom to be felt. */
export const EXPLORE_SHARE = 0.05;
/** How often it times one of the slower ones again: without it, one slow minute would last for ever. */
export const REMEASURE_SHARE = 0.01;

function orderFastest(candidates: readonly Candidate[], request: OrderRequest): readonly Candidate[] {
  const timeOf = ({ block }: Candidate) => request.firstByteMs(block[0]!.ref);
  const sorted = sortBy(candidates, (candidate) => timeOf(candidate) ?? Number.POSITIVE_INFINITY);
  const isWell = ({ block }: Candidate) => request.isWell(block[0]!.ref);
  const unseen = sorted.filter((candidate) => timeOf(candidate) === undefined && isWell(candidate));
  const share = unseen.length > 0 ? EXPLORE_SHARE : REMEASURE_SHARE;
  // One draw says both whether and which, so that a request without exploration draws no more.
  const drawn = request.random() / share;
  if (drawn >= 1) return sorted;
  const others = unseen.length > 0 ? unseen : sorted.slice(1).filter(isWell);
  const first = others[Math.floor(drawn * others.length)];
  return first ? [first, ...sorted.filter((candidate) => candidate !== first)] : sorted;
}

/**
 * Rendezvous hashing: each member draws by the session's and its own name, so that a member that leaves or comes moves
 * only its own sessions, at any number of Turnpikes. Who is unwell goes behind for as long, and has its sessions back
 * after.
 */
function orderSticky(candidates: readonly Candidate[], request: OrderRequest): readonly Candidate[] {
  if (request.session === undefined) return candidates;
  const session = hashText(request.session);
  const sorted = sortBy(candidates, ({ member }) => drawTime(chanceOf(session, member.hash), member));
  const isWell = ({ block }: Candidate) => block.some(({ ref }) => request.isWell(ref));
  if (sorted.every(isWell)) return sorted;
  return [...sorted.filter(isWell), ...sorted.filter((candidate) => !isWell(candidate))];
}

/** Above 0 and below 1. */
function chanceOf(session: number, member: number): number {
  return (mixBits(Math.imul(session, 0x9e3779b1) ^ member) + 0.5) / 2 ** 32;
}

/** Stable: those of the same key stay as written. A route has few members. */
function sortBy(candidates: readonly Candidate[], keyOf: (candidate: Candidate) => number): Candidate[] {
  const keys: number[] = [];
  const sorted: Candidate[] = [];
  for (const candidate of candidates) {
    const key = keyOf(candidate);
    let at = sorted.length;
    while (at > 0 && keys[at - 1]! > key) at -= 1;
    keys.splice(at, 0, key);
    sorted.splice(at, 0, candidate);
  }
  return sorted;
}

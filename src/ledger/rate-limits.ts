/**
 * Which rate limits a request counts against. Compiled once per revision: a request of a workspace without limits
 * pays one look-up, and one among thousands of limits a look-up per kind of scope.
 */
import { EACH } from '../base/budget.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { type RateFigure, type RateLimit, type RateScopeKind, rateFigures } from '../base/rate-limit.ts';
import type { Owner } from './budget.ts';
import type { RateClaim, RateMetric } from './rate.ts';

/** One metric of one subject: the strictest of all limits of it. */
export interface RateBound {
  readonly metric: RateMetric;
  /** Per minute, or at once. */
  readonly limit: number;
  readonly burstMs: number;
}

export interface CompiledRateLimits {
  /** How many there are. */
  readonly size: number;
  readonly byWorkspace: ReadonlyMap<WorkspaceId, readonly Shelf[]>;
}

/** The limits of one workspace and one kind of scope. */
interface Shelf {
  readonly kind: RateScopeKind;
  /** Of values that are named, with those of every value in them, in the order of their metrics. */
  readonly exact: ReadonlyMap<string, readonly RateBound[]>;
  /** Of every other value. */
  readonly each: readonly RateBound[];
}

/** The most that an attempt may use. */
export interface RateNeed {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The name of a figure as a metric. */
export const metricOf = {
  requestsPerMinute: 'requests',
  inputTokensPerMinute: 'input-tokens',
  outputTokensPerMinute: 'output-tokens',
  concurrent: 'streams',
} as const satisfies Record<RateFigure, RateMetric>;

const NONE: readonly never[] = [];

export function compileRateLimits(rateLimits: Iterable<RateLimit>): CompiledRateLimits {
  const drafts = new Map<WorkspaceId, Map<RateScopeKind, Map<string, RateBound[]>>>();
  let size = 0;
  for (const rateLimit of rateLimits) {
    size += 1;
    const ofWorkspace = at(drafts, rateLimit.workspaceId, () => new Map());
    const ofKind = at(ofWorkspace, rateLimit.scope.kind, () => new Map<string, RateBound[]>());
    at(ofKind, rateLimit.scope.id, (): RateBound[] => []).push(...boundsOf(rateLimit));
  }
  const byWorkspace = new Map<WorkspaceId, readonly Shelf[]>();
  for (const [workspaceId, kinds] of drafts) {
    // Subjects begin with their kind, so that this is the order of the claims too.
    const inOrder = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1));
    byWorkspace.set(
      workspaceId,
      inOrder.map(([kind, byId]) => shelfOf(kind, byId)),
    );
  }
  return { size, byWorkspace };
}

export const noRateLimits: CompiledRateLimits = compileRateLimits([]);

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function shelfOf(kind: RateScopeKind, byId: ReadonlyMap<string, readonly RateBound[]>): Shelf {
  const ofEach = byId.get(EACH) ?? NONE;
  const named = [...byId].filter(([id]) => id !== EACH);
  return {
    kind,
    exact: new Map(named.map(([id, bounds]) => [id, strictest([...bounds, ...ofEach])])),
    each: strictest(ofEach),
  };
}

function boundsOf(rateLimit: RateLimit): RateBound[] {
  const burstMs = rateLimit.burstSeconds * 1_000;
  return rateFigures.flatMap((figure) => {
    const limit = rateLimit[figure];
    return limit === undefined ? [] : [{ metric: metricOf[figure], limit, burstMs }];
  });
}

/** One of each metric, in the order in which rows are locked: who keeps to it keeps to all of them. */
function strictest(bounds: readonly RateBound[]): readonly RateBound[] {
  const byMetric = new Map<RateMetric, RateBound>();
  for (const bound of bounds) {
    const other = byMetric.get(bound.metric);
    byMetric.set(bound.metric, other ? stricter(bound, other) : bound);
  }
  return [...byMetric.values()].sort((a, b) => (a.metric < b.metric ? -1 : 1));
}

/** The lower rate, and of what each lets through at once the lower amount. */
function stricter(a: RateBound, b: RateBound): RateBound {
  const limit = Math.min(a.limit, b.limit);
  const atOnce = Math.min(a.limit * a.burstMs, b.limit * b.burstMs);
  return { metric: a.metric, limit, burstMs: Math.floor(atOnce / limit) };
}

/** Every limit an attempt must fit into, in the one order in which their rows are locked. */
export function matchRates(
  { byWorkspace }: CompiledRateLimits,
  owner: Owner,
  need: RateNeed,
): readonly RateClaim[] {
  const shelves = byWorkspace.get(owner.workspaceId);
  if (!shelves) return NONE;
  const claims: RateClaim[] = [];
  for (const { kind, exact, each } of shelves) {
    const id = idOf(owner, kind);
    if (id === undefined) continue;
    const bounds = exact.get(id) ?? each;
    if (bounds.length === 0) continue;
    const subject = subjectOf(owner.workspaceId, kind, id);
    for (const { metric, limit, burstMs } of bounds) {
      const amount = amountOf(metric, need);
      // What takes nothing of a limit need not wait for it: embeddings have no output.
      if (amount > 0) claims.push({ subject, metric, limit, burstMs, amount });
    }
  }
  return claims;
}

function amountOf(metric: RateMetric, { inputTokens, outputTokens }: RateNeed): number {
  switch (metric) {
    case 'requests':
    case 'streams':
      return 1;
    case 'input-tokens':
      return inputTokens;
    case 'output-tokens':
      return outputTokens;
    default:
      return metric satisfies never;
  }
}

/** What one value is held to; empty = nothing. */
export function boundsFor(
  { byWorkspace }: CompiledRateLimits,
  workspaceId: WorkspaceId,
  kind: RateScopeKind,
  id: string,
): readonly RateBound[] {
  const shelf = byWorkspace.get(workspaceId)?.find((one) => one.kind === kind);
  return shelf?.exact.get(id) ?? shelf?.each ?? NONE;
}

const ids = {
  workspace: (owner) => owner.workspaceId,
  member: (owner) => owner.memberId,
  agent: (owner) => owner.agentId,
  key: (owner) => owner.keyId,
  deployment: (owner) => `${cut(owner.provider)}/${cut(owner.model)}`,
} as const satisfies Record<RateScopeKind, (owner: Owner) => string | undefined>;

/** undefined = the attempt has no such thing, so no limit of that kind counts it. A limit of a workspace is its `*`. */
function idOf(owner: Owner, kind: RateScopeKind): string | undefined {
  const id = ids[kind](owner);
  if (id === undefined || id === '') return undefined;
  return kind === 'deployment' ? id : cut(id);
}

/** As much of a name as the ledger keeps; clients may choose it. */
const MAX_TEXT_LENGTH = 256;

function cut(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? text.slice(0, MAX_TEXT_LENGTH) : text;
}

/** Ids that we make are like no other; names are another's in another workspace. */
const ownIds: readonly RateScopeKind[] = ['workspace', 'key'];

/** Whose row it is in `rate_limits`: `key:key_…`, `workspace:ws_…`, but `agent:ws_…:coder`. */
export function subjectOf(workspaceId: WorkspaceId, kind: RateScopeKind, id: string): string {
  return ownIds.includes(kind) ? `${kind}:${id}` : `${kind}:${workspaceId}:${id}`;
}

/** For people: `key key_…`, `agent coder`. */
export function describeSubject(subject: string): string {
  const { kind, id } = splitSubject(subject);
  return `${kind} ${id}`;
}

/** Any other text is its own id. */
export function splitSubject(subject: string): { readonly kind: string; readonly id: string } {
  const [, kind = '', , id = subject] = /^([a-z]+):(?:(ws_[^:]*):)?(.+)$/s.exec(subject) ?? [];
  return { kind, id };
}

/**
 * Which budgets a request counts against. Compiled once per revision, so that a request of a workspace without
 * budgets pays one look-up, and one among ten thousand budgets a look-up per kind of scope.
 */
import { type Budget, type BudgetId, EACH, type ScopeKind } from '../base/budget.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { NanoUsd } from '../base/money.ts';
import { countedFrom, FOREVER_MS, rememberWindow, type Window, windowAt } from './period.ts';

export type { Budget, BudgetId } from '../base/budget.ts';

/** Whose an attempt is, and where it goes: what scopes are compared with. */
export interface Owner {
  readonly workspaceId: WorkspaceId;
  readonly keyId: string;
  readonly memberId?: string | undefined;
  readonly agentId?: string | undefined;
  readonly endUser?: string | undefined;
  readonly sessionId?: string | undefined;
  /** Of one run of a pipeline. */
  readonly pipelineId?: string | undefined;
  readonly provider: string;
  /** The upstream's own name; a scope names it `provider/model`. */
  readonly model: string;
}

/** One window that an attempt must fit into. */
export interface Claim {
  readonly budgetId: BudgetId;
  readonly name: string;
  readonly scope: ScopeKind;
  /** The value whose window it is: of a workspace its id, of a model `provider/model`. */
  readonly subject: string;
  /** Where the reservation is counted, `[windowStart, windowEnd)`. */
  readonly windowStart: number;
  readonly windowEnd: number;
  /** From here on windows of the same subject count towards the limit; before `windowStart` for rolling periods. */
  readonly countedFrom: number;
  readonly limit: NanoUsd;
  readonly isHard: boolean;
  readonly version: number;
  readonly outputCap: number | undefined;
  readonly queueMs: number;
  readonly mode: Budget['mode'];
  readonly thresholds: readonly number[];
}

export interface CompiledBudgets {
  /** How many there are. */
  readonly size: number;
  readonly byWorkspace: ReadonlyMap<WorkspaceId, Shelves>;
}

interface Shelves {
  readonly list: Shelf[];
  /** Claims of the owners seen last, by what their scopes are compared with. */
  readonly remembered: Map<string, Remembered>;
}

/** All their windows are open in `[fromMs, untilMs)`. */
interface Remembered {
  readonly claims: readonly Claim[];
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Sessions and end users come and go; more than these are not at work at once. */
const MAX_REMEMBERED = 2_000;

/** The budgets of one workspace and one kind of scope. */
interface Shelf {
  readonly kind: ScopeKind;
  /** Budgets that name one value, by that value. */
  readonly exact: Map<string, CompiledBudget[]>;
  /** Budgets of which each value has its own windows. */
  readonly each: CompiledBudget[];
}

interface CompiledBudget {
  readonly budget: Budget;
  windowAt(atMs: number): Window;
}

const NONE: readonly Claim[] = [];

/** @throws {RangeError} on a time zone this system does not know */
export function compileBudgets(budgets: Iterable<Budget>): CompiledBudgets {
  const byWorkspace = new Map<WorkspaceId, Shelves>();
  const calendars = new Map<string, (atMs: number) => Window>();
  let size = 0;
  for (const budget of budgets) {
    size += 1;
    const compiled = { budget, windowAt: windowsOf(budget, calendars) };
    const shelf = shelfFor(byWorkspace, budget);
    if (budget.scope.id === EACH) {
      shelf.each.push(compiled);
      continue;
    }
    const named = shelf.exact.get(budget.scope.id);
    if (named) named.push(compiled);
    else shelf.exact.set(budget.scope.id, [compiled]);
  }
  return { size, byWorkspace };
}

export const noBudgets: CompiledBudgets = compileBudgets([]);

function shelfFor(byWorkspace: Map<WorkspaceId, Shelves>, { workspaceId, scope }: Budget): Shelf {
  const shelves: Shelves = byWorkspace.get(workspaceId) ?? { list: [], remembered: new Map() };
  byWorkspace.set(workspaceId, shelves);
  const known = shelves.list.find((shelf) => shelf.kind === scope.kind);
  if (known) return known;
  const made: Shelf = { kind: scope.kind, exact: new Map(), each: [] };
  shelves.list.push(made);
  return made;
}

/** Budgets of one calendar share its memory. */
function windowsOf(
  budget: Budget,
  calendars: Map<string, (atMs: number) => Window>,
): (atMs: number) => Window {
  // A calendar that is being replaced is seldom shared, and soon gone.
  const name = budget.before ? budget.id : `${budget.period} ${budget.timeZone} ${budget.anchorDay}`;
  const known = calendars.get(name);
  if (known) return known;
  const find = rememberWindow((atMs) => budgetWindowAt(budget, atMs));
  // Asked once here, so that a zone nobody knows is found when the budget is compiled.
  find(0);
  calendars.set(name, find);
  return find;
}

/** The window of a budget at a moment, with a change of its calendar taken into account. */
export function budgetWindowAt(budget: Budget, atMs: number): Window {
  const { before } = budget;
  if (!before) return windowAt(budget, atMs);
  if (atMs < before.untilMs) {
    const window = windowAt({ ...budget, ...before }, atMs);
    return { startMs: window.startMs, endMs: Math.min(window.endMs, before.untilMs) };
  }
  const window = windowAt(budget, atMs);
  return { startMs: Math.max(window.startMs, before.untilMs), endMs: window.endMs };
}

/** When a change of its calendar begins to count: with the next window. undefined = it has none to wait for. */
export function calendarChangeAt(budget: Budget, nowMs: number): number | undefined {
  const { endMs } = budgetWindowAt(budget, nowMs);
  return endMs === FOREVER_MS ? undefined : endMs;
}

/**
 * Every window an attempt counts against, in the one order in which their rows are locked: by budget, subject and
 * start. The same list for the same owner as long as its windows last.
 */
export function matchBudgets({ byWorkspace }: CompiledBudgets, owner: Owner, atMs: number): readonly Claim[] {
  const shelves = byWorkspace.get(owner.workspaceId);
  if (!shelves) return NONE;
  const name = nameOf(shelves.list, owner);
  const known = shelves.remembered.get(name);
  if (known && atMs >= known.fromMs && atMs < known.untilMs) return known.claims;
  const claims = claimsOf(shelves.list, owner, atMs);
  if (shelves.remembered.size >= MAX_REMEMBERED) shelves.remembered.clear();
  shelves.remembered.set(name, {
    claims,
    fromMs: Math.max(...claims.map(({ windowStart }) => windowStart)),
    untilMs: Math.min(...claims.map(({ windowEnd }) => windowEnd)),
  });
  return claims;
}

/** No subject holds a line break: they are names, ids and what headers carry. */
function nameOf(shelves: readonly Shelf[], owner: Owner): string {
  let name = '';
  for (const { kind } of shelves) name += `${subjectOf(owner, kind) ?? ''}\n`;
  return name;
}

function claimsOf(shelves: readonly Shelf[], owner: Owner, atMs: number): readonly Claim[] {
  const claims: Claim[] = [];
  for (const { kind, exact, each } of shelves) {
    const subject = subjectOf(owner, kind);
    if (subject === undefined) continue;
    for (const one of each) claims.push(claimOf(one, subject, atMs));
    const named = exact.get(subject);
    if (named) for (const one of named) claims.push(claimOf(one, subject, atMs));
  }
  if (claims.length === 0) return NONE;
  return claims.length > 1 ? claims.sort(inLockOrder) : claims;
}

const subjects = {
  workspace: (owner) => owner.workspaceId,
  member: (owner) => owner.memberId,
  agent: (owner) => owner.agentId,
  key: (owner) => owner.keyId,
  'end-user': (owner) => owner.endUser,
  provider: (owner) => owner.provider,
  model: (owner) => `${cut(owner.provider)}/${cut(owner.model)}`,
  session: (owner) => owner.sessionId,
  pipeline: (owner) => owner.pipelineId,
} as const satisfies Record<ScopeKind, (owner: Owner) => string | undefined>;

/** undefined = the attempt has no such thing, so no budget of that kind counts it. */
function subjectOf(owner: Owner, kind: ScopeKind): string | undefined {
  const subject = subjects[kind](owner);
  if (subject === undefined || subject === '') return undefined;
  return kind === 'model' ? subject : cut(subject);
}

/** As entries have it, so that the sum of a window can be made from them. */
const MAX_TEXT_LENGTH = 256;

function cut(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? text.slice(0, MAX_TEXT_LENGTH) : text;
}

function claimOf({ budget, windowAt: windowOf }: CompiledBudget, subject: string, atMs: number): Claim {
  const window = windowOf(atMs);
  return {
    budgetId: budget.id,
    name: budget.name,
    scope: budget.scope.kind,
    subject,
    windowStart: window.startMs,
    windowEnd: window.endMs,
    countedFrom: countedFrom(budget, window),
    limit: budget.limit,
    isHard: budget.enforcement === 'hard',
    version: budget.version,
    outputCap: budget.outputCap,
    queueMs: budget.queueMs,
    mode: budget.mode,
    thresholds: budget.thresholds,
  };
}

/** Total: two claims are never equal in all three. */
export function inLockOrder(a: Claim, b: Claim): number {
  return byText(a.budgetId, b.budgetId) || byText(a.subject, b.subject) || a.windowStart - b.windowStart;
}

/** Ids are ASCII; a subject may be anything, and only has to have the same place everywhere. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The smallest output limit that budgets set for clients that set none; undefined = none of them does. */
export function outputCapOf(claims: readonly Claim[]): number | undefined {
  let smallest: number | undefined;
  for (const { outputCap } of claims) {
    if (outputCap !== undefined && (smallest === undefined || outputCap < smallest)) smallest = outputCap;
  }
  return smallest;
}

/** What a budget is, and how its parts are written: the same in a file, in the admin API, in the database and in the ledger. */
import type { Id, WorkspaceId } from './ids.ts';
import { type NanoUsd, parseUsd } from './money.ts';

export type BudgetId = Id<'bud'>;

/** Whose spend a budget counts. `session` and `end-user` are what the client says they are. */
export const scopeKinds = [
  'workspace',
  'member',
  'agent',
  'key',
  'end-user',
  'provider',
  'model',
  'session',
  'pipeline',
] as const;
export type ScopeKind = (typeof scopeKinds)[number];

/** In `Scope.id`: every value there is, each with windows of its own. */
export const EACH = '*';

export interface Scope {
  readonly kind: ScopeKind;
  /** One value of that kind, or `*`. Of a workspace always `*`: a budget belongs to one workspace anyway. */
  readonly id: string;
}

/** `rolling:24` = the last 24 hours at any moment, counted in whole hours. */
export type Period = 'day' | 'week' | 'month' | 'total' | `rolling:${number}`;

/** What the windows of a calendar period hang on. */
export interface Calendar {
  readonly period: Period;
  /** IANA name. */
  readonly timeZone: string;
  /** Day of the month on which months begin, 1 to 28. */
  readonly anchorDay: number;
}

export interface Budget extends Calendar {
  readonly id: BudgetId;
  readonly workspaceId: WorkspaceId;
  readonly name: string;
  readonly scope: Scope;
  readonly limit: NanoUsd;
  /** `hard`: nothing is sent that may pass the limit. `soft`: it is only told. */
  readonly enforcement: 'hard' | 'soft';
  /** Output tokens to ask for where the client names no limit; absent = the policy of the gateway. */
  readonly outputCap?: number | undefined;
  /** How long a request may wait for reservations of others to be given back, in milliseconds. */
  readonly queueMs: number;
  /** Per cent of the limit, ascending. */
  readonly thresholds: readonly number[];
  /** `incremental`: a stream reserves as it goes, and is cut where it may not. */
  readonly mode: 'worst-case' | 'incremental';
  /** Grows with each change. */
  readonly version: number;
  /** The calendar that holds until `untilMs`: a change of it waits for the end of the window it came in. */
  readonly before?: { readonly timeZone: string; readonly anchorDay: number; readonly untilMs: number };
}

/** What an operator decides. */
export type BudgetTerms = Omit<Budget, 'id' | 'workspaceId' | 'version' | 'before'>;

/** What may be changed. Another scope or period is another budget. */
export type BudgetChange = Partial<Omit<BudgetTerms, 'scope' | 'period' | 'outputCap'>> & {
  /** null = the policy of the gateway again. */
  readonly outputCap?: number | null;
};

export const budgetDefaults = {
  enforcement: 'hard',
  timeZone: 'UTC',
  anchorDay: 1,
  queueMs: 30_000,
  thresholds: [50, 80, 100],
  mode: 'worst-case',
} as const satisfies Partial<Budget>;

/** Clients and the balancers between give up on a silent request after about a minute. */
export const MAX_QUEUE_MS = 30_000;
/** Each hour is a row that an admission adds up: a month of them is some tens of microseconds. */
export const MAX_ROLLING_HOURS = 744;
/** Every month has this day. */
export const MAX_ANCHOR_DAY = 28;
export const MAX_THRESHOLDS = 10;
/** A soft budget may be overspent many times over. */
export const MAX_THRESHOLD_PERCENT = 1_000;
/** Beyond what any model writes in one reply. */
export const MAX_OUTPUT_CAP = 10_000_000;
export const MAX_BUDGET_NAME_LENGTH = 100;
/** As long as the labels and names it is compared with. */
const MAX_SCOPE_ID_LENGTH = 300;

/** How the three are written, for messages. */
export const periodHelp = `day, week, month, total or rolling:<hours> (1 to ${MAX_ROLLING_HOURS})`;
export const scopeHelp = `workspace, or one of ${scopeKinds.slice(1).join(', ')} followed by :<id> or :*; keys by their id (key_…), models as provider/model`;
export const limitHelp = 'US dollars as a plain decimal from 0 to 999999999.999999999, such as 25 or 0.50';

/** undefined = no period. */
export function readPeriod(text: string): Period | undefined {
  if (text === 'day' || text === 'week' || text === 'month' || text === 'total') return text;
  const hours = rollingHours(text);
  return hours !== undefined && hours <= MAX_ROLLING_HOURS ? `rolling:${hours}` : undefined;
}

/** Of a rolling period; undefined = it is none. */
export function rollingHours(period: string): number | undefined {
  const digits = /^rolling:([1-9]\d{0,3})$/.exec(period)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** `workspace`, `agent:coder`, `key:*`. undefined = no scope. */
export function readScope(text: string): Scope | undefined {
  const colon = text.indexOf(':');
  const kind = scopeKinds.find((one) => one === (colon === -1 ? text : text.slice(0, colon)));
  if (kind === undefined) return undefined;
  const id = colon === -1 ? '' : text.slice(colon + 1).trim();
  if (kind === 'workspace') return id === '' || id === EACH ? { kind, id: EACH } : undefined;
  if (id === '' || id.length > MAX_SCOPE_ID_LENGTH) return undefined;
  return id === EACH || idShapes[kind]?.test(id) !== false ? { kind, id } : undefined;
}

/** Names of keys are not unique, and a model is priced by who serves it. */
const idShapes: Partial<Record<ScopeKind, RegExp>> = { key: /^key_/, model: /^[^/]+\/./ };

export function writeScope({ kind, id }: Scope): string {
  return kind === 'workspace' ? kind : `${kind}:${id}`;
}

/** Exactly as written, never below 0 and never rounded. undefined = not such an amount. */
export function readLimit(text: string): NanoUsd | undefined {
  const limit = /\.\d{10}/.test(text) ? undefined : parseUsd(text);
  return limit === undefined || limit < 0n ? undefined : limit;
}

/** Whether this system knows the zone by that name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return /^[A-Za-z]/.test(name);
  } catch {
    return false;
  }
}

/** Ascending and without repeats, or undefined. */
export function readThresholds(percents: readonly number[]): readonly number[] | undefined {
  const isEvery = percents.every(
    (percent) => Number.isInteger(percent) && percent >= 1 && percent <= MAX_THRESHOLD_PERCENT,
  );
  if (!isEvery || percents.length > MAX_THRESHOLDS) return undefined;
  return [...new Set(percents)].sort((a, b) => a - b);
}

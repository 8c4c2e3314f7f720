/** What a rate limit is, and how its parts are written: the same in a file, in the admin API, in the database and in the ledger. */
import { EACH } from './budget.ts';
import type { Id, WorkspaceId } from './ids.ts';

export type RateLimitId = Id<'lim'>;

/** Whose requests a rate limit counts. */
export const rateScopeKinds = ['workspace', 'member', 'agent', 'key', 'deployment'] as const;
export type RateScopeKind = (typeof rateScopeKinds)[number];

export interface RateScope {
  readonly kind: RateScopeKind;
  /** One value of that kind, or `*`: each value for itself. Of a workspace always `*`: a limit belongs to one anyway. */
  readonly id: string;
}

/** What a rate limit holds; each absent one is not limited. */
export interface RateFigures {
  readonly requestsPerMinute?: number | undefined;
  readonly inputTokensPerMinute?: number | undefined;
  readonly outputTokensPerMinute?: number | undefined;
  /** Requests under way at once. */
  readonly concurrent?: number | undefined;
}
export type RateFigure = keyof RateFigures;

/** What an operator decides. At least one figure is there. */
export interface RateLimitTerms extends RateFigures {
  readonly scope: RateScope;
  /** How much may come at once, in seconds of the rate: 60 = a full minute's worth. */
  readonly burstSeconds: number;
}

/** A workspace has at most one of a scope. */
export interface RateLimit extends RateLimitTerms {
  readonly id: RateLimitId;
  readonly workspaceId: WorkspaceId;
  /** Grows with each change. */
  readonly version: number;
}

/** What may be changed; null = no longer limited. Another scope is another rate limit. */
export type RateLimitChange = { readonly [K in RateFigure]?: number | null } & {
  readonly burstSeconds?: number;
};

/**
 * The most that may be asked for. Rates are counted in whole microseconds of their minute, rounded up, so that a
 * request must cost some of them to be counted finely.
 */
export const maxRateFigures = {
  requestsPerMinute: 1_000_000,
  inputTokensPerMinute: 1_000_000_000,
  outputTokensPerMinute: 1_000_000_000,
  concurrent: 1_000_000,
} as const satisfies Record<RateFigure, number>;

export const rateFigures = Object.keys(maxRateFigures) as readonly RateFigure[];

export const DEFAULT_BURST_SECONDS = 60;
/** An hour saved up is no rate per minute any more. */
export const MAX_BURST_SECONDS = 3_600;

/** As much of a name as the ledger keeps. */
const MAX_SCOPE_ID_LENGTH = 256;

/** For messages. */
export const rateScopeHelp = `workspace, or one of ${rateScopeKinds.slice(1).join(', ')} followed by :<id> or :* (each for itself); keys by their id (key_…), deployments as provider/model`;
export const rateFiguresHelp = `must limit at least one of ${rateFigures.join(', ')}`;

/** `workspace`, `agent:coder`, `key:*`, `deployment:openai/gpt-4o`. undefined = no scope. */
export function readRateScope(text: string): RateScope | undefined {
  const colon = text.indexOf(':');
  const kind = rateScopeKinds.find((one) => one === (colon === -1 ? text : text.slice(0, colon)));
  if (kind === undefined) return undefined;
  const id = colon === -1 ? '' : text.slice(colon + 1).trim();
  if (kind === 'workspace') return id === '' || id === EACH ? { kind, id: EACH } : undefined;
  if (id === '' || id.length > MAX_SCOPE_ID_LENGTH) return undefined;
  return id === EACH || idShapes[kind]?.test(id) !== false ? { kind, id } : undefined;
}

/** Names of keys are not unique, and one model may be served by several providers. */
const idShapes: Partial<Record<RateScopeKind, RegExp>> = { key: /^key_/, deployment: /^[^/]+\/./ };

export function writeRateScope({ kind, id }: RateScope): string {
  return kind === 'workspace' ? kind : `${kind}:${id}`;
}

/** Whether it limits anything. */
export function hasFigures(figures: { readonly [K in RateFigure]?: number | null | undefined }): boolean {
  return rateFigures.some((figure) => typeof figures[figure] === 'number');
}

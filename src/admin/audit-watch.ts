/** Sees to it that what is done through the admin API is told: changes with the change itself, refusals after it. */
import type { Context, MiddlewareHandler } from 'hono';
import type { matchedRoutes } from 'hono/route';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { AuditActor, AuditOutcome } from '../registry/audit-events.ts';
import { type AuditDraft, createScope, inScope } from '../registry/audit-scope.ts';
import { actionOf, patternOf, type RequestAction } from './audit-action.ts';
import type { AdminEnv, Caller } from './caller.ts';
import type { AuditDesk } from './deps-audit.ts';
import { REPLAYED_HEADER } from './once.ts';

export interface WatchMeans {
  readonly audit: AuditDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly workspaceId: AuditDraft['workspaceId'];
  /** Of all routes, `METHOD path`. */
  routes(): ReadonlySet<string>;
}

/** Of an application whose routes are all declared when it is first asked. */
export function routesOf(app: { readonly routes: readonly RouterRoute[] }): () => ReadonlySet<string> {
  let known: ReadonlySet<string> | undefined;
  return () => (known ??= new Set(app.routes.map(({ method, path }) => `${method} ${path}`)));
}

type RouterRoute = Pick<ReturnType<typeof matchedRoutes>[number], 'method' | 'path'>;

/** Refusals of one caller that are told within a minute: somebody who tries ids is seen, and fills no disk. */
const MAX_REFUSALS = 60;
const MINUTE_MS = 60_000;
/**
 * Signing in tells of itself: with who it was, which nobody knows before. So does accepting an invitation, in the
 * workspace that it is to. Their bodies are passwords.
 */
const SELF_TOLD = /^\/api\/v1\/(auth\/|invitations\/accept$)/;
const LONGEST_QUERY = 500;

type Answered = Context<AdminEnv>;

export function watchForAudit(means: WatchMeans): MiddlewareHandler<AdminEnv> {
  const isToBeTold = limitRefusals(means.clock);
  return async (c, next) => {
    const path = SELF_TOLD.test(c.req.path) ? undefined : patternOf(c);
    // There is nothing at other paths, and who is turned away at the door did nothing.
    if (path === undefined) return next();
    const action = actionOf(c.req.method, path, means.routes().has(`GET ${path}`));
    const draft = await draftOf(c, action, targetIn(path, c.req.path), means);
    const scope = createScope(draft);
    await (action.isQuestion ? next() : inScope(scope, next));
    const { caller } = c.env;
    if (!caller || c.res.headers.has(REPLAYED_HEADER)) return undefined;
    const isDone = c.res.status < 400;
    if (isDone && (action.isQuestion || scope.state === 'written')) return undefined;
    if (action.isQuestion && c.res.status !== 403 && c.res.status !== 404) return undefined;
    if (!isDone && !isToBeTold(caller)) return undefined;
    await record(c, means, draft, scope.state === 'written' ? scope.id : undefined);
    return undefined;
  };
}

async function record(
  c: Answered,
  { audit, log }: WatchMeans,
  draft: AuditDraft,
  changedBy: string | undefined,
) {
  const { status } = c.res;
  const detail = {
    ...draft.detail,
    status,
    ...(status >= 400 && { refusal: await codeOf(c.res) }),
    // It was refused or broke off after something had been changed: that event stands.
    ...(changedBy !== undefined && { changedBy }),
  };
  try {
    await audit.record({ ...draft, outcome: outcomeOf(status), detail });
  } catch (error) {
    // What was answered holds: nothing was changed that this would tell of.
    log.error({ error: String(error), action: draft.action }, 'an event of the audit could not be written');
  }
}

function outcomeOf(status: number): AuditOutcome {
  if (status < 400) return 'done';
  return status < 500 ? 'refused' : 'failed';
}

async function draftOf(
  c: Answered,
  { name, isQuestion }: RequestAction,
  target: string | undefined,
  means: WatchMeans,
): Promise<AuditDraft> {
  const { req } = c;
  const { search } = new URL(req.url);
  const body = isQuestion ? undefined : await bodyOf(req.raw);
  return {
    workspaceId: means.workspaceId,
    actor: actorOf(c.env.caller, c.env.address),
    action: name,
    ...(target !== undefined && { target }),
    detail: {
      ...{ method: req.method, path: req.path },
      ...(search !== '' && { query: search.slice(0, LONGEST_QUERY) }),
      ...(body !== undefined && { body }),
    },
  };
}

/** What stands in the path for its last parameter. Hono tells a middleware only of its own. */
function targetIn(pattern: string, path: string): string | undefined {
  const at = pattern.split('/').findLastIndex((part) => part.startsWith(':'));
  const text = at < 0 ? undefined : path.split('/')[at];
  try {
    return text && decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** For events that a handler records itself. */
export function actorOf(caller: Caller | undefined, address: string | undefined): AuditActor {
  const from = { ...(address !== undefined && { address }) };
  if (!caller) return { id: '', name: '', via: 'nobody', ...from };
  const { id, name, role, isByCookie, personId } = caller;
  const via =
    id === 'operator' ? 'operator-token' : isByCookie || personId !== undefined ? 'session' : 'service';
  return { id, name, role, via, ...from };
}

/** Of JSON; what is not read here is read by the handler. */
async function bodyOf(request: Request): Promise<unknown> {
  if (request.body === null || !request.headers.get('content-type')?.includes('json')) return undefined;
  const text = await request.clone().text();
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return { unreadable: true };
  }
}

async function codeOf(response: Response): Promise<string | undefined> {
  try {
    const { error } = (await response.clone().json()) as { error?: { code?: unknown } };
    return typeof error?.code === 'string' ? error.code : undefined;
  } catch {
    return undefined;
  }
}

/** By caller, in the minute of now. */
function limitRefusals(clock: Clock): (caller: Caller) => boolean {
  let minute = 0;
  const counts = new Map<string, number>();
  return ({ id }) => {
    const now = Math.floor(clock.now() / MINUTE_MS);
    if (now !== minute) counts.clear();
    minute = now;
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count <= MAX_REFUSALS;
  };
}

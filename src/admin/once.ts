/** The header Idempotency-Key: the same write again is answered as it was the first time, and not done again. */
import type { Context, MiddlewareHandler } from 'hono';
import { type RefusalCode, refusals, refuse } from '../base/refusal.ts';
import type { AdminEnv, Caller } from './caller.ts';
import type { OnceOutcome, OnceTurn } from './deps-audit.ts';
import { problemOf } from './problem.ts';

export const KEY_HEADER = 'idempotency-key';
/** On answers that were given before. */
export const REPLAYED_HEADER = 'idempotent-replayed';
/** Printable ASCII, as other APIs take it; UUIDs are 36 characters. */
const KEY = /^[\x21-\x7e]{1,255}$/;
export const MAX_KEY_LENGTH = 255;

/** Before the handler, and after it is known that the caller may. */
export const answerOnce: MiddlewareHandler<AdminEnv> = async (c, next) => {
  const key = c.req.header(KEY_HEADER);
  const { caller } = c.env;
  const desk = c.get('once');
  if (key === undefined || !caller || !desk) return next();
  if (!KEY.test(key)) {
    return no(c, 'idempotency_key_invalid', 'Idempotency-Key: is not 1 to 255 printable characters');
  }
  const outcome = await desk.claim({ callerId: caller.id, key, request: await requestText(c, caller) });
  if (outcome.kind !== 'ours') return answerWithout(c, outcome);
  await runOnce(c, next, outcome.turn);
  return undefined;
};

/** What tells requests apart: a key may not be used for another one. */
async function requestText(c: Context<AdminEnv>, { workspaceId }: Caller): Promise<string> {
  const { raw, method } = c.req;
  const { pathname, search } = new URL(raw.url);
  const body = raw.body === null ? '' : await raw.clone().text();
  return JSON.stringify([workspaceId, method, pathname, search, body]);
}

async function runOnce(c: Context<AdminEnv>, next: () => Promise<void>, turn: OnceTurn): Promise<void> {
  turn.mark();
  await next();
  const isJson = c.res.headers.get('content-type')?.includes('json') === true;
  // What changed nothing may be asked again: then perhaps it can be done.
  if (c.res.status >= 300 && !turn.isCommitted()) return turn.forget();
  if (c.get('isShownOnce')) return turn.keep(c.res.status, undefined);
  await turn.keep(c.res.status, isJson ? await c.res.clone().text() : '');
}

function answerWithout(c: Context<AdminEnv>, outcome: Exclude<OnceOutcome, { kind: 'ours' }>): Response {
  switch (outcome.kind) {
    case 'other_request':
      return no(c, 'idempotency_key_reused', 'this Idempotency-Key came with another request before');
    case 'running':
      c.header('retry-after', '1');
      return no(c, 'idempotency_running', 'the request with this Idempotency-Key is being carried out');
    case 'full':
      return no(c, 'idempotency_full', 'too many different Idempotency-Keys came within a day');
    case 'done':
      break;
    default:
      return outcome satisfies never;
  }
  const { status, body } = outcome;
  if (status === undefined || body === undefined) {
    return no(
      c,
      'idempotency_answer_lost',
      'this was carried out already, but its answer is not known any more',
    );
  }
  const headers = { [REPLAYED_HEADER]: 'true', 'content-type': 'application/json' };
  return new Response(body === '' ? null : body, { status, headers });
}

function no(c: Context<AdminEnv>, code: RefusalCode, message: string): Response {
  return c.json(problemOf(refuse(code, message)), refusals[code].status);
}

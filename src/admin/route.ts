/** How a route of the admin API is declared: with what it asks of its caller, which is checked before anything else. */
import { createRoute, type RouteConfig } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { type RefusalCode, refusals, refuse } from '../base/refusal.ts';
import type { Need } from '../base/role.ts';
import { type AdminEnv, denialFor } from './caller.ts';
import { answerOnce } from './once.ts';
import { problemOf } from './problem.ts';

/** Where the document says what a route needs: of an operation, one of `NEEDS`. */
export const NEEDS_FIELD = 'x-turnpike-needs';

/** `createRoute`, and nobody gets further without what it `needs`; writes that bring a key are done once. */
export function adminRoute<
  P extends string,
  R extends Omit<RouteConfig, 'path' | 'middleware'> & { path: P },
>(needs: Need, config: R) {
  const once = config.method === 'get' ? [] : [answerOnce];
  return createRoute({ ...config, [NEEDS_FIELD]: needs, middleware: [checkNeeds(needs), ...once] });
}

/** Where the document says that the agent of the path may call it too, with a virtual key of its own. */
export const ALSO_FIELD = 'x-turnpike-also';

/** The same, and open to callers with the key of an agent, too: the handler has to see that it is the agent of the path. */
export function agentRoute<
  P extends string,
  R extends Omit<RouteConfig, 'path' | 'middleware'> & { path: P },
>(needs: Need, config: R) {
  const once = config.method === 'get' ? [] : [answerOnce];
  const policy = { [NEEDS_FIELD]: needs, [ALSO_FIELD]: 'agent' };
  return createRoute({ ...config, ...policy, middleware: [checkNeedsOrAgent(needs), ...once] });
}

function checkNeedsOrAgent(needs: Need): MiddlewareHandler<AdminEnv> {
  const check = checkNeeds(needs);
  return (c, next) => (c.env.caller?.agentName === undefined ? check(c, next) : next());
}

/** For what is no declared route. */
export function checkNeeds(needs: Need): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const denial = denialFor(c.env, needs);
    if (denial) return answer(c, denial.code, denial.message);
    await next();
    return undefined;
  };
}

export function answer(c: Context, code: RefusalCode, message: string): Response {
  return c.json(problemOf(refuse(code, message)), refusals[code].status);
}

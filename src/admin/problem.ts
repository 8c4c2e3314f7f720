/** How the admin API says no: one shape, `{error: {code, message, fix}}`, from the table of refusals. */
import { z } from '@hono/zod-openapi';
import { type Refusal, type RefusalCode, refusals } from '../base/refusal.ts';

export const Problem = z
  .strictObject({
    error: z.strictObject({
      /** A code of docs/reference/refusals.md. */
      code: z.string().openapi({ example: 'record_unknown' }),
      message: z.string(),
      fix: z.string(),
    }),
  })
  .openapi('Problem');
export type Problem = z.infer<typeof Problem>;

/** Body of a refusal. */
export function problemOf(refusal: Refusal): Problem {
  const { code, message } = refusal;
  return { error: { code, message, fix: refusals[code].fix } };
}

/** A refusal as a row of a route's `responses`. */
export function problemResponse(code: RefusalCode) {
  return { description: refusals[code].fix, content: { 'application/json': { schema: Problem } } };
}

/** What every route may answer before it is reached. */
export const denied = {
  401: problemResponse('operator_token_missing'),
  403: problemResponse('role_insufficient'),
};

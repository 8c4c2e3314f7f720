/** Fields, refusals and habits that the endpoints of signing in share. */
import { z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { type RefusalCode, refuse } from '../base/refusal.ts';
import type { From, Limited, Person } from '../people/people.ts';
import { actorOf } from './audit-watch.ts';
import type { AdminEnv } from './caller.ts';
import { signInDenial } from './cross-site.ts';
import type { AdminDeps } from './deps.ts';
import { problemOf } from './problem.ts';
import { answer } from './route.ts';

/** Longer ones are work for the hash alone. */
export const Password = z.string().min(1).max(1_000);
/** Six digits, or a recovery code. */
export const Code = z.string().min(1).max(40);

export const PersonBody = z
  .strictObject({
    id: z.string().openapi({ example: 'per_01k9…' }),
    name: z.string(),
    email: z.string(),
  })
  .openapi('Person');

export function renderPerson({ id, name, email }: Pick<Person, 'id' | 'name' | 'email'>) {
  return { id, name, email };
}

export const Done = z.strictObject({ isDone: z.literal(true) }).openapi('Done');
export const done = { isDone: true } as const;

export function fromOf(c: Context<AdminEnv>): From {
  return { address: c.env.address, userAgent: c.req.header('user-agent') };
}

export function setCookies(c: Context, cookies: readonly string[]): void {
  for (const cookie of cookies) c.header('set-cookie', cookie, { append: true });
}

/** Body of a 429, whose header says the same. */
export function limitedProblem(c: Context, { retryAfterS }: Limited) {
  c.header('retry-after', String(retryAfterS));
  return problemOf(refuse('sign_in_limited', `too many tries; the next one in ${retryAfterS} s`));
}

export const problems = {
  wrong: refuse('sign_in_wrong', 'the address or the password is wrong'),
  wrongPassword: refuse('sign_in_wrong', 'the password is wrong'),
  codeWanted: refuse('sign_in_code_wanted', 'a code of the authenticator is wanted too'),
  codeWrong: refuse('sign_in_code_wrong', 'the code is wrong, or was used'),
  passwordsOff: refuse('passwords_off', 'this installation takes no passwords'),
  noSession: refuse('record_unknown', 'only who is signed in by a browser has a session'),
} as const;

export function weakProblem(message: string) {
  return problemOf(refuse('body_invalid', `password: ${message}`));
}

/** Where no cookie is needed, another site must not sign a browser in as somebody else either. */
export function noOtherSite({ signIn }: AdminDeps): MiddlewareHandler<AdminEnv> {
  return async (c, next) => {
    const { method, raw } = c.req;
    const denial = signInDenial({ method, headers: raw.headers }, signIn.publicUrl());
    if (denial) return answer(c, denial.code, denial.message);
    await next();
    return undefined;
  };
}

export interface Told {
  readonly action: `${string}.${string}`;
  readonly code?: RefusalCode;
  /** Who it is, where that is known: what was typed may be a password in the wrong field. */
  readonly person?: Pick<Person, 'id' | 'name'> | undefined;
  readonly detail?: Readonly<Record<string, string>>;
}

/** Signing in tells the audit of itself: who it was is known only afterwards. */
export async function tell(c: Context<AdminEnv>, { audit, log }: AdminDeps, told: Told): Promise<void> {
  const { action, code, person, detail } = told;
  const { caller, address } = c.env;
  // Who is signed in by this very request is not its caller yet.
  const actor = actorOf(caller, address);
  const isKnown = !caller && code === undefined && person;
  try {
    await audit.record({
      actor: isKnown ? { ...actor, id: person.id, name: person.name } : actor,
      action,
      outcome: code === undefined ? 'done' : 'refused',
      ...(person && { target: person.id }),
      detail: { ...detail, ...(code !== undefined && { refusal: code }) },
    });
  } catch (error) {
    // What was answered holds.
    log.error({ error: String(error), action }, 'an event of the audit could not be written');
  }
}

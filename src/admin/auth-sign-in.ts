/** Signing in and out, and who is signed in. */
import { z } from '@hono/zod-openapi';
import { safeNext } from '../people/next-path.ts';
import type { SignInOutcome } from '../people/people.ts';
import {
  Code,
  fromOf,
  limitedProblem,
  noOtherSite,
  Password,
  PersonBody,
  problems,
  renderPerson,
  setCookies,
  tell,
} from './auth-fields.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { json } from './member-fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const WaysBody = z
  .strictObject({
    passwords: z.boolean(),
    issuers: z.array(z.strictObject({ name: z.string() })),
  })
  .openapi('SignInWays');

const SignInBody = z
  .strictObject({
    email: z.string().min(1).max(254),
    password: Password,
    code: Code.optional().openapi({ description: 'Six digits of the authenticator, or a recovery code' }),
    next: z
      .string()
      .max(2_000)
      .optional()
      .openapi({ description: 'Path that the browser wants to go on to' }),
  })
  .openapi('SignIn');

const SignedInBody = z
  .strictObject({
    person: PersonBody,
    next: z.string().openapi({ description: 'A path of this installation, whatever was asked for' }),
  })
  .openapi('SignedIn');

const SessionBody = z
  .strictObject({ id: z.string().openapi({ example: 'ses_01k9…' }), person: PersonBody })
  .openapi('Session');

const waysRoute = adminRoute('anyone', {
  method: 'get',
  path: '/auth/ways',
  summary: 'How people can sign in here',
  responses: { 200: json('The ways', WaysBody) },
});
const signInRoute = adminRoute('anyone', {
  method: 'post',
  path: '/auth/sign-in',
  summary: 'Sign in by password; the answer brings the cookie of a new session',
  request: { body: { required: true, ...json('Who it is', SignInBody) } },
  responses: {
    200: json('Signed in', SignedInBody),
    400: problemResponse('body_invalid'),
    401: problemResponse('sign_in_wrong'),
    403: problemResponse('passwords_off'),
    429: problemResponse('sign_in_limited'),
  },
});
const signOutRoute = adminRoute('person', {
  method: 'post',
  path: '/auth/sign-out',
  summary: 'End the session of this browser',
  responses: { 204: { description: 'Signed out' }, ...denied },
});
const sessionRoute = adminRoute('person', {
  method: 'get',
  path: '/auth/session',
  summary: 'Who is signed in by this browser',
  responses: { 200: json('The session', SessionBody), 404: problemResponse('record_unknown'), ...denied },
});

export function registerSignIn(app: AdminApp, deps: AdminDeps): void {
  const { people } = deps.signIn;
  for (const path of ['/auth/*', '/invitations/show', '/invitations/accept'])
    app.use(path, noOtherSite(deps));
  app.openapi(waysRoute, (c) =>
    c.json({ passwords: people.takesPasswords(), issuers: [...people.issuers()] }, 200),
  );
  app.openapi(signInRoute, async (c) => {
    const { next, email, password, code } = c.req.valid('json');
    const attempt = { email, password, ...(code !== undefined && { code }) };
    const outcome = await people.signIn(attempt, fromOf(c));
    if (outcome.kind === 'limited') return c.json(limitedProblem(c, outcome), 429);
    if (outcome.kind === 'passwords_off') return c.json(problemOf(problems.passwordsOff), 403);
    if (outcome.kind !== 'done') {
      const problem = refusalOf(outcome.kind);
      const person = await people.findPerson({ email });
      await tell(c, deps, { action: 'session.create', code: problem.code, person });
      return c.json(problemOf(problem), 401);
    }
    // What this browser had before is out of its reach now.
    await people.signOut(c.req.raw.headers);
    await tell(c, deps, { action: 'session.create', person: outcome.person, detail: { by: 'password' } });
    setCookies(c, outcome.setCookies);
    return c.json({ person: renderPerson(outcome.person), next: safeNext(next) }, 200);
  });
  app.openapi(signOutRoute, async (c) => {
    const ended = await people.signOut(c.req.raw.headers);
    await tell(c, deps, { action: 'session.delete' });
    setCookies(c, ended.setCookies);
    return c.body(null, 204);
  });
  app.openapi(sessionRoute, async (c) => {
    const signedIn = await people.sessionOf(c.req.raw.headers, deps.clock.now());
    if (!signedIn) return c.json(problemOf(problems.noSession), 404);
    const { sessionId, personId, name, email } = signedIn;
    return c.json({ id: sessionId, person: { id: personId, name, email } }, 200);
  });
}

function refusalOf(kind: Exclude<SignInOutcome['kind'], 'done' | 'limited' | 'passwords_off'>) {
  switch (kind) {
    case 'wrong':
      return problems.wrong;
    case 'code_wanted':
      return problems.codeWanted;
    case 'code_wrong':
      return problems.codeWrong;
    default:
      return kind satisfies never;
  }
}

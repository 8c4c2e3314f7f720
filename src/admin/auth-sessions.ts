/** What a person does with its own sessions, password and authenticator. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { refuse } from '../base/refusal.ts';
import type { SessionFacts, SignedIn } from '../people/people.ts';
import {
  Code,
  Done,
  done,
  fromOf,
  limitedProblem,
  Password,
  problems,
  setCookies,
  tell,
  weakProblem,
} from './auth-fields.ts';
import { type AdminEnv, callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { iso, When } from './fields.ts';
import { json } from './member-fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const SessionRow = z
  .strictObject({
    id: z.string(),
    isCurrent: z.boolean().openapi({ description: 'The one of this request' }),
    createdAt: When,
    lastSeenAt: When,
    expiresAt: When.openapi({ description: 'Unless it is used before; a week after it began at the latest' }),
    address: z.string().nullable(),
    userAgent: z.string().nullable(),
  })
  .openapi('SessionRow');
const SessionList = z.strictObject({ sessions: z.array(SessionRow) }).openapi('SessionList');
const PasswordBody = z.strictObject({ current: Password, next: Password }).openapi('PasswordChange');
const OwnPassword = z.strictObject({ password: Password }).openapi('OwnPassword');
const CodeBody = z.strictObject({ code: Code }).openapi('AuthenticatorCode');
const ResetBody = z.strictObject({ email: z.string().min(1).max(254) }).openapi('PasswordReset');
const NewPasswordBody = z.strictObject({ password: z.string() }).openapi('NewPassword');
const TotpBody = z
  .strictObject({
    uri: z.string().openapi({ example: 'otpauth://totp/…', description: 'For the authenticator' }),
    recoveryCodes: z.array(z.string()).openapi({ description: 'Each signs in once instead of a code' }),
  })
  .openapi('Authenticator');

/** Of all that takes a password or a code. */
const guarded = {
  400: problemResponse('body_invalid'),
  429: problemResponse('sign_in_limited'),
  ...denied,
  401: problemResponse('sign_in_wrong'),
};

const listRoute = adminRoute('person', {
  method: 'get',
  path: '/auth/sessions',
  summary: 'The caller\u2019s own sessions, newest first',
  responses: { 200: json('The sessions', SessionList), 404: problemResponse('record_unknown'), ...denied },
});
const endRoute = adminRoute('person', {
  method: 'delete',
  path: '/auth/sessions/{id}',
  summary: 'End one of the caller\u2019s own sessions',
  request: { params: z.strictObject({ id: z.string().max(100) }) },
  responses: { 204: { description: 'Ended' }, 404: problemResponse('record_unknown'), ...denied },
});
const passwordRoute = adminRoute('person', {
  method: 'post',
  path: '/auth/password',
  summary: 'Change the own password; all other sessions end',
  request: { body: { required: true, ...json('The present one and the next', PasswordBody) } },
  responses: { 200: json('Changed', Done), ...guarded },
});
const resetRoute = adminRoute('operator', {
  method: 'post',
  path: '/auth/reset',
  summary: 'Replace the password of somebody who has lost it; its sessions end, and its authenticator is off',
  request: { body: { required: true, ...json('Who it is', ResetBody) } },
  responses: {
    200: json('Shown this once', NewPasswordBody),
    400: problemResponse('body_invalid'),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});
const totpRoute = adminRoute('person', {
  method: 'post',
  path: '/auth/totp',
  summary: 'Begin with an authenticator; it counts when a code of it was verified',
  request: { body: { required: true, ...json('The password', OwnPassword) } },
  responses: { 200: json('Shown this once', TotpBody), 409: problemResponse('totp_on'), ...guarded },
});
const verifyRoute = adminRoute('person', {
  method: 'post',
  path: '/auth/totp/verify',
  summary: 'Show that the authenticator works; signing in wants a code from then on',
  request: { body: { required: true, ...json('A code', CodeBody) } },
  responses: { 200: json('On', Done), 409: problemResponse('totp_off'), ...guarded },
});
const stopRoute = adminRoute('person', {
  method: 'delete',
  path: '/auth/totp',
  summary: 'Do without an authenticator again',
  request: { body: { required: true, ...json('The password', OwnPassword) } },
  responses: { 200: json('Off', Done), 409: problemResponse('totp_off'), ...guarded },
});

export function registerOwnSignIn(app: AdminApp, deps: AdminDeps): void {
  const { people } = deps.signIn;
  const find = (c: Context<AdminEnv>): Promise<SignedIn | undefined> =>
    people.sessionOf(c.req.raw.headers, deps.clock.now());
  app.openapi(listRoute, async (c) => {
    const signedIn = await find(c);
    if (!signedIn) return c.json(problemOf(problems.noSession), 404);
    const sessions = await people.sessionsOf(signedIn.personId, deps.clock.now());
    return c.json({ sessions: sessions.map((one) => renderSession(one, signedIn.sessionId)) }, 200);
  });
  app.openapi(endRoute, async (c) => {
    const signedIn = await find(c);
    const { id } = c.req.valid('param');
    if (!signedIn || !(await people.endSession(signedIn.personId, id)))
      return c.json(problemOf(refuse('record_unknown', `there is no session ${id} of yours`)), 404);
    await tell(c, deps, { action: 'session.delete', detail: { session: id } });
    return c.body(null, 204);
  });
  app.openapi(passwordRoute, async (c) => {
    const outcome = await people.changePassword(c.req.raw.headers, c.req.valid('json'), fromOf(c));
    if (outcome.kind === 'limited') return c.json(limitedProblem(c, outcome), 429);
    if (outcome.kind === 'passwords_off') return c.json(problemOf(problems.passwordsOff), 403);
    if (outcome.kind === 'password_weak') return c.json(weakProblem(outcome.message), 400);
    if (outcome.kind === 'wrong') {
      await tell(c, deps, { action: 'password.change', code: 'sign_in_wrong' });
      return c.json(problemOf(problems.wrongPassword), 401);
    }
    await tell(c, deps, { action: 'password.change' });
    setCookies(c, outcome.setCookies);
    return c.json(done, 200);
  });
  app.openapi(resetRoute, async (c) => {
    const { email } = c.req.valid('json');
    // Whoever sets a password signs in with it: admins would be owners, and members of other workspaces.
    if (callerOf(c).role !== 'owner') return c.json(problemOf(notOwner), 403);
    const person = await people.findPerson({ email });
    const password = deps.signIn.newPassword();
    const outcome = person && (await people.resetPassword(person.id, password));
    if (outcome?.kind !== 'done')
      return c.json(problemOf(refuse('record_unknown', 'nobody here has that address')), 404);
    await tell(c, deps, { action: 'password.reset', person });
    return c.json({ password }, 200);
  });
  registerTotp(app, deps);
}

function registerTotp(app: AdminApp, deps: AdminDeps): void {
  const { people } = deps.signIn;
  app.openapi(totpRoute, async (c) => {
    const begun = await people.startTotp(c.req.raw.headers, c.req.valid('json').password, fromOf(c));
    if (begun.kind === 'limited') return c.json(limitedProblem(c, begun), 429);
    if (begun.kind === 'wrong') return c.json(problemOf(problems.wrongPassword), 401);
    if (begun.kind === 'already_on') return c.json(problemOf(isOn), 409);
    return c.json({ uri: begun.uri, recoveryCodes: [...begun.recoveryCodes] }, 200);
  });
  app.openapi(verifyRoute, async (c) => {
    const outcome = await people.confirmTotp(c.req.raw.headers, c.req.valid('json').code, fromOf(c));
    if (outcome.kind === 'limited') return c.json(limitedProblem(c, outcome), 429);
    if (outcome.kind === 'wrong') return c.json(problemOf(problems.codeWrong), 401);
    if (outcome.kind === 'not_on') return c.json(problemOf(isOff), 409);
    await tell(c, deps, { action: 'totp.create' });
    setCookies(c, outcome.setCookies);
    return c.json(done, 200);
  });
  app.openapi(stopRoute, async (c) => {
    const outcome = await people.stopTotp(c.req.raw.headers, c.req.valid('json').password, fromOf(c));
    if (outcome.kind === 'limited') return c.json(limitedProblem(c, outcome), 429);
    if (outcome.kind === 'wrong') return c.json(problemOf(problems.wrongPassword), 401);
    if (outcome.kind === 'not_on') return c.json(problemOf(isOff), 409);
    await tell(c, deps, { action: 'totp.delete' });
    setCookies(c, outcome.setCookies);
    return c.json(done, 200);
  });
}

const notOwner = refuse('role_insufficient', 'only who owns the installation may replace a password');
const isOn = refuse('totp_on', 'there is an authenticator already');
const isOff = refuse('totp_off', 'there is no authenticator to go on with');

function renderSession(session: SessionFacts, currentId: string): z.infer<typeof SessionRow> {
  const { id, createdAtMs, lastSeenAtMs, expiresAtMs, address = null, userAgent = null } = session;
  return {
    ...{ id, address, userAgent },
    isCurrent: id === currentId,
    createdAt: iso(createdAtMs),
    lastSeenAt: iso(lastSeenAtMs),
    expiresAt: iso(expiresAtMs),
  };
}

/** Signing in at an issuer: the browser is sent there, and comes back. Both are pages it opens, so both answer with one. */
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type RefusalCode, refuse } from '../base/refusal.ts';
import { HOME_PATH } from '../people/next-path.ts';
import { fromOf, setCookies, tell } from './auth-fields.ts';
import type { AdminEnv } from './caller.ts';
import { originOf } from './cross-site.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

/** Behind `ADMIN_PATH`. */
const PATH = '/api/v1/auth/oidc';

const params = z.strictObject({ name: z.string().max(100) });
/** Issuers add what they like. */
const anything = z.looseObject({ state: z.string().max(8_000).optional() });

const startRoute = adminRoute('anyone', {
  method: 'get',
  path: '/auth/oidc/{name}/start',
  summary: 'Go to an issuer to sign in there',
  request: {
    params,
    query: z.strictObject({ next: z.string().max(2_000).optional() }),
  },
  responses: {
    302: { description: 'To the issuer; back to the page of signing in where that cannot be' },
    400: problemResponse('query_invalid'),
    404: problemResponse('record_unknown'),
    409: problemResponse('public_url_missing'),
  },
});
const callbackRoute = adminRoute('anyone', {
  method: 'get',
  path: '/auth/oidc/{name}/callback',
  summary: 'Where an issuer sends the browser back to',
  request: { params, query: anything },
  responses: {
    302: {
      description: 'On to where it wanted to go; back to the page of signing in where it is not let in',
    },
    400: problemResponse('query_invalid'),
    404: problemResponse('record_unknown'),
    409: problemResponse('public_url_missing'),
  },
});

export function registerOidc(app: AdminApp, deps: AdminDeps): void {
  const { people } = deps.signIn;
  app.openapi(startRoute, async (c) => {
    const { name } = c.req.valid('param');
    const redirectUri = redirectUriOf(c, deps, name);
    if (redirectUri === undefined) return c.json(problemOf(noPublicUrl), 409);
    const started = await people.startOidc(name, { redirectUri, next: c.req.valid('query').next }, fromOf(c));
    if (started.kind === 'unknown') return c.json(problemOf(unknown(name)), 404);
    if (started.kind === 'limited') return back(c, 'sign_in_limited');
    if (started.kind === 'failed') return failed(c, deps, name, started.message);
    setCookies(c, started.setCookies);
    return c.redirect(started.location, 302);
  });
  app.openapi(callbackRoute, async (c) => {
    const { name } = c.req.valid('param');
    const redirectUri = redirectUriOf(c, deps, name);
    if (redirectUri === undefined) return c.json(problemOf(noPublicUrl), 409);
    const query = new URL(c.req.url).searchParams;
    const end = { redirectUri, query, headers: c.req.raw.headers };
    const outcome = await people.finishOidc(name, end, fromOf(c));
    if (outcome.kind === 'unknown') return c.json(problemOf(unknown(name)), 404);
    if (outcome.kind === 'limited') return back(c, 'sign_in_limited');
    if (outcome.kind === 'failed') return failed(c, deps, name, outcome.message);
    if (outcome.kind === 'not_invited') {
      await tell(c, deps, { action: 'session.create', code: 'not_invited', detail: { issuer: name } });
      return back(c, 'not_invited');
    }
    const { person, joins, next } = outcome;
    await people.signOut(c.req.raw.headers);
    if (joins) await deps.signIn.join(person.id, joins);
    await tell(c, deps, { action: 'session.create', person, detail: { by: 'issuer', issuer: name } });
    setCookies(c, outcome.setCookies);
    return c.redirect(next, 302);
  });
}

/** One for each issuer, as it has been told. */
function redirectUriOf(c: Context<AdminEnv>, { signIn }: AdminDeps, name: string): string | undefined {
  const origin = originOf(c.req.raw.headers, signIn.publicUrl());
  return origin === undefined ? undefined : `${origin}${PATH}/${encodeURIComponent(name)}/callback`;
}

const noPublicUrl = refuse(
  'public_url_missing',
  'an issuer cannot be told where to send the browser back to',
);

function unknown(name: string) {
  return refuse('record_unknown', `there is no issuer ${name} to sign in at`);
}

/** The page says what became of it, in words of its own. */
function back(c: Context, problem: RefusalCode): Response {
  return c.redirect(`${HOME_PATH}?problem=${problem}`, 302);
}

async function failed(c: Context<AdminEnv>, deps: AdminDeps, issuer: string, message: string) {
  deps.log.warn({ issuer, message }, 'signing in at an issuer failed');
  await tell(c, deps, { action: 'session.create', code: 'issuer_failed', detail: { issuer, message } });
  return back(c, 'issuer_failed');
}

/** Signing in at an OpenID Connect issuer: there and back, with state, nonce and PKCE. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { PersonId } from '../base/ids.ts';
import type { IssuerSettings } from '../base/sign-in-settings.ts';
import { cookieOf, expired } from './cookie.ts';
import type { Desk } from './desk.ts';
import { libraryHeaders, PERSON_HEADER, sessionCookies } from './library.ts';
import { safeNext } from './next-path.ts';
import { exchangeCode, IssuerError } from './oidc-issuer.ts';
import { createKnownIssuers, type KnownIssuers } from './oidc-keys.ts';
import { type Identified, identify } from './oidc-token.ts';
import { beginVisit, openVisit, sealVisit, VISIT_COOKIE, type Visit } from './oidc-visit.ts';
import type { From, Joins, OidcOutcome, OidcReturn, OidcStart, OidcVisit, People, Person } from './people.ts';
import { findPerson, insertPerson, noteSignIn, personOfIssuer, signInVouchedFor } from './persons.ts';
import { tidySessions } from './sessions.ts';

const SCOPES = 'openid email profile';

export function createOidc(desk: Desk): Pick<People, 'startOidc' | 'finishOidc'> {
  const issuers = createKnownIssuers(desk.fetch, desk.clock);
  const settingsOf = (name: string) => desk.settings().issuers.find((issuer) => issuer.name === name);
  return {
    async startOidc(name, visit, from) {
      const settings = settingsOf(name);
      if (!settings) return { kind: 'unknown' };
      return desk.limits.beginVisit(from) ?? (await answered(() => start(desk, issuers, settings, visit)));
    },
    async finishOidc(name, end, from) {
      const settings = settingsOf(name);
      if (!settings) return { kind: 'unknown' };
      return (
        desk.limits.beginVisit(from) ?? (await answered(() => finish(desk, issuers, settings, end, from)))
      );
    },
  };
}

async function answered<T>(work: () => Promise<T>): Promise<T | { kind: 'failed'; message: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof IssuerError) return { kind: 'failed', message: error.message };
    throw error;
  }
}

async function start(
  desk: Desk,
  issuers: KnownIssuers,
  settings: IssuerSettings,
  { redirectUri, next }: OidcVisit,
): Promise<OidcStart> {
  const { endpoints } = await issuers.find(settings);
  const visit = beginVisit({ issuer: settings.name, redirectUri, next: safeNext(next) });
  const location = new URL(endpoints.authorization);
  const question = {
    response_type: 'code',
    client_id: settings.clientId,
    redirect_uri: redirectUri,
    scope: SCOPES,
    state: visit.state,
    nonce: visit.nonce,
    code_challenge: createHash('sha256').update(visit.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(question)) location.searchParams.set(name, value);
  const cookie = await sealVisit(visit, await desk.secret(), desk.clock.now());
  return { kind: 'done', location: location.href, setCookies: [cookie] };
}

async function finish(
  desk: Desk,
  issuers: KnownIssuers,
  settings: IssuerSettings,
  { query, headers }: OidcReturn,
  from: From,
): Promise<OidcOutcome> {
  const cookie = cookieOf(headers, VISIT_COOKIE);
  const visit = cookie && (await openVisit(cookie, await desk.secret(), desk.clock.now()));
  if (!visit || visit.issuer !== settings.name || !isSame(query.get('state') ?? '', visit.state))
    return { kind: 'failed', message: 'this browser has not begun this visit, or too long ago; begin again' };
  const code = readCode(query, settings);
  const { redirectUri, verifier, nonce } = visit;
  const { endpoints } = await issuers.find(settings);
  const tokens = await exchangeCode(desk.fetch, settings, endpoints, { code, verifier, redirectUri });
  const who = await identify(desk.fetch, issuers, settings, tokens, nonce, desk.clock);
  const known = await findOrMake(desk, settings, who);
  return known ? letIn(desk, known, visit, from) : { kind: 'not_invited' };
}

function readCode(query: URLSearchParams, { issuer }: IssuerSettings): string {
  const error = query.get('error');
  // Only words of the standard's kind are repeated: the browser may have been sent here by anybody.
  if (error !== null)
    throw new IssuerError(`the issuer refused${/^\w{1,60}$/.test(error) ? `: ${error}` : ''}`);
  const said = query.get('iss');
  if (said !== null && said !== issuer && said !== `${issuer}/`)
    throw new IssuerError('the answer is of another issuer');
  const code = query.get('code');
  if (!code || code.length > 4096) throw new IssuerError('the issuer gave no code');
  return code;
}

interface Known {
  readonly id: PersonId;
  readonly joins?: Joins;
}

/** By who it is to the issuer; else by an address that the issuer vouches for. undefined = not to be let in. */
async function findOrMake(desk: Desk, settings: IssuerSettings, who: Identified): Promise<Known | undefined> {
  const { store, clock } = desk;
  const first = { kind: 'issuer', issuer: `oidc:${settings.issuer}`, subject: who.subject } as const;
  const before = await personOfIssuer(store, first.issuer, first.subject);
  if (before) return { id: before.id };
  const { allowedDomains, joins } = settings;
  const isAllowed = allowedDomains.includes(who.email.slice(who.email.lastIndexOf('@') + 1));
  if (!who.isEmailVerified || (allowedDomains.length > 0 && !isAllowed)) return undefined;
  const same = await findPerson(store, { email: who.email });
  if (same) {
    await signInVouchedFor(store, same.id, first, clock.now());
    return { id: same.id };
  }
  // Whom nobody has named before must be of a domain that the operator has.
  if (!isAllowed || !joins) return undefined;
  const id = await insertPerson(store, who, first, clock.now());
  return id && { id, joins };
}

async function letIn(desk: Desk, known: Known, visit: Visit, from: From): Promise<OidcOutcome> {
  const { store, clock } = desk;
  const headers = libraryHeaders(from);
  headers.set(PERSON_HEADER, known.id);
  const library = await desk.library();
  const answer = await library.api.beginSession({ headers, returnHeaders: true });
  const person = await findPerson(store, { id: known.id });
  if (!person) return { kind: 'not_invited' };
  await noteSignIn(store, known.id, clock.now());
  await tidySessions(store, known.id, clock.now());
  return {
    kind: 'done',
    person: { ...person, lastSignInAtMs: clock.now() } satisfies Person,
    setCookies: [...sessionCookies(answer.headers), expired(VISIT_COOKIE)],
    next: visit.next,
    ...(known.joins && { joins: known.joins }),
  };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Who somebody is, by the word of an issuer: its signed token for this visit, checked against its keys. */
import type { Clock } from '../base/clock.ts';
import type { IssuerSettings } from '../base/sign-in-settings.ts';
import { askUserinfo, IssuerError, type Tokens } from './oidc-issuer.ts';
import type { KnownIssuer, KnownIssuers } from './oidc-keys.ts';

export interface Identified {
  /** Who it is to the issuer, for ever. */
  readonly subject: string;
  readonly email: string;
  readonly isEmailVerified: boolean;
  readonly name: string;
}

/** With a private key of the issuer's alone: our own secret signs nothing. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Clocks differ. */
const TOLERANCE_S = 60;
const MAX_NAME_LENGTH = 100;

type Claims = Readonly<Record<string, unknown>>;

export async function identify(
  ask: typeof fetch,
  issuers: KnownIssuers,
  settings: IssuerSettings,
  tokens: Tokens,
  nonce: string,
  clock: Clock,
): Promise<Identified> {
  const claims = await verifyIdToken(issuers, settings, tokens.idToken, nonce, clock);
  const { userinfo } = (await issuers.find(settings)).endpoints;
  const isMore = claims.email === undefined && userinfo !== undefined && tokens.accessToken !== undefined;
  const more: Claims = isMore ? await askUserinfo(ask, userinfo, tokens.accessToken!) : {};
  // The address must be of the one whom the token speaks of.
  const all = isMore && more.sub === claims.sub ? { ...more, ...claims } : claims;
  return read(all, settings);
}

async function verifyIdToken(
  issuers: KnownIssuers,
  settings: IssuerSettings,
  token: string,
  nonce: string,
  clock: Clock,
): Promise<Claims> {
  const { createLocalJWKSet, errors, jwtVerify } = await import('jose');
  const check = async ({ keys }: KnownIssuer): Promise<Claims> => {
    const set = createLocalJWKSet(keys as unknown as Parameters<typeof createLocalJWKSet>[0]);
    const { payload } = await jwtVerify(token, set, {
      issuer: [settings.issuer, `${settings.issuer}/`],
      audience: settings.clientId,
      algorithms: ALGORITHMS,
      clockTolerance: TOLERANCE_S,
      currentDate: new Date(clock.now()),
      requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
    });
    return payload;
  };
  let claims: Claims;
  try {
    const known = await issuers.find(settings);
    claims = await check(known).catch(async (error: unknown) => {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return check(await issuers.find(settings, true));
    });
  } catch (error) {
    if (error instanceof IssuerError) throw error;
    const why = error instanceof errors.JOSEError ? error.code : 'it cannot be read';
    throw new IssuerError(`the issuer\u2019s token does not hold (${why})`, { cause: error });
  }
  if (claims.nonce !== nonce) throw new IssuerError('the issuer\u2019s token is of another visit');
  // Made for several: it must be us who asked for it.
  if (claims.azp !== undefined && claims.azp !== settings.clientId)
    throw new IssuerError('the issuer\u2019s token was asked for by somebody else');
  return claims;
}

function read(claims: Claims, { trustsEmail }: IssuerSettings): Identified {
  const { sub, email, name } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > 255)
    throw new IssuerError('the issuer does not say who it is');
  if (typeof email !== 'string' || !/^[^\s@]{1,200}@[^\s@]{1,200}$/.test(email))
    throw new IssuerError('the issuer says no e-mail address; it needs the scope `email`');
  const said = typeof name === 'string' ? name.replaceAll(/\p{C}/gu, '').trim() : '';
  return {
    subject: sub,
    email: email.toLowerCase(),
    // Some write it as a text.
    isEmailVerified: trustsEmail || claims.email_verified === true || claims.email_verified === 'true',
    name: (said || email).slice(0, MAX_NAME_LENGTH),
  };
}

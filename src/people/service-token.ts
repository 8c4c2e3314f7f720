/**
 * Tokens of services: JSON Web Tokens that an issuer signs with a private key. Each is checked whole, every time: nothing
 * is remembered of a token, so no two can be taken for each other.
 */
import { createPublicKey } from 'node:crypto';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import type { Clock } from '../base/clock.ts';
import type { ServiceSettings } from '../base/service-settings.ts';
import { askJson } from './oidc-issuer.ts';

export interface ServiceTokens {
  verify(token: string): Promise<ServiceIdentity>;
}

export type ServiceIdentity =
  | {
      readonly ok: true;
      readonly settings: ServiceSettings;
      /** Who it is to the issuer. */
      readonly subject: string;
    }
  /** `message` holds nothing of the token but its issuer. */
  | { readonly ok: false; readonly message: string };

export interface ServiceTokensInput {
  /** As the configuration has them now. */
  settings(): readonly ServiceSettings[];
  readonly ask: typeof fetch;
  readonly clock: Clock;
}

/** With a private key of the issuer's alone: whoever can check a token cannot make one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Clocks differ. */
const TOLERANCE_S = 60;
/** Longer ones carry what is none of ours, and checking them costs by the byte. */
const MAX_TOKEN_LENGTH = 8_192;
const MAX_SUBJECT_LENGTH = 255;
/** Issuers change keys by the day. */
const KEPT_MS = 10 * 60_000;
/** A token signed with a key we do not know may be one of a new key, or made up: asked again no more often. */
const REASK_MS = 30_000;

/** Three parts, the first of them an object's beginning in base64url. */
export function isServiceToken(text: string): boolean {
  return /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(text);
}

export function createServiceTokens(input: ServiceTokensInput): ServiceTokens {
  const keySets = createKeySets(input);
  return {
    async verify(token) {
      if (token.length > MAX_TOKEN_LENGTH) return refused(`it has more than ${MAX_TOKEN_LENGTH} characters`);
      const issuer = issuerOf(token);
      if (issuer === undefined) return refused('it cannot be read');
      const known = input.settings().filter((one) => one.issuer === issuer);
      if (known.length === 0) return refused('no service of its issuer is configured');
      // Entries of one issuer may have other keys, audiences and subjects: the first that fits counts.
      let last: ServiceIdentity | undefined;
      for (const settings of known) {
        const identity = await verifyFor(settings, token, input, keySets);
        if (identity.ok) return identity;
        last ??= identity;
      }
      return last!;
    },
  };
}

function refused(message: string): ServiceIdentity {
  return { ok: false, message: `the service token does not hold: ${message}` };
}

/** What it says itself, before anything is checked: only to know whose keys to check it with. */
function issuerOf(token: string): string | undefined {
  try {
    const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    const claims: unknown = JSON.parse(text);
    const issuer = typeof claims === 'object' && claims !== null ? Reflect.get(claims, 'iss') : undefined;
    return typeof issuer === 'string' ? issuer : undefined;
  } catch {
    return undefined;
  }
}

async function verifyFor(
  settings: ServiceSettings,
  token: string,
  { clock }: ServiceTokensInput,
  keySets: KeySets,
): Promise<ServiceIdentity> {
  const { errors } = await import('jose');
  const options: JWTVerifyOptions = {
    issuer: settings.issuer,
    audience: settings.audience,
    algorithms: ALGORITHMS,
    clockTolerance: TOLERANCE_S,
    currentDate: new Date(clock.now()),
    requiredClaims: ['sub', 'exp'],
  };
  let claims: JWTPayload;
  try {
    claims = await checkSignature(settings, token, options, keySets);
  } catch (error) {
    if (error instanceof errors.JOSEError) return refused(error.message);
    return refused('the keys of its issuer cannot be had, or do not fit it');
  }
  const { sub } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > MAX_SUBJECT_LENGTH) {
    return refused('it does not say whose it is');
  }
  if (settings.subjects && !settings.subjects.includes(sub))
    return refused('its subject is none of those named');
  return { ok: true, settings, subject: sub };
}

async function checkSignature(
  { keys }: ServiceSettings,
  token: string,
  options: JWTVerifyOptions,
  keySets: KeySets,
): Promise<JWTPayload> {
  const { createLocalJWKSet, errors, jwtVerify } = await import('jose');
  if (keys.kind === 'pem') return (await jwtVerify(token, createPublicKey(keys.pem), options)).payload;
  const check = async (isStale: boolean): Promise<JWTPayload> => {
    const set = await keySets.find(keys.url, isStale);
    const local = createLocalJWKSet(set as unknown as Parameters<typeof createLocalJWKSet>[0]);
    return (await jwtVerify(token, local, options)).payload;
  };
  return check(false).catch((error: unknown) => {
    if (error instanceof errors.JWKSNoMatchingKey) return check(true);
    throw error;
  });
}

interface KeySets {
  /** @param isStale what is kept did not do: asks again, where that is due */
  find(url: string, isStale: boolean): Promise<Readonly<Record<string, unknown>>>;
}

/** There are as many as the configuration names: no limit is needed. */
function createKeySets({ ask, clock }: ServiceTokensInput): KeySets {
  const known = new Map<string, { readonly atMs: number; readonly value: ReturnType<KeySets['find']> }>();
  return {
    find(url, isStale) {
      const before = known.get(url);
      const age = before ? clock.monotonic() - before.atMs : Number.POSITIVE_INFINITY;
      if (before && age < (isStale ? REASK_MS : KEPT_MS)) return before.value;
      const value = askJson(ask, url, {});
      known.set(url, { atMs: clock.monotonic(), value });
      // What was kept goes on to serve while the issuer cannot be asked; what never was is asked again by the next.
      value.catch(() =>
        before ? known.set(url, { ...before, atMs: clock.monotonic() }) : known.delete(url),
      );
      return value;
    },
  };
}

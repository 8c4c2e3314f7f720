/** What we must know again when an issuer sends a browser back. The browser keeps it, sealed: a visit that never ends costs us nothing. */
import { createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import type { Secret } from '../base/secret.ts';
import { OIDC_VISIT_MS } from './lifetimes.ts';

export const VISIT_COOKIE = '__Host-turnpike-visit';

export interface Visit {
  /** Of our configuration. */
  readonly issuer: string;
  /** That it was this browser which went there. */
  readonly state: string;
  /** That the token was made for this visit. */
  readonly nonce: string;
  /** Of PKCE: that the code is redeemed by who asked for it. */
  readonly verifier: string;
  readonly redirectUri: string;
  /** A path of ours. */
  readonly next: string;
}

const TOKEN_BYTES = 32;

export function beginVisit(about: Pick<Visit, 'issuer' | 'redirectUri' | 'next'>): Visit {
  const random = () => randomBytes(TOKEN_BYTES).toString('base64url');
  return { ...about, state: random(), nonce: random(), verifier: random() };
}

export async function sealVisit(visit: Visit, secret: Secret, nowMs: number): Promise<string> {
  const { EncryptJWT } = await import('jose');
  const text = await new EncryptJWT({ visit })
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .setExpirationTime(new Date(nowMs + OIDC_VISIT_MS))
    .encrypt(keyFrom(secret));
  const lasts = `Max-Age=${OIDC_VISIT_MS / 1000}`;
  return `${VISIT_COOKIE}=${text}; Path=/; HttpOnly; Secure; SameSite=Lax; ${lasts}`;
}

/** undefined = it is not what we sealed, or too old. */
export async function openVisit(cookie: string, secret: Secret, nowMs: number): Promise<Visit | undefined> {
  const { jwtDecrypt } = await import('jose');
  try {
    const { payload } = await jwtDecrypt<{ visit?: Visit }>(cookie, keyFrom(secret), {
      currentDate: new Date(nowMs),
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return payload.visit;
  } catch {
    return undefined;
  }
}

/** A key for this and nothing else. */
function keyFrom(secret: Secret) {
  return createSecretKey(
    Buffer.from(hkdfSync('sha256', secret.reveal(), '', 'turnpike people visit v1', 32)),
  );
}

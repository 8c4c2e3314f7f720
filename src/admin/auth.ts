/** Who may use the admin API: the bearer of the operator token, of which only the SHA-256 is kept. */
import { hash, timingSafeEqual } from 'node:crypto';
import { type Refusal, refuse } from '../base/refusal.ts';

const TOKEN_PREFIX = 'tpo-';
/** 256 bits: beyond any guessing, so that a plain digest of it may be stored. */
const TOKEN_BYTES = 32;

/** Name of the setting that holds the digest of the operator token. */
export const OPERATOR_HASH_SETTING = 'operator_token_hash';

export interface OperatorToken {
  /** The only time it is seen. */
  readonly token: string;
  /** Lower-case hex SHA-256: what is stored. */
  readonly hash: string;
}

/** `random` gives that many unpredictable bytes. */
export function makeOperatorToken(random: (bytes: number) => Uint8Array): OperatorToken {
  const token = TOKEN_PREFIX + Buffer.from(random(TOKEN_BYTES)).toString('base64url');
  return { token, hash: hash('sha256', token, 'hex') };
}

/** Longer texts are no tokens; hashing them would be work for nothing. */
const MAX_TOKEN_LENGTH = 512;
const BEARER = /^bearer +(\S+)$/i;

/** undefined = let in. `expectedHash` is lower-case hex. */
export function checkOperator(authorization: string | undefined, expectedHash: string): Refusal | undefined {
  const token = BEARER.exec(authorization ?? '')?.[1];
  if (token === undefined) return refuse('operator_token_missing', 'no operator token was sent');
  if (token.startsWith('tp-')) {
    return refuse('operator_token_unknown', 'this is a virtual key; the admin API takes the operator token');
  }
  if (token.length <= MAX_TOKEN_LENGTH && isSame(hash('sha256', token, 'hex'), expectedHash))
    return undefined;
  return refuse('operator_token_unknown', 'this is not the operator token of this installation');
}

/** Digests of unequal length are never equal; an unset hash lets nobody in. */
function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

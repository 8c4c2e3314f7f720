/** Who may use the admin API: the bearer of the operator token, of which only the SHA-256 is kept. */
import { hash, timingSafeEqual } from 'node:crypto';
import { type Refusal, refuse } from '../base/refusal.ts';

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

/** Who is calling: finds the virtual key wherever clients put it and looks its hash up in the snapshot. */
import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { KeyRecord } from '../registry/keys.ts';

export type Admission =
  | { readonly ok: true; readonly key: KeyRecord }
  | { readonly ok: false; readonly refusal: Refusal };

/** Longer texts are no keys; hashing them would be work for nothing. */
const MAX_TOKEN_LENGTH = 512;
const TOKEN_PREFIX = 'tp-';

export function admit(
  keys: ReadonlyMap<string, KeyRecord>,
  headers: IncomingHttpHeaders,
  query: string,
  nowMs: number,
): Admission {
  const found = presentedToken(headers, query);
  if (typeof found !== 'string') return { ok: false, refusal: found };
  const key = keys.get(hash('sha256', found, 'hex'));
  if (!key) {
    return { ok: false, refusal: refuse('key_unknown', 'this key is not known here, or was revoked') };
  }
  if (key.expiresAtMs !== undefined && nowMs >= key.expiresAtMs) {
    return { ok: false, refusal: refuse('key_unknown', 'this key has expired') };
  }
  return { ok: true, key };
}

/**
 * The one token presented. Clients may send a vendor's own key beside ours (Claude Code signed in to a plan
 * does): where exactly one token looks like ours, it is the one.
 */
function presentedToken(headers: IncomingHttpHeaders, query: string): string | Refusal {
  const tokens = new Set<string>();
  const authorization = headers.authorization;
  if (authorization !== undefined) {
    const space = authorization.indexOf(' ');
    if (space > 0 && authorization.slice(0, space).toLowerCase() === 'bearer')
      tokens.add(authorization.slice(space + 1).trim());
  }
  for (const name of ['x-api-key', 'x-goog-api-key', 'api-key'] as const) {
    const value = headers[name];
    if (typeof value === 'string') tokens.add(value.trim());
  }
  if (query.includes('key=')) {
    const value = new URLSearchParams(query).get('key');
    if (value) tokens.add(value);
  }
  tokens.delete('');
  if (tokens.size === 0) return refuse('key_missing', 'no Turnpike key was sent');
  const [first] = tokens;
  if (tokens.size === 1) return checkedLength(first!);
  const ours = [...tokens].filter((token) => token.startsWith(TOKEN_PREFIX));
  if (ours.length === 1) return checkedLength(ours[0]!);
  return refuse('key_conflict', 'several different keys were sent; it is not clear which one counts');
}

function checkedLength(token: string): string | Refusal {
  return token.length > MAX_TOKEN_LENGTH
    ? refuse('key_unknown', 'this key is not known here, or was revoked')
    : token;
}

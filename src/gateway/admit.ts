/**
 * Who is calling: finds the virtual key wherever clients put it and looks the hash of the whole token up. No token is
 * ever compared with another, so that no answer can tell how much of one was right.
 */
import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { KeyId, TokenId } from '../base/ids.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { KeyLookup } from '../registry/key-book.ts';
import type { KeyRecord } from '../registry/keys.ts';
import { mayCall, mayComeFrom } from './key-scopes.ts';

export type Admission =
  | { readonly ok: true; readonly key: KeyRecord; readonly tokenHash: string }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      /** One that nobody was given was used. The client must not be able to tell. */
      readonly honeypot?: KeyRecord;
    };

/** What of a request says who sent it. */
export interface Asking {
  readonly request: Pick<IncomingMessage, 'rawHeaders'>;
  /** Without the question mark. */
  readonly query: string;
  /** What it asks for, as the ledger names it; undefined = what needs no permission, such as lists of models. */
  readonly callName: string | undefined;
  /** Where it comes from; asked only of keys that are bound to places. undefined = nobody knows. */
  address(): string | undefined;
}

/** Longer texts are no keys; hashing them would be work for nothing. */
const MAX_TOKEN_LENGTH = 512;
const TOKEN_PREFIX = 'tp-';
/** What a token may be made of, whoever chose it. */
const TOKEN = /^[\x21-\x7e]+$/;

export function admit(keys: KeyLookup, asking: Asking, nowMs: number): Admission {
  const found = presentedToken(asking.request.rawHeaders, asking.query);
  if (typeof found !== 'string') return { ok: false, refusal: found };
  const tokenHash = hash('sha256', found, 'hex');
  const key = keys.get(tokenHash);
  if (!key) return unknownKey;
  if (key.isHoneypot) return { ...unknownKey, honeypot: key };
  if (hasExpired(key, nowMs)) return { ok: false, refusal: refuse('key_unknown', whyExpired(key)) };
  const refusal = mayCall(key, asking.callName) ?? mayComeFrom(key, asking.address);
  return refusal ? { ok: false, refusal } : { ok: true, key, tokenHash };
}

const unknownKey = {
  ok: false,
  refusal: refuse('key_unknown', 'this key is not known here, or was revoked'),
} as const satisfies Admission;

/** Whether a token that was let in would be let in still: for requests that go on. */
export function isLive(keys: KeyLookup, tokenHash: string, nowMs: number): boolean {
  const key = keys.get(tokenHash);
  return key !== undefined && !key.isHoneypot && !hasExpired(key, nowMs);
}

/** Notes the use of a key, and of the token that was replaced, where it is one. */
export function noteUse(used: Map<KeyId | TokenId, number>, key: KeyRecord, atMs: number): void {
  used.set(key.id, atMs);
  if (key.oldToken !== undefined) used.set(key.oldToken, atMs);
}

function hasExpired({ expiresAtMs }: KeyRecord, nowMs: number): boolean {
  return expiresAtMs !== undefined && nowMs >= expiresAtMs;
}

function whyExpired({ oldToken }: KeyRecord): string {
  return oldToken === undefined
    ? 'this key has expired'
    : 'this key was given a new text, and the time of this one is over';
}

/**
 * The one token presented. Clients may send a vendor's own key beside ours (Claude Code signed in to a plan
 * does): where exactly one token looks like ours, it is the one.
 */
function presentedToken(rawHeaders: readonly string[], query: string): string | Refusal {
  const tokens = readTokens(rawHeaders);
  if (query.includes('key=')) addToken(tokens, new URLSearchParams(query).get('key') ?? '');
  if (tokens.length === 0) return refuse('key_missing', 'no Turnpike key was sent');
  if (tokens.length === 1) return checkedToken(tokens[0]!);
  const ours = tokens.filter((token) => token.startsWith(TOKEN_PREFIX));
  if (ours.length === 1) return checkedToken(ours[0]!);
  return refuse('key_conflict', 'several different keys were sent; it is not clear which one counts');
}

/** As they came: of headers that are sent twice Node keeps only the first, or joins them. */
function readTokens(rawHeaders: readonly string[]): string[] {
  const tokens: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    // Most headers are told from these by their length.
    if (!HEADER_LENGTHS.has(name.length)) continue;
    const read = headerReaders[name.toLowerCase()];
    if (read) addToken(tokens, read(rawHeaders[at + 1]!));
  }
  return tokens;
}

type ReadHeader = (value: string) => string;
const whole: ReadHeader = (value) => value.trim();

const headerReaders: Readonly<Record<string, ReadHeader>> = {
  __proto__: null as never,
  authorization(value) {
    const space = value.indexOf(' ');
    const isBearer = space > 0 && value.slice(0, space).toLowerCase() === 'bearer';
    return isBearer ? value.slice(space + 1).trim() : '';
  },
  'x-api-key': whole,
  'x-goog-api-key': whole,
  'api-key': whole,
};
const HEADER_LENGTHS: ReadonlySet<number> = new Set(Object.keys(headerReaders).map(({ length }) => length));

function addToken(tokens: string[], token: string): void {
  if (token !== '' && !tokens.includes(token)) tokens.push(token);
}

/** Before anything is asked of anybody: what cannot be a token is none. */
function checkedToken(token: string): string | Refusal {
  return token.length <= MAX_TOKEN_LENGTH && TOKEN.test(token) ? token : unknownKey.refusal;
}

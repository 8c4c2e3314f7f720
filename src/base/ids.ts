/** Ids with a visible prefix: time-ordered UUIDv7 as 26 characters of Crockford base32, so that they sort and copy well. */
import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';

export type IdPrefix =
  | 'ws'
  | 'key'
  | 'exc'
  | 'ent'
  | 'prc'
  | 'dep'
  | 'prov'
  | 'mem'
  | 'cred'
  | 'rt'
  | 'bud'
  | 'lim'
  | 'rec'
  | 'adj'
  | 'ovr'
  | 'rer'
  | 'hev'
  | 'per'
  | 'ses'
  | 'sgn'
  | 'vrf'
  | 'tfa'
  | 'psec'
  | 'inv'
  | 'aud'
  | 'agt'
  | 'tsk'
  | 'tev'
  | 'ali'
  | 'ckey'
  | 'tok';
export type Id<P extends IdPrefix> = `${P}_${string}`;
export type WorkspaceId = Id<'ws'>;
export type KeyId = Id<'key'>;
/** A token that a key had before. */
export type TokenId = Id<'tok'>;
/** A person who may sign in, of whatever workspaces. */
export type PersonId = Id<'per'>;
/** A person's place in one workspace. */
export type MemberId = Id<'mem'>;
export type ExchangeId = Id<'exc'>;
export type EntryId = Id<'ent'>;
export type PriceId = Id<'prc'>;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 128 bits as 26 base32 characters, most significant first: text order is time order. */
function encode(bytes: Readonly<Uint8Array>): string {
  let text = '';
  let held = 0;
  // 130 bits are written for 128: two leading zero bits.
  let bits = 2;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return text;
}

/** Random numbers are drawn from the system in one go for many ids: a call for each would cost more than the id. */
const pool = new Uint32Array(1024);
let drawn = pool.length;

function nextUint32(): number {
  if (drawn === pool.length) {
    randomFillSync(pool);
    drawn = 0;
  }
  drawn += 1;
  return pool[drawn - 1]!;
}

const generator = new V7Generator({ nextUint32 });

export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  return `${prefix}_${encode(generator.generate().bytes)}`;
}

// What was sealed opens with the same master key, for whom it was sealed, and as it was written: nothing else does.
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMasterKey, writeMasterKey } from '../base/master-key.ts';
import { Secret } from '../base/secret.ts';
import { type Belonging, createVault, type OpenedSecret } from './vault.ts';
import { recoveredVaultKey, vaultKeyOf } from './vault-key.ts';

const vault = createVault(randomBytes(32), randomBytes);
const mine: Belonging = {
  workspaceId: 'ws_a',
  memberId: undefined,
  provider: 'openai',
  credentialId: 'cred_1',
};
const CANARY = 'sk-canary-of-the-vault-0123456789abcdef';
const sealed = vault.seal(new Secret(CANARY), mine);

const textOf = (opened: OpenedSecret) => (opened.ok ? opened.secret.reveal() : opened.reason);
const broken = { ok: false, reason: 'broken' };

describe('a sealed secret', () => {
  it('opens for whom it was sealed', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 300 });
    fc.assert(
      fc.property(texts, (text) => {
        expect(textOf(vault.open(vault.seal(new Secret(text), mine), mine))).toBe(text);
      }),
      { numRuns: 100 },
    );
  });
  it('is another one each time', () => {
    const all = Array.from({ length: 2_000 }, () => vault.seal(new Secret(CANARY), mine));
    const ivs = all.flatMap((text) =>
      text
        .split('.')
        .slice(2)
        .map((part) => Buffer.from(part, 'base64url').subarray(0, 12).toString('hex')),
    );
    expect(new Set(all).size).toBe(2_000);
    expect(new Set(ivs).size).toBe(4_000);
  });
  it('does not open when any one byte of it is another', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      for (const other of ['A', 'b', '-', '.', '\u00e9']) {
        if (sealed[at] === other) continue;
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
        expect(vault.open(changed, mine).ok, `${other} at ${at}`).toBe(false);
      }
    }
  });
  it('does not open when any one bit of its parts is another', () => {
    const parts = sealed.split('.');
    for (const part of [2, 3]) {
      const bytes = Buffer.from(parts[part]!, 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const changed = Buffer.from(bytes);
        changed[bit >> 3]! ^= 1 << (bit & 7);
        const text = parts.with(part, changed.toString('base64url')).join('.');
        expect(vault.open(text, mine), `bit ${bit} of part ${part}`).toEqual(broken);
      }
    }
  });
  it('does not open when it is cut, longer, or put together anew', () => {
    const twin = vault.seal(new Secret(CANARY), mine).split('.');
    const [version, name, wrapped, content] = sealed.split('.') as [string, string, string, string];
    const cut = (text: string, bytes: number) =>
      Buffer.from(text, 'base64url').subarray(0, -bytes).toString('base64url');
    const changed = [
      '',
      '...',
      `${sealed}.`,
      `${sealed}A`,
      ` ${sealed}`,
      [version, name, wrapped, cut(content, 12)],
      [version, name, cut(wrapped, 12), content],
      [version, name, wrapped, ''],
      [version, name, wrapped, twin[3]],
      [version, name, twin[2], content],
      [version, name, content, wrapped],
      ['v1', name, wrapped, content],
      ['v3', name, wrapped, content],
      [version, name, wrapped],
    ];
    for (const one of changed)
      expect(vault.open(typeof one === 'string' ? one : one.join('.'), mine)).toEqual(broken);
  });
  it('does not open whatever is written in its place', () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fc.base64String(), { maxLength: 5 }).map((parts) => ['v2', ...parts].join('.')),
    );
    fc.assert(
      fc.property(text, (anything) => !vault.open(anything, mine).ok),
      { numRuns: 300 },
    );
  });
  it.each<[string, Partial<Belonging>]>([
    ['another workspace', { workspaceId: 'ws_b' }],
    ['a member', { memberId: 'mem_1' }],
    ['another provider', { provider: 'anthropic' }],
    ['another credential', { credentialId: 'cred_2' }],
  ])('does not open for %s', (_name, other) => {
    expect(vault.open(sealed, { ...mine, ...other })).toEqual(broken);
    const theirs = vault.seal(new Secret(CANARY), { ...mine, ...other });
    expect(vault.open(theirs, mine)).toEqual(broken);
  });
  it('does not open when what it is bound to only reads the same in one line', () => {
    const odd = vault.seal(new Secret(CANARY), { ...mine, memberId: 'm","openai', provider: 'x' });
    expect(vault.open(odd, { ...mine, memberId: 'm', provider: 'openai","x' })).toEqual(broken);
  });
  it('says that it was sealed with another master key', () => {
    const other = createVault(randomBytes(32), randomBytes);
    expect(other.open(sealed, mine)).toEqual({ ok: false, reason: 'other_key' });
    // Even where it claims to be of this one.
    const [version, , ...rest] = other.seal(new Secret(CANARY), mine).split('.');
    expect(vault.open([version, sealed.split('.')[1], ...rest].join('.'), mine)).toEqual(broken);
  });
  it('shows nothing of the secret', () => {
    const shown = [sealed, Buffer.from(sealed.split('.')[3]!, 'base64url').toString('latin1')];
    for (const text of shown)
      for (let at = 0; at + 6 <= CANARY.length; at += 1) expect(text).not.toContain(CANARY.slice(at, at + 6));
  });
});

const FIRST_VERSION =
  'v1.a23fca98ab51d165.Y-Ld_tKYJHV6bwipbl3qqAeayrLCw5T7M1BY8PJX6llpzmvLqYu1nG9dOYebVqVBHSKlwOVNzejUzJvC.QGtsc_WhTt1Xuq5aODM785leOs8ABFcJ5ccrvsORgbsQPUhoS0FdmQbDcJLZHgELRpL_';

describe('another master key', () => {
  const former = vaultKeyOf(randomBytes(32));
  const next = vaultKeyOf(randomBytes(32));
  const both = createVault([next, former], randomBytes);
  const before = createVault([former], randomBytes).seal(new Secret(CANARY), mine);
  const moved = (text: string, belonging = mine): string => {
    const rewrapped = both.rewrap(text, belonging, next);
    if (!rewrapped.ok) throw new Error(rewrapped.reason);
    return rewrapped.sealed;
  };

  it('seals first, and both open', () => {
    expect(both.seal(new Secret(CANARY), mine).split('.')[1]).toBe(next.name);
    expect(both.seal(new Secret(CANARY), mine, former).split('.')[1]).toBe(former.name);
    expect(textOf(both.open(before, mine))).toBe(CANARY);
  });
  it('takes over a data key and leaves the secret as it lies there', () => {
    const after = moved(before);
    expect(after.split('.')[1]).toBe(next.name);
    expect(after.split('.')[3]).toBe(before.split('.')[3]);
    expect(after.split('.')[2]).not.toBe(before.split('.')[2]);
    expect(textOf(createVault([next], randomBytes).open(after, mine))).toBe(CANARY);
    expect(createVault([former], randomBytes).open(after, mine)).toEqual({ ok: false, reason: 'other_key' });
  });
  it('seals rows of the first version anew, which had bound the secret to the key', () => {
    const old = vaultKeyOf(Buffer.from(Array.from({ length: 32 }, (_, index) => index)));
    const rewrapped = createVault([next, old], randomBytes).rewrap(FIRST_VERSION, mine, next);
    const opened = rewrapped.ok && createVault([next], randomBytes).open(rewrapped.sealed, mine);
    expect(opened && textOf(opened)).toBe('sk-of-the-first-version');
  });
  it.each<[string, Partial<Belonging>]>([
    ['another workspace', { workspaceId: 'ws_b' }],
    ['a member', { memberId: 'mem_1' }],
    ['another provider', { provider: 'anthropic' }],
    ['another credential', { credentialId: 'cred_2' }],
  ])('takes over nothing for %s', (_name, other) => {
    expect(both.rewrap(before, { ...mine, ...other }, next)).toEqual(broken);
  });
  it('cannot make another secret of one data key: what is broken stays broken', () => {
    const parts = before.split('.');
    const content = Buffer.from(parts[3]!, 'base64url');
    content[15]! ^= 1;
    const after = moved(parts.with(3, content.toString('base64url')).join('.'));
    expect(both.open(after, mine)).toEqual(broken);
  });
  it('needs the one that sealed', () => {
    const alone = createVault([next], randomBytes);
    expect(alone.rewrap(before, mine, next)).toEqual({ ok: false, reason: 'other_key' });
  });
  it('that was recovered opens', () => {
    const recovered = recoveredVaultKey(former.name, former.wrapping.export());
    expect(textOf(createVault([next, recovered], randomBytes).open(before, mine))).toBe(CANARY);
  });
});

describe('the vault itself', () => {
  const masterKey = Buffer.from('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', 'hex');
  it('is the same after a restart', () => {
    const before = createVault(masterKey, randomBytes);
    const after = createVault(masterKey, randomBytes);
    expect(after.check).toBe(before.check);
    expect(textOf(after.open(before.seal(new Secret(CANARY), mine), mine))).toBe(CANARY);
  });
  it('opens what earlier versions have sealed', () => {
    expect(textOf(createVault(masterKey, randomBytes).open(FIRST_VERSION, mine))).toBe(
      'sk-of-the-first-version',
    );
  });
  it('shows nothing of its keys', () => {
    const shown = [createVault(masterKey, randomBytes)].flatMap((one) => [
      inspect(one, { depth: 10, showHidden: true }),
      JSON.stringify(one),
      one.check,
      one.seal(new Secret('x'), mine),
    ]);
    for (const text of shown) {
      expect(text).not.toContain(masterKey.toString('hex').slice(0, 12));
      expect(text).not.toContain(masterKey.toString('base64url').slice(0, 12));
    }
  });
  it.each([0, 16, 31, 33, 64])('takes no master key of %d bytes', (bytes) => {
    expect(() => createVault(Buffer.alloc(bytes, 7), randomBytes)).toThrow(RangeError);
  });
});

describe('the text of a master key', () => {
  const bytes = randomBytes(32);
  it.each([
    ['base64', bytes.toString('base64')],
    ['base64 without its end', bytes.toString('base64').replace('=', '')],
    ['base64 for URLs', bytes.toString('base64url')],
    ['hexadecimal', bytes.toString('hex')],
    ['capitals', bytes.toString('hex').toUpperCase()],
    ['a file', writeMasterKey(bytes)],
  ])('is read as %s', (_name, text) => {
    expect(readMasterKey(text)).toEqual({ ok: true, bytes });
  });
  it.each([
    ['nothing', ''],
    ['8 characters', 'changeme'],
    ['a sentence of 43', 'correct horse battery staple, correct horse'],
    ['zeros', '0'.repeat(64)],
    ['zeros in base64', Buffer.alloc(32).toString('base64')],
    ['a pattern', 'deadbeef'.repeat(8)],
    ['31 bytes', bytes.subarray(1).toString('base64')],
    ['33 bytes', Buffer.concat([bytes, bytes.subarray(0, 1)]).toString('base64')],
    ['63 digits', bytes.toString('hex').slice(1)],
  ])('is not %s', (_name, text) => {
    const read = readMasterKey(text);
    expect(read.ok).toBe(false);
    if (!read.ok && text.length > 4) expect(read.problem).not.toContain(text.slice(0, 8));
  });
});

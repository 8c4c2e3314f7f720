/** The look through what tests leave behind finds what it is there to find. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeToken } from '../src/registry/token.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './support/turnpike-process.ts';

const token = makeToken(randomBytes);

it.each([
  ['a virtual key', token],
  ['the bootstrap key', BOOTSTRAP_KEY],
  ['an operator token', `tpo-${randomBytes(32).toString('base64url')}`],
  ['a provider key', 'sk-live-0123456789abcdef'],
  ['a private key', '-----BEGIN PRIVATE KEY-----'],
])('finds %s in a database, and does not repeat it', (name, secret) => {
  const home = newHome();
  writeFileSync(join(home, 'turnpike.db-wal'), Buffer.from(`\u0000\u0001${secret}\u0002`));
  expect(() => removeHome(home)).toThrow(`left behind in plain: ${name}`);
  const again = newHome();
  writeFileSync(join(again, 'turnpike.db'), secret);
  expect(() => removeHome(again)).not.toThrow(secret);
});

it.each([
  ['a mistyped key', `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}`],
  ['a masked one', 'sk-live…cdef'],
  ['its hash', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
])('passes over %s', (_name, text) => {
  const home = newHome();
  writeFileSync(join(home, 'turnpike.db'), text);
  removeHome(home);
});

it('passes over files that hold secrets on purpose', () => {
  const home = newHome();
  for (const name of ['config.yaml', 'client.json', 'master.key']) writeFileSync(join(home, name), token);
  removeHome(home);
});

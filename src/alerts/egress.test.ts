/** Where messages may go: every spelling of an address that is not the internet's, and names that resolve to one. */
import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { EgressError, guardedLookup, whyHostRefused, whyRefused } from './egress.ts';

const strict = { allowPrivate: false, isPlain: false };
const open = { allowPrivate: true, isPlain: false };

describe('addresses', () => {
  it.each([
    '1.1.1.1',
    '93.184.216.34',
    '100.63.255.255',
    '172.32.0.1',
    '2606:4700::1111',
    '2a00:1450:4001::1',
  ])('%s is the internet', (address) => {
    expect(whyRefused(address, strict)).toBeUndefined();
    expect(whyRefused(address, { allowPrivate: true, isPlain: true })).toContain('plain HTTP');
  });
  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '::1',
    'fd12::1',
  ])('%s is private', (address) => {
    expect(whyRefused(address, strict)).toContain('allow_private');
    expect(whyRefused(address, open)).toBeUndefined();
    expect(whyRefused(address, { allowPrivate: true, isPlain: true })).toBeUndefined();
  });
  it.each([
    '0.0.0.0',
    '169.254.169.254',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    'fe80::1',
    'fe80::1%lo',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    'ff02::1',
    'localhost',
  ])('%s is never sent to', (address) => {
    expect(whyRefused(address, open)).toContain('reserved or link-local');
  });
});

it.each([
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://①②⑦.0.0.1/',
])('sees through the spelling of %s', (url) => {
  expect(whyHostRefused(new URL(url).hostname, strict)).toContain('allow_private');
});

it('judges IPv6 in brackets, and leaves names to the socket', () => {
  expect(whyHostRefused('[::1]', strict)).toContain('allow_private');
  expect(whyHostRefused('[2606:4700::1111]', strict)).toBeUndefined();
  expect(whyHostRefused('localhost', strict)).toBeUndefined();
});

describe('names', () => {
  const ask = (addresses: readonly string[], all: boolean, policy = strict) =>
    new Promise<unknown>((resolve) => {
      const found: LookupAddress[] = addresses.map((address) => ({
        address,
        family: address.includes(':') ? 6 : 4,
      }));
      const lookup = guardedLookup(policy, (_name, _options, done) => done(null, found));
      lookup('hooks.example', { all }, (error, address, family) => resolve(error ?? [address, family]));
    });
  it('opens a socket to what is permitted', async () => {
    expect(await ask(['1.1.1.1'], false)).toEqual(['1.1.1.1', 4]);
    expect(await ask(['1.1.1.1'], true)).toEqual([[{ address: '1.1.1.1', family: 4 }], undefined]);
    expect(await ask(['127.0.0.1'], false, open)).toEqual(['127.0.0.1', 4]);
  });
  it.each([[['127.0.0.1']], [['1.1.1.1', '10.0.0.1']], [['1.1.1.1', '::1']], [[]]])(
    'refuses %j',
    async (addresses) => {
      expect(await ask(addresses, true)).toBeInstanceOf(EgressError);
      expect(await ask(addresses, false)).toBeInstanceOf(EgressError);
    },
  );
});

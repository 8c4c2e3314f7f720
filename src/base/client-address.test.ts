// Where requests come from: proxies that are ours, and strangers that say so.
import { describe, expect, it } from 'vitest';
import { addressGroup, clientAddress, parseProxy, type TrustedProxies } from './client-address.ts';

const proxies = (...texts: string[]): TrustedProxies => texts.map((text) => parseProxy(text)!);

describe('where a request comes from', () => {
  it.each([
    ['no proxy is trusted', '198.51.100.7', '203.0.113.1', [], '198.51.100.7'],
    ['a stranger says something', '198.51.100.7', '203.0.113.1', ['10.0.0.0/8'], '198.51.100.7'],
    ['our proxy says it', '10.0.0.1', '203.0.113.1', ['10.0.0.0/8'], '203.0.113.1'],
    ['the client put something in front', '10.0.0.1', '1.1.1.1, 203.0.113.1', ['10.0.0.0/8'], '203.0.113.1'],
    ['two proxies of ours', '10.0.0.1', '203.0.113.1, 10.0.0.2', ['10.0.0.0/8'], '203.0.113.1'],
    ['all are ours', '10.0.0.1', '10.0.0.3, 10.0.0.2', ['10.0.0.0/8'], '10.0.0.3'],
    ['one proxy by its address', '192.0.2.1', '203.0.113.1', ['192.0.2.1'], '203.0.113.1'],
    ['IPv4 as IPv6', '::ffff:10.0.0.1', '203.0.113.1', ['10.0.0.0/8'], '203.0.113.1'],
    ['IPv6', '2001:db8::1', '[2001:DB8:1::2]:443', ['2001:db8::/48'], '2001:db8:1::2'],
    ['with a port', '10.0.0.1', '203.0.113.1:4711', ['10.0.0.0/8'], '203.0.113.1'],
    ['nonsense ends the chain', '10.0.0.1', '203.0.113.1, unknown', ['10.0.0.0/8'], '10.0.0.1'],
    ['ancient spellings are nonsense', '10.0.0.1', '0x7f000001', ['10.0.0.0/8'], '10.0.0.1'],
    ['an empty header', '10.0.0.1', '', ['10.0.0.0/8'], '10.0.0.1'],
    ['the transport knows nothing', undefined, '203.0.113.1', ['0.0.0.0/0'], undefined],
  ])('%s', (_, remote, header, trusted, expected) => {
    expect(clientAddress(remote, header, proxies(...trusted))).toBe(expected);
  });

  it.each(['10.0.0.0/33', 'example.com', '', '10.0.0/8', '127.1'])('%j names no proxy', (text) => {
    expect(parseProxy(text)).toBeUndefined();
  });

  it('looks no further than a chain of proxies is long', () => {
    const header = ['203.0.113.1', ...Array.from({ length: 5000 }, () => '10.0.0.2')].join(',');
    expect(clientAddress('10.0.0.1', header, proxies('10.0.0.0/8'))).toBe('10.0.0.2');
  });
});

describe('which addresses count as one place', () => {
  it.each([
    ['203.0.113.1', '203.0.113.1'],
    ['::ffff:203.0.113.1', '203.0.113.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::ffff', '2001:db8:1:2::/64'],
    ['unknown', 'unknown'],
  ])('%s is %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});

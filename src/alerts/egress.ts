/**
 * Where messages may be sent. Asked of the very address a socket is opened to, so that a name which resolves
 * differently the second time, or to a public and a private address at once, gets nowhere.
 */
import { type LookupAddress, type LookupOptions, lookup as systemLookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';

export interface EgressPolicy {
  /** Also this machine and its network. Never the addresses at which clouds tell machines their secrets. */
  readonly allowPrivate: boolean;
  /** No TLS: then only to a private address. */
  readonly isPlain: boolean;
}

/** Ranges that are nobody's on the internet: RFC 6890 and its successors. */
const reserved4 = blockList('ipv4', [
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]);
const private4 = blockList('ipv4', [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
]);
/** Link-local ones hold the metadata services of most clouds; the others are those of Azure and Alibaba. */
const never4 = blockList('ipv4', [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['168.63.129.16', 32],
  ['100.100.100.200', 32],
]);
const private6 = blockList('ipv6', [
  ['::1', 128],
  ['fc00::', 7],
]);
/** Of AWS. */
const never6 = blockList('ipv6', [['fd00:ec2::', 32]]);
/** What the internet uses of IPv6; addresses that hold an IPv4 address in them (mapped, NAT64, 6to4, Teredo) are not in it. */
const global6 = blockList('ipv6', [['2000::', 3]]);
const reserved6 = blockList('ipv6', [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]);

function blockList(family: 'ipv4' | 'ipv6', ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, bits] of ranges) list.addSubnet(net, bits, family);
  return list;
}

type Kind = 'public' | 'private' | 'never';

function kindOf(address: string): Kind {
  const family = isIP(address);
  if (family === 4) {
    if (never4.check(address) || reserved4.check(address)) return 'never';
    return private4.check(address) ? 'private' : 'public';
  }
  // A zone (`fe80::1%eth0`) is no address of the internet.
  if (family !== 6 || address.includes('%')) return 'never';
  if (never6.check(address, 'ipv6')) return 'never';
  if (private6.check(address, 'ipv6')) return 'private';
  return global6.check(address, 'ipv6') && !reserved6.check(address, 'ipv6') ? 'public' : 'never';
}

/** Why nothing is sent to this address, in words; undefined = it may be. */
export function whyRefused(address: string, { allowPrivate, isPlain }: EgressPolicy): string | undefined {
  const kind = kindOf(address);
  if (kind === 'never') return 'its address is reserved or link-local';
  if (kind === 'private' && !allowPrivate) return 'its address is private; allow_private: true permits that';
  if (kind === 'public' && isPlain) return 'plain HTTP is only sent to private addresses';
  return undefined;
}

/** As of a URL: IPv6 in brackets. undefined = a name, which is judged when it is resolved. */
export function whyHostRefused(hostname: string, policy: EgressPolicy): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) ? whyRefused(bare, policy) : undefined;
}

/** A host that messages may not be sent to. */
export class EgressError extends Error {
  override readonly name = 'EgressError';
}

type Resolve = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

type Done = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** `lookup` of a socket that opens only to what the policy permits: of several addresses, all must be. */
export function guardedLookup(policy: EgressPolicy, resolve: Resolve = systemLookup) {
  return (hostname: string, options: LookupOptions, done: Done): void => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const reasons = addresses.map(({ address }) => whyRefused(address, policy));
      const reason = reasons.find((one) => one !== undefined);
      const [first] = addresses;
      if (reason !== undefined || !first) return done(new EgressError(reason ?? 'it has no address'), []);
      if (options.all) return done(null, addresses);
      return done(null, first.address, first.family);
    });
  };
}

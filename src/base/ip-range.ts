/** Ranges of addresses as operators write them (CIDR), and whether an address is in one of them. */
import ipaddr from 'ipaddr.js';

/** More are no list that a person looks after. */
export const MAX_RANGES = 100;
export const rangeHelp =
  'must be an address or a range such as 192.0.2.0/24 or 2001:db8::/32, with no bits set behind its prefix';

/**
 * In its one spelling, which always has a prefix. IPv4 in the clothes of IPv6 is IPv4. undefined = it is no range; one
 * with bits behind its prefix is none either, as nobody knows which of the two was meant.
 */
export function readRange(text: string): string | undefined {
  const [, host = '', bits] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const parsed = parseAddress(host);
  if (!parsed) return undefined;
  const isMapped = parsed.kind() === 'ipv6' && (parsed as ipaddr.IPv6).isIPv4MappedAddress();
  const given = bits === undefined ? parsed.toByteArray().length * 8 : Number(bits);
  const address = isMapped ? (parsed as ipaddr.IPv6).toIPv4Address() : parsed;
  const prefix = isMapped ? given - MAPPED_BITS : given;
  const bytes = address.toByteArray();
  if (prefix < 0 || prefix > bytes.length * 8 || hasBitsBehind(bytes, prefix)) return undefined;
  return `${address.toString()}/${prefix}`;
}

/** Those before the IPv4 address in one that is mapped. */
const MAPPED_BITS = 96;

function hasBitsBehind(bytes: readonly number[], prefix: number): boolean {
  return bytes.some((byte, at) => {
    const kept = Math.min(8, Math.max(0, prefix - at * 8));
    return (byte & (0xff >> kept)) !== 0;
  });
}

/** Whether an address, as `clientAddress` spells it, is in one of the ranges. What is no address is in none. */
export type RangeMatcher = (address: string | undefined) => boolean;

/** Prefixes of one length: an address is in one when its own first bits are among them. */
type V4Group = { readonly shift: number; readonly heads: ReadonlySet<number> };
type V6Range = readonly [Bytes: readonly number[], prefix: number];

/** @param ranges as `readRange` gives them; others are passed over, and so let nobody in */
export function compileRanges(ranges: readonly string[]): RangeMatcher {
  const heads = new Map<number, Set<number>>();
  const v6: V6Range[] = [];
  for (const range of ranges) {
    const slash = range.lastIndexOf('/');
    const prefix = Number(range.slice(slash + 1));
    const host = range.slice(0, slash);
    const v4 = readV4(host);
    if (v4 === undefined) {
      const address = parseAddress(host);
      if (address) v6.push([address.toByteArray(), prefix]);
      continue;
    }
    const shift = 32 - prefix;
    heads.set(shift, (heads.get(shift) ?? new Set()).add(headOf(v4, shift)));
  }
  const groups: V4Group[] = [...heads].map(([shift, all]) => ({ shift, heads: all }));
  const isInV4 = (v4: number): boolean =>
    groups.some(({ shift, heads: known }) => known.has(headOf(v4, shift)));
  return (address) => {
    if (address === undefined) return false;
    const v4 = readV4(address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address);
    if (v4 !== undefined) return isInV4(v4);
    const parsed = parseAddress(address);
    if (parsed?.kind() !== 'ipv6') return false;
    const mapped = (parsed as ipaddr.IPv6).isIPv4MappedAddress() ? parsed.toByteArray().slice(-4) : undefined;
    if (mapped) return isInV4(readV4(mapped.join('.'))!);
    const bytes = parsed.toByteArray();
    return v6.some(([head, prefix]) => startsAlike(bytes, head, prefix));
  };
}

const MAPPED = '::ffff:';

function headOf(address: number, shift: number): number {
  return shift === 32 ? 0 : address >>> shift;
}

function startsAlike(a: readonly number[], b: readonly number[], prefix: number): boolean {
  for (let at = 0; at * 8 < prefix; at += 1) {
    const mask = (0xff << Math.max(0, 8 - (prefix - at * 8))) & 0xff;
    if (((a[at]! ^ b[at]!) & mask) !== 0) return false;
  }
  return true;
}

/** By hand, as it is asked of every request. undefined = it is no plain IPv4 address. */
function readV4(text: string): number | undefined {
  let value = 0;
  let part = -1;
  let parts = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const digit = at === text.length ? DOT : text.charCodeAt(at) - ZERO;
    if (digit >= 0 && digit <= 9) {
      part = Math.max(part, 0) * 10 + digit;
      if (part > 255) return undefined;
    } else {
      if (digit !== DOT || part < 0 || parts === 4) return undefined;
      value = value * 256 + part;
      parts += 1;
      part = -1;
    }
  }
  return parts === 4 ? value : undefined;
}

const ZERO = 48;
/** The code of `.`, counted from that of `0`. */
const DOT = -2;

/** Ancient spellings (`0x7f.1`, `2130706433`) and zones (`fe80::1%eth0`) are addresses to the library, not to us. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (text.includes('%')) return undefined;
  if (!text.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  return ipaddr.isValid(text) ? ipaddr.parse(text) : undefined;
}

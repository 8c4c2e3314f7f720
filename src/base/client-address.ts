/** Where a request comes from, behind proxies that say so, and which addresses count as one place. */
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.process>;

/** Proxies whose word on the address of their client is taken. */
export type TrustedProxies = readonly (readonly [Address, number])[];

/** A chain of proxies is short; a longer header is made up. */
const MAX_FORWARDED = 20;

/** undefined = it is neither an address nor a range in CIDR notation. */
export function parseProxy(text: string): TrustedProxies[number] | undefined {
  const [, host, bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parse(host);
  if (!address) return undefined;
  const all = address.kind() === 'ipv4' ? 32 : 128;
  const wanted = bits === undefined ? all : Number(bits);
  return wanted <= all ? [address, wanted] : undefined;
}

/**
 * The nearest address that is none of our proxies', in its canonical spelling; undefined = the transport knows none.
 * @param remoteAddress of the other end of the socket
 * @param forwardedFor value of `X-Forwarded-For`, several of them joined by commas
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | undefined,
  trusted: TrustedProxies,
): string | undefined {
  let address = parse(remoteAddress);
  // Most have no proxy, and the header costs nothing then.
  if (!address || forwardedFor === undefined || trusted.length === 0) return address?.toString();
  const said = forwardedFor.split(',').slice(-MAX_FORWARDED);
  // Each proxy adds on the right whom it was called by: what stands left of a stranger is the stranger's own word.
  while (said.length > 0 && isTrusted(address, trusted)) {
    const next: Address | undefined = parse(withoutPort(said.pop()!.trim()));
    if (!next) break;
    address = next;
  }
  return address.toString();
}

/**
 * What one client can easily have: an IPv4 address, or the /64 of an IPv6 address, of which it may use any.
 * Texts that are no address stand for themselves.
 */
export function addressGroup(address: string): string {
  const parsed = parse(address);
  if (parsed?.kind() !== 'ipv6') return parsed?.toString() ?? address;
  const bytes = parsed.toByteArray();
  return `${ipaddr.fromByteArray([...bytes.slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0]).toString()}/64`;
}

/** undefined = it is no address. */
export function canonicalAddress(text: string): string | undefined {
  return parse(text)?.toString();
}

function isTrusted(address: Address, trusted: TrustedProxies): boolean {
  return trusted.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits));
}

/** IPv4 in the clothes of IPv6 is IPv4. */
function parse(text: string | undefined): Address | undefined {
  // Ancient spellings (`0x7f.1`, `2130706433`) are addresses to the library, but no transport and no proxy writes them.
  if (text === undefined || !(text.includes(':') || ipaddr.IPv4.isValidFourPartDecimal(text)))
    return undefined;
  return ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
}

/** `192.0.2.1:4711`, `[2001:db8::1]:4711` and `[2001:db8::1]`, as some proxies write. */
function withoutPort(text: string): string {
  return /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}

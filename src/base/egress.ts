/**
 * Where addresses that came in through the API may lead: to the public internet, and to what an operator has allowed
 * by host and port. Pure; whoever opens sockets asks again with every address a name resolves to
 * (`upstream/egress.ts`), as a name may mean something else by then.
 */
import ipaddr from 'ipaddr.js';

export interface EgressPolicy {
  /** `host:port`, as `readAllowed` spells them. */
  readonly allow: ReadonlySet<string>;
}

export type EgressVerdict =
  | { readonly ok: true; readonly url: URL }
  | {
      readonly ok: false;
      /** For people, in one sentence without the address itself. */
      readonly reason: string;
    };

/** The longest path of a vendor's API is some hundred characters. */
export const MAX_URL_LENGTH = 2_000;
/** By the rules of DNS. */
const MAX_HOST_LENGTH = 253;

/** Other protocols speak here: a request would be read as orders, line by line. Browsers' own list, and databases. */
const OTHER_PROTOCOLS: ReadonlySet<number> = new Set([
  ...[0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95],
  ...[101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179],
  ...[389, 427, 445, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587],
  ...[601, 636, 873, 989, 990, 993, 995, 1433, 1521, 1719, 1720, 1723, 1883, 2049, 2181, 3306],
  ...[3389, 3659, 4045, 4190, 5060, 5061, 5432, 5672, 5900, 6000, 6379, 6380, 6566, 6665, 6666],
  ...[6667, 6668, 6669, 6679, 6697, 9042, 9092, 10080, 11211, 27017, 27018],
]);

/** Names that only ever lead into somebody's own network; one without a dot is looked for in it too. */
const OWN_NETWORK =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)$/;

/**
 * At these addresses clouds tell their machines secrets: not even an operator can allow them. All of link-local
 * (AWS, Google, Azure, Oracle and others), Azure's and Alibaba's own, an older one of Oracle's, and those of IPv6.
 */
const NEVER: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][] = [
  '169.254.0.0/16',
  '168.63.129.16/32',
  '100.100.100.200/32',
  '192.0.0.192/32',
  'fe80::/10',
  'fd00:ec2::/32',
  'fd20:ce::/32',
].map((text) => ipaddr.parseCIDR(text));

/** All that is routed in IPv6; what lies outside of it may hold an IPv4 address of any kind. */
const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');

/** Whether a provider, or whatever else is sent to, may stand at this address: asked when it is saved. */
export function judgeUrl(text: string, policy: EgressPolicy): EgressVerdict {
  const problem = textProblem(text);
  if (problem !== undefined) return refused(problem);
  const url = new URL(text);
  const where = whereOf(url);
  if (where.host.length > MAX_HOST_LENGTH) return refused('the host has more characters than DNS knows');
  const isAllowed = policy.allow.has(`${where.host}:${where.port}`);
  const reason = ipaddr.isValid(where.host)
    ? judgeAddress(where.host, isAllowed)
    : nameProblem(where.host, isAllowed);
  if (reason !== undefined) return refused(reason);
  if (!isAllowed && OTHER_PROTOCOLS.has(where.port))
    return refused('at this port another protocol is spoken');
  return { ok: true, url };
}

const refused = (reason: string): EgressVerdict => ({ ok: false, reason });

/** What is wrong with it before anything is known of the host. Parsers mend much of this in silence. */
function textProblem(text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH) return `it has more than ${MAX_URL_LENGTH} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0020\u007f\\]/.test(text)) return 'it holds a space, a backslash or a control character';
  if (/%(?:[01][0-9a-f]|7f)/i.test(text)) return 'it holds an encoded control character';
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return 'it is no http or https URL';
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(text)![1]!;
  if (authority.includes('@')) return 'it holds a user name or password';
  if (text.includes('#')) return 'it has a fragment';
  if (text.includes('?')) return 'it has a query';
  return undefined;
}

/** As a policy names it: without brackets, and without the dot that ends a name. */
export function whereOf(url: URL): { readonly host: string; readonly port: number } {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { host, port };
}

function nameProblem(host: string, isAllowed: boolean): string | undefined {
  if (isAllowed) return undefined;
  if (!host.includes('.') || OWN_NETWORK.test(host)) return "its name is one of the server's own network";
  return host.split('.').some((label) => label === '' || label.length > 63)
    ? 'its name is none of DNS'
    : undefined;
}

/**
 * Why nothing may be sent to this address; undefined = it may.
 * @param isAllowed an operator has allowed the host that it belongs to, by name and port
 */
export function judgeAddress(address: string, isAllowed: boolean): string | undefined {
  // A zone (`fe80::1%eth0`) is no address of the internet.
  if (!ipaddr.isValid(address) || address.includes('%')) return 'it has no address of the internet';
  const parsed = ipaddr.process(address);
  if (isNever(parsed)) return 'its address is one at which clouds tell machines their secrets';
  if (isAllowed) return undefined;
  const isPublic = parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || parsed.match(GLOBAL_IPV6));
  return isPublic ? undefined : 'its address is none of the public internet';
}

function isNever(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return [address, ...heldIn(address)].some((one) =>
    NEVER.some(([net, bits]) => one.kind() === net.kind() && one.match(net, bits)),
  );
}

/** IPv4 addresses that one of IPv6 leads to: NAT64 and its like have it in the end, 6to4 behind its prefix. */
function heldIn(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4[] {
  if (address.kind() === 'ipv4') return [];
  const bytes = address.toByteArray();
  return [new ipaddr.IPv4(bytes.slice(12, 16)), new ipaddr.IPv4(bytes.slice(2, 6))];
}

/** `host:port` of an operator as the policy compares it; undefined = it is none, or one that cannot be allowed. */
export function readAllowed(text: string): string | undefined {
  const found = /^([^\s/?#@\\]+):(\d{1,5})$/.exec(text);
  const [, host = '', port = ''] = found ?? [];
  if (!found || Number(port) < 1 || Number(port) > 65_535 || !URL.canParse(`http://${host}/`))
    return undefined;
  const url = new URL(`http://${host}/`);
  const bare = whereOf(url).host;
  if (url.port !== '' || bare === '' || (ipaddr.isValid(bare) && judgeAddress(bare, true))) return undefined;
  return `${bare}:${Number(port)}`;
}

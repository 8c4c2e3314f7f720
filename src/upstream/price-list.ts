/** Fetches a price list from an address the operator has named: bounded in size and time, and never from inside. */
import { lookup as lookUpAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, request } from 'undici';

export class PriceListError extends Error {
  override readonly name = 'PriceListError';
}

/** The longest such list is a few MiB. */
export const MAX_PRICE_LIST_BYTES = 16 * 1024 * 1024;
const TOTAL_MS = 60_000;
const CONNECT_MS = 10_000;

/** What is no host of the public internet: this machine, its networks, links, documentation, multicast. */
const inside = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 128],
  ['::1', 128],
  ['64:ff9b::', 96],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6');

/** An address that requests made on somebody's word must not reach. */
export function isInside(address: string): boolean {
  const family = isIP(address);
  // An IPv4 address in IPv6's clothes is judged as what it is: the list knows them.
  return family === 0 || inside.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** undefined = it may be fetched. Plain http is for this machine alone, where nobody listens in. */
export function judgePriceListUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return 'it is no URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'it must not hold a user name or password';
  if (url.protocol === 'http:') {
    return isLoopback(hostOf(url)) ? undefined : 'it must begin with https://';
  }
  if (url.protocol !== 'https:') return 'it must begin with https://';
  const host = hostOf(url);
  return isIP(host) !== 0 && isInside(host) ? `${host} is an address of a private network` : undefined;
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Looked up once, judged, and connected to as judged: a name cannot lead somewhere else between the two. */
const lookUpOutside: LookupFunction = (hostname, options, answer) => {
  lookUpAddress(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return answer(error, '');
    const wrong = addresses.find(({ address }) => isInside(address));
    if (wrong) {
      return answer(new PriceListError(`${hostname} leads to ${wrong.address}, a private network`), '');
    }
    if (options.all) return answer(null, addresses);
    return answer(null, addresses[0]!.address, addresses[0]!.family);
  });
};

/** The text of the list. @throws {PriceListError} with the reason, for the operator */
export async function fetchPriceList(address: string): Promise<string> {
  const problem = judgePriceListUrl(address);
  if (problem !== undefined) throw new PriceListError(problem);
  const isLocal = new URL(address).protocol === 'http:';
  const connect = { timeout: CONNECT_MS, ...(!isLocal && { lookup: lookUpOutside }) };
  const agent = new Agent({ connect });
  try {
    // Redirects are not followed: where they lead, nobody has said.
    const { statusCode, headers, body } = await request(address, {
      dispatcher: agent,
      headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'turnpike' },
      signal: AbortSignal.timeout(TOTAL_MS),
    });
    if (statusCode !== 200) {
      await body.dump({ limit: 1024 }).catch(() => undefined);
      throw new PriceListError(sayStatus(statusCode, headers.location));
    }
    return await readWithin(body);
  } catch (error) {
    throw error instanceof PriceListError ? error : new PriceListError(sayError(error));
  } finally {
    await agent.destroy();
  }
}

function sayStatus(status: number, location: string | string[] | undefined): string {
  if (status < 300 || status > 399 || location === undefined) return `it was answered with ${status}`;
  return `it was answered with ${status}, to another address: name that one`;
}

async function readWithin(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > MAX_PRICE_LIST_BYTES)
      throw new PriceListError(`it is larger than ${MAX_PRICE_LIST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sayError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it did not come within ${TOTAL_MS / 1000} s`;
  const { cause } = error;
  return cause instanceof Error ? cause.message : error.message;
}

/** A price list is fetched from where it may be, whole, and no more of it than is reasonable. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchPriceList, isInside, judgePriceListUrl, MAX_PRICE_LIST_BYTES } from './price-list.ts';

describe('an address', () => {
  it.each([
    ['https://raw.example.com/prices.json', undefined],
    ['https://93.184.216.34/prices.json', undefined],
    ['http://127.0.0.1:8080/prices.json', undefined],
    ['http://localhost/prices.json', undefined],
    ['http://[::1]/prices.json', undefined],
    ['http://example.com/prices.json', 'it must begin with https://'],
    ['http://127.0.0.1.example.com/', 'it must begin with https://'],
    ['ftp://example.com/', 'it must begin with https://'],
    ['file:///etc/passwd', 'it must begin with https://'],
    ['https://user:word@example.com/', 'it must not hold a user name or password'],
    ['https://169.254.169.254/latest', '169.254.169.254 is an address of a private network'],
    ['https://[fd00::1]/', 'fd00::1 is an address of a private network'],
    ['https://2130706433/', '127.0.0.1 is an address of a private network'],
    ['prices.json', 'it is no URL'],
  ])('%s: %s', (url, problem) => {
    expect(judgePriceListUrl(url)).toBe(problem);
  });

  it.each([
    ['8.8.8.8', false],
    ['2606:4700::1111', false],
    ['10.1.2.3', true],
    ['172.31.255.255', true],
    ['172.32.0.1', false],
    ['192.168.1.1', true],
    ['100.64.0.1', true],
    ['0.0.0.0', true],
    ['255.255.255.255', true],
    ['::1', true],
    ['::ffff:10.0.0.1', true],
    ['::ffff:8.8.8.8', false],
    ['fe80::1', true],
    ['nonsense', true],
  ])('%s is inside: %s', (address, expected) => {
    expect(isInside(address)).toBe(expected);
  });

  it('is judged by where its name leads', async () => {
    // This machine's own name, which every resolver knows.
    await expect(fetchPriceList('https://localhost:1/prices.json')).rejects.toThrow(/private network/);
  });
});

describe('a list', () => {
  let server: Server | undefined;
  afterEach(() => new Promise((done) => (server ? server.close(done) : done(undefined))));
  const serve = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener);
    await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/prices.json`;
  };

  it('comes as it is', async () => {
    const url = await serve((_, response) => response.end('{"a": "ä"}'));
    expect(await fetchPriceList(url)).toBe('{"a": "ä"}');
  });

  it.each<[string, RequestListener, RegExp]>([
    ['that is not there', (_, response) => response.writeHead(404).end('no'), /answered with 404/],
    [
      'that is elsewhere',
      (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      /answered with 302, to another address/,
    ],
    [
      'that is too large',
      (_, response) => response.end(Buffer.alloc(MAX_PRICE_LIST_BYTES + 1, 32)),
      /larger than/,
    ],
    [
      'that is cut off',
      (_, response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{');
        setImmediate(() => response.destroy());
      },
      /./,
    ],
  ])('%s is none', async (_name, listener, message) => {
    await expect(fetchPriceList(await serve(listener))).rejects.toThrow(message);
  });
});

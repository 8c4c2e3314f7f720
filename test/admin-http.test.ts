/** The admin API over real sockets, as server.ts mounts it: bodies in every manner HTTP has for them. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAdmin } from '../src/admin/app.ts';
import { type FakeHouse, fakeHouse, TOKEN } from './support/fake-house.ts';

let server: Server;
let house: FakeHouse;

beforeEach(() => {
  house = fakeHouse();
});
beforeAll(async () => {
  const options = { hostname: 'localhost', overrideGlobalObjects: false };
  server = createServer(getRequestListener((incoming) => createAdmin(house.deps).fetch(incoming), options));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => new Promise((closed) => server.close(closed)));

interface Answer {
  readonly status: number | undefined;
  readonly body: unknown;
}

/** Without a length a body goes in chunks. */
function send(method: string, path: string, chunks: readonly string[], length?: number): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      ...(length !== undefined && { 'content-length': length }),
      ...(length === undefined && chunks.length > 0 && { 'transfer-encoding': 'chunked' }),
    };
    const outgoing = request({ port, method, path: `/api/v1${path}`, headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode, body: JSON.parse(text) }));
    });
    outgoing.on('error', reject);
    for (const chunk of chunks) outgoing.write(chunk);
    outgoing.end();
  });
}

it.each([
  ['no body', []],
  ['an empty body', ['']],
  ['a body nobody asked for', ['{}']],
])('deletes with %s', async (_name, chunks) => {
  expect(await send('DELETE', '/keys/key_1', chunks)).toMatchObject({
    status: 200,
    body: { state: 'revoked' },
  });
});

it('reads a body in chunks', async () => {
  const answer = await send('POST', '/keys', ['{"na', 'me":"', 'ci"}']);
  expect(answer.status).toBe(201);
  expect(house.made).toEqual([{ name: 'ci', budgets: [] }]);
});

it.each([
  ['in chunks', Array.from({ length: 70 }, () => ' '.repeat(1024)), undefined],
  ['with its length', [' '.repeat(70 * 1024)], 70 * 1024],
])('refuses a large body %s', async (_name, chunks, length) => {
  const answer = await send('POST', '/keys', chunks, length);
  expect(answer).toMatchObject({ status: 413, body: { error: { code: 'body_too_large' } } });
});

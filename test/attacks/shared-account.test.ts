// What an account at a provider holds (files, batches) is reached by one workspace: of a key that all share, by the installation's own.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BOOTSTRAP_KEY } from '../support/turnpike-process.ts';
import { openTwoWorkspaces, type TwoWorkspaces } from '../support/two-workspaces.ts';

const SHARED = 'sk-of-the-installation-0123456789';
const OWN = 'sk-of-beta-0123456789';
const asked: string[] = [];
let status = 200;
let upstream: Server;
let two: TwoWorkspaces;

beforeAll(async () => {
  upstream = createServer((request, response) => {
    request.resume();
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const isShared = request.headers.authorization === `Bearer ${SHARED}`;
    response.writeHead(isShared ? 200 : status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ object: 'list', data: isShared ? [{ id: 'file-of-home' }] : [] }));
  });
  await new Promise<void>((resolve) => void upstream.listen(0, '127.0.0.1', resolve));
  const { port } = upstream.address() as AddressInfo;
  two = await openTwoWorkspaces(`providers:
  team: { kind: openai, base_url: "http://127.0.0.1:${port}/v1", api_key: ${SHARED}, models: [m] }
`);
}, 60_000);
afterAll(async () => {
  await two?.close();
  upstream.closeAllConnections();
  upstream.close();
});

async function call(key: string, method: string, path: string, body?: object) {
  asked.length = 0;
  const answer = await fetch(`${two.house.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      'x-turnpike-model': 'team',
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, text: await answer.text() };
}

const calls = [
  ['GET', '/v1/files', undefined],
  ['GET', '/v1/files/file-of-home', undefined],
  ['GET', '/v1/files/file-of-home/content', undefined],
  ['DELETE', '/v1/files/file-of-home', undefined],
  ['GET', '/v1/batches', undefined],
  ['POST', '/v1/batches', { input_file_id: 'file-of-home' }],
  ['POST', '/v1/batches/batch-1/cancel', {}],
] as const;

it('IDOR-03: the installation\u2019s own workspace sees the files of its account', async () => {
  expect(await call(BOOTSTRAP_KEY, 'GET', '/v1/files')).toMatchObject({
    status: 200,
    text: expect.stringContaining('file-of-home'),
  });
});

it.each(calls)(
  'IDOR-03: by a key that all share, another workspace gets no %s %s',
  async (method, path, body) => {
    const answer = await call(two.keys.beta, method, path, body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.text).toContain('operation_unsupported');
    expect(asked).toEqual([]);
  },
);

it('IDOR-03: with a key of its own it is that one alone, also where that one is refused', async () => {
  await two.must('beta', 'owner', 'POST', '/credentials', { provider: 'team', secret: OWN, isForced: true });
  for (const next of [200, 429, 401, 500]) {
    status = next;
    for (const [method, path, body] of calls) {
      const { text } = await call(two.keys.beta, method, path, body);
      expect(text).not.toContain('file-of-home"');
      expect(asked.filter((line) => line.includes(SHARED))).toEqual([]);
    }
    if (next === 200) expect((await call(two.keys.beta, 'GET', '/v1/files')).status).toBe(200);
  }
});

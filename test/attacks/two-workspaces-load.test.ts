/**
 * Two workspaces under load, each naming the other's things wherever a request can name anything: credentials, answers
 * kept, responses to go on from, sessions, books and lists of one never show in the other.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { spoken } from '../support/spoken.ts';
import { openTwoWorkspaces, SIDES, type Side, type TwoWorkspaces } from '../support/two-workspaces.ts';

/** Each side's own credential of the same provider, and a word that only its requests say. */
const SECRETS: Readonly<Record<Side, string>> = {
  alpha: 'sk-of-alpha-0123456789',
  beta: 'sk-of-beta-0123456789',
};
const WORDS: Readonly<Record<Side, string>> = { alpha: 'aardvark', beta: 'buzzard' };
const ROUNDS = 60;
/** Requests under way at once, of both sides together. */
const AT_ONCE = 24;

interface Received {
  readonly authorization: string;
  readonly body: string;
}

const received: Received[] = [];
let upstream: Server;
let two: TwoWorkspaces;

/** Says back the last word of what it was asked, after the chance of others to come in between. */
function startEcho(): Promise<Server> {
  const voice = spoken['openai-chat'];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ authorization: request.headers.authorization ?? '', body });
      const word = SIDES.map((side) => WORDS[side]).find((one) => body.includes(one)) ?? 'nothing';
      setTimeout(() => {
        if (body.includes('"stream":true')) {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end(voice.opening() + voice.words(word) + voice.closing(voice.usage(10, 2)));
        } else {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify(voice.whole(word, voice.usage(10, 2))));
        }
      }, received.length % 7);
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

beforeAll(async () => {
  upstream = await startEcho();
  const { port } = upstream.address() as AddressInfo;
  two = await openTwoWorkspaces(`providers:
  team: { kind: openai-compatible, base_url: "http://127.0.0.1:${port}/v1", formats: [openai-chat], models: [m] }
routes:
  kept: { strategy: ordered, models: [team/m], cache_ttl_s: 600 }
`);
  for (const side of SIDES)
    await two.must(side, 'owner', 'POST', '/credentials', {
      provider: 'team',
      secret: SECRETS[side],
      isForced: true,
    });
}, 60_000);
afterAll(async () => {
  await two.close();
  upstream.closeAllConnections();
  upstream.close();
});

const other = (side: Side): Side => (side === 'alpha' ? 'beta' : 'alpha');

interface Asked {
  readonly side: Side;
  readonly text: string;
  readonly status: number;
  readonly exchangeId: string;
}

/** A chat that names whatever of the other side can be named. */
async function chat(side: Side, round: number, seen: Readonly<Record<Side, string[]>>): Promise<Asked> {
  const foreign = seen[other(side)].at(-1) ?? 'exc_none';
  const isKept = round % 3 === 0;
  const answer = await fetch(`${two.house.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${two.keys[side]}`,
      'content-type': 'application/json',
      'x-turnpike-workspace': two.ids[other(side)],
      'x-turnpike-session': 'the same session',
      'x-turnpike-agent': 'the same agent',
      'x-turnpike-exchange-id': foreign,
    },
    body: JSON.stringify({
      model: isKept ? 'kept' : 'team/m',
      // The same bytes on both sides but for one word, and now and then the very same.
      messages: [{ role: 'user', content: round % 5 === 0 ? 'the same' : `say ${WORDS[side]}` }],
      user: two.ids[other(side)],
      metadata: { workspace_id: two.ids[other(side)] },
      ...(round % 2 === 0 && { stream: true }),
    }),
  });
  const exchangeId = answer.headers.get('x-turnpike-exchange-id') ?? '';
  const text = await answer.text();
  seen[side].push(exchangeId);
  return { side, text, status: answer.status, exchangeId };
}

it('0 leaks', async () => {
  const seen: Record<Side, string[]> = { alpha: [], beta: [] };
  const asked: Asked[] = [];
  const reads: string[] = [];
  const rounds = Array.from({ length: ROUNDS * 2 }, (_, at) => at);
  const worker = async (): Promise<void> => {
    for (let round = rounds.shift(); round !== undefined; round = rounds.shift()) {
      const side = SIDES[round % 2]!;
      asked.push(await chat(side, Math.floor(round / 2), seen));
      const foreign = seen[other(side)].at(-1);
      if (!foreign || round % 4 > 1) continue;
      const { status, text } = await two.call(side, 'owner', 'GET', `/exchanges/${foreign}`);
      if (status !== 404) reads.push(text);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));

  expect(asked.filter(({ status }) => status !== 200)).toEqual([]);
  expect(asked).toHaveLength(ROUNDS * 2);
  expect(reads).toEqual([]);
  for (const { side, text } of asked) expect(text.includes(WORDS[other(side)])).toBe(false);
  for (const { authorization, body } of received)
    for (const side of SIDES)
      if (body.includes(WORDS[side])) expect(authorization).toBe(`Bearer ${SECRETS[side]}`);
  // The very same request of the other is no reason not to ask: an answer kept for one is not given to the other.
  const asSame = received.filter(({ body }) => body.includes('the same'));
  expect(new Set(asSame.map(({ authorization }) => authorization))).toEqual(
    new Set(SIDES.map((side) => `Bearer ${SECRETS[side]}`)),
  );
}, 60_000);

it('each has its own books, and no more', async () => {
  for (const side of SIDES) {
    const { exchanges } = await two.must<{ exchanges: { id: string }[] }>(
      side,
      'owner',
      'GET',
      '/exchanges?limit=200',
    );
    const rows = two.house.rows<{ exchange_id: string }>(
      `select exchange_id from ledger_entries where workspace_id = '${two.ids[side]}'`,
    );
    const own = new Set(rows.map(({ exchange_id }) => exchange_id));
    expect(exchanges.length).toBeGreaterThan(ROUNDS / 2);
    expect(exchanges.filter(({ id }) => !own.has(id))).toEqual([]);
    const texts = await Promise.all(
      ['/usage?by=key', '/analytics/sessions', '/credentials', '/keys', '/health'].map((path) =>
        two.call(side, 'owner', 'GET', path),
      ),
    );
    for (const { text } of texts)
      for (const foreign of [two.ids[other(side)], `${other(side)} key`, SECRETS[other(side)].slice(0, 9)])
        expect(text.includes(foreign), foreign).toBe(false);
  }
});

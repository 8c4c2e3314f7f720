/** What the command line sends through the typed client, and what it makes of answers. */
import { expect, it } from 'vitest';
import { createClient } from './client.ts';
import { RefusedError, type Transport } from './client-take.ts';
import { CliError } from './io.ts';

const URL_OF_SERVER = 'http://127.0.0.1:8642';
const clientOver = (transport: Transport) => createClient(transport, URL_OF_SERVER, 'tpo-mine', 'second');

/** What is sent for a question; it is answered with nothing in it. */
async function sentBy(ask: (client: ReturnType<typeof createClient>) => Promise<unknown>): Promise<Request> {
  let sent: Request | undefined;
  const client = clientOver((request) => {
    sent = request;
    return Response.json({});
  });
  await ask(client);
  return sent!;
}

it.each([
  ['slashes', 'coding/"review"?#%', 'coding%2F%22review%22%3F%23%25'],
  ['names of other parameters', '{id}', '%7Bid%7D'],
  ['signs of patterns', '$&', '%24%26'],
])('a part of a path may have %s', async (_, given, encoded) => {
  const { url } = await sentBy((client) => client.routing.rule(given));
  expect(url).toBe(`${URL_OF_SERVER}/api/v1/routing/rules/${encoded}`);
});

it('says who asks, and where', async () => {
  const { headers } = await sentBy((client) => client.installation());
  expect(headers.get('authorization')).toBe('Bearer tpo-mine');
  expect(headers.get('x-turnpike-workspace')).toBe('second');
});

it('sends what was typed as it is, and leaves out what was not', async () => {
  const query = { model: 'a b&c', since: undefined, agent: '' };
  const { searchParams } = new URL((await sentBy((client) => client.analytics.errors(query))).url);
  expect(Object.fromEntries(searchParams)).toEqual({ model: 'a b&c', agent: '' });
});

const problem = { error: { code: 'record_unknown', message: 'no such key', fix: 'See the list.' } };

it('passes on what the API says when it refuses', async () => {
  const client = clientOver(() => Response.json(problem, { status: 404 }));
  const refused = client.keys.find('key_1');
  await expect(refused).rejects.toBeInstanceOf(RefusedError);
  await expect(refused).rejects.toMatchObject({ code: 'record_unknown', message: 'no such key' });
});

const inJson = { 'content-type': 'application/json' };

it.each<[string, () => Response, string]>([
  ['a page', () => new Response('<html>'), 'answered 200, but'],
  ['a page of errors', () => new Response('<html>', { status: 502 }), 'answered 502, but'],
  ['errors of others', () => Response.json({ error: 'no' }, { status: 500 }), 'answered 500, but'],
  ['nothing', () => new Response(null, { status: 204, headers: inJson }), 'answered 204, but'],
  ['null', () => Response.json(null), 'answered 200, but'],
  ['broken JSON', () => new Response('{', { headers: inJson }), 'answered, but'],
])('knows that %s is no answer of a Turnpike', async (_, answer, text) => {
  const asked = clientOver(answer).installation();
  await expect(asked).rejects.toBeInstanceOf(CliError);
  await expect(asked).rejects.toThrow(`${URL_OF_SERVER} ${text} not as a Turnpike does`);
});

it('hands pieces on before the answer has ended, and says where it is cut off', async () => {
  let cutOff = () => {};
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('one\n'));
      cutOff = () => controller.error(new Error('gone'));
    },
  });
  const headers = { 'content-type': 'text/csv' };
  const exported = clientOver(() => new Response(body, { headers })).exportLedger({ format: 'csv' });
  const pieces = exported[Symbol.asyncIterator]();
  expect(await pieces.next()).toEqual({ done: false, value: 'one\n' });
  cutOff();
  await expect(pieces.next()).rejects.toThrow('the answer was cut off (gone)');
});

/** Webhooks and chats over real sockets: what is sent, how a receiver checks it, and what an answer means. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HookServer, type Received, startHookServer } from '../../test/support/hook-server.ts';
import { Secret } from '../base/secret.ts';
import { asHeader } from './sign.ts';
import type { Message, Sink } from './sink.ts';
import { createSlack } from './slack.ts';
import { createWebhook } from './webhook.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const clock = { now: () => NOW, monotonic: () => 0 };
const message: Message = {
  id: 'budget.threshold/bud_1/coder/1795219200000/80/v3',
  topic: 'budget.threshold',
  atMs: NOW - 5_000,
  title: 'Budget "coders": 80 % of $25.00 is spent',
  lines: ['$20.00 of $25.00 is spent by agent "coder".', 'Tell <!channel> & <b>all</b>.'],
  hint: 'turnpike budgets show bud_1',
  data: { budgetId: 'bud_1', spentUsd: '20.00' },
};

let server: HookServer;
const sinks: Sink[] = [];
beforeEach(async () => {
  server = await startHookServer();
});
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
  await server.close();
});

const never = new AbortController().signal;
const keep = <T extends Sink>(sink: T): T => {
  sinks.push(sink);
  return sink;
};
const webhook = (secret = 'a secret of some length', path = '/hook?token=s3cret', allowPrivate = true) =>
  keep(
    createWebhook(
      { url: new Secret(`${server.url}${path}`), secret: new Secret(secret), allowPrivate },
      clock,
    ),
  );

/** As docs/guide/alerts.md tells receivers to, and not as src/alerts/sign.ts does. */
function isGenuine({ headers, body }: Received, secret: string): boolean {
  const key = secret.startsWith('whsec_')
    ? Buffer.from(secret.slice(6), 'base64')
    : Buffer.from(secret, 'utf8');
  const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.');
  const wanted = Buffer.from(createHmac('sha256', key).update(signed).digest('base64'));
  return String(headers['webhook-signature'])
    .split(' ')
    .some((one) => {
      const [version, signature = ''] = one.split(',', 2);
      const given = Buffer.from(signature);
      return version === 'v1' && given.length === wanted.length && timingSafeEqual(given, wanted);
    });
}

describe('webhook', () => {
  it('sends what happened as JSON, once', async () => {
    expect(await webhook().deliver(message, never)).toEqual({ kind: 'taken', said: 'answered 204' });
    expect(server.received).toHaveLength(1);
    const [received] = server.received as [Received];
    expect(received.path).toBe('/hook?token=s3cret');
    expect(received.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': message.id,
      'webhook-timestamp': String(NOW / 1000),
    });
    expect(JSON.parse(received.body)).toEqual({
      id: message.id,
      type: 'budget.threshold',
      timestamp: '2026-11-21T11:59:55.000Z',
      title: message.title,
      text: message.lines.join('\n'),
      hint: message.hint,
      data: { budgetId: 'bud_1', spentUsd: '20.00' },
    });
  });
  it.each(['a secret of some length', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])(
    'signs with %s',
    async (secret) => {
      await webhook(secret).deliver(message, never);
      const [received] = server.received as [Received];
      expect(isGenuine(received, secret)).toBe(true);
      expect(isGenuine(received, `${secret}x`.replace('whsec_M', 'whsec_N'))).toBe(false);
      expect(isGenuine({ ...received, body: received.body.replace('20.00', '21.00') }, secret)).toBe(false);
      const other = { ...received.headers, 'webhook-id': 'other' };
      expect(isGenuine({ ...received, headers: other }, secret)).toBe(false);
    },
  );
  it('signs as the example of Standard Webhooks does', () => {
    // Of the specification's own libraries.
    const signature = createHmac('sha256', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'))
      .update('msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}')
      .digest('base64');
    expect(signature).toBe('g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });
  it('carries ids that no header could hold', async () => {
    const id = 'budget.threshold/bud_1/zoë 100%\r\nx-evil: 1/0';
    await webhook().deliver({ ...message, id }, never);
    const [received] = server.received as [Received];
    expect(received.headers['webhook-id']).toBe(
      'budget.threshold/bud_1/zo%C3%AB%20100%25%0D%0Ax-evil:%201/0',
    );
    expect(decodeURIComponent(received.headers['webhook-id'] as string)).toBe(id);
    expect(isGenuine(received, 'a secret of some length')).toBe(true);
    expect(asHeader('\ud800')).toBe('%EF%BF%BD');
  });
  it.each<[status: number, headers: Record<string, string>, answer: object]>([
    [200, {}, { kind: 'taken', said: 'answered 200' }],
    [
      302,
      { location: 'http://169.254.169.254/' },
      { kind: 'failed', said: 'answered 302; redirects are not followed' },
    ],
    [410, {}, { kind: 'failed', said: 'answered 410' }],
    [429, { 'retry-after': '30' }, { kind: 'failed', said: 'answered 429', retryAfterMs: 30_000 }],
    [503, { 'retry-after': '999999' }, { kind: 'failed', said: 'answered 503', retryAfterMs: 3_600_000 }],
    [503, { 'retry-after': 'soon' }, { kind: 'failed', said: 'answered 503' }],
  ])('takes %i for what it is', async (status, headers, answer) => {
    server.answer = (response) => response.writeHead(status, headers).end('not read');
    expect(await webhook().deliver(message, never)).toEqual(answer);
    expect(server.received).toHaveLength(1);
  });
  it('does not read an answer without end', async () => {
    server.answer = (response) => {
      response.writeHead(200);
      const pump = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
        if (!response.destroyed) response.once('drain', pump);
      };
      pump();
    };
    expect(await webhook().deliver(message, never)).toMatchObject({
      said: expect.stringMatching(/answered 200|not reached/),
    });
  });
  it('gives up when told to', async () => {
    const limit = new AbortController();
    server.answer = () => limit.abort();
    expect(await webhook().deliver(message, limit.signal)).toEqual({
      kind: 'failed',
      said: 'no answer in time',
    });
  });
  it('sends nothing to this machine unless that is permitted', async () => {
    const sink = webhook('a secret of some length', '/', false);
    expect(await sink.deliver(message, never)).toMatchObject({
      kind: 'failed',
      said: expect.stringContaining('allow_private'),
    });
    const { port } = new URL(server.url);
    const named = keep(
      createWebhook(
        { url: new Secret(`http://localhost:${port}/`), secret: new Secret('s'), allowPrivate: false },
        clock,
      ),
    );
    expect(await named.deliver(message, never)).toMatchObject({
      said: expect.stringContaining('not sent: its address is private'),
    });
    expect(server.received).toEqual([]);
  });
  it('finds a host by its name, where that is permitted', async () => {
    const { port } = new URL(server.url);
    const url = new Secret(`http://localhost:${port}/named`);
    const named = keep(createWebhook({ url, secret: new Secret('s'), allowPrivate: true }, clock));
    expect(await named.deliver(message, never)).toEqual({ kind: 'taken', said: 'answered 204' });
    expect(server.received).toMatchObject([{ path: '/named', headers: { host: `localhost:${port}` } }]);
  });
  it('sends no message that is too long', async () => {
    const long = { ...message, lines: ['x'.repeat(70_000)] };
    expect(await webhook().deliver(long, never)).toEqual({
      kind: 'failed',
      said: 'the message is longer than 65536 bytes',
    });
  });
  it('has a name that says the host, and nothing that opens it', async () => {
    const { name } = webhook();
    expect(name).toMatch(/^webhook:127\.0\.0\.1:\d+:[0-9a-f]{8}$/);
    expect(webhook('another secret of some length').name).toBe(name);
    expect(webhook('a secret of some length', '/other').name).not.toBe(name);
    await server.close();
    const answer = await webhook().deliver(message, never);
    expect(answer).toEqual({ kind: 'failed', said: 'not reached (ECONNREFUSED)' });
    server = await startHookServer();
  });
});

describe('slack', () => {
  it('sends text and blocks in which nothing is a command', async () => {
    const sink = keep(createSlack({ url: new Secret(`${server.url}/services/T0/B0/x`), allowPrivate: true }));
    expect(await sink.deliver(message, never)).toEqual({ kind: 'taken', said: 'answered 204' });
    const [received] = server.received as [Received];
    expect(received.headers).not.toHaveProperty('webhook-signature');
    const { text, blocks } = JSON.parse(received.body);
    expect(text).toContain('Tell &lt;!channel&gt; &amp; &lt;b&gt;all&lt;/b&gt;.');
    expect(text).toContain(message.title);
    expect(blocks.map(({ type }: { type: string }) => type)).toEqual(['header', 'section', 'context']);
    expect(blocks[0].text).toEqual({ type: 'plain_text', text: message.title, emoji: false });
    expect(blocks[1].text.text).toBe(message.lines.join('\n'));
  });
  it('keeps to the lengths that Slack takes', async () => {
    const sink = keep(createSlack({ url: new Secret(server.url), allowPrivate: true }));
    await sink.deliver({ ...message, title: '😀'.repeat(100), lines: ['y'.repeat(5_000)] }, never);
    const { blocks } = JSON.parse(server.received[0]!.body);
    expect(blocks[0].text.text).toHaveLength(149);
    expect(blocks[0].text.text.isWellFormed()).toBe(true);
    expect(blocks[1].text.text).toHaveLength(3_000);
  });
});

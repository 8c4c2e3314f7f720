// What a provider's answers say of a credential, and that nothing of it is told.
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { configureProviders } from './configure.ts';
import { withCredential } from './credentials.ts';
import type { Authorizer, Provider } from './provider.ts';
import { providerKinds } from './providers.ts';
import type { Transport, UpstreamRequest } from './transport.ts';
import { tryCredential } from './try-credential.ts';

const SECRET = 'sk-proj-0123456789abcdefghijklmnopqrstuvwxyz';

function providerOf(name: string, secret = SECRET, models: readonly string[] = []): Provider {
  const row = { name, headers: {}, models, timeouts: {}, apiKey: new Secret(secret) };
  const provider = configureProviders([row], providerKinds, {}).providers.get(name)!;
  return withCredential(provider, provider.credentials[0]!);
}

type Reply = number | readonly [number, unknown] | 'no connection';

/** Answers by whether the request carries the credential, and whether it is for a list or a chat. */
function upstream(replies: Partial<Record<'list' | 'chat' | 'bareList' | 'bareChat', Reply>>) {
  const asked: string[] = [];
  const transport: Transport = {
    send(request, handler) {
      const isChat = request.method === 'POST';
      const isBare = !JSON.stringify(request.headers).includes(SECRET);
      const name = isBare ? (isChat ? 'bareChat' : 'bareList') : isChat ? 'chat' : 'list';
      asked.push(name);
      const reply = replies[name] ?? 500;
      setImmediate(() => {
        if (reply === 'no connection') {
          const message = 'connect ECONNREFUSED';
          handler.onFailure({ kind: 'connect', code: 'ECONNREFUSED', message, wasSent: false });
          return;
        }
        const [status, body] = typeof reply === 'number' ? [reply, {}] : reply;
        handler.onHead(status, {});
        handler.onData(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
        if (status >= 400) handler.onEnd();
      });
      return { pause() {}, resume() {}, abort() {} };
    },
    close: () => Promise.resolve(),
  };
  return { asked, transport };
}

const openaiError = (message: string, code: string | null = null) => ({
  error: { message, code, type: 'x' },
});

async function verdict(
  replies: Parameters<typeof upstream>[0],
  provider = providerOf('openai'),
  authorizer?: Authorizer,
) {
  const { asked, transport } = upstream(replies);
  return { ...(await tryCredential(provider, { transport, authorizer })), asked };
}

describe('a credential', () => {
  it.each<[string, Parameters<typeof upstream>[0], string, readonly string[]]>([
    ['whose list is shown to it alone', { list: 200, bareList: 401 }, 'good', ['list', 'bareList']],
    [
      'of a provider whose list anyone sees',
      { list: 200, bareList: 200, chat: 400, bareChat: 401 },
      'good',
      ['list', 'bareList', 'chat', 'bareChat'],
    ],
    [
      'of a server without a list',
      { list: 404, chat: 422, bareChat: 403 },
      'good',
      ['list', 'chat', 'bareChat'],
    ],
    [
      'that may chat but not list',
      { list: 403, chat: 400, bareChat: 401 },
      'good',
      ['list', 'chat', 'bareChat'],
    ],
    ['that is refused', { list: 401 }, 'refused', ['list']],
    [
      'that is refused in the words of a list and a chat',
      { list: 403, chat: 403 },
      'refused',
      ['list', 'chat'],
    ],
    [
      'of a provider whose list anyone sees, refused',
      { list: 200, bareList: 200, chat: 401 },
      'refused',
      ['list', 'bareList', 'chat'],
    ],
    [
      'whose account has run out',
      { list: [429, openaiError('You exceeded your current quota', 'insufficient_quota')] },
      'refused',
      ['list'],
    ],
    [
      'of a server that asks nobody for one',
      { list: 200, bareList: 200, chat: 400, bareChat: 400 },
      'unclear',
      ['list', 'bareList', 'chat', 'bareChat'],
    ],
    ['of a provider that is down', { list: 503 }, 'unclear', ['list']],
    ['of a provider that is not reached', { list: 'no connection' }, 'unclear', ['list']],
    ['that is limited', { list: 429 }, 'unclear', ['list']],
    [
      'of a server that has neither',
      { list: 404, chat: 404, bareChat: 404 },
      'unclear',
      ['list', 'chat', 'bareChat'],
    ],
  ])('%s', async (_name, replies, kind, asked) => {
    expect(await verdict(replies)).toMatchObject({ kind, asked });
  });
  it('of Google, refused with 400', async () => {
    const body = { error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } };
    expect(await verdict({ list: [400, body] }, providerOf('gemini'))).toMatchObject({ kind: 'refused' });
  });
  it('of an Anthropic that shows its list to it alone', async () => {
    const found = await verdict({ list: 200, bareList: 401 }, providerOf('anthropic'));
    expect(found).toMatchObject({ kind: 'good' });
  });
  it('that must be exchanged, and cannot be', async () => {
    const authorizer: Authorizer = { headersFor: () => Promise.reject(new Error('no token: invalid_grant')) };
    expect(await verdict({}, providerOf('openai'), authorizer)).toMatchObject({
      kind: 'unclear',
      message: 'no token: invalid_grant',
      asked: [],
    });
  });
});

describe('what is told', () => {
  it.each([
    ['whole', `Incorrect API key provided: ${SECRET}.`],
    ['in part', `bad key ${SECRET.slice(4, 18)} and ${SECRET.slice(-12)}`],
    ['in a page', `<html>${SECRET}</html>`],
    ['twice', `${SECRET}${SECRET}`],
  ])('holds nothing of a key that is quoted %s', async (_name, message) => {
    const { message: told } = await verdict({ list: [401, openaiError(message)] });
    for (let at = 0; at + 8 <= SECRET.length; at += 1) expect(told).not.toContain(SECRET.slice(at, at + 8));
    expect(told).toContain('[credential]');
  });
  it('is not longer than a person reads', async () => {
    const { message } = await verdict({ list: [401, openaiError('x'.repeat(10_000))] });
    expect(message.length).toBeLessThan(400);
  });
});

it('asks for nothing that could run', async () => {
  const sent: UpstreamRequest[] = [];
  const { transport } = upstream({ list: 404, chat: 400, bareChat: 401 });
  const watched: Transport = {
    ...transport,
    send(request, handler) {
      sent.push(request);
      return transport.send(request, handler);
    },
  };
  for (const [name] of providerKinds) {
    if (['sandbox', 'bedrock', 'vertex', 'azure', 'openai-compatible', 'ollama'].includes(name)) continue;
    await tryCredential(providerOf(name, SECRET, ['a-model-that-costs']), {
      transport: watched,
      authorizer: undefined,
    });
  }
  expect(sent.length).toBeGreaterThan(40);
  for (const { method, path, body } of sent) {
    expect(Buffer.concat(body).toString()).toBe(method === 'POST' ? '{}' : '');
    if (method === 'POST') expect(path).not.toContain('a-model-that-costs');
  }
});

/** Which provider a relayed call goes to, and which keys may make it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHouse } from './support/open-house.ts';
import { openRelayHouse, type RelayHouse, relayConfig, unknownCost } from './support/relay-house.ts';
import { BOOTSTRAP_KEY } from './support/turnpike-process.ts';

let relay: RelayHouse;

beforeAll(async () => {
  relay = await openRelayHouse(relayConfig);
});
afterAll(() => relay.close());

describe('which provider', () => {
  const files = (headers: Record<string, string> = {}) => relay.call('GET', '/v1/files', headers);

  it.each([
    ['the header names', { 'x-turnpike-model': 'house' }, '/house/v1/files'],
    ['serves the model the header names', { 'x-turnpike-model': 'house/anything' }, '/house/v1/files'],
    ['serves the default model', {}, '/v1/files'],
  ])('the one that %s', async (_name, headers, path) => {
    relay.answer({ data: [] });
    expect((await files(headers)).status).toBe(200);
    expect(relay.lastRequest().path).toBe(path);
    await relay.expectUnbooked();
  });

  it('the one the prefix means', async () => {
    relay.answer({ data: [] });
    await relay.call('GET', '/anthropic/v1/files');
    expect(relay.lastRequest().headers['x-api-key']).toBe('upstream-key-ant');
    relay.answer({ data: [] });
    await relay.call('GET', '/openai/v1/files');
    expect(relay.lastRequest().headers.authorization).toBe('Bearer upstream-key-openai');
  });

  it('the default’s, for a model in no list', async () => {
    relay.answer({ created: 1, data: [] });
    const { status, headers } = await relay.post('/v1/images/generations', {
      model: 'brand-new-1',
      prompt: 'x',
    });
    expect([status, headers.get('x-turnpike-model')]).toEqual([200, 'openai/brand-new-1']);
    await relay.expectBooked({ ...unknownCost, model: 'brand-new-1' });
  });

  it('the one the header names, for a model it need not name', async () => {
    relay.answer({ results: [] });
    const pinned = { 'x-turnpike-model': 'house' };
    await relay.post('/v1/rerank', { model: 'bge', query: 'q', documents: [] }, pinned);
    expect(JSON.parse(relay.lastRequest().body.toString()).model).toBe('bge');
    await relay.expectBooked({ ...unknownCost, provider: 'house', model: 'bge' });
    relay.answer({ results: [] });
    await relay.post(
      '/v1/rerank',
      { model: 'openai/none', query: 'q' },
      { 'x-turnpike-model': 'house/other' },
    );
    expect(JSON.parse(relay.lastRequest().body.toString()).model).toBe('other');
    await relay.expectBooked({ ...unknownCost, provider: 'house', model: 'other' });
  });

  it('none where it has no such call', async () => {
    const named = await relay.post('/v1/rerank', { model: 'openai/gpt-4o', query: 'q' });
    expect([named.status, named.body.error]).toEqual([
      400,
      expect.objectContaining({
        code: 'operation_unsupported',
        message: expect.stringMatching(/gpt-4o has no POST/),
      }),
    ]);
    const pinned = await files({ 'x-turnpike-model': 'deepseek' });
    expect(pinned.body.error).toMatchObject({ code: 'operation_unsupported' });
    const gone = await relay.post('/v1/rerank', { model: 'nowhere/x', query: 'q' });
    expect([gone.status, gone.body.error?.code]).toEqual([404, 'model_unknown']);
  });
});

it('names the choices where no default says which provider', async () => {
  const other = await openHouse(`providers:
  one: { kind: openai, base_url: "${relay.upstream.url}/one", api_key: k1 }
  two: { kind: openai, base_url: "${relay.upstream.url}/two", api_key: k2 }
`);
  try {
    const headers = { authorization: `Bearer ${BOOTSTRAP_KEY}` };
    const answered = await fetch(`${other.url}/v1/batches`, { headers });
    const { error } = (await answered.json()) as { error: { message: string; code: string } };
    expect([answered.status, error.code]).toEqual([400, 'provider_missing']);
    expect(error.message).toMatch(/one, two.*x-turnpike-model/);
    const nobody = await fetch(`${other.url}/anthropic/v1/messages/batches`, { headers });
    expect([nobody.status, await nobody.text()]).toEqual([
      400,
      expect.stringMatching(/No configured provider has GET/),
    ]);
  } finally {
    await other.close();
  }
});

describe('a key with an allow-list', () => {
  it('may name its models only, and reach no others by way of files', async () => {
    const narrow = await relay.house.admin<{ token: string }>('POST', '/keys', {
      name: 'narrow',
      allowedModels: ['openai/gpt-image-1'],
    });
    const wide = await relay.house.admin<{ token: string }>('POST', '/keys', {
      name: 'wide',
      allowedModels: ['openai/*'],
    });
    const by = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` });
    relay.answer({ data: [] });
    expect(
      (await relay.post('/v1/images/generations', { model: 'openai/gpt-image-1', prompt: 'x' }, by(narrow)))
        .status,
    ).toBe(200);
    await relay.expectBooked({ model: 'gpt-image-1' });
    for (const refused of [
      await relay.post('/v1/images/generations', { model: 'openai/dall-e-3', prompt: 'x' }, by(narrow)),
      await relay.post('/v1/images/generations', { model: 'dall-e-3', prompt: 'x' }, by(narrow)),
      await relay.post('/v1/images/generations', { prompt: 'x' }, by(narrow)),
      await relay.post('/v1/batches', { input_file_id: 'file-1' }, by(narrow)),
      await relay.call('GET', '/v1/files/file-1/content', by(narrow)),
      await relay.call('GET', '/v1/files', { ...by(wide), 'x-turnpike-model': 'house' }),
    ])
      expect([refused.status, refused.body.error?.code]).toEqual([403, 'model_not_allowed']);
    relay.answer({ data: [] });
    expect((await relay.call('GET', '/v1/files', by(wide))).status).toBe(200);
    await relay.expectUnbooked();
  });
});

// What a workspace declares through the API, as its traffic finds it: files win, nothing leads in circles, no other workspace sees it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type GuardedHouse, openGuardedHouse } from './support/guarded-house.ts';

let upstream: FakeUpstream;
let house: GuardedHouse;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  house = await openGuardedHouse(
    [
      'providers:',
      `  oai: { kind: openai, base_url: "${upstream.url}/v1", api_key: sk-file-0123456789 }`,
      'aliases: { pinned: oai/echo }',
      'routes: { fast: { models: [oai/echo] } }',
      'egress:',
      `  allow: ["models.test:${upstream.port}"]`,
      '',
    ].join('\n'),
  );
  house.dns.set('models.test', [['127.0.0.1']]);
}, 30_000);
afterAll(async () => {
  await house?.close();
  await upstream?.close();
});

const baseUrl = () => `http://models.test:${upstream.port}/v1`;

describe('a declared provider', () => {
  it('serves at once, is listed with its source, and is gone when it is removed', async () => {
    const made = await house.api('POST', '/providers', {
      name: 'mine',
      kind: 'openai-compatible',
      baseUrl: baseUrl(),
      headers: { 'x-team': 'blue' },
      models: ['scribe'],
    });
    expect(made).toMatchObject({ status: 201, body: { headers: ['x-team'], problem: null } });
    expect((await house.chat('mine/echo')).status).toBe(200);
    expect(upstream.requests.at(-1)!.headers).toMatchObject({ 'x-team': 'blue' });
    expect((await house.chat('scribe')).status).toBe(200);
    const { body } = await house.api('GET', '/providers');
    const listed = body.providers as { name: string; source: string }[];
    expect(new Map(listed.map(({ name, source }) => [name, source]))).toEqual(
      new Map([
        ['oai', 'file'],
        ['mine', 'registry'],
        ['sandbox', 'built-in'],
      ]),
    );
    expect((await house.api('GET', '/llm/providers')).body.providers).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'mine', source: 'registry' })]),
    );
    expect((await house.api('POST', '/providers/mine/test')).body).toMatchObject({ isReachable: true });
    expect((await house.api('DELETE', '/providers/mine')).status).toBe(200);
    expect((await house.chat('mine/echo')).status).toBe(404);
  });

  it('is called with the key that the vault holds for it', async () => {
    await house.api('POST', '/providers', { name: 'mine', kind: 'openai', baseUrl: baseUrl() });
    expect((await house.chat('mine/echo')).status).toBe(404);
    const secret = 'sk-vaulted-0123456789abcdef';
    await house.api('POST', '/credentials', { provider: 'mine', secret, isForced: true });
    expect((await house.chat('mine/echo')).status).toBe(200);
    expect(upstream.requests.at(-1)!.headers.authorization).toBe(`Bearer ${secret}`);
    await house.api('DELETE', '/providers/mine');
  });
});

describe('declared names', () => {
  it('lead somewhere at once, and nowhere when they are removed', async () => {
    expect((await house.api('PUT', '/aliases/swift', { ref: 'oai/echo' })).status).toBe(201);
    const route = { models: ['nowhere/x', 'swift'], force: true };
    expect((await house.api('PUT', '/routes/smart', route)).status).toBe(201);
    expect((await house.chat('swift')).status).toBe(200);
    expect((await house.chat('smart')).status).toBe(200);
    expect((await house.api('PUT', '/aliases/swift', { ref: 'sandbox/echo' })).status).toBe(200);
    expect((await house.api('DELETE', '/aliases/swift')).status).toBe(200);
    expect((await house.chat('swift')).status).toBe(404);
    const { body } = await house.api('GET', '/routes/smart');
    expect(body).toMatchObject({ source: 'registry', problem: expect.stringMatching(/nowhere/) });
    await house.api('DELETE', '/routes/smart');
  });

  it('are not those of a file, of either kind', async () => {
    for (const path of ['/aliases/pinned', '/aliases/fast'])
      expect(await house.api('PUT', path, { ref: 'sandbox/echo' })).toMatchObject({
        status: 409,
        code: 'name_fixed',
      });
    for (const path of ['/routes/pinned', '/routes/fast'])
      expect(await house.api('PUT', path, { models: ['sandbox/echo'] })).toMatchObject({ status: 409 });
    expect(await house.api('DELETE', '/aliases/pinned')).toMatchObject({ status: 409 });
    expect(await house.api('GET', '/aliases/pinned')).toMatchObject({
      body: { source: 'file', file: expect.stringMatching(/config\.yaml$/) },
    });
  });

  it('never lead back to themselves, by force neither, and nowhere only by force', async () => {
    expect(await house.api('PUT', '/aliases/a', { ref: 'a', force: true })).toMatchObject({ status: 400 });
    expect((await house.api('PUT', '/aliases/a', { ref: 'b', force: true })).status).toBe(201);
    expect((await house.api('PUT', '/routes/b', { models: ['oai/echo', 'c'], force: true })).status).toBe(
      201,
    );
    const closing = await house.api('PUT', '/aliases/c', { ref: 'a', force: true });
    expect(closing).toMatchObject({ status: 400, message: expect.stringMatching(/c -> a -> b -> c/) });
    expect(await house.api('PUT', '/aliases/d', { ref: 'no/where' })).toMatchObject({
      status: 400,
      message: expect.stringMatching(/no\/where/),
    });
    expect(await house.api('PUT', '/routes/a', { models: ['oai/echo'] })).toMatchObject({ status: 409 });
    expect(await house.api('PUT', '/aliases/default', { ref: 'oai/echo' })).toMatchObject({ status: 400 });
    for (const path of ['/aliases/a', '/routes/b']) await house.api('DELETE', path);
  });
});

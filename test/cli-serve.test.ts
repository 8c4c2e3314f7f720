/** `turnpike serve` around a server that is not there: banner, signals, and what goes wrong at the start. */
import { describe, expect, it } from 'vitest';
import type { RunningServer } from '../src/cli/running-server.ts';
import { type ServeOptions, type StartServer, serve } from '../src/cli/serve.ts';
import { readVersion } from '../src/cli/version.ts';
import { behind, fakeServer, resetBehind } from './support/cli-harness.ts';
import { VIRTUAL_KEY } from './support/fake-house.ts';
import { createFakeIo, FAKE_URL, type FakeIo, type FakeIoOptions } from './support/fake-io.ts';

resetBehind();

const later: RunningServer = {
  url: FAKE_URL,
  port: 8642,
  problems: ['providers.house: no key; set api_key'],
  close: async () => {},
};
const first: RunningServer = { ...later, firstStart: { key: VIRTUAL_KEY } };

/** Serves until the banner is out, stops it, and gives back what was said. */
async function serveOnce(
  server: RunningServer,
  options: FakeIoOptions = {},
): Promise<{ fake: FakeIo; out: string }> {
  withSandbox();
  const fake = createFakeIo({ fetch: fakeServer, ...options });
  const ended = serve(fake.io, {}, async () => server);
  await expect.poll(fake.out, { interval: 5 }).not.toBe('');
  fake.stop();
  expect(await ended).toBe(0);
  const out = fake.out().replaceAll(fake.home, '~/.turnpike').replace(readVersion(), 'VERSION');
  return { fake, out };
}

function withSandbox(): void {
  const { deps } = behind.house;
  const echo = { ref: 'sandbox/echo', kind: 'model', leadsTo: [] } as const;
  const sandbox = {
    name: 'sandbox',
    kind: 'sandbox',
    baseUrl: 'http://sandbox',
    needsCredential: false,
    hasCredential: false,
    source: 'built-in' as const,
    formats: [],
  };
  behind.house.deps = {
    ...deps,
    describeModels: async (isLive) => {
      const { models, lists } = await deps.describeModels(isLive);
      return { models: [...models, echo], lists };
    },
    describeProviders: () => [sandbox, ...deps.describeProviders()],
  };
}

describe('the banner', () => {
  it('welcomes on a terminal, with the key this once and a request to paste', async () => {
    const { out } = await serveOnce(first, { isTerminal: true });
    expect(out).toMatchInlineSnapshot(`
      "
        Turnpike VERSION

        url        http://127.0.0.1:8642
        data       ~/.turnpike
        providers  sandbox  (no credential: house)
        key        tp-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
                   shown this once, kept in ~/.turnpike/client.json

        Try it:

      curl -N http://127.0.0.1:8642/v1/chat/completions \\
        -H 'authorization: Bearer tp-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb' \\
        -H 'content-type: application/json' \\
        -d '{"model":"sandbox/echo","stream":true,"messages":[{"role":"user","content":"Hello"}]}'

        Claude Code through Turnpike: turnpike run claude
        What it costs:                turnpike usage

      "
    `);
  });
  it('does not show a key again', async () => {
    const { out } = await serveOnce(later, { isTerminal: true });
    expect(out).not.toContain('tp-');
    expect(out).not.toContain('curl');
  });
  it.each<[string, FakeIoOptions]>([
    ['without a terminal', {}],
    ['in CI', { isTerminal: true, env: { CI: 'true' } }],
  ])('is plain lines %s', async (_name, options) => {
    const { out } = await serveOnce(first, options);
    expect(out).toMatchSnapshot();
  });
  it('is joined by what is wrong with the providers', async () => {
    const { fake } = await serveOnce(later);
    expect(fake.err()).toContain('! providers.house: no key; set api_key');
  });
  it("does not print the operator's own key", async () => {
    const env = { TURNPIKE_BOOTSTRAP_KEY: VIRTUAL_KEY };
    const { out } = await serveOnce(first, { isTerminal: true, env });
    expect(out).not.toContain(VIRTUAL_KEY);
  });
  it('is not worth a server', async () => {
    const { out } = await serveOnce(first, { fetch: () => new Response('?') });
    expect(out).toContain(`listens at ${FAKE_URL}`);
  });
  it.each([true, false])('gives the link to the first owner this once (terminal: %s)', async (isTerminal) => {
    const ownerLink = 'http://127.0.0.1:8642/console/sign-up?token=once';
    const { out } = await serveOnce(
      { ...first, firstStart: { key: VIRTUAL_KEY, ownerLink } },
      { isTerminal },
    );
    expect(out).toContain(ownerLink);
    expect(out).toMatch(/good once, for a day/);
    expect((await serveOnce(later, { isTerminal })).out).not.toContain('sign-up');
  });
});

describe('stopping', () => {
  it('drains on the first signal and ends at once on the second', async () => {
    let drained: () => void = () => {};
    const close = () => new Promise<void>((resolve) => (drained = resolve));
    const fake = createFakeIo({ fetch: fakeServer });
    const ended = serve(fake.io, {}, async () => ({ ...later, close }));
    await expect.poll(fake.out, { interval: 5 }).not.toBe('');
    fake.stop();
    await expect.poll(fake.err, { interval: 5 }).toContain('stopping');
    expect(fake.exits).toEqual([]);
    fake.stop();
    expect(fake.exits).toEqual([1]);
    drained();
    expect(await ended).toBe(0);
  });
});

describe('starting', () => {
  const failing =
    (code: string): StartServer =>
    () =>
      Promise.reject(Object.assign(new Error(`listen ${code}`), { code }));
  it.each([
    ['EADDRINUSE', 'something already listens at 127.0.0.1:8642'],
    ['EACCES', 'this user may not listen at 127.0.0.1:8642'],
    ['EADDRNOTAVAIL', '127.0.0.1 is no address of this machine'],
    ['EMFILE', 'listen EMFILE'],
  ])('explains %s', async (code, message) => {
    await expect(serve(createFakeIo().io, {}, failing(code))).rejects.toThrow(message);
  });
  it('gives the flags to the configuration and tells its warnings', async () => {
    const flags: ServeOptions = { port: 9123, host: '::1', durability: 'process' };
    const fake = createFakeIo({ fetch: fakeServer, env: { TURNPIKE_PORT: '1' } });
    const seen: unknown[] = [];
    const ended = serve(fake.io, flags, async (config) => {
      seen.push(config);
      return later;
    });
    await expect.poll(fake.out, { interval: 5 }).not.toBe('');
    fake.stop();
    await ended;
    expect(seen[0]).toMatchObject(flags);
  });
});

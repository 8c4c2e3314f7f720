// What is asked of whom, and what the answer is taken for.
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { configureProviders } from './configure.ts';
import { canProbe, probe } from './probe.ts';
import type { Provider } from './provider.ts';
import { providerKinds } from './providers.ts';
import type { Transport, UpstreamHandler, UpstreamRequest } from './transport.ts';

function providerOf(name: string, more: object = {}): Provider {
  const row = { name, headers: {}, models: [], timeouts: {}, apiKey: new Secret('sk-1'), ...more };
  return configureProviders([row], providerKinds, {}).providers.get(name)!;
}

function upstream(answer: (handler: UpstreamHandler) => void) {
  const asked: UpstreamRequest[] = [];
  let aborted = 0;
  const abort = (): void => {
    aborted += 1;
  };
  const transport: Transport = {
    send(request, handler) {
      asked.push(request);
      setImmediate(() => answer(handler));
      return { pause() {}, resume() {}, abort };
    },
    close: () => Promise.resolve(),
  };
  return { asked, transport, aborted: () => aborted };
}

const status = (code: number) =>
  upstream((handler) => {
    handler.onHead(code, {});
    handler.onData(Buffer.from('{}'));
    handler.onEnd();
  });

describe('a probe', () => {
  it.each([
    ['anthropic', {}, 'https://api.anthropic.com', '/v1/models'],
    ['openai', {}, 'https://api.openai.com', '/v1/models'],
    ['gemini', {}, 'https://generativelanguage.googleapis.com', '/v1beta/models'],
    ['ollama', {}, 'http://127.0.0.1:11434', '/api/tags'],
    [
      'own',
      { kind: 'openai-compatible', baseUrl: 'https://own.example/api/v1' },
      'https://own.example',
      '/api/v1/models',
    ],
  ])('asks %s (%j) for its list of models', async (name, more, origin, path) => {
    const { asked, transport } = status(200);
    const provider = providerOf(name, more);
    expect(canProbe(provider)).toBe(true);
    await probe(provider, transport, undefined);
    expect(asked).toMatchObject([{ method: 'GET', origin, path, body: [] }]);
    if (provider.kind.needsCredential) expect(JSON.stringify(asked[0]?.headers)).toContain('sk-1');
  });

  it.each([
    [200, true, true],
    [401, true, false],
    [403, true, false],
    [402, true, false],
    [404, true, false],
    [429, true, false],
    [500, false, false],
    [529, false, false],
  ])(
    'that is answered with %i: reachable %s, credential good %s',
    async (code, isReachable, isCredentialGood) => {
      const result = await probe(providerOf('openai'), status(code).transport, undefined);
      expect(result).toEqual({ isReachable, isCredentialGood, said: `status ${code}` });
    },
  );

  it('that is not answered says what failed', async () => {
    const { transport } = upstream((handler) =>
      handler.onFailure({ kind: 'connect', code: 'ECONNREFUSED', message: 'refused', wasSent: false }),
    );
    expect(await probe(providerOf('openai'), transport, undefined)).toEqual({
      isReachable: false,
      isCredentialGood: false,
      said: 'refused',
    });
  });

  it('reads no more than a list may be long', async () => {
    const { transport, aborted } = upstream((handler) => {
      handler.onHead(200, {});
      for (let piece = 0; piece < 3; piece += 1) handler.onData(Buffer.alloc(1024 * 1024));
    });
    expect(await probe(providerOf('openai'), transport, undefined)).toMatchObject({ isCredentialGood: true });
    expect(aborted()).toBe(1);
  });

  it('is authorized as traffic is, and fails as that does', async () => {
    const { asked, transport } = status(200);
    await probe(providerOf('openai'), transport, { headersFor: async () => ({ 'x-signed': 'yes' }) });
    expect(asked[0]?.headers).toMatchObject({ 'x-signed': 'yes' });
    const result = await probe(providerOf('openai'), transport, {
      headersFor: () => Promise.reject(new Error('no token to be had')),
    });
    expect(result).toMatchObject({ isReachable: false, said: 'no token to be had' });
  });

  it('has nothing to ask the sandbox', () => {
    const sandbox = configureProviders([], providerKinds, {}).providers.get('sandbox')!;
    expect(canProbe(sandbox)).toBe(false);
  });
});

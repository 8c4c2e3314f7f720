/** What makes two requests the same to the cache, beyond what the road's own tests ask over sockets. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { providerKinds } from '../upstream/providers.ts';
import { formatOf } from '../wire/formats.ts';
import type { Ask, Exchange } from './exchange.ts';
import { type AskedDeployment, cacheKeyOf } from './response-cache-key.ts';

type Key = NonNullable<Exchange['key']>;

interface Facts {
  readonly key?: Partial<Key>;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly model?: string;
  readonly isStrict?: boolean;
  readonly target?: object;
  readonly streamShape?: string;
  readonly deployments?: readonly AskedDeployment[];
}

const PLAIN = '{"model":"fast","messages":[{"role":"user","content":"Hi"}]}';

function deployment(more: { baseUrl?: string; credential?: string; headers?: object; ref?: string } = {}) {
  const { baseUrl = 'https://one.example', credential = 'sk-1', headers = {}, ref = 'oai/m' } = more;
  const kind = providerKinds.get('openai')!;
  const provider = { name: 'oai', kind, baseUrl, credential: new Secret(credential), headers };
  return {
    ref,
    provider,
    address: { origin: baseUrl, path: '/v1' },
    formats: ['openai-chat'],
    nativeFormat: formatOf('openai-chat'),
  } as unknown as AskedDeployment;
}

function keyOf({ key, query = '', headers = {}, body = PLAIN, model = 'fast', ...more }: Facts = {}) {
  const { isStrict = false, target, streamShape = 'sse', deployments = [deployment()] } = more;
  const exchange = {
    key: { workspaceId: 'ws_1', id: 'key_1', ...key },
    endpoint: { operation: 'chat', format: 'openai-chat', ...(target && { target }) },
    callName: 'openai-chat',
    format: formatOf('openai-chat'),
    request: { headers },
    ...{ query, streamShape, labels: { isStrict } },
  } as unknown as Exchange;
  const ask = { body: Buffer.from(body), model, isStream: body.includes('"stream":true') } as Ask;
  return cacheKeyOf(exchange, ask, deployments);
}

const same = keyOf();

describe('a request is the same', () => {
  it.each<[string, Facts]>([
    ['with another key of the same rights', { key: { id: 'key_2', name: 'other', defaultModel: 'x' } }],
    ['with the client’s key in its query', { query: 'key=tp-secret' }],
    ['from another program', { headers: { 'user-agent': 'x', accept: 'y', 'x-turnpike-session': 's' } }],
    ['with other white space', { body: PLAIN.replaceAll(':', ' : ') }],
  ])('%s', (_, facts) => expect(keyOf(facts)).toBe(same));

  it('in whatever order its deployments and the key’s models are listed', () => {
    const two = [deployment(), deployment({ ref: 'oai/n' })];
    expect(keyOf({ deployments: two })).toBe(keyOf({ deployments: two.toReversed() }));
    const models = ['a', 'b'];
    expect(keyOf({ key: { allowedModels: models } })).toBe(
      keyOf({ key: { allowedModels: models.toReversed() } }),
    );
  });
});

describe('a request is another', () => {
  it.each<[string, Facts]>([
    ['of another workspace', { key: { workspaceId: 'ws_2' } }],
    ['of a member', { key: { memberId: 'mem_1' } }],
    ['of a key that may use less', { key: { allowedModels: ['oai/*'] } }],
    ['of a key that may use nothing', { key: { allowedModels: [] } }],
    ['with another query', { query: 'beta=true' }],
    ['for another model', { model: 'slow' }],
    ['with another model in its path', { target: { model: 'x', isStream: false } }],
    ['that takes no loss', { isStrict: true }],
    ['in another framing', { streamShape: 'array' }],
    ['with a header that is passed on', { headers: { 'openai-beta': 'x' } }],
    ['to another deployment', { deployments: [deployment({ ref: 'oai/n' })] }],
    ['to one more', { deployments: [deployment(), deployment({ ref: 'oai/n' })] }],
    ['to another address', { deployments: [deployment({ baseUrl: 'https://two.example' })] }],
    ['by another credential', { deployments: [deployment({ credential: 'sk-2' })] }],
    ['with a header of the operator', { deployments: [deployment({ headers: { 'x-house': '1' } })] }],
  ])('%s', (_, facts) => {
    expect(keyOf(facts)).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf(facts)).not.toBe(same);
  });

  it('by any field of its body', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1, maxKeys: 3 }), (fields) => {
        const names = Object.keys(fields).map((name) => name.toLowerCase());
        fc.pre(!names.some((name) => ['model', 'messages'].includes(name)));
        const body = JSON.stringify({ ...(JSON.parse(PLAIN) as object), ...fields });
        expect(keyOf({ body })).not.toBe(same);
      }),
      { numRuns: 200 },
    );
  });
});

describe('of a request nothing may be kept', () => {
  it.each([
    ['that is stored', `${PLAIN.slice(0, -1)},"store":true}`],
    ['that runs on in the background', `${PLAIN.slice(0, -1)},"background":true}`],
    ['that says a thing twice', `${PLAIN.slice(0, -1)},"store":false,"store":true}`],
    ['that names a file', PLAIN.replace('"Hi"', '[{"type":"file","file":{"file_id":"f"}}]')],
    ['that searches the web', `${PLAIN.slice(0, -1)},"web_search_options":{}}`],
    ['that is very long', PLAIN.replace('Hi', 'x'.repeat(1024 * 1024))],
  ])('%s', (_, body) => expect(keyOf({ body })).toBeUndefined());

  it.each([
    ['says that it is not stored', `${PLAIN.slice(0, -1)},"store":false}`],
    [
      'has a tool of the client',
      `${PLAIN.slice(0, -1)},"tools":[{"type":"function","function":{"name":"f"}}]}`,
    ],
    [
      'holds its picture',
      PLAIN.replace('"Hi"', '[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}}]'),
    ],
  ])('but of one that %s', (_, body) => expect(keyOf({ body })).toBeDefined());
});

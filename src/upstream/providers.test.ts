// The list of kinds: addresses, paths, credentials, and what a kind must hold to be one.
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import type { FormatId } from '../wire/chat.ts';
import { pathSegment } from './path-segment.ts';
import type { Operation, ProviderKind } from './provider.ts';
import { kindOf, providerKinds } from './providers.ts';

type Row = readonly [kind: string, format: FormatId, operation: Operation, url: string | undefined];

const rows: readonly Row[] = [
  ['anthropic', 'anthropic-messages', 'chat', 'https://api.anthropic.com/v1/messages'],
  ['anthropic', 'anthropic-messages', 'count-tokens', 'https://api.anthropic.com/v1/messages/count_tokens'],
  ['anthropic', 'anthropic-messages', 'list-models', 'https://api.anthropic.com/v1/models'],
  ['anthropic', 'openai-chat', 'chat', undefined],
  ['openai', 'openai-chat', 'chat', 'https://api.openai.com/v1/chat/completions'],
  ['openai', 'openai-chat', 'count-tokens', undefined],
  ['openai', 'openai-chat', 'list-models', 'https://api.openai.com/v1/models'],
  ['openai', 'openai-responses', 'chat', 'https://api.openai.com/v1/responses'],
  ['openai', 'openai-chat', 'embeddings', 'https://api.openai.com/v1/embeddings'],
  ['openai', 'openai-responses', 'embeddings', undefined],
  ['openai', 'anthropic-messages', 'chat', undefined],
  ['anthropic', 'anthropic-messages', 'embeddings', undefined],
  ['together', 'openai-chat', 'embeddings', 'https://api.together.xyz/v1/embeddings'],
  ['openrouter', 'openai-chat', 'chat', 'https://openrouter.ai/api/v1/chat/completions'],
  ['openrouter', 'anthropic-messages', 'chat', undefined],
  ['groq', 'openai-chat', 'chat', 'https://api.groq.com/openai/v1/chat/completions'],
  ['perplexity', 'openai-chat', 'chat', 'https://api.perplexity.ai/chat/completions'],
  ['zai', 'openai-chat', 'chat', 'https://api.z.ai/api/paas/v4/chat/completions'],
  ['ollama', 'ollama-chat', 'chat', 'http://127.0.0.1:11434/api/chat'],
  ['ollama', 'ollama-chat', 'list-models', 'http://127.0.0.1:11434/api/tags'],
  ['ollama', 'ollama-chat', 'embeddings', 'http://127.0.0.1:11434/api/embed'],
  ['ollama', 'ollama-chat', 'count-tokens', undefined],
  // Its context would be cut there without a word.
  ['ollama', 'openai-chat', 'chat', undefined],
  ['ollama', 'openai-chat', 'embeddings', 'http://127.0.0.1:11434/v1/embeddings'],
  ['ollama', 'anthropic-messages', 'chat', undefined],
];

describe('providerKinds', () => {
  it.each(rows)('%s in %s: %s', (id, format, operation, url) => {
    const kind = kindOf(id)!;
    const path = kind.path(format, operation, { model: 'm', isStream: false });
    expect(path === undefined ? undefined : kind.defaultBaseUrl + path).toBe(url);
  });

  it.each([...providerKinds])('%s is whole', (id, kind) => {
    expect(kind.id).toBe(id);
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(kind.formats.length).toBeGreaterThan(0);
    expect(kind.defaultBaseUrl).not.toMatch(/\/$/);
    for (const isStream of [true, false])
      for (const format of kind.formats)
        expect(kind.path(format, 'chat', { model: 'm', isStream })).toMatch(/^\//);
    for (const name of kind.credentialEnv) expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
    // Whoever needs a key can be given one by the environment, and only over TLS.
    if (kind.needsCredential) {
      expect(kind.credentialEnv.length).toBeGreaterThan(0);
      expect(kind.defaultBaseUrl).toMatch(/^https:\/\//);
    }
  });

  it.each([...providerKinds])('%s shows a credential in one header and nothing without one', (id, kind) => {
    const format = kind.formats[0]!;
    const values = Object.values(kind.authHeaders(new Secret('sk-secret'), format));
    expect(values.filter((value) => value.includes('sk-secret'))).toHaveLength(id === 'sandbox' ? 0 : 1);
    expect(Object.keys(kind.authHeaders(undefined, format))).not.toContain('authorization');
    expect(Object.keys(kind.authHeaders(undefined, format))).not.toContain('x-api-key');
  });

  it.each([...providerKinds])('%s speaks each model in formats of its own', (_id, kind) => {
    for (const model of ['m', 'claude-x', 'gemini-x', 'us.anthropic.x', 'meta/llama', 'a/b/c', '']) {
      const formats = kind.formatsOf?.(model) ?? kind.formats;
      expect(formats.length).toBeGreaterThan(0);
      expect(kind.formats).toEqual(expect.arrayContaining([...formats]));
    }
  });

  it.each([...providerKinds])('%s lets no model id out of its place in the path', (_id, kind) => {
    for (const model of [
      '../../admin',
      'a/../b',
      '..',
      '.',
      '',
      'a?b=c',
      'a#b',
      'a%2e%2e%2f',
      'a:b',
      '\ud800',
    ]) {
      for (const isStream of [true, false]) {
        for (const format of kind.formats) {
          const asked = kind.path(format, 'chat', { model, isStream });
          if (asked === undefined) continue;
          const plain = kind.path(format, 'chat', { model: 'm', isStream })!;
          const url = new URL(asked, 'https://x.test');
          expect(url.pathname + url.search).toBe(asked);
          expect(asked.split(/[/?]/)).toHaveLength(plain.split(/[/?]/).length);
        }
      }
    }
  });

  it('gives no variable to two kinds', () => {
    const names = [...providerKinds.values()].flatMap((kind) => kind.credentialEnv);
    expect(new Set(names).size).toBe(names.length);
  });

  it('knows no kind that is not in the list', () => {
    expect(kindOf('toString')).toBeUndefined();
    expect(kindOf('Anthropic')).toBeUndefined();
  });

  it('does not ask for usage where the vendor refuses the question', () => {
    const left = [...providerKinds.values()].filter((kind) => kind.streamUsage === 'leave');
    expect(left.map((kind) => kind.id)).toEqual(['mistral', 'perplexity']);
  });
});

/** Model, whether to stream, and the path below the base URL. */
type ModelRow = readonly [model: string, isStream: boolean, operation: Operation, path: string | undefined];

function expectPaths(kind: ProviderKind, rows: readonly ModelRow[], format?: FormatId): void {
  for (const [model, isStream, operation, path] of rows) {
    const spoken = format ?? kind.formatsOf?.(model)[0] ?? kind.formats[0]!;
    expect([model, kind.path(spoken, operation, { model, isStream })]).toEqual([model, path]);
  }
}

describe('paths that hold the model', () => {
  const geminiRows: readonly ModelRow[] = [
    ['gemini-3-pro', false, 'chat', '/models/gemini-3-pro:generateContent'],
    ['gemini-3-pro', true, 'chat', '/models/gemini-3-pro:streamGenerateContent?alt=sse'],
    ['models/gemini-3-pro', false, 'chat', '/models/gemini-3-pro:generateContent'],
    ['tunedModels/mine-1', false, 'chat', '/tunedModels/mine-1:generateContent'],
    ['gemini-3-pro', false, 'count-tokens', '/models/gemini-3-pro:countTokens'],
    ['gemini-embedding-001', false, 'embeddings', '/models/gemini-embedding-001:embedContent'],
    ['', false, 'list-models', '/models'],
    ['a/b:c d', false, 'chat', '/models/a%2Fb%3Ac%20d:generateContent'],
    ['models/..', false, 'chat', undefined],
  ];
  it('gemini', () => expectPaths(kindOf('gemini')!, geminiRows));

  const bedrockRows: readonly ModelRow[] = [
    [
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      false,
      'chat',
      '/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke',
    ],
    ['anthropic.claude-x', true, 'chat', '/model/anthropic.claude-x/invoke-with-response-stream'],
    [
      'arn:aws:bedrock:us-east-1:1:inference-profile/us.anthropic.claude-x',
      false,
      'chat',
      '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.anthropic.claude-x/invoke',
    ],
    [
      'arn:aws:bedrock:us-east-1:1:application-inference-profile/abc',
      false,
      'chat',
      '/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Aapplication-inference-profile%2Fabc/invoke',
    ],
    ['openai.gpt-oss-120b-1:0', true, 'chat', '/openai/v1/chat/completions'],
    ['qwen.qwen3-32b-v1:0', false, 'chat', '/openai/v1/chat/completions'],
    ['anthropic.claude-x', false, 'count-tokens', undefined],
    ['openai.gpt-oss-120b-1:0', false, 'embeddings', undefined],
    ['', false, 'list-models', undefined],
  ];
  it('bedrock', () => expectPaths(kindOf('bedrock')!, bedrockRows));

  const google = '/publishers/google/models';
  const claude = '/publishers/anthropic/models';
  const vertexRows: readonly ModelRow[] = [
    ['gemini-3-pro', false, 'chat', `${google}/gemini-3-pro:generateContent`],
    ['google/gemini-3-pro', true, 'chat', `${google}/gemini-3-pro:streamGenerateContent?alt=sse`],
    ['publishers/google/models/gemini-3-pro', false, 'count-tokens', `${google}/gemini-3-pro:countTokens`],
    ['endpoints/123', false, 'chat', '/endpoints/123:generateContent'],
    ['gemini-embedding-001', false, 'embeddings', undefined],
    ['claude-sonnet-4-5@20250929', false, 'chat', `${claude}/claude-sonnet-4-5@20250929:rawPredict`],
    ['anthropic/claude-x', true, 'chat', `${claude}/claude-x:streamRawPredict`],
    ['publishers/anthropic/models/claude-x', false, 'chat', `${claude}/claude-x:rawPredict`],
    ['claude-x', false, 'count-tokens', `${claude}/count-tokens:rawPredict`],
    ['meta/llama-4', true, 'chat', '/endpoints/openapi/chat/completions'],
    ['mistral-ai/mistral-medium-3', false, 'chat', '/endpoints/openapi/chat/completions'],
    ['meta/llama-4', false, 'embeddings', undefined],
  ];
  it('vertex', () => expectPaths(kindOf('vertex')!, vertexRows));

  it('azure', () => {
    expectPaths(kindOf('azure')!, [
      ['my gpt', true, 'chat', '/openai/v1/chat/completions'],
      ['e', false, 'embeddings', '/openai/v1/embeddings'],
      ['', false, 'list-models', '/openai/v1/models'],
    ]);
    const responses: readonly ModelRow[] = [
      ['d', true, 'chat', '/openai/v1/responses'],
      ['d', false, 'count-tokens', undefined],
    ];
    expectPaths(kindOf('azure')!, responses, 'openai-responses');
  });

  it('sandbox', () => {
    expectPaths(
      kindOf('sandbox')!,
      [
        ['a/b', true, 'chat', '/v1beta/models/a%2Fb:streamGenerateContent?alt=sse'],
        ['a', false, 'chat', '/v1beta/models/a:generateContent'],
        ['a', false, 'count-tokens', '/v1beta/models/a:countTokens'],
        ['', false, 'list-models', '/v1beta/models'],
      ],
      'gemini-generate',
    );
    expectPaths(kindOf('sandbox')!, [['a', true, 'chat', '/api/chat']], 'ollama-chat');
    expectPaths(kindOf('sandbox')!, [['', false, 'list-models', '/api/tags']], 'ollama-chat');
  });
});

describe('what clouds want of a body', () => {
  it('has the version, and not what the path says', () => {
    expect(kindOf('bedrock')!.bodyRule!('anthropic-messages')).toEqual({
      removed: ['model', 'stream'],
      added: { anthropic_version: 'bedrock-2023-05-31' },
      fromHeaders: { 'anthropic-beta': 'anthropic_beta' },
      version: { field: 'anthropic_version', header: 'anthropic-version', standsFor: '2023-06-01' },
    });
    const rule = { removed: ['model'], added: { anthropic_version: 'vertex-2023-10-16' }, fromHeaders: {} };
    expect(kindOf('vertex')!.bodyRule!('anthropic-messages', 'chat')).toMatchObject(rule);
    const countRule = { ...rule, removed: [] };
    expect(kindOf('vertex')!.bodyRule!('anthropic-messages', 'count-tokens')).toMatchObject(countRule);
  });
  it('is nothing in other formats', () => {
    expect(kindOf('bedrock')!.bodyRule!('openai-chat')).toBeUndefined();
    expect(kindOf('vertex')!.bodyRule!('gemini-generate')!.removed).toEqual(['serviceTier']);
  });
});

describe('which header a credential goes in', () => {
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2ln';
  it.each<[kind: string, credential: string, headers: Record<string, string>]>([
    ['gemini', 'AIza-1', { 'x-goog-api-key': 'AIza-1' }],
    ['azure', 'abcd', { 'api-key': 'abcd' }],
    ['azure', jwt, { authorization: `Bearer ${jwt}` }],
    ['bedrock', 'bedrock-api-key-1', { authorization: 'Bearer bedrock-api-key-1' }],
    ['vertex', 'ya29.token', { authorization: 'Bearer ya29.token' }],
    ['vertex', 'AIzaKey', { 'x-goog-api-key': 'AIzaKey' }],
    ['vertex', 'AQ.key', { 'x-goog-api-key': 'AQ.key' }],
    ['vertex', ' {"type":"service_account"}', {}],
  ])('%s: %s', (kind, credential, headers) => {
    expect(kindOf(kind)!.authHeaders(new Secret(credential), 'openai-chat')).toEqual(headers);
  });
});

describe('pathSegment', () => {
  it.each<[string, string | undefined]>([
    ['plain-1.5', 'plain-1.5'],
    ['a@b', 'a@b'],
    ['a/b', 'a%2Fb'],
    ['a:0', 'a%3A0'],
    ["!'()*", '%21%27%28%29%2A'],
    ['50%', '50%25'],
    ['..', undefined],
    ['.', undefined],
    ['', undefined],
    ['\udc00', undefined],
  ])('%j is %s', (text, segment) => {
    expect(pathSegment(text)).toBe(segment);
  });
});

describe('openai', () => {
  it.each([
    ['gpt-4o', 'openai-chat'],
    ['gpt-4.1-mini', 'openai-chat'],
    ['gpt-5-chat-latest', 'openai-chat'],
    ['gpt-5.1', 'openai-responses'],
    ['gpt-5-pro', 'openai-responses'],
    ['gpt-5.1-codex-max', 'openai-responses'],
    ['o3', 'openai-responses'],
    ['o4-mini-deep-research', 'openai-responses'],
    ['codex-mini-latest', 'openai-responses'],
    ['omni-moderation-latest', 'openai-chat'],
  ])('%s is spoken to in %s by clients of other formats', (model, format) => {
    const formats = kindOf('openai')!.formatsOf!(model);
    expect(formats[0]).toBe(format);
    expect(formats.toSorted()).toEqual(['openai-chat', 'openai-responses']);
  });
});

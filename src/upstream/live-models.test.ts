// Lists of models as OpenRouter and Ollama give them now: read with care, remembered, never waited for without end.
import { describe, expect, it } from 'vitest';
import { handClock } from '../../test/support/scripted-upstream.ts';
import { ollamaModel, readOllamaTags, readOpenRouterList } from './live-lists.ts';
import { createLiveModels, FRESH_MS } from './live-models.ts';
import type { Provider, ProviderKind } from './provider.ts';
import { ollama } from './providers/ollama.ts';
import { openai } from './providers/openai.ts';
import { openrouter } from './providers/openrouter.ts';
import type { Transport, UpstreamRequest } from './transport.ts';

describe('OpenRouter', () => {
  const row = {
    id: 'maker/model',
    name: 'Maker: Model',
    context_length: 128_000,
    top_provider: { max_completion_tokens: 16_384 },
    architecture: { input_modalities: ['text', 'image'] },
    supported_parameters: ['tools', 'max_tokens', 'structured_outputs'],
    pricing: { prompt: '0.0000025', completion: '0.00001', input_cache_read: '0.00000125', request: '0' },
  };

  it('is read with limits, capabilities and exact prices', () => {
    expect(readOpenRouterList({ data: [row] })).toEqual([
      {
        id: 'maker/model',
        name: 'Maker: Model',
        contextWindow: 128_000,
        maxOutputTokens: 16_384,
        can: {
          tools: true,
          thinking: false,
          'structured-output': true,
          vision: true,
          documents: false,
          audio: false,
        },
        rates: { input: 2_500_000, output: 10_000_000, cacheRead: 1_250_000 },
      },
    ]);
  });

  const odd: [string, unknown, unknown][] = [
    ['no price', { pricing: {} }, { rates: undefined }],
    ['a price that depends', { pricing: { prompt: '-1', completion: '-1' } }, { rates: undefined }],
    ['a price as a number', { pricing: { prompt: 0, completion: 0 } }, { rates: undefined }],
    ['free', { pricing: { prompt: '0', completion: '0' } }, { rates: { input: 0, output: 0 } }],
    [
      'a price for each request',
      { pricing: { prompt: '0', completion: '0', request: '0.01' } },
      { rates: { perRequest: 10_000_000_000 } },
    ],
    ['says nothing of capabilities', { architecture: 7, supported_parameters: null }, { can: {} }],
    ['a window that is none', { context_length: '128000' }, { contextWindow: undefined }],
    ['no place', { top_provider: null }, { maxOutputTokens: undefined }],
  ];
  it.each(odd)('%s', (_, change, expected) => {
    expect(readOpenRouterList({ data: [{ ...row, ...(change as object) }] })).toMatchObject([
      expected as object,
    ]);
  });

  it('leaves out what has no name that can be asked for', () => {
    const rows = [{ id: '' }, { id: 7 }, null, 'x', { id: 'a\nb' }, { id: 'x'.repeat(301) }, { id: 'good' }];
    expect(readOpenRouterList({ data: rows })?.map(({ id }) => id)).toEqual(['good']);
  });

  it.each([[undefined], [null], [[]], [{ data: {} }], ['text']])('takes %j for no list', (body) => {
    expect(readOpenRouterList(body)).toBeUndefined();
    expect(readOllamaTags(body)).toBeUndefined();
  });
});

describe('Ollama', () => {
  const tag = { name: 'qwen3:8b', digest: 'd1' };
  const info = { 'general.architecture': 'qwen3', 'qwen3.context_length': 40_960 };

  it('names its models', () => {
    const models = [{ model: 'qwen3:8b', name: 'other', digest: 'd1' }, { name: 'llava', digest: 'd2' }, {}];
    expect(readOllamaTags({ models })).toEqual([tag, { name: 'llava', digest: 'd2' }]);
  });

  const cases: [string, unknown, unknown][] = [
    [
      'capabilities and context',
      { capabilities: ['completion', 'tools', 'thinking'], model_info: info },
      {
        contextWindow: 40_960,
        can: { tools: true, thinking: true, vision: false, 'structured-output': true },
      },
    ],
    [
      'a model for vectors',
      { capabilities: ['embedding'] },
      { can: { tools: false, 'structured-output': false } },
    ],
    ['an older server', { model_info: info }, { contextWindow: 40_960, can: {} }],
    ['nonsense', [], { contextWindow: undefined, can: {} }],
  ];
  it.each(cases)('%s', (_, shown, expected) => {
    expect(ollamaModel(tag, JSON.stringify(shown))).toMatchObject(expected as object);
  });
});

function providerOf(kind: ProviderKind, name: string): Provider {
  return {
    name,
    kind,
    baseUrl: kind.defaultBaseUrl,
    credential: undefined,
    credentials: [],
    catalogProvider: kind.catalogProvider,
    headers: {},
    models: [],
    timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1, contentMs: 1, totalMs: 1 },
    streamUsage: 'ask',
    autoCache: false,
  };
}

type Answer = { readonly status: number; readonly body: string | Buffer } | 'refused' | 'silent';

/** Answers each question at once by its path, and for `/api/show` by the model asked for. */
function start(answers: Record<string, Answer>) {
  const sent: string[] = [];
  let aborted = 0;
  const clock = handClock();
  const slept: (() => void)[] = [];
  const transport: Transport = {
    send(request: UpstreamRequest, handler) {
      const body = Buffer.concat(request.body).toString();
      const question = `${request.path}${body}`;
      sent.push(question);
      const answer = answers[question] ?? { status: 404, body: '' };
      queueMicrotask(() => {
        if (answer === 'silent') return;
        if (answer === 'refused') {
          return handler.onFailure({ kind: 'connect', code: 'X', message: 'nobody listens', wasSent: false });
        }
        handler.onHead(answer.status, {});
        handler.onData(Buffer.from(answer.body));
        if (aborted === 0) handler.onEnd();
      });
      return {
        pause() {},
        resume() {},
        abort() {
          aborted += 1;
        },
      };
    },
    close: () => Promise.resolve(),
  };
  const live = createLiveModels({
    clock,
    transportOf: () => transport,
    sleep: () => new Promise((resolve) => slept.push(resolve)),
  });
  return { live, sent, clock, answers, slept, aborted: () => aborted };
}

const ok = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body) });
const router = providerOf(openrouter, 'openrouter');
const attic = providerOf(ollama, 'attic');

describe('live lists', () => {
  it('are of the kinds that have one, and asked for once in a while', async () => {
    const { live, sent, clock } = start({ '/api/v1/models': ok({ data: [{ id: 'a/b' }] }) });
    const [list, ...others] = await live.list([router, providerOf(openai, 'openai')]);
    expect(list).toMatchObject({ provider: 'openrouter', models: [{ id: 'a/b' }], problem: undefined });
    expect(list?.listedAtMs).toBe(clock.now());
    expect(others).toEqual([]);
    await live.list([router]);
    expect(sent).toEqual(['/api/v1/models']);
    clock.add(FRESH_MS);
    await live.list([router]);
    expect(sent).toHaveLength(2);
  });

  it('ask Ollama of each model once, and again when it is another', async () => {
    const tags = (digest: string) =>
      ok({
        models: [
          { name: 'a', digest: 'd' },
          { name: 'b', digest },
          { name: 'c', digest: 'd' },
        ],
      });
    const { live, sent, clock, answers } = start({
      '/api/tags': tags('d1'),
      '/api/show{"model":"a"}': ok({ capabilities: ['tools'] }),
      '/api/show{"model":"b"}': ok({ capabilities: [] }),
      '/api/show{"model":"c"}': { status: 500, body: 'no' },
    });
    const [first] = await live.list([attic]);
    expect(first?.models.map(({ id, can }) => [id, can.tools])).toEqual([
      ['a', true],
      ['b', false],
      ['c', undefined],
    ]);
    answers['/api/tags'] = tags('d2');
    sent.length = 0;
    clock.add(FRESH_MS);
    await live.list([attic]);
    expect(sent.toSorted()).toEqual(['/api/show{"model":"b"}', '/api/show{"model":"c"}', '/api/tags']);
  });

  it('keep the last good one, and say why there is no newer', async () => {
    const { live, clock, answers } = start({ '/api/v1/models': ok({ data: [{ id: 'a/b' }] }) });
    await live.list([router]);
    answers['/api/v1/models'] = 'refused';
    clock.add(FRESH_MS);
    expect(await live.list([router])).toMatchObject([{ models: [{ id: 'a/b' }], problem: 'nobody listens' }]);
  });

  const bad: [string, Answer, string][] = [
    ['nobody listens', 'refused', 'nobody listens'],
    ['an error', { status: 401, body: '{}' }, 'it answered with 401'],
    ['no list', ok({ data: 'x' }), 'what it answered is no list of models'],
    ['no JSON', { status: 200, body: '<html>' }, 'what it answered is no list of models'],
    [
      'no end',
      { status: 200, body: Buffer.alloc(17 * 1024 * 1024) },
      'its list is larger than 16777216 bytes',
    ],
  ];
  it.each(bad)('say what was wrong: %s', async (_, answer, problem) => {
    const { live } = start({ '/api/v1/models': answer });
    expect(await live.list([router])).toEqual([
      { provider: 'openrouter', models: [], listedAtMs: undefined, problem },
    ]);
  });

  it('are not waited for without end', async () => {
    const { live, sent, slept } = start({ '/api/v1/models': 'silent' });
    const asked = live.list([router]);
    slept[0]!();
    expect(await asked).toMatchObject([{ models: [], problem: 'it is still being read' }]);
    // The question is still open: it is not asked twice.
    const again = live.list([router]);
    slept[1]!();
    await again;
    expect(sent).toHaveLength(1);
  });
});

// What a model can hold: asked once, remembered, and what a request is given within it.
import { describe, expect, it } from 'vitest';
import { handClock } from '../../test/support/scripted-upstream.ts';
import { Secret } from '../base/secret.ts';
import {
  createOllamaWindows,
  fitWindow,
  type ModelWindow,
  type OllamaWindows,
  readWindow,
  type WindowChoice,
  type WindowNeed,
  wasProbablyCut,
} from './ollama-window.ts';
import type { Provider } from './provider.ts';
import { ollama } from './providers/ollama.ts';
import type { Transport, UpstreamHandler, UpstreamRequest } from './transport.ts';

const provider: Provider = {
  name: 'attic',
  kind: ollama,
  baseUrl: 'http://attic:11434/ollama',
  credential: new Secret('sk-attic'),
  credentials: [],
  catalogProvider: 'local',
  headers: { 'x-room': 'attic' },
  models: [],
  timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1, contentMs: 1, totalMs: 1 },
  streamUsage: 'ask',
  autoCache: false,
};

/** A transport whose answers wait until they are given. */
function heldTransport() {
  const sent: { request: UpstreamRequest; handler: UpstreamHandler; isAborted: boolean }[] = [];
  const transport: Transport = {
    send(request, handler) {
      const one = { request, handler, isAborted: false };
      sent.push(one);
      return {
        pause() {},
        resume() {},
        abort() {
          one.isAborted = true;
        },
      };
    },
    close: () => Promise.resolve(),
  };
  const answer = (nth: number, body: unknown, status = 200): void => {
    const { handler } = sent[nth]!;
    handler.onHead(status, {});
    handler.onData(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
    handler.onEnd();
  };
  return { sent, transport, answer };
}

function start() {
  const clock = handClock();
  const held = heldTransport();
  const windows = createOllamaWindows({ clock, transportOf: () => held.transport });
  return { clock, windows, ...held };
}

const shown = (contextLength: number, parameters?: string) => ({
  model_info: { 'general.architecture': 'llama', 'llama.context_length': contextLength },
  ...(parameters !== undefined && { parameters }),
});

const known = (contextLength: number): ModelWindow => ({ contextLength, pinnedNumCtx: undefined });

describe('fitWindow', () => {
  const fits = (numCtx: number): WindowChoice => ({ kind: 'fits', numCtx });
  const need = (inputTokens: number, outputLimit?: number): WindowNeed => ({ inputTokens, outputLimit });

  it.each<[string, WindowNeed, ModelWindow | undefined, number, WindowChoice]>([
    ['the smallest size holds a short chat', need(10), undefined, 0, fits(8_192)],
    ['a longer one is given the next', need(5_000), undefined, 0, fits(16_384)],
    ['the limit of the answer counts', need(5_000, 100), undefined, 0, fits(8_192)],
    ['so does a large one', need(5_000, 32_000), undefined, 0, fits(65_536)],
    ['exactly full is full', need(8_000, 192), undefined, 0, fits(8_192)],
    ['one more is the next size', need(8_001, 192), undefined, 0, fits(16_384)],
    ['not more than the model can hold', need(30_000, 32_000), known(40_960), 0, fits(40_960)],
    ['nor for a short chat', need(10), known(2_048), 0, fits(2_048)],
    ['room for the answer is what is left', need(40_959, 8_000), known(40_960), 0, fits(40_960)],
    [
      'not less than its file asks for',
      need(10),
      { contextLength: 131_072, pinnedNumCtx: 32_768 },
      0,
      fits(32_768),
    ],
    [
      'but no more than it can hold',
      need(10),
      { contextLength: 4_096, pinnedNumCtx: 32_768 },
      0,
      fits(4_096),
    ],
    ['not less than it is loaded with', need(10), known(131_072), 65_536, fits(65_536)],
    [
      'unknown: nothing is refused',
      need(3_000_000),
      { contextLength: undefined, pinnedNumCtx: undefined },
      0,
      fits(4_194_304),
    ],
  ])('%s', (_name, one, window, loaded, choice) => {
    expect(fitWindow('llama3', one, window, loaded)).toEqual(choice);
  });

  it('refuses what does not fit, in words agents know', () => {
    const choice = fitWindow('llama3', need(50_000), known(40_960));
    expect(choice).toMatchObject({ kind: 'too-long', contextLength: 40_960 });
    expect(choice.kind === 'too-long' && choice.message).toMatch(
      /^prompt is too long: 50000 tokens > 40960 maximum .*context length of llama3/,
    );
    expect(fitWindow('llama3', need(40_960), known(40_960)).kind).toBe('too-long');
  });
});

describe('wasProbablyCut', () => {
  it.each<[string, number | undefined, number, number, boolean]>([
    ['a prompt that fits', 5_000, 8_192, 5_500, false],
    ['one that fills the window', 8_192, 8_192, 8_000, true],
    ['one that nearly does', 8_180, 8_192, 8_000, true],
    ['one that was cut in half', 4_100, 8_192, 20_000, true],
    ['one that was counted without its cache', 12, 8_192, 7_000, false],
    ['one that was estimated a little too high', 8_000, 8_192, 9_000, false],
    ['one that was not counted', undefined, 8_192, 5_000, false],
    ['one that was not counted and cannot have fitted', undefined, 4_096, 50_000, true],
  ])('%s', (_name, promptTokens, numCtx, estimate, isCut) => {
    expect(wasProbablyCut(promptTokens, numCtx, estimate)).toBe(isCut);
  });
});

describe('readWindow', () => {
  const none = { contextLength: undefined, pinnedNumCtx: undefined };

  it.each<[string, unknown, ModelWindow | undefined]>([
    ['the length of its architecture', shown(131_072), known(131_072)],
    [
      'of several, that of the main one',
      {
        model_info: {
          'general.architecture': 'mllama',
          'clip.context_length': 77,
          'mllama.context_length': 131_072,
        },
      },
      known(131_072),
    ],
    ['the only one there is', { model_info: { 'qwen3.context_length': 40_960 } }, known(40_960)],
    ['none of two', { model_info: { 'a.context_length': 1, 'b.context_length': 2 } }, none],
    ['no number', { model_info: { 'general.architecture': 'a', 'a.context_length': 'long' } }, none],
    [
      'what the Modelfile says',
      shown(
        131_072,
        'stop                           "<|end|>"\nnum_ctx                        32768\ntemperature 1',
      ),
      { contextLength: 131_072, pinnedNumCtx: 32_768 },
    ],
    ['a parameter of another name', shown(8_192, 'my_num_ctx 5\nnum_ctx_max 7'), known(8_192)],
    ['nothing', {}, none],
    ['null', null, undefined],
    ['no JSON', '<html>', undefined],
  ])('%s', (_name, body, window) => {
    expect(readWindow(typeof body === 'string' ? body : JSON.stringify(body))).toEqual(window);
  });
});

describe('createOllamaWindows', () => {
  it('asks the server as the provider is configured', () => {
    const { windows, sent } = start();
    void windows.windowOf(provider, 'llama3:8b');
    const { request } = sent[0]!;
    expect([request.method, request.origin, request.path]).toEqual([
      'POST',
      'http://attic:11434',
      '/ollama/api/show',
    ]);
    expect(JSON.parse(Buffer.concat(request.body as Buffer[]).toString())).toEqual({ model: 'llama3:8b' });
    expect(request.headers).toMatchObject({ authorization: 'Bearer sk-attic', 'x-room': 'attic' });
    expect(request.timeouts.totalMs).toBeLessThan(5_000);
  });

  it('asks once for many, and knows it then without a wait', async () => {
    const { windows, sent, answer } = start();
    const asked = [windows.windowOf(provider, 'm'), windows.windowOf(provider, 'm')];
    answer(0, shown(8_192));
    expect(await Promise.all(asked)).toEqual([known(8_192), known(8_192)]);
    expect(windows.windowOf(provider, 'm')).toEqual(known(8_192));
    expect(sent).toHaveLength(1);
  });

  it('asks for each model and each server', () => {
    const { windows, sent } = start();
    void windows.windowOf(provider, 'a');
    void windows.windowOf(provider, 'b');
    void windows.windowOf({ ...provider, name: 'cellar' }, 'a');
    void windows.windowOf({ ...provider, baseUrl: 'http://elsewhere' }, 'a');
    expect(sent.map(({ request }) => request.origin + request.path)).toEqual([
      'http://attic:11434/ollama/api/show',
      'http://attic:11434/ollama/api/show',
      'http://attic:11434/ollama/api/show',
      'http://elsewhere/api/show',
    ]);
  });

  it('asks again after ten minutes, and meanwhile says what it knew', async () => {
    const { windows, sent, answer, clock } = start();
    const asked = windows.windowOf(provider, 'm');
    answer(0, shown(8_192));
    await asked;
    clock.add(10 * 60_000);
    expect(windows.windowOf(provider, 'm')).toEqual(known(8_192));
    expect(windows.windowOf(provider, 'm')).toEqual(known(8_192));
    expect(sent).toHaveLength(2);
    answer(1, shown(131_072));
    await Promise.resolve();
    await Promise.resolve();
    expect(windows.windowOf(provider, 'm')).toEqual(known(131_072));
  });

  const failures: [string, (held: ReturnType<typeof heldTransport>) => void][] = [
    ['answers with an error', ({ answer }) => answer(0, { error: 'model not found' }, 404)],
    ['answers with a page', ({ answer }) => answer(0, '<html>')],
    [
      'cannot be reached',
      ({ sent }) =>
        sent[0]!.handler.onFailure({ kind: 'connect', code: 'ECONNREFUSED', message: '', wasSent: false }),
    ],
    [
      'answers without end',
      ({ sent }) => {
        sent[0]!.handler.onHead(200, {});
        sent[0]!.handler.onData(Buffer.alloc(5 * 1024 * 1024));
      },
    ],
  ];

  it.each(failures)('knows nothing of a server that %s, and asks again later', async (_name, fail) => {
    const held = start();
    const { windows, sent, clock } = held;
    const asked = windows.windowOf(provider, 'm');
    fail(held);
    expect(await asked).toBeUndefined();
    expect(windows.windowOf(provider, 'm')).toBeUndefined();
    expect(sent).toHaveLength(1);
    clock.add(30_000);
    expect(windows.windowOf(provider, 'm')).toBeInstanceOf(Promise);
    expect(sent).toHaveLength(2);
  });

  it('stops reading an answer without end', () => {
    const { windows, sent } = start();
    void windows.windowOf(provider, 'm');
    sent[0]!.handler.onHead(200, {});
    sent[0]!.handler.onData(Buffer.alloc(5 * 1024 * 1024));
    expect(sent[0]!.isAborted).toBe(true);
  });

  it('keeps what it knew when the server fails later', async () => {
    const { windows, answer, clock } = start();
    const asked = windows.windowOf(provider, 'm');
    answer(0, shown(8_192));
    await asked;
    clock.add(10 * 60_000);
    void windows.windowOf(provider, 'm');
    answer(1, 'oops', 500);
    await Promise.resolve();
    await Promise.resolve();
    expect(windows.windowOf(provider, 'm')).toEqual(known(8_192));
  });

  it('remembers a thousand models, those asked for last', async () => {
    const { windows, sent, answer } = start();
    const first = windows.windowOf(provider, 'first');
    answer(0, shown(8_192));
    await first;
    for (let nth = 1; nth < 1_000; nth += 1) void windows.windowOf(provider, `m${nth}`);
    expect(windows.windowOf(provider, 'first')).toEqual(known(8_192));
    void windows.windowOf(provider, 'one more');
    expect(windows.windowOf(provider, 'first')).toEqual(known(8_192));
    const before = sent.length;
    void windows.windowOf(provider, 'm1');
    expect(sent).toHaveLength(before + 1);
  });
});

describe('choose', () => {
  async function openModel(contextLength: number) {
    const held = start();
    const asked = held.windows.windowOf(provider, 'm');
    held.answer(0, shown(contextLength));
    await asked;
    return held;
  }
  const choose = (windows: OllamaWindows, inputTokens: number, outputLimit?: number) =>
    windows.choose(provider, 'm', { inputTokens, outputLimit });

  it('waits for the first answer', async () => {
    const { windows, answer } = start();
    const choice = choose(windows, 9_000);
    expect(choice).toBeInstanceOf(Promise);
    answer(0, shown(8_192));
    expect(await choice).toMatchObject({ kind: 'too-long', contextLength: 8_192 });
  });

  it('then says it at once', async () => {
    const { windows } = await openModel(131_072);
    expect(choose(windows, 9_000)).toEqual({ kind: 'fits', numCtx: 16_384 });
  });

  it('keeps the size a model is loaded with, until the server forgets it', async () => {
    const { windows, clock } = await openModel(131_072);
    expect(choose(windows, 20_000)).toEqual({ kind: 'fits', numCtx: 32_768 });
    clock.add(4 * 60_000);
    expect(choose(windows, 10)).toEqual({ kind: 'fits', numCtx: 32_768 });
    clock.add(4 * 60_000);
    expect(choose(windows, 10)).toEqual({ kind: 'fits', numCtx: 32_768 });
    clock.add(5 * 60_000);
    expect(choose(windows, 10)).toEqual({ kind: 'fits', numCtx: 8_192 });
  });

  it('is not moved by what it refuses', async () => {
    const { windows } = await openModel(16_384);
    expect(choose(windows, 100_000)).toMatchObject({ kind: 'too-long' });
    expect(choose(windows, 10)).toEqual({ kind: 'fits', numCtx: 8_192 });
  });
});

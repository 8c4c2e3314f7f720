/** The sandbox's embeddings: in every shape, of any length, the same for the same text, and its faults. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../base/clock.ts';
import type { JsonObject } from '../../wire/chat.ts';
import { type EmbeddingShape, embeddingShapes, vectorNumbers } from '../../wire/embeddings/index.ts';
import { formats } from '../../wire/formats.ts';
import { createSandboxEngine } from './engine.ts';
import { sandboxModels } from './models.ts';
import type { Answer, Script } from './script.ts';

const engine = createSandboxEngine({ formats: Object.values(formats), clock: systemClock, timing: 'none' });
const shapes = Object.values<EmbeddingShape>(embeddingShapes).filter(({ format }) => format in formats);

const paths = {
  'openai-embeddings': () => '/v1/embeddings',
  'ollama-embed': () => '/api/embed',
  'ollama-embeddings': () => '/api/embeddings',
  'gemini-embed': (model: string) => `/v1beta/models/${model}:embedContent`,
  'gemini-batch-embed': (model: string) => `/v1beta/models/${model}:batchEmbedContents`,
} as const;

function ask(shape: EmbeddingShape, body: JsonObject, model = 'embedder', orders?: string): Script {
  return engine.answer({
    method: 'POST',
    path: paths[shape.id](model),
    headers: orders === undefined ? {} : { 'x-sandbox': orders },
    body: Buffer.from(JSON.stringify(body)),
  });
}

function bodyOf(
  shape: EmbeddingShape,
  texts: readonly string[],
  more: object = {},
  model = 'embedder',
): JsonObject {
  const inputs = texts.map((content) => ({ content }));
  return shape.renderRequest({ model, inputs, encoding: 'float', ...more }).body;
}

function read(script: Script): { status: number; body: JsonObject } {
  const answer = script as Answer;
  let text = '';
  for (let piece = answer.next(); piece !== undefined; piece = answer.next()) text += String(piece);
  return { status: answer.status, body: JSON.parse(text) as JsonObject };
}

function vectorsOf(shape: EmbeddingShape, script: Script): (readonly number[])[] {
  const { status, body } = read(script);
  expect([status, body]).toEqual([200, body]);
  return shape.parseReply(body).vectors.map(vectorNumbers);
}

it('is tested in the shapes of all formats there are', () => {
  expect(shapes.length).toBeGreaterThanOrEqual(3);
});

describe.each(shapes)('$id', (shape) => {
  const isLegacy = shape.id === 'ollama-embeddings';

  it('gives the same unit vector for the same text, and another for another', () => {
    const of = (text: string) => vectorsOf(shape, ask(shape, bodyOf(shape, [text])))[0]!;
    expect(of('a cat')).toEqual(of('a cat'));
    expect(of('a cat')).not.toEqual(of('a dog'));
    expect(of('a cat')).toHaveLength(256);
    expect(Math.hypot(...of('a cat'))).toBeCloseTo(1, 5);
  });

  it.skipIf(isLegacy)('gives as many dimensions as asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (dimensions) => {
        const [vector] = vectorsOf(shape, ask(shape, bodyOf(shape, ['x'], { dimensions })));
        expect(vector).toHaveLength(dimensions);
      }),
      { numRuns: 20 },
    );
  });

  it.skipIf(isLegacy)('counts four characters a token', () => {
    const { body } = read(ask(shape, bodyOf(shape, ['12345678'])));
    expect(shape.readUsage(body)?.input).toBe(2);
  });

  it.each([
    ['a model it does not have', 'nobody', 404],
    ['a model that makes none', 'scribe', 400],
    ['a fault', 'fault-429', 429],
  ])('says no to %s', (_name, model, status) => {
    expect(read(ask(shape, bodyOf(shape, ['x'], {}, model), model)).status).toBe(status);
  });

  it('says no to a text beyond its window', () => {
    expect(read(ask(shape, bodyOf(shape, ['x'.repeat(40_000)]))).status).toBe(400);
  });

  it.each(['[]', '{', '{}', '{"model":"embedder","input":{}}', 'null'])('says no to %s', (body) => {
    const script = engine.answer({
      method: 'POST',
      path: paths[shape.id]('embedder'),
      headers: {},
      body: Buffer.from(body),
    });
    expect(read(script).status).toBe(400);
  });

  it('takes orders from the text and from beside it', () => {
    expect(read(ask(shape, bodyOf(shape, ['[[sandbox fail=503]] x']))).status).toBe(503);
    expect(read(ask(shape, bodyOf(shape, ['x']), 'embedder', 'fail=529')).status).toBe(529);
    expect(read(ask(shape, bodyOf(shape, ['[[sandbox nonsense=1]]']))).status).toBe(400);
    expect(ask(shape, bodyOf(shape, ['x']), 'embedder', 'fail=refuse')).toEqual({ type: 'refused' });
    expect(ask(shape, bodyOf(shape, ['x']), 'embedder', 'fail=hang')).toMatchObject({
      headAfterMs: Infinity,
    });
    expect(ask(shape, bodyOf(shape, ['x']), 'embedder', 'fail=cut')).toMatchObject({ ending: 'cut' });
    const { body } = read(ask(shape, bodyOf(shape, ['x']), 'embedder', 'fail=no-usage'));
    expect(shape.readUsage(body)).toBeUndefined();
    const counted = read(ask(shape, bodyOf(shape, ['x']), 'embedder', 'input-tokens=77'));
    if (!isLegacy) expect(shape.readUsage(counted.body)?.input).toBe(77);
  });
});

it('says the same in base64 and in numbers', () => {
  const shape = embeddingShapes['openai-embeddings'];
  const body = bodyOf(shape, ['a', 'b']);
  const numbers = vectorsOf(shape, ask(shape, body));
  expect(vectorsOf(shape, ask(shape, { ...body, encoding_format: 'base64' }))).toEqual(numbers);
});

it('embeds token ids too', () => {
  const shape = embeddingShapes['openai-embeddings'];
  const { body } = read(ask(shape, { model: 'embedder', input: [[1, 2, 3], [4]] }));
  expect(shape.readUsage(body)?.input).toBe(4);
  expect(shape.parseReply(body).vectors).toHaveLength(2);
});

it('gives no more numbers than fit', () => {
  const shape = embeddingShapes['openai-embeddings'];
  const input = Array.from({ length: 2048 }, () => 'x');
  expect(read(ask(shape, { model: 'embedder', input, dimensions: 40_960 })).status).toBe(400);
  expect(read(ask(shape, { model: 'embedder', input: [...input, 'x'] })).status).toBe(400);
});

it('has a priced model for it', () => {
  const model = sandboxModels.find(({ id }) => id === 'embedder')!;
  expect(model.prices[0]!.tiers[0]!.rates).toEqual({ input: 20_000, output: 0 });
});

/** `:embedContent` and `:batchEmbedContents`: one content or many, both spellings, and the model in path and body. */
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../chat.ts';
import { WireError } from '../format.ts';
import { geminiBatchEmbed as batch, geminiEmbed as single } from './gemini.ts';

const path = { model: 'gemini-embedding-001', isStream: false };
const content = (...texts: string[]): JsonObject => ({ parts: texts.map((text) => ({ text })) });
const named = (more: JsonObject): JsonObject => ({ model: 'models/gemini-embedding-001', ...more });

describe('requests', () => {
  it.each<[string, typeof single, JsonObject]>([
    ['one content', single, named({ content: content('a') })],
    [
      'one with everything',
      single,
      named({ content: content('a'), taskType: 'RETRIEVAL_DOCUMENT', title: 'T', outputDimensionality: 64 }),
    ],
    ['a field it has no word for', single, named({ content: content('a'), autoTruncate: true })],
    ['a batch', batch, { requests: [named({ content: content('a') }), named({ content: content('b') })] }],
    [
      'a batch whose requests differ',
      batch,
      {
        requests: [
          named({ content: content('a'), taskType: 'RETRIEVAL_QUERY' }),
          named({ content: content('b'), title: 'T', newField: 1 }),
        ],
      },
    ],
  ])('come back as they were: %s', (_name, shape, body) => {
    expect(shape.renderRequest(shape.parseRequest(body, path))).toEqual({ body, warnings: [] });
  });

  it.each<[string, JsonObject]>([
    ['snake case', { content: content('a'), task_type: 'X', output_dimensionality: 8 }],
    ['a config', { content: content('a'), embedContentConfig: { taskType: 'X', outputDimensionality: 8 } }],
    [
      'one part that is no list',
      { content: { parts: { text: 'a' } }, taskType: 'X', outputDimensionality: 8 },
    ],
  ])('are also written with %s', (_name, body) => {
    expect(single.parseRequest(body, path)).toEqual({
      model: 'gemini-embedding-001',
      inputs: [{ content: 'a', taskType: 'X' }],
      dimensions: 8,
      encoding: 'float',
    });
  });

  it('put several parts together, and say so', () => {
    const request = single.parseRequest({ content: content('a', 'b') }, path);
    expect(request.inputs).toEqual([{ content: 'a\nb', isJoined: true }]);
    expect(batch.renderRequest(request).warnings).toEqual([
      expect.objectContaining({ kind: 'approximated', path: 'inputs[0]' }),
    ]);
  });

  it.each<[string, typeof single, JsonObject, string]>([
    ['no content', single, {}, 'content'],
    ['no parts', single, { content: { parts: [] } }, 'content'],
    ['an image', single, { content: { parts: [{ inlineData: { data: '' } }] } }, 'content.parts[0]'],
    ['a title that is no text', single, { content: content('a'), title: 1 }, 'title'],
    ['no requests', batch, {}, 'requests'],
    ['an empty batch', batch, { requests: [] }, 'requests'],
    ['a request that is no object', batch, { requests: ['a'] }, 'requests[0]'],
    ['a request without content', batch, { requests: [{}] }, 'requests[0].content'],
    [
      'other dimensions in one batch',
      batch,
      { requests: [{ content: content('a') }, { content: content('b'), outputDimensionality: 8 }] },
      'requests[1].outputDimensionality',
    ],
  ])('are refused with %s', (_name, shape, body, param) => {
    expect(() => shape.parseRequest(body, path)).toThrow(
      expect.objectContaining({ name: 'WireError', param }),
    );
  });

  it('never carry token ids, which are another tokenizer’s', () => {
    const request = {
      model: 'm',
      inputs: [{ content: 'a' }, { content: [1, 2] }],
      encoding: 'float',
    } as const;
    expect(() => batch.renderRequest(request)).toThrow(
      expect.objectContaining({ name: 'WireError', param: 'input[1]' }),
    );
  });
  it('carry one content only where there is room for one', () => {
    const inputs = [{ content: 'a' }, { content: 'b' }];
    expect(() => single.renderRequest({ model: 'm', inputs, encoding: 'float' })).toThrow(WireError);
  });
});

describe('the model in the body', () => {
  it.each<[string, typeof single, JsonObject, JsonObject]>([
    ['of one', single, { model: 'models/ref', content: {} }, { model: 'models/real', content: {} }],
    [
      'of each in a batch',
      batch,
      { requests: [{ model: 'models/ref', n: 1 }, { n: 2 }] },
      { requests: [{ model: 'models/real', n: 1 }, { n: 2 }] },
    ],
  ])('%s becomes the one of the path', (_name, shape, body, expected) => {
    expect(shape.withModel(body, 'real')).toEqual(expected);
  });
  it('of a tuned one is its own', () => {
    const body = { model: 'models/ref' };
    expect(single.withModel(body, 'tunedModels/mine')).toEqual({ model: 'tunedModels/mine' });
    expect(single.withModel(body, 'models/real')).toEqual({ model: 'models/real' });
  });
  it.each<[string, typeof single, JsonObject]>([
    ['that says it right', single, { model: 'models/real' }],
    ['that does not say it', single, { content: {} }],
    ['whose batch says it right', batch, { requests: [{ model: 'models/real' }] }],
    ['whose batch is none', batch, { requests: 'x' as JsonValue }],
  ])('stays the same object where nothing changes: one %s', (_name, shape, body) => {
    expect(shape.withModel(body, 'real')).toBe(body);
  });
});

describe('replies', () => {
  const usageMetadata = { promptTokenCount: 7 };
  const context = { model: 'm', encoding: 'float', inputEstimate: 1 } as const;
  it.each<[string, typeof single, JsonObject]>([
    ['one', single, { embedding: { values: [1, 2] } }],
    ['one with usage', single, { embedding: { values: [1, 2] }, usageMetadata }],
    ['many', batch, { embeddings: [{ values: [1] }, { values: [2] }], usageMetadata }],
  ])('come back as they were: %s', (_name, shape, body) => {
    expect(shape.renderReply(shape.parseReply(body), context)).toEqual({ body, warnings: [] });
  });
  it('report what the newer models count', () => {
    expect(batch.readUsage({ usageMetadata })).toEqual({ input: 7, raw: usageMetadata });
    expect(batch.readUsage({})).toBeUndefined();
  });
  it.each<[string, typeof single, JsonObject]>([
    ['no embedding', single, {}],
    ['no values', single, { embedding: {} }],
    ['values that are none', single, { embedding: { values: ['1'] } }],
    ['no embeddings', batch, { embedding: { values: [1] } }],
  ])('with %s are none', (_name, shape, body) => {
    expect(() => shape.parseReply(body)).toThrow(WireError);
  });
  it('are not cut down to one', () => {
    const vectors = [1, 2].map((value) => ({ encoding: 'float', values: [value] }) as const);
    expect(() => single.renderReply({ model: 'm', vectors }, context)).toThrow(WireError);
    expect(() => single.renderReply({ model: 'm', vectors: [] }, context)).toThrow(WireError);
  });
});

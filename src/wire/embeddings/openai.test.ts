/** `/v1/embeddings`: every way to write the input, base64 or numbers, and bodies that are none. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../chat.ts';
import { WireError } from '../format.ts';
import { openaiEmbeddings as shape } from './openai.ts';

const context = { model: 'emb', encoding: 'float', inputEstimate: 9 } as const;

describe('requests', () => {
  it.each<[string, JsonObject, unknown[]]>([
    ['a text', { input: 'one' }, ['one']],
    ['texts', { input: ['one', 'two'] }, ['one', 'two']],
    ['an empty text, which is for the provider to refuse', { input: '' }, ['']],
    ['a token array', { input: [1, 2, 3] }, [[1, 2, 3]]],
    ['token arrays', { input: [[1, 2], [3]] }, [[1, 2], [3]]],
    ['texts and token arrays', { input: ['one', [3]] }, ['one', [3]]],
  ])('reads %s', (_name, body, contents) => {
    const request = shape.parseRequest({ model: 'm', ...body });
    expect(request.inputs.map(({ content }) => content)).toEqual(contents);
  });

  it('reads every field, and keeps those it has no word for', () => {
    const body = {
      model: 'm',
      input: ['a', 'b'],
      dimensions: 64,
      encoding_format: 'base64',
      user: 'u1',
      input_type: 'query',
    };
    const request = shape.parseRequest(body);
    expect(request).toEqual({
      model: 'm',
      inputs: [{ content: 'a' }, { content: 'b' }],
      dimensions: 64,
      encoding: 'base64',
      endUser: 'u1',
      extra: { shape: 'openai-embeddings', fields: { input_type: 'query' } },
    });
    expect(shape.renderRequest(request)).toEqual({ body, warnings: [] });
  });

  it('takes null for absent', () => {
    const nulls = { dimensions: null, encoding_format: null, user: null };
    expect(shape.parseRequest({ model: 'm', input: 'a', ...nulls })).toEqual({
      model: 'm',
      inputs: [{ content: 'a' }],
      encoding: 'float',
    });
  });

  it.each<[string, JsonObject, string]>([
    ['no model', { input: 'a' }, 'model'],
    ['an empty model', { model: '', input: 'a' }, 'model'],
    ['a model that is no text', { model: 5, input: 'a' }, 'model'],
    ['no input', { model: 'm' }, 'input'],
    ['null as input', { model: 'm', input: null }, 'input'],
    ['an object as input', { model: 'm', input: { text: 'a' } }, 'input'],
    ['an empty list', { model: 'm', input: [] }, 'input'],
    ['an empty token array', { model: 'm', input: [[]] }, 'input[0]'],
    ['an object in the list', { model: 'm', input: ['a', {}] }, 'input[1]'],
    ['negative tokens', { model: 'm', input: [-1] }, 'input'],
    ['tokens that are no integers', { model: 'm', input: [[1.5]] }, 'input[0]'],
    ['text among tokens', { model: 'm', input: [1, 'a'] }, 'input'],
    ['no dimensions', { model: 'm', input: 'a', dimensions: 0 }, 'dimensions'],
    ['half a dimension', { model: 'm', input: 'a', dimensions: 0.5 }, 'dimensions'],
    ['a million dimensions', { model: 'm', input: 'a', dimensions: 1e6 }, 'dimensions'],
    ['dimensions as text', { model: 'm', input: 'a', dimensions: '8' }, 'dimensions'],
    ['another encoding', { model: 'm', input: 'a', encoding_format: 'int8' }, 'encoding_format'],
    ['a user that is no text', { model: 'm', input: 'a', user: 7 }, 'user'],
  ])('refuses %s', (_name, body, param) => {
    expect(() => shape.parseRequest(body)).toThrow(expect.objectContaining({ name: 'WireError', param }));
  });

  it('says which purposes it cannot carry', () => {
    const { body, warnings } = shape.renderRequest({
      model: 'm',
      inputs: [
        { content: 'a', taskType: 'RETRIEVAL_QUERY' },
        { content: 'b\nc', isJoined: true, title: 'T', extra: { shape: 'gemini-embed', fields: { x: 1 } } },
      ],
      encoding: 'float',
      truncate: false,
      extra: { shape: 'ollama-embed', fields: { keep_alive: '5m' } },
    });
    expect(body).toEqual({ model: 'm', input: ['a', 'b\nc'] });
    expect(warnings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'dropped inputs[0].taskType',
      'dropped inputs[1].extra.x',
      'dropped inputs[1].title',
      'dropped truncate',
      'approximated inputs[1]',
      'dropped extra.keep_alive',
    ]);
  });
});

describe('replies', () => {
  const row = (index: number, embedding: unknown): JsonObject =>
    ({ object: 'embedding', index, embedding }) as JsonObject;

  it('are put in the order of their indexes', () => {
    const reply = shape.parseReply({ data: [row(1, [2]), row(0, [1])], model: 'm' });
    expect(reply.vectors.map((vector) => 'values' in vector && vector.values)).toEqual([[1], [2]]);
  });
  it('keep base64 as it came, and decode it for who wants numbers', () => {
    const reply = shape.parseReply({
      data: [row(0, 'AACAPw==')],
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    expect(reply.vectors).toEqual([{ encoding: 'base64', data: 'AACAPw==' }]);
    const { body } = shape.renderReply(reply, context);
    expect(body).toEqual({
      object: 'list',
      data: [row(0, [1])],
      model: 'emb',
      usage: { prompt_tokens: 3, total_tokens: 3 },
    });
    const same = shape.renderReply(reply, { ...context, encoding: 'base64' });
    expect(same.body.data).toEqual([row(0, 'AACAPw==')]);
  });
  it('tell an estimate where none was reported, and say so', () => {
    const { body, warnings } = shape.renderReply(
      { model: 'm', vectors: [{ encoding: 'float', values: [1] }] },
      context,
    );
    expect(body.usage).toEqual({ prompt_tokens: 9, total_tokens: 9 });
    expect(warnings).toEqual([expect.objectContaining({ kind: 'approximated', path: 'usage' })]);
  });
  it.each<[string, JsonObject]>([
    ['no data', {}],
    ['data that is no list', { data: 'x' }],
    ['a row that is no object', { data: [1] }],
    ['a row without an embedding', { data: [{ index: 0 }] }],
    ['an empty embedding', { data: [row(0, [])] }],
    ['an embedding with a hole', { data: [row(0, [1, null])] }],
  ])('with %s are none', (_name, body) => {
    expect(() => shape.parseReply(body)).toThrow(WireError);
  });
  it.each<[string, unknown, unknown]>([
    ['none', undefined, undefined],
    ['prompt tokens', { prompt_tokens: 4, total_tokens: 4 }, { input: 4 }],
    ['only the total', { total_tokens: 5 }, { input: 5 }],
    ['no number', { prompt_tokens: 'many' }, { input: Number.NaN }],
    ['a cost', { prompt_tokens: 4, cost: 8e-8 }, { input: 4, reportedCostUsd: '8e-8' }],
  ])('report usage: %s', (_name, usage, expected) => {
    const found = shape.readUsage({ usage } as JsonObject);
    if (expected === undefined) expect(found).toBeUndefined();
    else expect(found).toEqual({ ...(expected as object), raw: usage });
  });
});

describe('bytes that pass', () => {
  const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  it.each<[unknown, string]>([
    [{ encoding_format: 'base64' }, 'base64'],
    [{ encoding_format: 'float', user: 'base64' }, 'float'],
    [{ input: 'base64' }, 'float'],
    [{ encoding_format: ['base64'] }, 'float'],
    ['base64', 'float'],
  ])('of %j ask for %s', (body, encoding) => {
    expect(shape.readEncoding(bytes(body))).toBe(encoding);
  });

  const numbers = {
    object: 'list',
    data: [
      { index: 0, embedding: [1, -2] },
      { index: 1, embedding: 'AACAPw==' },
    ],
    x: 1,
  };
  it('are encoded where numbers came to a client that asked for base64', () => {
    const body = Buffer.from(JSON.stringify(numbers, undefined, 2));
    expect(JSON.parse(shape.recode(body, 'base64').toString())).toEqual({
      ...numbers,
      data: [
        { index: 0, embedding: 'AACAPwAAAMA=' },
        { index: 1, embedding: 'AACAPw==' },
      ],
    });
  });
  it.each<[string, unknown, 'float' | 'base64']>([
    ['numbers were asked for', numbers, 'float'],
    ['base64 came', { data: [{ embedding: 'AACAPw==' }] }, 'base64'],
    ['it is an error', { error: { message: '"embedding": [' } }, 'base64'],
    ['it only looks like vectors', { data: 5, embedding: [1] }, 'base64'],
    ['the vectors are none', { data: [{ embedding: [null] }] }, 'base64'],
  ])('stay the same bytes where %s', (_name, body, encoding) => {
    const came = bytes(body);
    expect(shape.recode(came, encoding)).toBe(came);
  });
});

const RECORDING = join(
  import.meta.dirname,
  '../../../../shared/data/wire/openai/embeddings-n-vercel-openai-embedding.json',
);

it.skipIf(!existsSync(RECORDING))(`reads what the API sent (skipped where ${RECORDING} is absent)`, () => {
  const body = JSON.parse(readFileSync(RECORDING, 'utf8')) as JsonObject;
  const reply = shape.parseReply(body);
  expect(reply.vectors.length).toBe(2);
  expect(reply.usage?.input).toBe(12);
  expect(shape.renderReply(reply, { ...context, model: reply.model })).toEqual({ body, warnings: [] });
});

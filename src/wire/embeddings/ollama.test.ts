/** `/api/embed` and the legacy `/api/embeddings`. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../chat.ts';
import { WireError } from '../format.ts';
import { ollamaEmbed as embed, ollamaEmbeddings as legacy } from './ollama.ts';

const context = { model: 'nomic', encoding: 'float', inputEstimate: 5 } as const;

describe('requests', () => {
  it.each<[string, typeof embed, JsonObject]>([
    ['a text', embed, { model: 'm', input: 'a' }],
    ['texts', embed, { model: 'm', input: ['a', 'b'] }],
    [
      'everything',
      embed,
      { model: 'm', input: 'a', truncate: false, dimensions: 64, keep_alive: '5m', options: { num_ctx: 1 } },
    ],
    ['a prompt', legacy, { model: 'm', prompt: 'a', keep_alive: 0 }],
  ])('come back as they were: %s', (_name, shape, body) => {
    expect(shape.renderRequest(shape.parseRequest(body))).toEqual({ body, warnings: [] });
  });
  it.each<[string, typeof embed, JsonObject, string]>([
    ['no model', embed, { input: 'a' }, 'model'],
    ['no input', embed, { model: 'm' }, 'input'],
    ['an empty list', embed, { model: 'm', input: [] }, 'input'],
    ['token ids', embed, { model: 'm', input: [1] }, 'input[0]'],
    ['truncate as text', embed, { model: 'm', input: 'a', truncate: 'yes' }, 'truncate'],
    ['bad dimensions', embed, { model: 'm', input: 'a', dimensions: -1 }, 'dimensions'],
    ['no prompt', legacy, { model: 'm', input: 'a' }, 'prompt'],
    ['a list as prompt', legacy, { model: 'm', prompt: ['a'] }, 'prompt'],
  ])('are refused with %s', (_name, shape, body, param) => {
    expect(() => shape.parseRequest(body)).toThrow(expect.objectContaining({ name: 'WireError', param }));
  });
  it('name what they cannot carry, and refuse what would change the vectors', () => {
    const inputs = [{ content: 'a', taskType: 'X', title: 'T' }];
    const { body, warnings } = embed.renderRequest({ model: 'm', inputs, encoding: 'base64', endUser: 'u' });
    expect(body).toEqual({ model: 'm', input: 'a' });
    expect(warnings.map(({ path }) => path)).toEqual(['inputs[0].taskType', 'inputs[0].title', 'endUser']);
    const request = { model: 'm', encoding: 'float' } as const;
    expect(() => embed.renderRequest({ ...request, inputs: [{ content: [1] }] })).toThrow(WireError);
    expect(() => legacy.renderRequest({ ...request, inputs: [...inputs, ...inputs] })).toThrow(WireError);
    expect(() => legacy.renderRequest({ ...request, inputs, dimensions: 8 })).toThrow(WireError);
  });
});

describe('replies', () => {
  it('tell vectors and usage', () => {
    const body = { model: 'nomic', embeddings: [[1, 2], [3]], prompt_eval_count: 8 };
    const reply = embed.parseReply({ ...body, total_duration: 5 });
    expect(reply.usage).toEqual({ input: 8, raw: { prompt_eval_count: 8 } });
    expect(embed.renderReply(reply, context)).toEqual({ body, warnings: [] });
  });
  it('of the legacy call are one vector without usage', () => {
    const body = { embedding: [1, 2] };
    const reply = legacy.parseReply(body);
    expect(reply).toEqual({ model: '', vectors: [{ encoding: 'float', values: [1, 2] }] });
    expect(legacy.renderReply(reply, context)).toEqual({ body, warnings: [] });
    expect(embed.renderReply(reply, context).body).toEqual({
      model: 'nomic',
      embeddings: [[1, 2]],
      prompt_eval_count: 5,
    });
  });
  it.each<[string, typeof embed, JsonObject]>([
    ['no embeddings', embed, {}],
    ['embeddings that are none', embed, { embeddings: [1, 2] }],
    ['no embedding', legacy, { embeddings: [[1]] }],
    // What a model that cannot embed answers.
    ['an empty embedding', legacy, { embedding: [] }],
  ])('with %s are none', (_name, shape, body) => {
    expect(() => shape.parseReply(body)).toThrow(WireError);
  });
  it('report what is no number as what it is', () => {
    expect(embed.readUsage({ prompt_eval_count: 'x' })).toMatchObject({ input: Number.NaN });
    expect(embed.readUsage({})).toBeUndefined();
  });
});

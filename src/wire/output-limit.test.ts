/** Output limits written into bodies: each format's places, thinking budgets, and nothing else touched. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FormatId, JsonObject } from './chat.ts';
import { formats } from './formats.ts';
import { thinkingFloor, withOutputLimit } from './output-limit.ts';

const LIMIT = 2_000;

function limited(format: FormatId, body: string, limit = LIMIT, options = {}): string | undefined {
  const pieces = withOutputLimit(formats[format].places, Buffer.from(body), limit, options);
  return pieces && Buffer.concat(pieces).toString();
}

describe('a limit is lowered or put in, and every other byte stays', () => {
  it.each<[FormatId, string, string]>([
    ['openai-chat', '{"model":"gpt-4o","n":1}', '{"max_tokens":2000,"model":"gpt-4o","n":1}'],
    ['openai-chat', '{"model":"gpt-5-mini"}', '{"max_completion_tokens":2000,"model":"gpt-5-mini"}'],
    ['openai-chat', '{ "model":"x", "max_tokens" : 9000 }', '{ "model":"x", "max_tokens" : 2000 }'],
    [
      'openai-chat',
      '{"max_tokens":9000,"max_completion_tokens":3000}',
      '{"max_tokens":2000,"max_completion_tokens":2000}',
    ],
    [
      'openai-chat',
      '{"max_tokens":9000,"max_completion_tokens":300}',
      '{"max_tokens":2000,"max_completion_tokens":300}',
    ],
    ['openai-chat', '{"max_tokens":-1}', '{"max_tokens":2000}'],
    ['openai-chat', '{"model":"x","max_tokens":null}', '{"model":"x","max_tokens":2000}'],
    [
      'openai-chat',
      '{"model":"o3","max_tokens":null}',
      '{"max_completion_tokens":2000,"model":"o3","max_tokens":null}',
    ],
    [
      'openai-chat',
      '{"reasoning":{"max_tokens":8000},"max_tokens":9000}',
      '{"reasoning":{"max_tokens":1024},"max_tokens":2000}',
    ],
    ['openai-responses', '{"input":"x"}', '{"max_output_tokens":2000,"input":"x"}'],
    ['openai-responses', '{"max_output_tokens":1e5}', '{"max_output_tokens":2000}'],
    ['anthropic-messages', '{"max_tokens":8192}', '{"max_tokens":2000}'],
    ['anthropic-messages', '{"max_tokens":0}', '{"max_tokens":0}'],
    [
      'anthropic-messages',
      '{"max_tokens":1999,"thinking":{"type":"enabled","budget_tokens":1500}}',
      '{"max_tokens":1999,"thinking":{"type":"enabled","budget_tokens":1500}}',
    ],
    [
      'anthropic-messages',
      '{"thinking":{"type":"enabled", "budget_tokens": 4000},"max_tokens":8192}',
      '{"thinking":{"type":"enabled", "budget_tokens": 1024},"max_tokens":2000}',
    ],
    [
      'anthropic-messages',
      '{"thinking":{"type":"adaptive"},"max_tokens":8192}',
      '{"thinking":{"type":"adaptive"},"max_tokens":2000}',
    ],
    ['gemini-generate', '{"contents":[]}', '{"generationConfig":{"maxOutputTokens":2000},"contents":[]}'],
    ['gemini-generate', '{"generationConfig":{}}', '{"generationConfig":{"maxOutputTokens":2000}}'],
    ['gemini-generate', '{"generationConfig":null}', '{"generationConfig":{"maxOutputTokens":2000}}'],
    [
      'gemini-generate',
      '{"generationConfig":{"topK":1}}',
      '{"generationConfig":{"maxOutputTokens":2000,"topK":1}}',
    ],
    [
      'gemini-generate',
      '{"generation_config":{"topK":1}}',
      '{"generation_config":{"max_output_tokens":2000,"topK":1}}',
    ],
    [
      'gemini-generate',
      '{"generation_config":{"max_output_tokens":3000}}',
      '{"generation_config":{"max_output_tokens":2000}}',
    ],
    [
      'gemini-generate',
      '{"generationConfig":{"max_output_tokens":3000}}',
      '{"generationConfig":{"max_output_tokens":2000}}',
    ],
    [
      'gemini-generate',
      '{"generationConfig":{"maxOutputTokens":0}}',
      '{"generationConfig":{"maxOutputTokens":2000}}',
    ],
    [
      'gemini-generate',
      '{"generationConfig":{"maxOutputTokens":9000,"thinkingConfig":{"thinkingBudget":8000}}}',
      '{"generationConfig":{"maxOutputTokens":2000,"thinkingConfig":{"thinkingBudget":976}}}',
    ],
    [
      'gemini-generate',
      '{"generationConfig":{"thinkingConfig":{"thinkingBudget":-1}}}',
      '{"generationConfig":{"maxOutputTokens":2000,"thinkingConfig":{"thinkingBudget":-1}}}',
    ],
    ['ollama-chat', '{"messages":[]}', '{"options":{"num_predict":2000},"messages":[]}'],
    ['ollama-chat', '{"options":{"num_predict":-1}}', '{"options":{"num_predict":2000}}'],
    [
      'ollama-chat',
      '{"options":{"seed":1},"messages":[]}',
      '{"options":{"num_predict":2000,"seed":1},"messages":[]}',
    ],
    ['ollama-chat', '{"options":{"num_predict":12}}', '{"options":{"num_predict":12}}'],
  ])('%s %s', (format, body, expected) => {
    expect(limited(format, body)).toBe(expected);
  });

  it('lets those who know the upstream name the field', () => {
    const options = { field: 'max_completion_tokens' };
    expect(limited('openai-chat', '{"model":"my-deployment"}', LIMIT, options)).toContain(
      '"max_completion_tokens":2000',
    );
    expect(limited('openai-chat', '{"model":"fast"}', LIMIT, { model: 'o4-mini' })).toContain(
      '"max_completion_tokens":2000',
    );
    expect(limited('openai-chat', '{"model":"o4-mini"}', LIMIT, { model: 'llama' })).toContain(
      '"max_tokens":2000',
    );
  });

  it('puts a limit into the empty body without a comma', () => {
    expect(limited('anthropic-messages', '{}')).toBe('{"max_tokens":2000}');
  });
});

describe('where it cannot be written', () => {
  it.each<[FormatId, string, number?]>([
    ['openai-chat', '[]'],
    ['openai-chat', '{"max_tokens":9000'],
    ['openai-chat', '{"max_tokens":"9000"}'],
    ['openai-chat', '{"max_tokens":1,"max_tokens":9000}'],
    ['openai-chat', '{"Max_Tokens":9000}'],
    ['gemini-generate', '{"generationConfig":[]}'],
    ['gemini-generate', '{"generationConfig":{"maxOutputTokens":{}}}'],
    ['ollama-chat', '{"options":{"Num_Predict":9000}}'],
    ['anthropic-messages', '{"max_tokens":8192,"thinking":{"type":"enabled","budget_tokens":2000}}', 1_024],
  ])('%s %s', (format, body, limit) => {
    expect(limited(format, body, limit)).toBeUndefined();
  });
});

describe('the least limit beside a thinking budget', () => {
  it.each<[FormatId, string, number]>([
    ['anthropic-messages', '{"max_tokens":8192}', 0],
    ['anthropic-messages', '{"messages":[{"role":"user","content":"\\"budget_tokens\\""}]}', 0],
    ['anthropic-messages', '{"thinking":{"type":"enabled","budget_tokens":8000}}', 2_048],
    ['anthropic-messages', '{"thinking":{"type":"disabled"}}', 0],
    ['gemini-generate', '{"generation_config":{"thinking_config":{"thinking_budget":4000}}}', 1_536],
    ['gemini-generate', '{"generationConfig":{"thinkingConfig":{"thinkingBudget":200}}}', 1_224],
    ['gemini-generate', '{"generationConfig":{"thinkingConfig":{"thinkingBudget":0}}}', 0],
    ['openai-chat', '{"reasoning_effort":"high","max_tokens":4}', 0],
    ['openai-responses', '{"reasoning":{"effort":"high"}}', 0],
    ['ollama-chat', '{"think":true}', 0],
  ])('%s %s', (format, body, floor) => {
    expect(thinkingFloor(formats[format].places, Buffer.from(body))).toBe(floor);
  });
});

/** Bodies that parse, with and without limits, spelled in every way. */
const bodies: Readonly<Record<FormatId, fc.Arbitrary<JsonObject>>> = {
  'openai-chat': openAiBody(),
  'openai-responses': fc.record(
    { model: fc.constant('m'), input: fc.string(), max_output_tokens: limitIn() },
    { requiredKeys: ['model', 'input'] },
  ),
  'anthropic-messages': fc.record(
    {
      model: fc.constant('claude-sonnet-4-5'),
      messages: turns('content'),
      max_tokens: limitIn(),
      thinking: fc.constant({ type: 'enabled', budget_tokens: 60_000 }),
    },
    { requiredKeys: ['model', 'messages', 'max_tokens'] },
  ),
  'gemini-generate': fc
    .tuple(
      fc.string(),
      fc.constantFrom('generationConfig', 'generation_config', undefined),
      fc.constantFrom('maxOutputTokens', 'max_output_tokens', 'topK'),
      limitIn(),
    )
    .map(([text, holder, name, value]) => ({
      contents: [{ role: 'user', parts: [{ text }] }],
      ...(holder !== undefined && { [holder]: { [name]: value } }),
    })),
  'ollama-chat': fc.record(
    {
      model: fc.constant('m'),
      messages: turns('content'),
      options: fc.record({ seed: fc.nat(), num_predict: limitIn() }, { requiredKeys: [] }),
    },
    { requiredKeys: ['model', 'messages'] },
  ),
};

/** Above the limits tried below. */
function limitIn(): fc.Arbitrary<number> {
  return fc.integer({ min: 50_000, max: 200_000 });
}

function turns(field: string): fc.Arbitrary<JsonObject[]> {
  return fc.string({ unit: 'grapheme' }).map((text) => [{ role: 'user', [field]: `${text}.` }]);
}

function openAiBody(): fc.Arbitrary<JsonObject> {
  return fc.record(
    {
      model: fc.constantFrom('gpt-4o', 'gpt-5', 'llama'),
      messages: turns('content'),
      max_tokens: limitIn(),
      max_completion_tokens: limitIn(),
    },
    { requiredKeys: ['model', 'messages'] },
  );
}

describe('whatever the body', () => {
  it.each(Object.keys(bodies) as FormatId[])('%s means the same with the new limit', (id) => {
    const format = formats[id];
    const limits = fc.integer({ min: 2_048, max: 40_000 });
    fc.assert(
      fc.property(bodies[id], limits, fc.constantFrom(undefined, 2), (body, limit, space) => {
        const written = limited(id, JSON.stringify(body, null, space), limit);
        const path = { model: 'm', isStream: false };
        const target = format.places.model === 'path' ? path : undefined;
        const read = format.parseRequest(JSON.parse(written!), target);
        const before = format.parseRequest(body, target);
        expect(read.maxOutputTokens).toBe(limit);
        expect(read.turns).toEqual(before.turns);
        expect(read.reasoning?.budgetTokens ?? 0).toBeLessThan(limit);
        expect(withoutLimits(JSON.parse(written!))).toEqual(withoutLimits(body));
      }),
      { numRuns: 60 },
    );
  });
});

/** The body without what a lower limit may change. */
function withoutLimits(body: JsonObject): JsonObject {
  const limits = /max_?(?:output_?|completion_?)?tokens|num_predict|budget_tokens/i;
  const text = JSON.stringify(body, (name, value) => (limits.test(name) ? undefined : value));
  const { generationConfig = {}, generation_config: snake = {}, options = {}, ...rest } = JSON.parse(text);
  return { ...rest, generationConfig, snake, options };
}

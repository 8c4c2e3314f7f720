/** Parse, then render, changes nothing: on the fixtures and on generated requests and replies. */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { JsonObject, JsonValue } from '../chat.ts';
import { expectReplyKept, expectRequestKept, jsonFixtures } from './__fixtures__/laws.ts';

describe('requests', () => {
  it.each(jsonFixtures('requests'))('$name comes back unchanged', ({ body }) => expectRequestKept(body));

  it('come back unchanged whatever they hold, in either spelling', () => {
    fc.assert(
      fc.property(request, fc.boolean(), (body, isSnake) =>
        expectRequestKept(isSnake ? (inSnakeCase(body) as JsonObject) : body),
      ),
      { numRuns: 500 },
    );
  });
});

describe('replies', () => {
  it.each(jsonFixtures('replies'))('$name comes back unchanged', ({ body }) => void expectReplyKept(body));

  it('come back unchanged whatever they hold', () => {
    fc.assert(
      fc.property(reply, (body) => void expectReplyKept(body)),
      { numRuns: 300 },
    );
  });
});

/** All names, those that a user wrote too: what Google knows under one name it must know under the other. */
function inSnakeCase(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(inSnakeCase);
  if (typeof value !== 'object' || value === null) return value;
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [snake(key), inSnakeCase(one)]));
}

const text = fc.string({ maxLength: 12, unit: 'grapheme' });
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/);
const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
const object = fc.dictionary(name, json, { maxKeys: 2 });
/** Fields no version of this code knows. */
const unknown = fc.dictionary(fc.stringMatching(/^x_[a-z]{1,4}$/), json, { maxKeys: 1 });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

/** A wire object whose fields may be absent, beside unknown ones. */
function wire(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
) {
  const known = fc.record({ ...required, ...optional } as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: Object.keys(required),
  });
  return fc
    .tuple(known, fc.oneof({ arbitrary: fc.constant({}), weight: 3 }, unknown))
    .map(([fields, more]) => JSON.parse(JSON.stringify({ ...more, ...fields })) as JsonObject);
}

const signature = fc.constantFrom('CiQBVKhc', 'Aa+/==', 'skip_thought_signature_validator', '');
const mimeType = fc.constantFrom(
  'image/png',
  'application/pdf',
  'audio/wav',
  'video/mp4',
  'text/plain',
  'odd',
);
const blob = wire({}, { mimeType, data: fc.base64String({ maxLength: 8 }), displayName: text });
const file = wire(
  { fileUri: fc.constantFrom('https://x.test/a.png', 'https://x.test/a', 'gs://b/c', 'files/x', '') },
  { mimeType, displayName: text },
);
const part = fc.oneof(
  wire({ text }, { thought: fc.boolean(), thoughtSignature: signature, partMetadata: orNull(object) }),
  wire({ inlineData: blob }, { videoMetadata: object, thought: fc.boolean(), thoughtSignature: signature }),
  wire({ fileData: file }),
  wire(
    {
      functionCall: wire(
        {},
        { id: name, name, args: orNull(fc.oneof(object, json)), willContinue: fc.boolean() },
      ),
    },
    { thoughtSignature: signature, thought: fc.boolean() },
  ),
  wire({
    functionResponse: wire(
      {},
      {
        id: orNull(name),
        name,
        response: fc.oneof(wire({}, { output: json, error: json, result: text, name }), json),
        parts: fc.array(fc.oneof(wire({ inlineData: blob }), wire({ fileData: file }), unknown), {
          maxLength: 2,
        }),
        scheduling: text,
      },
    ),
  }),
  wire({ executableCode: object }, { text: fc.constant('') }),
  wire({ thoughtSignature: signature }, { thought: fc.boolean() }),
  unknown,
);
const content = wire(
  {},
  {
    role: orNull(fc.constantFrom('user', 'model', 'function')),
    parts: orNull(fc.array(part, { maxLength: 4 })),
  },
);
const schema = fc.oneof(
  object,
  wire(
    {},
    {
      type: fc.constantFrom('OBJECT', 'object', 'STRING', 'TYPE_UNSPECIFIED'),
      nullable: fc.boolean(),
      properties: fc.dictionary(name, object, { maxKeys: 2 }),
      minItems: fc.constantFrom('1', 1),
      anyOf: fc.array(object, { maxLength: 2 }),
      propertyOrdering: fc.array(name, { maxLength: 2 }),
    },
  ),
);
const declaration = wire(
  { name },
  {
    description: orNull(text),
    parameters: orNull(schema),
    parametersJsonSchema: schema,
    behavior: text,
    response: schema,
  },
);
const tool = wire(
  {},
  {
    functionDeclarations: orNull(fc.array(declaration, { maxLength: 2 })),
    googleSearch: orNull(object),
    codeExecution: object,
  },
);
const toolConfig = wire(
  {},
  {
    functionCallingConfig: orNull(
      wire(
        {},
        {
          mode: fc.constantFrom('AUTO', 'ANY', 'NONE', 'VALIDATED', 'any'),
          allowedFunctionNames: orNull(fc.array(name, { maxLength: 2 })),
        },
      ),
    ),
    retrievalConfig: object,
  },
);
const number = (value: fc.Arbitrary<number>) => orNull(value);
const generationConfig = wire(
  {},
  {
    temperature: number(fc.double({ min: 0, max: 2, noNaN: true })),
    topK: number(fc.nat()),
    maxOutputTokens: number(fc.nat()),
    stopSequences: orNull(fc.array(text, { maxLength: 2 })),
    candidateCount: fc.constantFrom(1, 2),
    responseMimeType: fc.constantFrom('text/plain', 'application/json', 'text/x.enum'),
    responseSchema: orNull(schema),
    responseJsonSchema: orNull(schema),
    responseModalities: fc.constantFrom(['TEXT'], ['IMAGE'], []),
    thinkingConfig: orNull(
      wire(
        {},
        {
          thinkingBudget: fc.constantFrom(-1, 0, 512, null),
          thinkingLevel: fc.constantFrom('LOW', 'low', 'THINKING_LEVEL_UNSPECIFIED', null),
          includeThoughts: orNull(fc.boolean()),
        },
      ),
    ),
  },
);
const request = wire(
  { contents: fc.array(content, { maxLength: 4 }) },
  {
    systemInstruction: orNull(
      fc.oneof(text, wire({}, { role: text, parts: orNull(fc.array(part, { maxLength: 2 })) })),
    ),
    tools: orNull(fc.array(tool, { maxLength: 3 })),
    toolConfig: orNull(toolConfig),
    generationConfig: orNull(generationConfig),
    safetySettings: orNull(fc.array(object, { maxLength: 1 })),
    cachedContent: orNull(text),
    serviceTier: orNull(fc.constantFrom('flex', 'standard')),
    labels: object,
  },
);

const candidate = wire(
  {},
  {
    content: orNull(
      wire({}, { role: fc.constant('model'), parts: orNull(fc.array(part, { maxLength: 3 })) }),
    ),
    finishReason: orNull(fc.constantFrom('STOP', 'MAX_TOKENS', 'MOON_PHASE')),
    index: fc.constantFrom(0, 1),
    safetyRatings: fc.array(object, { maxLength: 1 }),
    finishMessage: text,
  },
);
const reply = wire(
  { modelVersion: name, responseId: name },
  {
    candidates: fc.array(candidate, { maxLength: 2 }),
    usageMetadata: orNull(wire({}, { promptTokenCount: orNull(fc.nat()), candidatesTokenCount: fc.nat() })),
    promptFeedback: wire(
      {},
      { blockReason: fc.constantFrom('SAFETY', 'OTHER'), safetyRatings: fc.constant([]) },
    ),
    createTime: fc.constantFrom('2026-05-04T20:01:02.264968Z', '2026-05-04T20:01:02.264Z', 'soon'),
  },
);

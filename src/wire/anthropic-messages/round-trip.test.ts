/** Parse, then render, changes nothing: on the fixtures and on generated requests and replies. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../chat.ts';
import { contextFor, expectRequestKept, jsonFixtures } from './__fixtures__/laws.ts';
import { anthropicMessages } from './index.ts';

describe('requests', () => {
  it.each(jsonFixtures('requests'))('$name comes back unchanged', ({ body }) => expectRequestKept(body));

  it('come back unchanged whatever they hold', () => {
    fc.assert(fc.property(request, expectRequestKept), { numRuns: 800 });
  });
});

describe('replies', () => {
  it.each(jsonFixtures('replies'))('$name comes back unchanged', ({ body }) => expectReplyKept(body));

  it('come back unchanged whatever they hold', () => {
    fc.assert(fc.property(reply, expectReplyKept), { numRuns: 300 });
  });
});

function expectReplyKept(body: JsonObject): void {
  const reply = anthropicMessages.parseReply(body);
  expect(anthropicMessages.renderReply(reply, contextFor(reply.model))).toEqual({ body, warnings: [] });
}

const text = fc.string({ maxLength: 12, unit: 'grapheme' });
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/);
const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
/** Fields no version of this code knows: half of the requests have some somewhere. */
const unknown = fc.dictionary(
  fc.stringMatching(/^x_[a-z]{1,4}$/),
  json.filter((value) => value !== undefined),
  { maxKeys: 2 },
);
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

/** A wire object with optional, null and unknown fields. */
function wire(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
) {
  return fc
    .tuple(
      fc.record({ ...required, ...optional } as Record<string, fc.Arbitrary<unknown>>, {
        requiredKeys: Object.keys(required),
      }),
      unknown,
    )
    .map(([known, more]) => JSON.parse(JSON.stringify({ ...more, ...known })) as JsonObject);
}

const cache_control = orNull(wire({ type: fc.constant('ephemeral') }, { ttl: fc.constantFrom('5m', '1h') }));
const textBlock = wire(
  { type: fc.constant('text'), text },
  { cache_control, citations: orNull(fc.array(json)) },
);
const imageSource = fc.oneof(
  wire({ type: fc.constant('base64'), media_type: fc.constant('image/png'), data: fc.base64String() }),
  wire({ type: fc.constant('url'), url: fc.webUrl() }),
  wire({ type: fc.constant('file'), file_id: name }),
  wire({ type: name }),
);
const image = wire({ type: fc.constant('image'), source: imageSource }, { cache_control });
const content = fc.oneof(text, fc.array(textBlock, { maxLength: 2 }));
const documentSource = fc.oneof(
  imageSource,
  wire({ type: fc.constant('text'), media_type: fc.constant('text/plain'), data: text }),
  wire({ type: fc.constant('content'), content: fc.oneof(content, fc.array(fc.oneof(textBlock, image))) }),
);
const document = wire(
  { type: fc.constant('document'), source: documentSource },
  { title: orNull(text), context: orNull(text), cache_control, citations: json },
);
const strange = wire(
  { type: fc.constantFrom('server_tool_use', 'search_result', 'hologram') },
  { id: name, input: json },
);
const thinking = fc.oneof(
  wire({ type: fc.constant('thinking'), thinking: text, signature: text }),
  wire({ type: fc.constant('redacted_thinking'), data: text }),
);
const toolUse = wire(
  { type: fc.constant('tool_use'), id: name, name, input: fc.oneof(unknown, json) },
  { cache_control, caller: json },
);
const resultContent = fc.oneof(
  text,
  fc.constant(null),
  fc.array(fc.oneof(textBlock, image, document, strange), { maxLength: 3 }),
);
const toolResult = wire(
  { type: fc.constant('tool_result'), tool_use_id: name },
  { content: resultContent, is_error: fc.boolean(), cache_control },
);
const block = fc.oneof(textBlock, image, document, toolUse, toolResult, thinking, strange);
const message = wire(
  { role: fc.constantFrom('user', 'assistant', 'system') },
  { content: orNull(fc.oneof(text, fc.array(block, { maxLength: 4 }))) },
);
const tool = fc.oneof(
  wire(
    { name },
    {
      type: fc.constantFrom(null, 'custom'),
      description: text,
      input_schema: fc.oneof(unknown, json),
      strict: fc.boolean(),
      cache_control,
    },
  ),
  wire({ type: fc.constantFrom('web_search_20250305', 'mcp_toolset') }, { name, cache_control }),
);
const toolChoice = fc.oneof(
  wire(
    { type: fc.constantFrom('auto', 'any', 'none', 'future') },
    { disable_parallel_tool_use: fc.boolean() },
  ),
  wire({ type: fc.constant('tool'), name }, { disable_parallel_tool_use: fc.boolean() }),
);
const format = fc.oneof(
  wire({ type: fc.constant('json_schema'), schema: unknown }),
  wire({ type: fc.constant('grammar') }),
  fc.constant(null),
);
const request = wire(
  { model: name, messages: fc.array(message, { maxLength: 4 }), max_tokens: fc.nat() },
  {
    system: orNull(content),
    tools: orNull(fc.array(tool, { maxLength: 3 })),
    tool_choice: orNull(toolChoice),
    temperature: orNull(fc.double({ min: 0, max: 1, noNaN: true })),
    top_p: fc.constantFrom(0.1, 1),
    top_k: fc.nat(),
    stop_sequences: orNull(fc.array(text)),
    stream: orNull(fc.boolean()),
    metadata: orNull(wire({}, { user_id: orNull(text) })),
    service_tier: fc.constantFrom('auto', null, 'standard_only'),
    thinking: orNull(
      wire(
        { type: fc.constantFrom('enabled', 'adaptive', 'disabled', 'between_tools') },
        { budget_tokens: fc.nat() },
      ),
    ),
    output_config: orNull(wire({}, { effort: orNull(fc.constantFrom('low', 'max')), format })),
    output_format: format,
  },
);

const usage = wire(
  { input_tokens: fc.nat(), output_tokens: fc.nat() },
  { cache_read_input_tokens: orNull(fc.nat()), cache_creation: orNull(unknown), iterations: json },
);
const reply = wire(
  {
    id: name,
    type: fc.constant('message'),
    role: fc.constant('assistant'),
    model: name,
    content: fc.array(fc.oneof(textBlock, toolUse, thinking, strange), { maxLength: 4 }),
    stop_reason: orNull(fc.constantFrom('end_turn', 'tool_use', 'refusal', 'moon_phase')),
    stop_sequence: orNull(text),
    usage,
  },
  { container: orNull(json), stop_details: orNull(json) },
);

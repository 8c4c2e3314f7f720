/** Random requests of this wire, valid however odd. */
import fc from 'fast-check';
import type { JsonObject } from '../../chat.ts';

/** Requests with every field present or absent, null or odd, in any mixture that is valid on this wire. */
export function anyRequest(): fc.Arbitrary<JsonObject> {
  const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonObject>;
  const text = fc.string({ maxLength: 8 });
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
  const object = (fields: Record<string, fc.Arbitrary<unknown>>, required: string[] = []) =>
    fc.record(fields, { requiredKeys: required }) as fc.Arbitrary<JsonObject>;
  const cache = fc.constantFrom({ type: 'ephemeral' }, { type: 'ephemeral', ttl: '1h' }, { type: 'other' });
  const part = fc.oneof(
    object({ type: fc.constant('text'), text, cache_control: cache, note: json }, ['type', 'text']),
    object({ type: fc.constant('refusal'), refusal: text }, ['type', 'refusal']),
    object(
      {
        type: fc.constant('image_url'),
        image_url: object(
          { url: fc.constantFrom('https://x', 'data:image/png;base64,AA', 'data:,x'), detail: maybe(text) },
          ['url'],
        ),
      },
      ['type', 'image_url'],
    ),
    object(
      { type: fc.constant('input_audio'), input_audio: object({ data: text, format: text }, ['data']) },
      ['type', 'input_audio'],
    ),
    object({ type: fc.constant('file'), file: object({ file_id: text, filename: text }, ['file_id']) }, [
      'type',
      'file',
    ]),
    object({ type: fc.constantFrom('video_url', 'toString'), value: json }, ['type']),
  );
  const content = fc.oneof(fc.constant(null), text, fc.array(part, { maxLength: 3 }));
  const inner = object({ name: text, arguments: fc.oneof(text, fc.constant('{}'), json), more: json }, [
    'name',
  ]);
  const call = fc.oneof(
    object({ id: maybe(text), type: text, index: fc.nat(3), function: inner, extra_content: json }, [
      'function',
    ]),
    object({ id: text, type: fc.constant('custom'), custom: object({ name: text, input: text }) }, [
      'id',
      'type',
      'custom',
    ]),
  );
  const message = fc.oneof(
    object({ role: fc.constantFrom('system', 'developer', 'user'), content, name: maybe(text), more: json }, [
      'role',
    ]),
    object(
      {
        role: fc.constant('assistant'),
        content,
        name: text,
        refusal: maybe(text),
        reasoning: maybe(text),
        reasoning_content: maybe(text),
        reasoning_details: json,
        images: json,
        audio: json,
        tool_calls: maybe(fc.array(call, { maxLength: 3 })),
        function_call: maybe(inner),
      },
      ['role'],
    ),
    object(
      {
        role: fc.constant('tool'),
        tool_call_id: fc.string({ minLength: 1, maxLength: 5 }),
        content,
        name: text,
        cache_control: cache,
      },
      ['role', 'tool_call_id'],
    ),
    object({ role: fc.constant('function'), name: text, content, more: json }, ['role', 'name']),
  );
  const fn = object(
    {
      name: text,
      description: maybe(text),
      parameters: maybe(fc.dictionary(text, json)),
      strict: maybe(fc.boolean()),
      more: json,
    },
    ['name'],
  );
  const tool = fc.oneof(
    object({ type: fc.constant('function'), function: fn, cache_control: cache, more: json }, [
      'type',
      'function',
    ]),
    object({ type: fc.constantFrom('custom', 'web_search'), custom: json, name: text }, ['type']),
  );
  const choice = fc.oneof(
    text,
    fc.constantFrom('auto', 'none', 'required', 'any'),
    object({ type: fc.constant('function'), function: object({ name: text }, ['name']) }),
    object({ type: fc.constant('allowed_tools'), allowed_tools: json }),
  );
  const number = maybe(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  );
  return object(
    {
      model: fc.constantFrom('gpt-4o', 'openai/o3', 'gpt-5.2', 'llama', 'magistral-small'),
      messages: fc.array(message, { minLength: 1, maxLength: 5 }),
      tools: maybe(fc.array(tool, { maxLength: 3 })),
      functions: maybe(fc.array(fn, { maxLength: 2 })),
      tool_choice: maybe(choice),
      function_call: maybe(choice),
      max_tokens: maybe(fc.nat()),
      max_completion_tokens: maybe(fc.nat()),
      temperature: number,
      top_p: number,
      top_k: number,
      seed: number,
      presence_penalty: number,
      parallel_tool_calls: maybe(fc.boolean()),
      service_tier: maybe(text),
      stop: maybe(fc.oneof(text, fc.array(text, { maxLength: 3 }))),
      reasoning_effort: maybe(fc.constantFrom('none', 'low', 'xhigh', '')),
      reasoning: maybe(
        object({
          effort: maybe(text),
          max_tokens: maybe(fc.nat()),
          enabled: fc.boolean(),
          exclude: fc.boolean(),
        }),
      ),
      response_format: maybe(
        object(
          {
            type: fc.constantFrom('text', 'json_object', 'json_schema', 'grammar'),
            json_schema: object({
              name: text,
              schema: fc.dictionary(text, json),
              strict: maybe(fc.boolean()),
              more: json,
            }),
          },
          ['type'],
        ),
      ),
      user: maybe(text),
      safety_identifier: maybe(text),
      stream: maybe(fc.boolean()),
      stream_options: maybe(
        object({ include_usage: maybe(fc.boolean()), include_obfuscation: fc.boolean() }),
      ),
      n: fc.nat(3),
      store: maybe(fc.boolean()),
      metadata: json,
      logit_bias: json,
      constructor: json,
    },
    ['model', 'messages'],
  );
}

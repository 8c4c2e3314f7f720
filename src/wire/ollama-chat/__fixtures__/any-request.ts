/** Random requests of this wire, valid however odd. */
import fc from 'fast-check';
import type { JsonObject } from '../../chat.ts';

/** Requests with every field present or absent, null or odd, in any mixture the server takes. */
export function anyRequest(): fc.Arbitrary<JsonObject> {
  const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonObject>;
  const text = fc.string({ maxLength: 8 });
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
  const object = (fields: Record<string, fc.Arbitrary<unknown>>, required: string[] = []) =>
    fc.record(fields, { requiredKeys: required }) as fc.Arbitrary<JsonObject>;
  const number = maybe(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  );
  const images = maybe(fc.array(fc.constantFrom('iVBORw0KGgo=', '/9j/4A==', 'data:image/png;base64,AA', ''), { maxLength: 2 }));
  const call = object(
    {
      id: maybe(text),
      type: text,
      function: object({ name: text, arguments: fc.oneof(json, text), index: fc.nat(3), more: json }, ['name']),
      more: json,
    },
    ['function'],
  );
  const thoughts = fc.array(
    object({ at: fc.nat(3), chars: fc.nat(8), signature: text, data: text }, ['at']),
    { maxLength: 2 },
  );
  const message = fc.oneof(
    object({ role: fc.constantFrom('system', 'developer', 'user', 'User'), content: maybe(text), images, name: text, more: json }, ['role']),
    object(
      {
        role: fc.constantFrom('assistant', 'ASSISTANT'),
        content: maybe(text),
        thinking: maybe(text),
        thinking_signatures: fc.oneof(thoughts, json),
        images,
        tool_calls: maybe(fc.array(call, { maxLength: 3 })),
        more: json,
      },
      ['role'],
    ),
    object(
      { role: fc.constant('tool'), content: maybe(text), tool_name: maybe(text), name: text, tool_call_id: maybe(text), images, more: json },
      ['role'],
    ),
  );
  const tool = object(
    {
      type: text,
      function: object(
        { name: text, description: maybe(text), parameters: maybe(fc.dictionary(text, json)), more: json },
        ['name'],
      ),
      more: json,
    },
    ['function'],
  );
  return object(
    {
      model: fc.constantFrom('llama3.2', 'gpt-oss:20b', 'qwen3'),
      messages: maybe(fc.array(message, { maxLength: 5 })),
      tools: maybe(fc.array(tool, { maxLength: 3 })),
      format: maybe(fc.oneof(fc.constantFrom('', 'json'), fc.dictionary(text, json))),
      stream: maybe(fc.boolean()),
      think: maybe(fc.oneof(fc.boolean(), fc.constantFrom('low', 'max', 'new'))),
      keep_alive: maybe(fc.oneof(text, fc.integer())),
      truncate: maybe(fc.boolean()),
      logprobs: maybe(fc.boolean()),
      options: maybe(
        object({
          num_ctx: number,
          num_predict: number,
          temperature: number,
          top_p: number,
          top_k: number,
          min_p: number,
          seed: number,
          stop: maybe(fc.oneof(text, fc.array(text, { maxLength: 3 }))),
          presence_penalty: number,
          use_mmap: maybe(fc.boolean()),
          more: json,
        }),
      ),
      'options.more': json,
      constructor: json,
    },
    ['model'],
  );
}

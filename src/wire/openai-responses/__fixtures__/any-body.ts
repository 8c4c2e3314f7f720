/** Random bodies of requests and replies: every field known here, with nulls, and unknown fields anywhere. */
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../chat.ts';

const text = fc.string({ maxLength: 12, unit: 'grapheme' });
const name = fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/);
const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
/** Fields no version of this code knows: half of the objects have some. */
const unknown = fc.dictionary(fc.stringMatching(/^x_[a-z]{1,4}$/), json, { maxKeys: 2 });
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

type Fields = Record<string, fc.Arbitrary<unknown>>;

/** A wire object with optional, null and unknown fields. */
function wire(required: Fields, optional: Fields = {}): fc.Arbitrary<JsonObject> {
  return fc
    .tuple(fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) }), unknown)
    .map(([known, more]) => JSON.parse(JSON.stringify({ ...more, ...known })) as JsonObject);
}

const type = (value: string) => fc.constant(value);
const status = fc.constantFrom('completed', 'incomplete', 'in_progress');
const prompt_cache_breakpoint = orNull(fc.constant({ mode: 'explicit' }));
const dataUrl = fc.base64String().map((data) => `data:image/png;base64,${data}`);

const inputText = wire({ type: type('input_text'), text }, { prompt_cache_breakpoint });
const outputText = wire({ type: type('output_text'), text }, { annotations: fc.array(wire({ type: type('url_citation') }, { url: text })), logprobs: orNull(fc.array(json)) });
const image = wire(
  { type: type('input_image') },
  { image_url: orNull(fc.oneof(dataUrl, fc.webUrl(), fc.constant('data:,'))), file_id: orNull(name), detail: fc.constantFrom('low', 'auto', null) },
);
const file = wire(
  { type: type('input_file') },
  { file_data: fc.oneof(dataUrl, fc.base64String()), file_url: orNull(fc.webUrl()), file_id: orNull(name), filename: orNull(text) },
);
const audio = wire({ type: type('input_audio') }, { input_audio: fc.oneof(json, wire({ data: text, format: text })) });
const refusal = wire({ type: type('refusal'), refusal: text });
const strange = fc.oneof(wire({ type: type('hologram') }), fc.constantFrom({ type: 'input_text' }, { type: 'refusal' }));
const content = fc.oneof(text, fc.constant(null), fc.array(fc.oneof(inputText, image, file, audio, strange), { maxLength: 3 }));
const said = fc.array(fc.oneof(outputText, refusal, strange), { maxLength: 3 });

const spoken = wire(
  { role: fc.constantFrom('user', 'system', 'developer'), content },
  { type: type('message'), id: name, status },
);
const answer = wire(
  { role: type('assistant'), content: fc.oneof(text, fc.constant(null), said) },
  { type: type('message'), id: name, status, phase: fc.constantFrom('commentary', null) },
);
const namespace = fc.constantFrom('crm', 'mcp__docs__');
const call = wire(
  { type: type('function_call'), call_id: name, name, arguments: fc.oneof(text, json) },
  { id: name, status, namespace, caller: json },
);
const customCall = wire({ type: type('custom_tool_call'), call_id: name, name, input: text }, { id: name, status, namespace });
const output = wire(
  { type: fc.constantFrom('function_call_output', 'custom_tool_call_output'), call_id: name, output: fc.oneof(text, content, json) },
  { id: orNull(name), status: orNull(status) },
).filter(({ output: value }) => !Array.isArray(value) || value.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one)));
const summary = fc.array(wire({ type: type('summary_text'), text }), { maxLength: 2 });
const reasoning = wire(
  { type: type('reasoning'), summary },
  {
    id: name,
    encrypted_content: orNull(fc.oneof(name, fc.constant(''))),
    content: orNull(fc.array(wire({ type: type('reasoning_text'), text }), { maxLength: 2 })),
    status,
  },
);
const builtIn = fc.oneof(
  wire({ type: fc.constantFrom('web_search_call', 'mcp_call', 'local_shell_call', 'local_shell_call_output', 'program_output', 'moonshot') }, { id: name, status, output: json }),
  wire({ type: type('image_generation_call'), id: name }, { result: orNull(fc.base64String()), status, output_format: type('webp') }),
);
const item = fc.oneof(spoken, answer, call, customCall, output, reasoning, builtIn);

const functionTool = wire(
  { type: type('function'), name },
  { description: orNull(text), parameters: orNull(unknown), strict: orNull(fc.boolean()), defer_loading: fc.boolean() },
);
const customTool = wire({ type: type('custom'), name }, { description: text, format: orNull(wire({ type: fc.constantFrom('text', 'grammar') }, { syntax: type('lark'), definition: text })) });
const tool = fc.oneof(
  functionTool,
  customTool,
  wire({ type: type('namespace'), name: namespace, tools: fc.array(fc.oneof(functionTool, customTool), { maxLength: 3 }) }, { description: text }),
  wire({ type: fc.constantFrom('web_search', 'mcp') }, { server_label: text }),
);
const toolChoice = fc.oneof(
  fc.constantFrom('auto', 'none', 'required', 'someday'),
  wire({ type: fc.constantFrom('function', 'custom'), name }, { namespace }),
  wire({ type: type('allowed_tools'), mode: fc.constantFrom('auto', 'required'), tools: fc.array(json) }),
  wire({ type: type('web_search_preview') }),
);
const format = fc.oneof(
  wire({ type: fc.constantFrom('text', 'json_object', 'grammar') }),
  wire({ type: type('json_schema'), name, schema: unknown }, { strict: orNull(fc.boolean()), description: text }),
);

export const anyRequest: fc.Arbitrary<JsonObject> = wire(
  { model: name, input: fc.oneof(text, fc.array(item, { minLength: 1, maxLength: 6 })) },
  {
    instructions: orNull(text),
    tools: orNull(fc.array(tool, { maxLength: 4 })),
    tool_choice: orNull(toolChoice),
    parallel_tool_calls: orNull(fc.boolean()),
    max_output_tokens: orNull(fc.nat()),
    temperature: orNull(fc.double({ min: 0, max: 2, noNaN: true })),
    top_p: orNull(fc.constantFrom(0.1, 1)),
    reasoning: orNull(wire({}, { effort: orNull(fc.constantFrom('none', 'high')), summary: orNull(type('auto')) })),
    text: orNull(wire({}, { format: orNull(format), verbosity: orNull(fc.constantFrom('low', 'medium')) })),
    stream: orNull(fc.boolean()),
    stream_options: orNull(unknown),
    store: orNull(fc.boolean()),
    include: orNull(fc.array(text)),
    metadata: orNull(unknown),
    service_tier: orNull(fc.constantFrom('auto', 'flex')),
    user: orNull(text),
    safety_identifier: orNull(text),
    previous_response_id: orNull(name),
    conversation: orNull(fc.oneof(name, wire({ id: name }))),
    background: orNull(fc.boolean()),
    truncation: orNull(fc.constantFrom('auto', 'disabled')),
  },
);

/** Items of an output say what they are, are done, and of the parts known here there are none without their text. */
function asOutput(one: JsonObject): JsonObject {
  const { content: was } = one;
  const settled = one.status === 'in_progress' ? { ...one, status: 'completed' } : one;
  if (one.role !== 'assistant') return settled;
  const isTold = (part: JsonValue): boolean => Object.keys(part as JsonObject).length > 1 || (part as JsonObject).type === 'hologram';
  return { ...settled, type: 'message', content: Array.isArray(was) ? was.filter(isTold) : was! };
}

const usage = wire(
  { input_tokens: fc.nat(), output_tokens: fc.nat(), total_tokens: fc.nat() },
  { input_tokens_details: orNull(wire({}, { cached_tokens: orNull(fc.nat()) })), output_tokens_details: orNull(unknown), cost: json },
);

export const anyReply: fc.Arbitrary<JsonObject> = wire(
  {
    id: name,
    model: name,
    object: type('response'),
    created_at: fc.nat(),
    status: fc.constantFrom('completed', 'incomplete', 'cancelled'),
    output: fc.array(fc.oneof(answer, call, customCall, reasoning, builtIn), { maxLength: 5 }).map((items) => items.map(asOutput)),
  },
  {
    usage: orNull(usage),
    error: fc.constant(null),
    incomplete_details: orNull(wire({}, { reason: fc.constantFrom('max_output_tokens', 'moon_phase') })),
    service_tier: orNull(text),
    tools: fc.array(json),
    metadata: orNull(unknown),
    moderation: orNull(json),
  },
);

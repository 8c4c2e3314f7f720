/** OpenAI Responses as OpenAI speaks it. */
import { type Counts, cut, event, inputTotal, type Said, type Spoken, type Voice } from './voice.ts';

function usage(counts: Counts): object {
  const input = inputTotal(counts);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: counts.cacheRead ?? 0 },
    output_tokens: counts.output,
    output_tokens_details: { reasoning_tokens: counts.reasoning ?? 0 },
    total_tokens: input + counts.output,
  };
}

interface Item {
  readonly done: Readonly<Record<string, unknown>>;
  readonly added: object;
  /** Between added and done; `item_id` and `output_index` are put in. */
  readonly events: readonly { readonly type: string; readonly [field: string]: unknown }[];
}

function reasoningItem(thinking: string | undefined, signature: string): Item {
  const base = { id: 'rs_1', type: 'reasoning', encrypted_content: signature };
  if (thinking === undefined) {
    return { done: { ...base, summary: [] }, added: { ...base, summary: [] }, events: [] };
  }
  const at = { summary_index: 0 };
  const part = { type: 'summary_text', text: thinking };
  return {
    done: { ...base, summary: [part] },
    added: { ...base, summary: [] },
    events: [
      { type: 'response.reasoning_summary_part.added', ...at, part: { type: 'summary_text', text: '' } },
      ...cut(thinking).map((delta) => ({ type: 'response.reasoning_summary_text.delta', ...at, delta })),
      { type: 'response.reasoning_summary_text.done', ...at, text: thinking },
      { type: 'response.reasoning_summary_part.done', ...at, part },
    ],
  };
}

function messageItem(kind: 'output_text' | 'refusal', text: string, status: string): Item {
  const base = { id: 'msg_1', type: 'message', role: 'assistant' };
  const isText = kind === 'output_text';
  const partOf = (value: string) =>
    isText ? { type: kind, text: value, annotations: [], logprobs: [] } : { type: kind, refusal: value };
  const at = { content_index: 0 };
  return {
    done: { ...base, status, content: [partOf(text)] },
    added: { ...base, status: 'in_progress', content: [] },
    events: [
      { type: 'response.content_part.added', ...at, part: partOf('') },
      ...cut(text).map((delta) => ({
        type: `response.${kind}.delta`,
        ...at,
        delta,
        ...(isText && { logprobs: [] }),
      })),
      { type: `response.${kind}.done`, ...at, ...(isText ? { text, logprobs: [] } : { refusal: text }) },
      { type: 'response.content_part.done', ...at, part: partOf(text) },
    ],
  };
}

function callItem({ id, name, input }: { id: string; name: string; input: object }): Item {
  const base = { id: `fc_${id}`, type: 'function_call', call_id: id, name };
  const text = JSON.stringify(input);
  return {
    done: { ...base, status: 'completed', arguments: text },
    added: { ...base, status: 'in_progress', arguments: '' },
    events: [
      ...cut(text).map((delta) => ({ type: 'response.function_call_arguments.delta', delta })),
      { type: 'response.function_call_arguments.done', arguments: text },
    ],
  };
}

function itemsOf(said: Said): Item[] {
  const status = isWhole(said) ? 'completed' : 'incomplete';
  return [
    ...(said.thinking === undefined && said.signature === undefined
      ? []
      : [reasoningItem(said.thinking, said.signature ?? 'gAAAAAB0')]),
    ...(said.text === undefined ? [] : [messageItem('output_text', said.text, status)]),
    ...(said.refusal === undefined ? [] : [messageItem('refusal', said.refusal, status)]),
    ...(said.calls ?? []).map(callItem),
  ];
}

const isWhole = ({ stop }: Said): boolean => stop !== 'length' && stop !== 'content-filter';

const head = {
  id: 'resp_1',
  object: 'response',
  created_at: 1_760_000_000,
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  model: 'gpt-probe',
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: false,
  temperature: 1,
  text: { format: { type: 'text' }, verbosity: 'medium' },
  tool_choice: 'auto',
  tools: [],
  top_p: 1,
  truncation: 'disabled',
  user: null,
  metadata: {},
};

function whole(said: Said): Record<string, unknown> {
  const reason = said.stop === 'length' ? 'max_output_tokens' : 'content_filter';
  return {
    ...head,
    status: isWhole(said) ? 'completed' : 'incomplete',
    ...(!isWhole(said) && { incomplete_details: { reason } }),
    output: itemsOf(said).map(({ done }) => done),
    usage: usage(said.usage),
    service_tier: 'default',
  };
}

function stream(said: Said): Spoken {
  let sequence = 0;
  const told = (value: { readonly type: string; readonly [field: string]: unknown }) =>
    event({ ...value, sequence_number: sequence++ });
  const begun = { ...head, status: 'in_progress', output: [], usage: null };
  return {
    opening: [
      told({ type: 'response.created', response: begun }),
      told({ type: 'response.in_progress', response: begun }),
    ],
    content: itemsOf(said).flatMap(({ added, events, done }, output_index) => [
      told({ type: 'response.output_item.added', output_index, item: added }),
      ...events.map((one) => told({ ...one, item_id: done.id, output_index })),
      told({ type: 'response.output_item.done', output_index, item: done }),
    ]),
    closing: [
      told({ type: isWhole(said) ? 'response.completed' : 'response.incomplete', response: whole(said) }),
    ],
  };
}

const types: Readonly<Record<number, [type: string, code: string | null]>> = {
  401: ['invalid_request_error', 'invalid_api_key'],
  404: ['invalid_request_error', 'model_not_found'],
  429: ['requests', 'rate_limit_exceeded'],
  500: ['server_error', 'server_error'],
};

export const openaiResponses: Voice = {
  format: 'openai-responses',
  path: '/v1/responses',
  streamType: 'text/event-stream; charset=utf-8',
  counts: ['input', 'cacheRead', 'output', 'reasoning'],
  stops: ['end', 'length', 'tool-calls', 'content-filter', 'refusal'],
  signs: 'thought',
  hasThinking: true,
  whole,
  stream,
  tokenCount: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
  error(status, message) {
    const [type, code] =
      types[status] ?? (status < 500 ? ['invalid_request_error', null] : ['server_error', null]);
    return { error: { message, type, param: null, code } };
  },
  streamError: (message) =>
    event({ type: 'error', sequence_number: 99, code: 'server_error', message, param: null }),
};

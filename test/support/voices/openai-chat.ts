/** OpenAI chat completions as OpenAI speaks it, with the `reasoning_content` of its relatives. */
import type { StopKind } from '../../../src/wire/chat.ts';
import { type Counts, cut, data, inputTotal, type Said, type Spoken, type Voice } from './voice.ts';

const words: Partial<Record<StopKind, string>> = {
  end: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  refusal: 'stop',
};

const types: Readonly<Record<number, [type: string, code: string | null]>> = {
  400: ['invalid_request_error', null],
  401: ['invalid_request_error', 'invalid_api_key'],
  403: ['invalid_request_error', 'unsupported_country_region_territory'],
  404: ['invalid_request_error', 'model_not_found'],
  429: ['requests', 'rate_limit_exceeded'],
  500: ['server_error', null],
};

function usage(counts: Counts): object {
  const prompt = inputTotal(counts);
  return {
    prompt_tokens: prompt,
    completion_tokens: counts.output,
    total_tokens: prompt + counts.output,
    prompt_tokens_details: { cached_tokens: counts.cacheRead ?? 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: counts.reasoning ?? 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

const head = { id: 'chatcmpl-Abc', created: 1_760_000_000, model: 'gpt-probe', system_fingerprint: 'fp_1' };

const chunk = (delta: object, finish: string | null = null): string =>
  data({
    ...head,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null,
  });

function stream(said: Said): Spoken {
  const calls = (said.calls ?? []).flatMap(({ id, name, input }, index) => [
    chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
    ...cut(JSON.stringify(input)).map((piece) =>
      chunk({ tool_calls: [{ index, function: { arguments: piece } }] }),
    ),
  ]);
  return {
    opening: [chunk({ role: 'assistant', content: '', refusal: null })],
    content: [
      ...cut(said.thinking ?? '').map((reasoning_content) => chunk({ reasoning_content })),
      ...cut(said.text ?? '').map((content) => chunk({ content })),
      ...cut(said.refusal ?? '').map((refusal) => chunk({ refusal })),
      ...calls,
    ],
    closing: [
      chunk({}, words[said.stop]),
      data({ ...head, object: 'chat.completion.chunk', choices: [], usage: usage(said.usage) }),
      'data: [DONE]\n\n',
    ],
  };
}

function whole(said: Said): object {
  const calls = said.calls?.map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
  return {
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: said.text ?? null,
          refusal: said.refusal ?? null,
          ...(said.thinking !== undefined && { reasoning_content: said.thinking }),
          ...(calls && { tool_calls: calls }),
          annotations: [],
        },
        logprobs: null,
        finish_reason: words[said.stop],
      },
    ],
    usage: usage(said.usage),
    service_tier: 'default',
  };
}

function error(status: number, message: string): object {
  const [type, code] = types[status] ?? ['server_error', null];
  return { error: { message, type, param: null, code } };
}

export const openaiChat: Voice = {
  format: 'openai-chat',
  path: '/v1/chat/completions',
  streamType: 'text/event-stream; charset=utf-8',
  counts: ['input', 'cacheRead', 'output', 'reasoning'],
  stops: ['end', 'length', 'tool-calls', 'content-filter', 'refusal'],
  signs: 'nothing',
  hasThinking: true,
  whole,
  stream,
  error,
  streamError: (message) => data(error(500, message)),
};

/** Anthropic Messages as Anthropic speaks it. */
import type { StopKind } from '../../../src/wire/chat.ts';
import { type Counts, cut, event, type Said, type Spoken, type Voice } from './voice.ts';

const words: Partial<Record<StopKind, string>> = {
  end: 'end_turn',
  length: 'max_tokens',
  'stop-sequence': 'stop_sequence',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
};

const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};

function usage({ input, cacheRead = 0, cacheWrite = 0, output, reasoning }: Counts): object {
  return {
    input_tokens: input,
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    cache_creation: { ephemeral_5m_input_tokens: cacheWrite, ephemeral_1h_input_tokens: 0 },
    output_tokens: output,
    service_tier: 'standard',
    ...(reasoning !== undefined && { output_tokens_details: { thinking_tokens: reasoning } }),
  };
}

interface Block {
  readonly whole: object;
  readonly start: object;
  readonly deltas: readonly object[];
}

function blocks(said: Said): Block[] {
  const list: Block[] = [];
  if (said.thinking !== undefined) {
    const signature = said.signature ?? 'c2lnbmVk';
    list.push({
      whole: { type: 'thinking', thinking: said.thinking, signature },
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        ...cut(said.thinking).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature },
      ],
    });
  }
  if (said.thinking === undefined && said.signature !== undefined) {
    const redacted = { type: 'redacted_thinking', data: said.signature };
    list.push({ whole: redacted, start: redacted, deltas: [] });
  }
  const text = said.text ?? said.refusal;
  if (text !== undefined) {
    list.push({
      whole: { type: 'text', text },
      start: { type: 'text', text: '' },
      deltas: cut(text).map((piece) => ({ type: 'text_delta', text: piece })),
    });
  }
  for (const { id, name, input } of said.calls ?? []) {
    list.push({
      whole: { type: 'tool_use', id, name, input },
      start: { type: 'tool_use', id, name, input: {} },
      deltas: ['', ...cut(JSON.stringify(input))].map((partial_json) => ({
        type: 'input_json_delta',
        partial_json,
      })),
    });
  }
  return list;
}

const message = (said: Said) => ({
  id: 'msg_01Abc',
  type: 'message',
  role: 'assistant',
  model: 'claude-probe',
  stop_sequence: said.stop === 'stop-sequence' ? 'END' : null,
});

function stream(said: Said): Spoken {
  const { output: _, ...started } = said.usage;
  const ending = {
    stop_reason: words[said.stop],
    stop_sequence: said.stop === 'stop-sequence' ? 'END' : null,
  };
  return {
    opening: [
      event({
        type: 'message_start',
        message: {
          ...message(said),
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: usage({ ...started, output: 1 }),
        },
      }),
      event({ type: 'ping' }),
    ],
    content: blocks(said).flatMap(({ start, deltas }, index) => [
      event({ type: 'content_block_start', index, content_block: start }),
      ...deltas.map((delta) => event({ type: 'content_block_delta', index, delta })),
      event({ type: 'content_block_stop', index }),
    ]),
    closing: [
      event({ type: 'message_delta', delta: ending, usage: usage(said.usage) }),
      event({ type: 'message_stop' }),
    ],
  };
}

const error = (type: string, text: string) => ({
  type: 'error',
  error: { type, message: text },
  request_id: 'req_1',
});

export const anthropicMessages: Voice = {
  format: 'anthropic-messages',
  path: '/v1/messages',
  streamType: 'text/event-stream',
  counts: ['input', 'cacheRead', 'cacheWrite', 'output', 'reasoning'],
  stops: ['end', 'length', 'stop-sequence', 'tool-calls', 'refusal'],
  signs: 'thought',
  hasThinking: true,
  whole: (said) => ({
    ...message(said),
    content: blocks(said).map((block) => block.whole),
    stop_reason: words[said.stop],
    usage: usage(said.usage),
  }),
  stream,
  tokenCount: (tokens) => ({ input_tokens: tokens }),
  error: (status, text) => error(types[status] ?? 'api_error', text),
  streamError: (text) => event(error('overloaded_error', text)),
};

/** Answers of an upstream in all formats, spelled out frame by frame by hand: what `spoken.ts` has for two of them. */
import type { CannedAnswer, CannedChunk } from '../fake-upstream.ts';
import { type Spoken, spoken } from './spoken.ts';

export type VoiceFormat =
  | 'anthropic-messages'
  | 'openai-chat'
  | 'openai-responses'
  | 'gemini-generate'
  | 'ollama-chat';

export interface Voice extends Spoken<VoiceFormat> {
  readonly format: VoiceFormat;
  readonly contentType: string;
  /** The request is too long for the model's window: status and body. */
  readonly tooLong: { readonly status: number; readonly body: object };
}

const SSE = 'text/event-stream';
const BROKEN = 'data: {"half": \n\n';
const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const event = (value: { readonly type: string; readonly [field: string]: unknown }): string =>
  `event: ${value.type}\n${data(value)}`;

const anthropic: Voice = {
  ...spoken['anthropic-messages'],
  format: 'anthropic-messages',
  contentType: SSE,
  tooLong: {
    status: 400,
    body: spoken['anthropic-messages'].error(
      'invalid_request_error',
      'prompt is too long: 9000 tokens > 8000 maximum',
    ),
  },
};

const openaiTooLong = {
  status: 400,
  body: {
    error: {
      message: "This model's maximum context length is 8000 tokens.",
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    },
  },
};
const openai: Voice = {
  ...spoken['openai-chat'],
  format: 'openai-chat',
  contentType: SSE,
  tooLong: openaiTooLong,
};

const item = (text: string | undefined): object => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  status: text === undefined ? 'in_progress' : 'completed',
  content: text === undefined ? [] : [outputText(text)],
});
const outputText = (text: string): object => ({ type: 'output_text', text, annotations: [], logprobs: [] });
const response = (status: string, more: object = {}): object => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status,
  model: 'm',
  output: [],
  ...more,
});
const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };

const responses: Voice = {
  format: 'openai-responses',
  contentType: SSE,
  opening: (usage) =>
    event({ type: 'response.created', response: response('in_progress', { usage: usage ?? null }) }),
  words: (text) =>
    event({ type: 'response.output_item.added', output_index: 0, item: item(undefined) }) +
    event({ type: 'response.content_part.added', ...at, part: outputText('') }) +
    event({ type: 'response.output_text.delta', ...at, delta: text }) +
    event({ type: 'response.output_text.done', ...at, text }) +
    event({ type: 'response.content_part.done', ...at, part: outputText(text) }) +
    event({ type: 'response.output_item.done', output_index: 0, item: item(text) }),
  closing: (usage) =>
    event({ type: 'response.completed', response: response('completed', { usage: usage ?? null }) }),
  usage: (input, output) => ({ input_tokens: input, output_tokens: output, total_tokens: input + output }),
  report: (usage) => event({ type: 'response.in_progress', response: response('in_progress', { usage }) }),
  ping: event({ type: 'keepalive', sequence_number: 7 }),
  broken: BROKEN,
  error: (name, message) => ({ error: { message, type: name, param: null, code: null } }),
  errorEvent: (name, message) =>
    event({ type: 'error', code: name, message, param: null, sequence_number: 3 }),
  tooLong: openaiTooLong,
  whole: (text, usage) => response('completed', { output: [item(text)], ...(usage && { usage }) }),
};

const GOOGLE: Readonly<Record<string, { readonly code: number; readonly status: string }>> = {
  invalid_request_error: { code: 400, status: 'INVALID_ARGUMENT' },
  authentication_error: { code: 401, status: 'UNAUTHENTICATED' },
  rate_limit_error: { code: 429, status: 'RESOURCE_EXHAUSTED' },
  api_error: { code: 500, status: 'INTERNAL' },
  overloaded_error: { code: 503, status: 'UNAVAILABLE' },
};
const said = (text: string, more: object = {}): object => ({
  content: { parts: [{ text }], role: 'model' },
  index: 0,
  ...more,
});
const gemini: Voice = {
  format: 'gemini-generate',
  contentType: SSE,
  opening: (usage) => data({ modelVersion: 'm', responseId: 'r1', ...(usage && { usageMetadata: usage }) }),
  words: (text) => data({ candidates: [said(text)], modelVersion: 'm', responseId: 'r1' }),
  closing: (usage) =>
    data({
      candidates: [{ content: { parts: [], role: 'model' }, finishReason: 'STOP', index: 0 }],
      modelVersion: 'm',
      responseId: 'r1',
      ...(usage && { usageMetadata: usage }),
    }),
  usage: (input, output) => ({
    promptTokenCount: input,
    candidatesTokenCount: output,
    totalTokenCount: input + output,
  }),
  report: (usage) => data({ modelVersion: 'm', responseId: 'r1', usageMetadata: usage }),
  ping: ': ping\n\n',
  broken: BROKEN,
  error: (name, message) => ({ error: { ...GOOGLE[name], message } }),
  errorEvent: (name, message) => data(gemini.error(name, message)),
  tooLong: {
    status: 400,
    body: {
      error: {
        code: 400,
        message: 'The input token count (9000) exceeds the maximum number of tokens allowed (8000).',
        status: 'INVALID_ARGUMENT',
      },
    },
  },
  whole: (text, usage) => ({
    candidates: [said(text, { finishReason: 'STOP' })],
    modelVersion: 'm',
    responseId: 'r1',
    ...(usage && { usageMetadata: usage }),
  }),
};

const line = (content: string, more: object = {}): object => ({
  model: 'm',
  created_at: '2026-01-01T00:00:00Z',
  message: { role: 'assistant', content },
  done: false,
  ...more,
});
const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;
const end = { done: true, done_reason: 'stop', total_duration: 5, eval_duration: 3 };

const ollama: Voice = {
  format: 'ollama-chat',
  contentType: 'application/x-ndjson',
  opening: (usage) => lineOf(line('', usage)),
  words: (text) => lineOf(line(text)),
  closing: (usage) => lineOf(line('', { ...end, ...usage })),
  usage: (input, output) => ({ prompt_eval_count: input, eval_count: output }),
  report: (usage) => lineOf(line('', usage)),
  ping: lineOf(line('')),
  broken: '{"half": \n',
  error: (_name, message) => ({ error: message }),
  errorEvent: (_name, message) => lineOf({ error: message }),
  tooLong: { status: 400, body: { error: 'the input length exceeds the context length' } },
  whole: (text, usage) => line(text, { ...end, ...usage }),
};

export const voices: Readonly<Record<VoiceFormat, Voice>> = {
  'anthropic-messages': anthropic,
  'openai-chat': openai,
  'openai-responses': responses,
  'gemini-generate': gemini,
  'ollama-chat': ollama,
};

export function streamOf(voice: Voice, ...chunks: CannedChunk[]): CannedAnswer {
  return { headers: { 'content-type': voice.contentType }, chunks };
}

export function jsonOf(value: object, status = 200, headers: Record<string, string> = {}): CannedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    chunks: [JSON.stringify(value)],
  };
}

/** A good whole answer, or a good stream. */
export function goodOf(
  voice: Voice,
  isStream: boolean,
  text = 'Fine.',
  usage = voice.usage(100, 10),
): CannedAnswer {
  if (!isStream) return jsonOf(voice.whole(text, usage));
  return streamOf(voice, voice.opening(usage) + voice.words(text) + voice.closing(usage));
}

/** A piece of text that may be said again and again, after what begins it. */
export function pieceOf(voice: Voice, text: string): { readonly begin: string; readonly piece: Buffer } {
  const words = voice.words(text);
  const frames = words.split('\n\n').map((frame) => `${frame}\n\n`);
  // OpenAI's responses say it twice more at the end of the item, after which it must not grow.
  const delta = frames.findIndex((frame) => frame.includes('output_text.delta"'));
  if (delta === -1) return { begin: '', piece: Buffer.from(words) };
  return { begin: frames.slice(0, delta).join(''), piece: Buffer.from(frames[delta]!) };
}

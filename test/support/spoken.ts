/** Answers of an upstream, spelled out frame by frame in either format, so that a test can break them where it wants. */
import type { CannedAnswer, CannedChunk } from '../fake-upstream.ts';
import type { ClientFormat } from './plain-client.ts';

/** Token counts as the formats' own usage objects, so that absurd ones can be said too. */
export type UsageObject = Readonly<Record<string, unknown>>;

export interface Spoken<F extends string = ClientFormat> {
  readonly format: F;
  /** Before any content; holds input usage where the format says it there. */
  opening(usage?: UsageObject): string;
  words(text: string): string;
  /** Stop reason, usage where given, and the terminal event. */
  closing(usage?: UsageObject): string;
  usage(input: number, output: number): UsageObject;
  /** A usage report in the middle of the stream. */
  report(usage: UsageObject): string;
  readonly ping: string;
  /** A frame that cannot be read. */
  readonly broken: string;
  error(type: string, message: string): object;
  /** The same inside a stream. */
  errorEvent(type: string, message: string): string;
  whole(text: string, usage?: UsageObject): object;
}

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const event = (value: { readonly type: string; readonly [field: string]: unknown }): string =>
  `event: ${value.type}\n${data(value)}`;

const chunk = (more: object): string =>
  data({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', ...more });
const choice = (delta: object, finish: string | null = null): object => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
});

const openai: Spoken = {
  format: 'openai-chat',
  opening: () => chunk(choice({ role: 'assistant', content: '' })),
  words: (text) => chunk(choice({ content: text })),
  closing: (usage) => `${chunk(choice({}, 'stop')) + (usage ? openai.report(usage) : '')}data: [DONE]\n\n`,
  usage: (input, output) => ({
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
  }),
  report: (usage) => chunk({ choices: [], usage }),
  ping: ': keep-alive\n\n',
  broken: 'data: {"half": \n\n',
  errorEvent: (type, message) => data(openai.error(type, message)),
  error: (type, message) => ({ error: { message, type, param: null, code: null } }),
  whole: (text, usage) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    ...(usage && { usage }),
  }),
};

const anthropic: Spoken = {
  format: 'anthropic-messages',
  opening: (usage) =>
    event({
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [],
        stop_reason: null,
        ...(usage && { usage }),
      },
    }),
  words: (text) =>
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
    event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }) +
    event({ type: 'content_block_stop', index: 0 }),
  closing: (usage) =>
    event({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      ...(usage && { usage }),
    }) + event({ type: 'message_stop' }),
  usage: (input, output) => ({ input_tokens: input, output_tokens: output }),
  report: (usage) => event({ type: 'message_delta', delta: {}, usage }),
  ping: event({ type: 'ping' }),
  broken: 'data: {"half": \n\n',
  errorEvent: (type, message) => `event: error\n${data(anthropic.error(type, message))}`,
  error: (type, message) => ({ type: 'error', error: { type, message } }),
  whole: (text, usage) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    ...(usage && { usage }),
  }),
};

export const spoken: Readonly<Record<ClientFormat, Spoken>> = {
  'openai-chat': openai,
  'anthropic-messages': anthropic,
};

export function errorEvent(voice: Spoken<string>, type: string, message: string): string {
  return voice.errorEvent(type, message);
}

export function streamed(...chunks: CannedChunk[]): CannedAnswer {
  return { headers: { 'content-type': 'text/event-stream' }, chunks };
}

export function json(value: object, status = 200): CannedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, chunks: [JSON.stringify(value)] };
}

/** A good whole answer, or a good stream. */
export function good(
  voice: Spoken<string>,
  isStream: boolean,
  text = 'Fine.',
  usage = voice.usage(100, 10),
): CannedAnswer {
  if (!isStream) return json(voice.whole(text, usage));
  return streamed(voice.opening(usage) + voice.words(text) + voice.closing(usage));
}

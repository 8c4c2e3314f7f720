/** A client of each format over plain fetch, which notes all it is shown: what it was told, and whether it was told natively. */

import type { VoiceFormat } from './spoken-formats.ts';
import { BOOTSTRAP_KEY } from './turnpike-process.ts';

export interface Question {
  readonly format: VoiceFormat;
  /** As the gateway knows it. */
  readonly model: string;
  readonly isStream: boolean;
  readonly prompt?: string;
  /** Only where a test needs another than the usual one. */
  readonly maxTokens?: number;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface ToldError {
  /** The word of the format for its kind: a type, or Google's status. Empty where the format has none. */
  readonly type: string;
  /** Turnpike's code or the upstream's; undefined where there is none, or the format has no place for it. */
  readonly code: string | undefined;
  readonly message: string;
}

/** What the client was shown, read as its format has it. */
export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  /** Empty where no head came. */
  readonly exchangeId: string;
  readonly attempts: number;
  readonly raw: string;
  /** What the model said. */
  readonly text: string;
  readonly error: ToldError | undefined;
  /** How often an error was said. */
  readonly errors: number;
  /** The terminal event, or a whole reply. */
  readonly isComplete: boolean;
  /** The connection broke inside the body. */
  readonly isBroken: boolean;
}

interface Dialect {
  path(question: Question): string;
  body(question: Question): object;
  readonly streamType: string;
  /** What one JSON object of the reply adds: an event's data, a line, or a whole body. */
  read(data: Data): Partial<Pick<Shown, 'text' | 'error' | 'isComplete'>>;
}

/** The parts of all wires that these tests look at. */
interface Data {
  readonly type?: string;
  readonly error?: ErrorData | string | null;
  readonly status?: string;
  readonly choices?: { delta?: { content?: string }; message?: { content?: string } }[];
  readonly delta?: string | { text?: string };
  readonly content?: { text?: string }[];
  readonly output?: { content?: { text?: string }[] }[];
  readonly response?: { status?: string; error?: ErrorData | null };
  readonly candidates?: { content?: { parts?: { text?: string }[] }; finishReason?: string }[];
  readonly message?: { content?: string } | string;
  readonly done?: boolean;
}

interface ErrorData {
  readonly type?: string;
  readonly code?: string | number | null;
  readonly status?: string;
  readonly message?: string;
  readonly details?: { error_code?: string; reason?: string } | { reason?: string }[];
}

const limitOf = ({ maxTokens = 1000 }: Question): number => maxTokens;
const promptOf = ({ prompt = 'Say something.' }: Question): string => prompt;
const messages = (question: Question): object => ({
  model: question.model,
  messages: [{ role: 'user', content: promptOf(question) }],
});

const dialects: Readonly<Record<VoiceFormat, Dialect>> = {
  'anthropic-messages': {
    path: () => '/v1/messages',
    body: (question) => ({
      ...messages(question),
      max_tokens: limitOf(question),
      ...(question.isStream && { stream: true }),
    }),
    streamType: 'text/event-stream',
    read: (data) => ({
      ...(data.type === 'error' && { error: toldError(data.error) }),
      text: joined(data.content) + (isObject(data.delta) ? (data.delta.text ?? '') : ''),
      isComplete: data.type === 'message_stop' || data.type === 'message',
    }),
  },
  'openai-chat': {
    path: () => '/v1/chat/completions',
    body: (question) => ({
      ...messages(question),
      max_tokens: limitOf(question),
      ...(question.isStream && { stream: true }),
    }),
    streamType: 'text/event-stream',
    read: ({ error, choices }) => ({
      ...(error && { error: toldError(error) }),
      text: choices?.[0]?.delta?.content ?? choices?.[0]?.message?.content ?? '',
      isComplete: choices?.[0]?.message !== undefined,
    }),
  },
  'openai-responses': {
    path: () => '/v1/responses',
    body: (question) => ({
      model: question.model,
      input: promptOf(question),
      max_output_tokens: limitOf(question),
      store: false,
      ...(question.isStream && { stream: true }),
    }),
    streamType: 'text/event-stream',
    read: (data) => ({
      // The failed response repeats the error for clients that wait for it.
      ...(data.type === 'error' && { error: toldError(data.error ?? (data as ErrorData)) }),
      ...(data.type === undefined && data.error && { error: toldError(data.error) }),
      text:
        data.type === 'response.output_text.delta' && typeof data.delta === 'string'
          ? data.delta
          : (data.output ?? []).map((item) => joined(item.content)).join(''),
      isComplete: data.type === 'response.completed' || data.status === 'completed',
    }),
  },
  'gemini-generate': {
    path: ({ model, isStream }) =>
      `/v1beta/models/${model}:${isStream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: (question) => ({
      contents: [{ role: 'user', parts: [{ text: promptOf(question) }] }],
      generationConfig: { maxOutputTokens: limitOf(question) },
    }),
    streamType: 'text/event-stream',
    read: ({ error, candidates }) => ({
      ...(error && { error: toldError(error) }),
      text: joined(candidates?.[0]?.content?.parts),
      isComplete: candidates?.[0]?.finishReason !== undefined,
    }),
  },
  'ollama-chat': {
    path: () => '/api/chat',
    body: (question) => ({
      ...messages(question),
      options: { num_predict: limitOf(question) },
      stream: question.isStream,
    }),
    streamType: 'application/x-ndjson',
    read: ({ error, message, done }) => ({
      ...(error && { error: toldError(error) }),
      text: isObject(message) ? (message.content ?? '') : '',
      isComplete: done === true,
    }),
  },
};

function joined(parts: readonly { readonly text?: string }[] | undefined): string {
  return (parts ?? []).map(({ text }) => text ?? '').join('');
}

function isObject<T>(value: T | string | undefined): value is T & object {
  return typeof value === 'object' && value !== null;
}

function toldError(error: Data['error']): ToldError {
  if (typeof error === 'string') return { type: '', code: undefined, message: error };
  const details = error?.details;
  const reason = Array.isArray(details) ? details.find(({ reason }) => reason)?.reason : details?.error_code;
  return {
    type: error?.type ?? error?.status ?? '',
    code: reason ?? (typeof error?.code === 'string' ? error.code : undefined),
    message: error?.message ?? '',
  };
}

export function send(url: string, question: Question): Promise<Response> {
  const dialect = dialects[question.format];
  return fetch(url + dialect.path(question), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${question.key ?? BOOTSTRAP_KEY}`,
      'content-type': 'application/json',
      ...question.headers,
    },
    body: JSON.stringify(dialect.body(question)),
    redirect: 'manual',
    ...(question.signal && { signal: question.signal }),
  });
}

/** Asks and reads to the end, however it ends. */
export async function ask(url: string, question: Question): Promise<Shown> {
  return read(question.format, await send(url, question));
}

/** Reads an answer to its end. */
export async function read(format: VoiceFormat, answer: Response): Promise<Shown> {
  const { raw, isBroken } = await readAll(answer);
  const { headers, status } = answer;
  const type = headers.get('content-type') ?? '';
  const isStream = type.startsWith(dialects[format].streamType);
  return {
    status,
    headers,
    exchangeId: headers.get('x-turnpike-exchange-id') ?? '',
    attempts: Number(headers.get('x-turnpike-attempts') ?? 0),
    raw,
    isBroken,
    ...readText(format, isStream ? raw.split('\n').map((line) => line.replace(/^data: ?/, '')) : [raw]),
  };
}

function readText(
  format: VoiceFormat,
  texts: readonly string[],
): Pick<Shown, 'text' | 'error' | 'errors' | 'isComplete'> {
  const seen = { text: '', error: undefined as ToldError | undefined, errors: 0, isComplete: false };
  for (const text of texts) {
    if (text === '[DONE]' && format === 'openai-chat') seen.isComplete = true;
    const data = parsed(text);
    if (!data) continue;
    const told = dialects[format].read(data);
    seen.text += told.text ?? '';
    seen.error ??= told.error;
    if (told.error) seen.errors += 1;
    if (told.isComplete) seen.isComplete = true;
  }
  return seen;
}

function parsed(text: string): Data | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Data) : undefined;
  } catch {
    return undefined;
  }
}

async function readAll(answer: Response): Promise<{ raw: string; isBroken: boolean }> {
  const chunks: Uint8Array[] = [];
  try {
    if (answer.body) for await (const chunk of answer.body) chunks.push(chunk);
    return { raw: Buffer.concat(chunks).toString('utf8'), isBroken: false };
  } catch {
    return { raw: Buffer.concat(chunks).toString('utf8'), isBroken: true };
  }
}

/** A client that speaks either format over plain fetch and notes all it is shown: what SDKs hide or retry is what these tests are about. */
import { BOOTSTRAP_KEY } from './turnpike-process.ts';

export type ClientFormat = 'openai-chat' | 'anthropic-messages';
export const clientFormats: readonly ClientFormat[] = ['openai-chat', 'anthropic-messages'];

export interface Asking {
  readonly format: ClientFormat;
  readonly model?: string;
  readonly prompt?: string;
  readonly isStream?: boolean;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Fields beside the usual ones, or instead of them. */
  readonly more?: object;
  readonly signal?: AbortSignal;
}

/** What the client was shown, read as its format has it. */
export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  /** Empty where no head came. */
  readonly exchangeId: string;
  readonly raw: string;
  /** What the model said. */
  readonly text: string;
  readonly error:
    | { readonly type: string; readonly code: string | undefined; readonly message: string }
    | undefined;
  /** The terminal event, or a whole reply. */
  readonly isComplete: boolean;
  /** The connection broke inside the body. */
  readonly isBroken: boolean;
  /** As reported to the client. */
  readonly usage: Record<string, unknown> | undefined;
}

const paths: Readonly<Record<ClientFormat, string>> = {
  'openai-chat': '/v1/chat/completions',
  'anthropic-messages': '/v1/messages',
};

export function send(url: string, asking: Asking): Promise<Response> {
  const { format, model, prompt = 'Say something.', isStream = false, key = BOOTSTRAP_KEY } = asking;
  return fetch(url + paths[format], {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...asking.headers },
    body: JSON.stringify({
      ...(model !== undefined && { model }),
      max_tokens: 1000,
      messages: [{ role: 'user', content: prompt }],
      ...(isStream && { stream: true }),
      ...asking.more,
    }),
    redirect: 'manual',
    ...(asking.signal && { signal: asking.signal }),
  });
}

/** Asks and reads to the end, however it ends. */
export async function ask(url: string, asking: Asking): Promise<Seen> {
  const answer = await send(url, asking);
  const { raw, isBroken } = await readAll(answer);
  const isStream = (answer.headers.get('content-type') ?? '').includes('event-stream');
  return {
    status: answer.status,
    headers: answer.headers,
    exchangeId: answer.headers.get('x-turnpike-exchange-id') ?? '',
    raw,
    isBroken,
    ...(isStream ? readStream(asking.format, raw) : readWhole(asking.format, raw)),
  };
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

type Read = Pick<Seen, 'text' | 'error' | 'isComplete' | 'usage'>;

/** The parts of either wire that these tests look at. */
interface Data {
  readonly type?: string;
  readonly error?: {
    type?: string;
    code?: string | null;
    message?: string;
    details?: { error_code?: string };
  };
  readonly choices?: { delta?: { content?: string }; message?: { content?: string } }[];
  readonly delta?: { text?: string };
  readonly content?: { text?: string }[];
  readonly usage?: Record<string, unknown>;
}

function readWhole(format: ClientFormat, raw: string): Read {
  const data = parsed(raw);
  if (!data) return { text: '', error: undefined, isComplete: false, usage: undefined };
  const error = errorOf(data);
  const text =
    format === 'openai-chat'
      ? (data.choices?.[0]?.message?.content ?? '')
      : (data.content ?? []).map((part) => part.text ?? '').join('');
  return { text, error, isComplete: error === undefined, usage: data.usage };
}

function readStream(format: ClientFormat, raw: string): Read {
  let text = '';
  let error: Seen['error'];
  let usage: Record<string, unknown> | undefined;
  let isComplete = false;
  for (const line of raw.split('\n')) {
    if (!line.startsWith('data:')) continue;
    const told = line.slice(5).trim();
    if (told === '[DONE]' && format === 'openai-chat') isComplete = true;
    const data = parsed(told);
    if (!data) continue;
    if (data.type === 'message_stop') isComplete = true;
    error ??= errorOf(data);
    usage = data.usage ? { ...usage, ...data.usage } : usage;
    text += data.choices?.[0]?.delta?.content ?? data.delta?.text ?? '';
  }
  return { text, error, isComplete, usage };
}

function errorOf({ error }: Data): Seen['error'] {
  if (!error) return undefined;
  return {
    type: error.type ?? '',
    code: error.details?.error_code ?? error.code ?? undefined,
    message: error.message ?? '',
  };
}

function parsed(text: string): Data | undefined {
  try {
    return JSON.parse(text) as Data;
  } catch {
    return undefined;
  }
}

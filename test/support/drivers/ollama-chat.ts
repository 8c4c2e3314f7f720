/** The official `ollama` client. */
import { type ChatRequest, type ChatResponse, type Message, Ollama } from 'ollama';
import type { Conversation, Driver, Heard, Turn } from './driver.ts';
import { numberIn } from './driver.ts';

const always = (name: string) =>
  Object.fromEntries([400, 401, 403, 404, 422, 429, 500, 502, 503, 529].map((status) => [status, name]));

export const ollamaChat: Driver = {
  name: 'ollama',
  format: 'ollama-chat',
  shows: [],
  stopWords: {
    end: 'stop',
    length: 'length',
    'stop-sequence': 'stop',
    'tool-calls': 'stop',
    refusal: 'stop',
    'content-filter': 'stop',
  },
  errorClasses: always('ResponseError'),
  statusOf: (error) => numberIn(error, 'status_code'),
  nonsense: { role: 'nobody', content: 7 },
  connect({ url, key }) {
    return {
      async say(model, conversation, { isStream, signal, onPiece }) {
        const headers = { authorization: `Bearer ${key}` };
        // The library has no signal of its own for whole replies.
        const withSignal: typeof fetch = (input, init) =>
          fetch(input, { ...init, ...(signal && !isStream && { signal }) });
        const client = new Ollama({ host: url, headers, fetch: withSignal });
        const request = requestOf(model, conversation);
        if (!isStream) return heardOf([await client.chat({ ...request, stream: false })]);
        const stream = await client.chat({ ...request, stream: true });
        signal?.addEventListener('abort', () => stream.abort());
        const chunks: ChatResponse[] = [];
        for await (const chunk of stream) {
          onPiece?.();
          chunks.push(chunk);
        }
        return heardOf(chunks);
      },
      async list() {
        const client = new Ollama({ host: url, headers: { authorization: `Bearer ${key}` } });
        return (await client.list()).models.map(({ name }) => name);
      },
    };
  },
};

function requestOf(model: string, asked: Conversation): ChatRequest {
  const system = asked.system === undefined ? [] : [{ role: 'system', content: asked.system }];
  return {
    model,
    messages: [...system, ...asked.turns.flatMap(messagesOf)],
    ...(asked.tools && {
      tools: asked.tools.map(({ name, description, schema }) => ({
        type: 'function',
        function: { name, description, parameters: schema },
      })),
    }),
    ...(asked.schema && { format: asked.schema }),
    ...(asked.isThinking && { think: true }),
    options: {
      ...(asked.maxTokens !== undefined && { num_predict: asked.maxTokens }),
      ...(asked.temperature !== undefined && { temperature: asked.temperature }),
      ...(asked.stop && { stop: [...asked.stop] }),
    },
  };
}

function messagesOf(turn: Turn): Message[] {
  switch (turn.role) {
    case 'user':
      return [{ role: 'user', content: turn.text, ...(turn.image && { images: [turn.image.data] }) }];
    case 'assistant':
      return [{ role: 'assistant', content: turn.text }];
    case 'echo':
      return [turn.heard.echo as Message];
    case 'results':
      return turn.results.map(({ call, text }) => ({ role: 'tool', tool_name: call.name, content: text }));
    default:
      return turn satisfies never;
  }
}

/** Newer servers give calls an id; the library's types know none. */
type SaidCall = NonNullable<Message['tool_calls']>[number] & { readonly id?: string };

function heardOf(replies: readonly ChatResponse[]): Heard {
  const last = replies.at(-1);
  const message = replies.map((reply) => reply.message).reduce(joined);
  const calls: readonly SaidCall[] = message.tool_calls ?? [];
  return {
    text: message.content,
    thinking: message.thinking ?? '',
    refusal: '',
    calls: calls.map(({ id = '', function: { name, arguments: input } }) => ({ id, name, input })),
    stop: last?.done_reason ?? '',
    usage: { input: last?.prompt_eval_count, output: last?.eval_count },
    echo: message,
  };
}

/** Chunks of a stream as one message: texts appended, lists one after the other, unknown fields too. */
function joined(before: Message, after: Message): Message {
  const whole: Record<string, unknown> = { ...before };
  for (const [name, value] of Object.entries(after)) {
    const had = whole[name];
    if (name === 'role' || had === undefined) whole[name] = value;
    else if (typeof had === 'string') whole[name] = had + value;
    else if (Array.isArray(had)) whole[name] = [...had, ...value];
  }
  return whole as unknown as Message;
}

/** LangChain, through each of its packages that speaks one of our formats. */
import { ChatAnthropic } from '@langchain/anthropic';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import {
  AIMessage,
  type AIMessageChunk,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
  type UsageMetadata,
} from '@langchain/core/messages';
import { ChatGoogleGenerativeAI } from '@langchain/google-genai';
import { ChatOllama } from '@langchain/ollama';
import { ChatOpenAI } from '@langchain/openai';
import { anthropicMessages } from './anthropic-messages.ts';
import type { Call, Conversation, Driver, Heard, Place, Saying, Turn } from './driver.ts';
import { numberIn } from './driver.ts';
import { ollamaChat } from './ollama-chat.ts';
import { openaiErrors } from './openai-chat.ts';

interface Settings {
  readonly model: string;
  readonly maxRetries: 0;
}

interface Package extends Omit<Driver, 'connect' | 'nonsense'> {
  /** Name of its setting for the output limit. */
  readonly limit: string;
  model(place: Place, settings: Settings & Readonly<Record<string, unknown>>): BaseChatModel;
}

const openaiStops: Driver['stopWords'] = {
  end: 'stop',
  length: 'length',
  'stop-sequence': 'stop',
  'tool-calls': 'tool_calls',
  refusal: 'content_filter',
  'content-filter': 'content_filter',
};

const status = (error: unknown): number | undefined => numberIn(error, 'status');

const packages: readonly Package[] = [
  {
    name: '@langchain/openai (chat)',
    format: 'openai-chat',
    shows: ['cacheRead', 'reasoning'],
    stopWords: openaiStops,
    errorClasses: openaiErrors,
    statusOf: status,
    limit: 'maxTokens',
    model: ({ url, key }, settings) =>
      new ChatOpenAI({ ...settings, apiKey: key, configuration: { baseURL: `${url}/v1` } }),
  },
  {
    name: '@langchain/openai (responses)',
    format: 'openai-responses',
    shows: ['cacheRead', 'reasoning'],
    stopWords: { ...openaiStops, end: 'completed', 'tool-calls': 'completed', length: 'incomplete' },
    errorClasses: openaiErrors,
    statusOf: status,
    isDeafToOwnErrors: true,
    limit: 'maxTokens',
    model: ({ url, key }, settings) =>
      new ChatOpenAI({
        ...settings,
        apiKey: key,
        useResponsesApi: true,
        zdrEnabled: true,
        configuration: { baseURL: `${url}/v1` },
      }),
  },
  {
    name: '@langchain/anthropic',
    format: 'anthropic-messages',
    shows: ['cacheRead', 'cacheWrite'],
    stopWords: anthropicMessages.stopWords,
    errorClasses: { ...anthropicMessages.errorClasses, 503: 'InternalServerError' },
    statusOf: status,
    // Input is read at the start of a stream only, where other vendors' is not known yet; output is added up.
    misreadsStreamUsage: true,
    limit: 'maxTokens',
    model: ({ url, key }, settings) => new ChatAnthropic({ ...settings, apiKey: key, anthropicApiUrl: url }),
  },
  {
    name: '@langchain/google-genai',
    format: 'gemini-generate',
    shows: [],
    stopWords: {
      end: 'STOP',
      length: 'MAX_TOKENS',
      'stop-sequence': 'STOP',
      'tool-calls': 'STOP',
      refusal: 'SAFETY',
      'content-filter': 'SAFETY',
    },
    errorClasses: Object.fromEntries(
      [400, 401, 403, 404, 429, 500].map((code) => [code, 'GoogleGenerativeAIFetchError']),
    ),
    statusOf: status,
    leavesOutReasoning: true,
    isDeafToOwnErrors: true,
    wantsGeminiNames: true,
    cutsSchemas: true,
    limit: 'maxOutputTokens',
    model: ({ url, key }, settings) =>
      watched(new ChatGoogleGenerativeAI({ ...settings, apiKey: key, baseUrl: url })),
  },
  {
    name: '@langchain/ollama',
    format: 'ollama-chat',
    shows: [],
    stopWords: ollamaChat.stopWords,
    errorClasses: ollamaChat.errorClasses,
    statusOf: ollamaChat.statusOf,
    limit: 'numPredict',
    model: ({ url, key }, settings) =>
      new ChatOllama({ ...settings, baseUrl: url, headers: { authorization: `Bearer ${key}` } }),
  },
];

/** Vendor's library beneath the package: it reads each stream twice and returns both. */
interface GeminiClient {
  generateContentStream(...args: unknown[]): Promise<{ readonly response: Promise<unknown> }>;
}

/** The package reads one of the two and forgets the other, whose failure nobody would handle. */
function watched(chat: ChatGoogleGenerativeAI): ChatGoogleGenerativeAI {
  const client = Reflect.get(chat, 'client') as GeminiClient;
  const original = client.generateContentStream.bind(client);
  client.generateContentStream = async (...args) => {
    const result = await original(...args);
    result.response.catch(() => undefined);
    return result;
  };
  return chat;
}

export const langchainDrivers: readonly Driver[] = packages.map((one) => ({
  ...one,
  nonsense: [],
  connect: (place) => ({
    async say(model, asked, saying) {
      const { maxTokens, temperature } = asked;
      const chat = one.model(place, {
        model,
        maxRetries: 0,
        ...(maxTokens !== undefined && { [one.limit]: maxTokens }),
        ...(temperature !== undefined && { temperature }),
      });
      return heardOf(await replyOf(chat, asked, saying));
    },
  }),
}));

async function replyOf(
  chat: BaseChatModel,
  asked: Conversation,
  { isStream, signal, onPiece }: Saying,
): Promise<AIMessage | AIMessageChunk> {
  const system = asked.system === undefined ? [] : [new SystemMessage(asked.system)];
  const messages = [...system, ...asked.turns.flatMap(messagesOf)];
  const options = { ...(asked.stop && { stop: [...asked.stop] }), ...(signal && { signal }) };
  if (asked.schema) {
    const shaped = chat.withStructuredOutput(
      { title: 'answer', ...asked.schema },
      { method: 'jsonSchema', includeRaw: true },
    );
    return isStream
      ? shapedStream(await shaped.stream(messages, options))
      : checked(await shaped.invoke(messages, options));
  }
  const runnable = asked.tools ? chat.bindTools!(asked.tools.map(functionOf)) : chat;
  if (!isStream) return (await runnable.invoke(messages, options)) as AIMessage;
  let whole: AIMessageChunk | undefined;
  for await (const chunk of await runnable.stream(messages, options)) {
    onPiece?.();
    const piece = chunk as AIMessageChunk;
    whole = whole ? whole.concat(piece) : piece;
  }
  if (!whole) throw new Error('an empty stream');
  return whole;
}

interface Shaped {
  readonly raw?: BaseMessage;
  readonly parsed?: unknown;
}

async function shapedStream(pieces: AsyncIterable<Shaped>): Promise<AIMessageChunk> {
  let raw: AIMessageChunk | undefined;
  let parsed: unknown;
  for await (const piece of pieces) {
    if (piece.raw) raw = raw ? raw.concat(piece.raw as AIMessageChunk) : (piece.raw as AIMessageChunk);
    parsed = piece.parsed ?? parsed;
  }
  return checked({ raw: raw!, parsed }) as AIMessageChunk;
}

function checked({ raw, parsed }: Shaped): AIMessage | AIMessageChunk {
  const message = raw as AIMessage;
  if (JSON.stringify(parsed) !== JSON.stringify(JSON.parse(textOf(message)))) {
    throw new Error('what was parsed is not what was said');
  }
  return message;
}

const functionOf = ({ name, description, schema }: NonNullable<Conversation['tools']>[number]) => ({
  type: 'function' as const,
  function: { name, description, parameters: schema },
});

function messagesOf(turn: Turn): BaseMessage[] {
  switch (turn.role) {
    case 'user': {
      const { text, image } = turn;
      if (!image) return [new HumanMessage(text)];
      const url = `data:${image.mediaType};base64,${image.data}`;
      return [
        new HumanMessage({
          content: [
            { type: 'text', text },
            { type: 'image_url', image_url: { url } },
          ],
        }),
      ];
    }
    case 'assistant':
      return [new AIMessage(turn.text)];
    case 'echo':
      return [turn.heard.echo as BaseMessage];
    case 'results':
      return turn.results.map(
        ({ call: { id, name }, text }) => new ToolMessage({ content: text, tool_call_id: id, name }),
      );
    default:
      return turn satisfies never;
  }
}

function textOf({ content }: AIMessage | AIMessageChunk): string {
  if (typeof content === 'string') return content;
  return content.map((block) => (block.type === 'text' ? String(block.text) : '')).join('');
}

function heardOf(message: AIMessage | AIMessageChunk): Heard {
  // The union of both classes hides it from the compiler.
  const usage = Reflect.get(message, 'usage_metadata') as UsageMetadata | undefined;
  return {
    text: textOf(message),
    thinking: '',
    refusal: '',
    calls: (message.tool_calls ?? []).map(({ id = '', name, args }): Call => ({ id, name, input: args })),
    stop: stopIn(message.additional_kwargs) ?? stopIn(message.response_metadata) ?? '',
    usage: {
      input: usage?.input_tokens,
      cacheRead: usage?.input_token_details?.cache_read,
      cacheWrite: usage?.input_token_details?.cache_creation,
      output: usage?.output_tokens,
      reasoning: usage?.output_token_details?.reasoning,
    },
    echo: message,
  };
}

/** Each package has its own name for it. */
function stopIn(fields: Readonly<Record<string, unknown>>): string | undefined {
  const names = ['stop_reason', 'finish_reason', 'finishReason', 'done_reason', 'status'];
  const found = names.map((name) => fields[name]).find((value) => typeof value === 'string');
  return found as string | undefined;
}

/** The Vercel AI SDK, through each of its providers that speaks one of our formats. */
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  APICallError,
  generateText,
  jsonSchema,
  type LanguageModel,
  type LanguageModelUsage,
  type ModelMessage,
  Output,
  streamText,
  type ToolSet,
  tool,
} from 'ai';
import type { Conversation, Driver, Heard, Place, Saying, Turn } from './driver.ts';

type Options = NonNullable<Parameters<typeof generateText>[0]['providerOptions']>;
type Schema = Parameters<typeof jsonSchema>[0];

interface Provider extends Pick<Driver, 'name' | 'format' | 'shows' | 'cutsSchemas'> {
  /** How the provider is told to think. */
  readonly thinking: Options;
  /** Of every request. */
  readonly options?: Options;
  model(place: Place, id: string): LanguageModel;
}

const providers: readonly Provider[] = [
  {
    name: '@ai-sdk/anthropic',
    format: 'anthropic-messages',
    shows: ['cacheRead', 'cacheWrite'],
    // For a model it does not know, it would use a tool instead.
    options: { anthropic: { structuredOutputMode: 'outputFormat' } },
    thinking: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2048 } } },
    model: ({ url, key }, id) => createAnthropic({ baseURL: `${url}/v1`, apiKey: key })(id),
  },
  {
    name: '@ai-sdk/openai (chat)',
    format: 'openai-chat',
    shows: ['cacheRead', 'reasoning'],
    thinking: { openai: { reasoningEffort: 'medium', forceReasoning: true } },
    model: ({ url, key }, id) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).chat(id),
  },
  {
    name: '@ai-sdk/openai (responses)',
    format: 'openai-responses',
    shows: ['cacheRead', 'reasoning'],
    thinking: { openai: { reasoningEffort: 'medium', reasoningSummary: 'auto', forceReasoning: true } },
    // Otherwise earlier turns are sent as references to what the vendor has stored.
    options: { openai: { store: false } },
    model: ({ url, key }, id) => createOpenAI({ baseURL: `${url}/v1`, apiKey: key }).responses(id),
  },
  {
    name: '@ai-sdk/openai-compatible',
    format: 'openai-chat',
    shows: ['cacheRead', 'reasoning'],
    thinking: { turnpike: { reasoningEffort: 'medium' } },
    model: ({ url, key }, id) =>
      createOpenAICompatible({
        name: 'turnpike',
        baseURL: `${url}/v1`,
        apiKey: key,
        includeUsage: true,
        supportsStructuredOutputs: true,
      })(id),
  },
  {
    name: '@ai-sdk/google',
    format: 'gemini-generate',
    shows: ['cacheRead', 'reasoning'],
    cutsSchemas: true,
    thinking: { google: { thinkingConfig: { includeThoughts: true, thinkingBudget: 2048 } } },
    model: ({ url, key }, id) => createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey: key })(id),
  },
];

const statuses = [400, 401, 403, 404, 422, 429, 500, 502, 503, 529];

export const aiSdkDrivers: readonly Driver[] = providers.map((provider) => ({
  ...provider,
  stopWords: {
    end: 'stop',
    length: 'length',
    'stop-sequence': 'stop',
    'tool-calls': 'tool-calls',
    refusal: 'content-filter',
    'content-filter': 'content-filter',
  },
  errorClasses: Object.fromEntries(statuses.map((status) => [status, 'APICallError'])),
  statusOf: (error) => (APICallError.isInstance(error) ? error.statusCode : undefined),
  nonsense: [],
  connect: (place) => ({
    say: (model, asked, saying) => say(provider, provider.model(place, model), asked, saying),
  }),
}));

async function say(
  provider: Provider,
  model: LanguageModel,
  asked: Conversation,
  saying: Saying,
): Promise<Heard> {
  const options = optionsOf(provider, asked, saying);
  const messages = asked.turns.flatMap(messagesOf);
  if (!saying.isStream) {
    const reply = await generateText({ model, messages, ...options });
    return heardOf(reply, reply.response.messages);
  }
  const stream = streamText({ model, messages, ...options, onError: () => undefined });
  for await (const part of stream.fullStream) {
    if (part.type === 'error') throw part.error;
    if (part.type.endsWith('-delta')) saying.onPiece?.();
  }
  const [text, reasoningText, toolCalls, finishReason, usage, response] = await Promise.all([
    stream.text,
    stream.reasoningText,
    stream.toolCalls,
    stream.finishReason,
    stream.totalUsage,
    stream.response,
  ]);
  return heardOf({ text, reasoningText, toolCalls, finishReason, usage }, response.messages);
}

function optionsOf(provider: Provider, asked: Conversation, { signal }: Saying) {
  const tools: ToolSet = {};
  for (const { name, description, schema } of asked.tools ?? []) {
    tools[name] = tool({ description, inputSchema: jsonSchema(schema as Schema) });
  }
  const providerOptions = mergeOptions(provider.options, asked.isThinking ? provider.thinking : undefined);
  return {
    maxRetries: 0,
    providerOptions,
    ...(asked.system !== undefined && { system: asked.system }),
    ...(asked.tools && { tools }),
    ...(asked.schema && { output: Output.object({ schema: jsonSchema(asked.schema as Schema) }) }),
    ...(asked.maxTokens !== undefined && { maxOutputTokens: asked.maxTokens }),
    ...(asked.temperature !== undefined && { temperature: asked.temperature }),
    ...(asked.stop && { stopSequences: [...asked.stop] }),
    ...(signal && { abortSignal: signal }),
  };
}

function mergeOptions(always: Options = {}, more: Options = {}): Options {
  const merged: Options = { ...always };
  for (const [name, fields] of Object.entries(more)) merged[name] = { ...merged[name], ...fields };
  return merged;
}

function messagesOf(turn: Turn): ModelMessage[] {
  switch (turn.role) {
    case 'user': {
      const { text, image } = turn;
      if (!image) return [{ role: 'user', content: text }];
      const { data, mediaType } = image;
      return [
        {
          role: 'user',
          content: [
            { type: 'text', text },
            { type: 'image', image: data, mediaType },
          ],
        },
      ];
    }
    case 'assistant':
      return [{ role: 'assistant', content: turn.text }];
    case 'echo':
      return turn.heard.echo as ModelMessage[];
    case 'results':
      return [
        {
          role: 'tool',
          content: turn.results.map(({ call: { id, name }, text }) => ({
            type: 'tool-result',
            toolCallId: id,
            toolName: name,
            output: { type: 'text', value: text },
          })),
        },
      ];
    default:
      return turn satisfies never;
  }
}

interface Reply {
  readonly text: string;
  readonly reasoningText: string | undefined;
  readonly toolCalls: readonly { toolCallId: string; toolName: string; input: unknown }[];
  readonly finishReason: string;
  readonly usage: LanguageModelUsage;
}

function heardOf({ text, reasoningText, toolCalls, finishReason, usage }: Reply, echo: unknown): Heard {
  return {
    text,
    thinking: reasoningText ?? '',
    refusal: '',
    calls: toolCalls.map(({ toolCallId: id, toolName: name, input }) => ({ id, name, input })),
    stop: finishReason,
    usage: {
      input: usage.inputTokens,
      cacheRead: usage.inputTokenDetails.cacheReadTokens,
      cacheWrite: usage.inputTokenDetails.cacheWriteTokens,
      output: usage.outputTokens,
      reasoning: usage.outputTokenDetails.reasoningTokens,
    },
    echo,
  };
}

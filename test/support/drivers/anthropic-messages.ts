/** The official `@anthropic-ai/sdk`. */
import Anthropic from '@anthropic-ai/sdk';
import type { Call, Conversation, Driver, Heard, ToolChoice, Turn } from './driver.ts';
import { numberIn } from './driver.ts';

type Message = Anthropic.MessageParam;

export const anthropicMessages: Driver = {
  name: '@anthropic-ai/sdk',
  format: 'anthropic-messages',
  shows: ['cacheRead', 'cacheWrite', 'reasoning'],
  stopWords: {
    end: 'end_turn',
    length: 'max_tokens',
    'stop-sequence': 'stop_sequence',
    'tool-calls': 'tool_use',
    refusal: 'refusal',
    'content-filter': 'refusal',
  },
  counts: true,
  choosesTools: true,
  tellsToolErrors: true,
  errorClasses: {
    400: 'BadRequestError',
    401: 'AuthenticationError',
    403: 'PermissionDeniedError',
    404: 'NotFoundError',
    422: 'UnprocessableEntityError',
    429: 'RateLimitError',
    500: 'InternalServerError',
    502: 'InternalServerError',
    503: 'ServiceUnavailableError',
    529: 'OverloadedError',
  },
  statusOf: (error) => numberIn(error, 'status'),
  nonsense: 7,
  connect({ url, key }) {
    const client = new Anthropic({ apiKey: key, baseURL: url, maxRetries: 0 });
    return {
      async say(model, conversation, { isStream, signal, onPiece }) {
        const params = paramsOf(model, conversation);
        const options = { ...(signal && { signal }) };
        if (!isStream) return heardOf(await client.messages.create(params, options));
        const stream = client.messages.stream(params, options);
        for await (const _ of stream) onPiece?.();
        return heardOf(await stream.finalMessage());
      },
      async count(model, conversation) {
        const { max_tokens: _, ...params } = paramsOf(model, conversation);
        return (await client.messages.countTokens(params)).input_tokens;
      },
      async list() {
        const ids: string[] = [];
        for await (const { id } of client.models.list()) ids.push(id);
        return ids;
      },
    };
  },
};

function paramsOf(model: string, asked: Conversation): Anthropic.MessageCreateParamsNonStreaming {
  return {
    model,
    max_tokens: asked.maxTokens ?? 4000,
    ...(asked.system !== undefined && { system: asked.system }),
    messages: asked.turns.map(messageOf),
    ...(asked.tools && {
      tools: asked.tools.map(({ name, description, schema }) => ({
        name,
        description,
        input_schema: schema as Anthropic.Tool.InputSchema,
      })),
    }),
    ...(asked.toolChoice && { tool_choice: choiceOf(asked.toolChoice) }),
    ...(asked.schema && {
      output_config: { format: { type: 'json_schema' as const, schema: { ...asked.schema } } },
    }),
    ...(asked.isThinking && { thinking: { type: 'enabled' as const, budget_tokens: 2048 } }),
    // The library has let go of it in 1.0, as newer models refuse it; others still take it.
    ...(asked.temperature !== undefined && { temperature: asked.temperature }),
    ...(asked.stop && { stop_sequences: [...asked.stop] }),
  };
}

function choiceOf(choice: ToolChoice): Anthropic.ToolChoice {
  if (typeof choice !== 'string') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : 'none' };
}

function messageOf(turn: Turn): Message {
  switch (turn.role) {
    case 'user': {
      const { text, image } = turn;
      if (!image) return { role: 'user', content: text };
      const source = {
        type: 'base64' as const,
        media_type: image.mediaType as 'image/png',
        data: image.data,
      };
      return {
        role: 'user',
        content: [
          { type: 'text', text },
          { type: 'image', source },
        ],
      };
    }
    case 'assistant':
      return { role: 'assistant', content: turn.text };
    case 'echo':
      return { role: 'assistant', content: turn.heard.echo as Anthropic.ContentBlockParam[] };
    case 'results':
      return {
        role: 'user',
        content: turn.results.map(({ call, text, isError }) => ({
          type: 'tool_result' as const,
          tool_use_id: call.id,
          content: text,
          ...(isError && { is_error: true }),
        })),
      };
    default:
      return turn satisfies never;
  }
}

function heardOf({ content, stop_reason, usage }: Anthropic.Message): Heard {
  const cacheRead = usage.cache_read_input_tokens ?? undefined;
  const cacheWrite = usage.cache_creation_input_tokens ?? undefined;
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    thinking: content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''),
    refusal: '',
    calls: content.flatMap((block): Call[] =>
      block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
    stop: stop_reason ?? '',
    usage: {
      input: usage.input_tokens + (cacheRead ?? 0) + (cacheWrite ?? 0),
      cacheRead,
      cacheWrite,
      output: usage.output_tokens,
      reasoning: usage.output_tokens_details?.thinking_tokens,
    },
    echo: content,
  };
}

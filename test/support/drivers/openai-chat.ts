/** The official `openai` client on chat completions. */
import OpenAI from 'openai';
import type { Call, Conversation, Driver, Heard, Saying, ToolChoice, Turn } from './driver.ts';
import { numberIn } from './driver.ts';

type Message = OpenAI.ChatCompletionMessageParam;
/** The field in which compatible servers tell a thought; the library hands it through. */
type Spoken = OpenAI.ChatCompletionMessage & { readonly reasoning_content?: string | null };

export const openaiErrors: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  422: 'UnprocessableEntityError',
  429: 'RateLimitError',
  500: 'InternalServerError',
  502: 'InternalServerError',
  503: 'InternalServerError',
  529: 'InternalServerError',
};

export const openaiChat: Driver = {
  name: 'openai (chat)',
  format: 'openai-chat',
  shows: ['cacheRead', 'cacheWrite', 'reasoning'],
  stopWords: {
    end: 'stop',
    length: 'length',
    'stop-sequence': 'stop',
    'tool-calls': 'tool_calls',
    refusal: 'content_filter',
    'content-filter': 'content_filter',
  },
  choosesTools: true,
  errorClasses: openaiErrors,
  statusOf: (error) => numberIn(error, 'status'),
  nonsense: 7,
  connect({ url, key }) {
    const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
    return {
      async say(model, conversation, saying) {
        const params = paramsOf(model, conversation);
        return saying.isStream ? streamed(client, params, saying) : whole(client, params, saying);
      },
      list: () => listedBy(client),
    };
  },
};

/** The library pages by itself. */
export async function listedBy(client: OpenAI): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of client.models.list()) ids.push(id);
  return ids;
}

function paramsOf(model: string, asked: Conversation): OpenAI.ChatCompletionCreateParamsNonStreaming {
  const system: Message[] = asked.system === undefined ? [] : [{ role: 'system', content: asked.system }];
  return {
    model,
    messages: [...system, ...asked.turns.flatMap(messagesOf)],
    ...(asked.tools && {
      tools: asked.tools.map(({ name, description, schema }) => ({
        type: 'function' as const,
        function: { name, description, parameters: schema },
      })),
    }),
    ...(asked.toolChoice && { tool_choice: choiceOf(asked.toolChoice) }),
    ...(asked.schema && {
      response_format: {
        type: 'json_schema' as const,
        json_schema: { name: 'answer', schema: asked.schema, strict: true },
      },
    }),
    ...(asked.isThinking && { reasoning_effort: 'medium' as const }),
    ...(asked.maxTokens !== undefined && { max_completion_tokens: asked.maxTokens }),
    ...(asked.temperature !== undefined && { temperature: asked.temperature }),
    ...(asked.stop && { stop: [...asked.stop] }),
  };
}

function choiceOf(choice: ToolChoice): OpenAI.ChatCompletionToolChoiceOption {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}

function messagesOf(turn: Turn): Message[] {
  switch (turn.role) {
    case 'user': {
      const { text, image } = turn;
      if (!image) return [{ role: 'user', content: text }];
      const url = `data:${image.mediaType};base64,${image.data}`;
      return [
        {
          role: 'user',
          content: [
            { type: 'text', text },
            { type: 'image_url', image_url: { url } },
          ],
        },
      ];
    }
    case 'assistant':
      return [{ role: 'assistant', content: turn.text }];
    case 'echo':
      return [turn.heard.echo as Message];
    case 'results':
      // There is no place for an error but the text.
      return turn.results.map(({ call, text }) => ({ role: 'tool', tool_call_id: call.id, content: text }));
    default:
      return turn satisfies never;
  }
}

async function whole(
  client: OpenAI,
  params: OpenAI.ChatCompletionCreateParamsNonStreaming,
  { signal }: Saying,
): Promise<Heard> {
  const reply = await client.chat.completions.create(params, { ...(signal && { signal }) });
  const { message, finish_reason } = reply.choices[0]!;
  return heardOf(message, finish_reason, reply.usage);
}

/** Put together as programs do that read chunks: texts are appended, calls found by their index. */
async function streamed(
  client: OpenAI,
  params: OpenAI.ChatCompletionCreateParamsNonStreaming,
  { signal, onPiece }: Saying,
): Promise<Heard> {
  const stream = await client.chat.completions.create(
    { ...params, stream: true, stream_options: { include_usage: true } },
    { ...(signal && { signal }) },
  );
  const calls: { id: string; type: 'function'; function: { name: string; arguments: string } }[] = [];
  const texts: Record<string, string> = {};
  const rest: Record<string, unknown> = {};
  let finish: string | null = null;
  let usage: OpenAI.CompletionUsage | undefined;
  for await (const chunk of stream) {
    onPiece?.();
    usage = chunk.usage ?? usage;
    const choice = chunk.choices[0];
    if (!choice) continue;
    finish = choice.finish_reason ?? finish;
    const { tool_calls, role: _, ...fields } = choice.delta;
    for (const [name, value] of Object.entries(fields)) {
      if (typeof value === 'string') texts[name] = (texts[name] ?? '') + value;
      else if (Array.isArray(value)) rest[name] = [...((rest[name] as unknown[]) ?? []), ...value];
    }
    for (const { index, id, function: called, type: _type, ...more } of tool_calls ?? []) {
      const call = calls[index] ?? {
        id: '',
        type: 'function',
        function: { name: '', arguments: '' },
        ...more,
      };
      calls[index] = call;
      if (id) call.id = id;
      if (called?.name) call.function.name = called.name;
      call.function.arguments += called?.arguments ?? '';
    }
  }
  const message = {
    role: 'assistant',
    content: null,
    ...texts,
    ...rest,
    ...(calls.length > 0 && { tool_calls: calls }),
  } as unknown as Spoken;
  return heardOf(message, finish, usage);
}

function heardOf(message: Spoken, finish: string | null, usage: OpenAI.CompletionUsage | undefined): Heard {
  const details: { cached_tokens?: number; cache_write_tokens?: number } = usage?.prompt_tokens_details ?? {};
  return {
    text: message.content ?? '',
    thinking: message.reasoning_content ?? '',
    refusal: message.refusal ?? '',
    calls: (message.tool_calls ?? []).flatMap((call): Call[] =>
      call.type === 'function'
        ? [{ id: call.id, name: call.function.name, input: JSON.parse(call.function.arguments) }]
        : [],
    ),
    stop: finish ?? '',
    usage: {
      input: usage?.prompt_tokens,
      cacheRead: details.cached_tokens,
      cacheWrite: details.cache_write_tokens,
      output: usage?.completion_tokens,
      reasoning: usage?.completion_tokens_details?.reasoning_tokens,
    },
    echo: message,
  };
}

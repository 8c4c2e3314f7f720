/** The official `openai` client on responses, keeping the conversation itself (`store: false`). */
import OpenAI from 'openai';
import type { Call, Conversation, Driver, Heard, Saying, ToolChoice, Turn } from './driver.ts';
import { numberIn } from './driver.ts';
import { listedBy, openaiErrors } from './openai-chat.ts';

type Item = OpenAI.Responses.ResponseInputItem;
type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;

export const openaiResponses: Driver = {
  name: 'openai (responses)',
  format: 'openai-responses',
  shows: ['cacheRead', 'reasoning'],
  stopWords: {
    end: 'completed',
    length: 'incomplete: max_output_tokens',
    'stop-sequence': 'completed',
    'tool-calls': 'completed',
    refusal: 'completed',
    'content-filter': 'incomplete: content_filter',
  },
  counts: true,
  choosesTools: true,
  errorClasses: openaiErrors,
  statusOf: (error) => numberIn(error, 'status'),
  nonsense: [7],
  connect({ url, key }) {
    const client = new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0 });
    return {
      async say(model, conversation, saying) {
        const params = paramsOf(model, conversation);
        const { signal } = saying;
        const options = { ...(signal && { signal }) };
        if (saying.isStream) return streamed(client, params, saying);
        return heardOf(await client.responses.create(params, options));
      },
      async count(model, conversation) {
        const {
          store: _,
          include: _include,
          max_output_tokens: _limit,
          ...params
        } = paramsOf(model, conversation);
        const counted = await client.responses.inputTokens.count(
          params as OpenAI.Responses.InputTokenCountParams,
        );
        return counted.input_tokens;
      },
      list: () => listedBy(client),
    };
  },
};

function paramsOf(model: string, asked: Conversation): Params {
  return {
    model,
    store: false,
    include: ['reasoning.encrypted_content'],
    ...(asked.system !== undefined && { instructions: asked.system }),
    input: asked.turns.flatMap(itemsOf),
    ...(asked.tools && {
      tools: asked.tools.map(({ name, description, schema }) => ({
        type: 'function' as const,
        name,
        description,
        parameters: schema,
        strict: false,
      })),
    }),
    ...(asked.toolChoice && { tool_choice: choiceOf(asked.toolChoice) }),
    ...(asked.schema && {
      text: {
        format: { type: 'json_schema' as const, name: 'answer', schema: asked.schema, strict: true },
      },
    }),
    ...(asked.isThinking && { reasoning: { effort: 'medium' as const, summary: 'auto' as const } }),
    ...(asked.maxTokens !== undefined && { max_output_tokens: asked.maxTokens }),
    ...(asked.temperature !== undefined && { temperature: asked.temperature }),
  };
}

function choiceOf(choice: ToolChoice): NonNullable<Params['tool_choice']> {
  return typeof choice === 'string' ? choice : { type: 'function', name: choice.name };
}

function itemsOf(turn: Turn): Item[] {
  switch (turn.role) {
    case 'user': {
      const { text, image } = turn;
      if (!image) return [{ role: 'user', content: text }];
      const image_url = `data:${image.mediaType};base64,${image.data}`;
      return [
        {
          role: 'user',
          content: [
            { type: 'input_text', text },
            { type: 'input_image', image_url, detail: 'auto' },
          ],
        },
      ];
    }
    case 'assistant':
      return [{ role: 'assistant', content: turn.text }];
    case 'echo':
      return turn.heard.echo as Item[];
    case 'results':
      return turn.results.map(({ call, text }) => ({
        type: 'function_call_output',
        call_id: call.id,
        output: text,
      }));
    default:
      return turn satisfies never;
  }
}

/** Read to its last event, as the library's own helpers do; a stream without one is no reply. */
async function streamed(client: OpenAI, params: Params, { signal, onPiece }: Saying): Promise<Heard> {
  const stream = client.responses.stream({ ...params, stream: true }, { ...(signal && { signal }) });
  for await (const _ of stream) onPiece?.();
  return heardOf(await stream.finalResponse());
}

function heardOf(reply: OpenAI.Responses.Response): Heard {
  const texts = reply.output.flatMap((item) => (item.type === 'message' ? item.content : []));
  const reason = reply.incomplete_details?.reason;
  return {
    text: texts.map((part) => (part.type === 'output_text' ? part.text : '')).join(''),
    refusal: texts.map((part) => (part.type === 'refusal' ? part.refusal : '')).join(''),
    thinking: reply.output
      .flatMap((item) => (item.type === 'reasoning' ? [...item.summary, ...(item.content ?? [])] : []))
      .map(({ text }) => text)
      .join(''),
    calls: reply.output.flatMap((item): Call[] =>
      item.type === 'function_call'
        ? [{ id: item.call_id, name: item.name, input: JSON.parse(item.arguments) }]
        : [],
    ),
    stop: reason ? `${reply.status}: ${reason}` : String(reply.status),
    usage: {
      input: reply.usage?.input_tokens,
      cacheRead: reply.usage?.input_tokens_details?.cached_tokens,
      output: reply.usage?.output_tokens,
      reasoning: reply.usage?.output_tokens_details?.reasoning_tokens,
    },
    echo: reply.output,
  };
}

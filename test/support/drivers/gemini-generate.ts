/** The official `@google/genai`. */
import {
  type Content,
  type FunctionCallingConfig,
  FunctionCallingConfigMode,
  type GenerateContentParameters,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from '@google/genai';
import type { Call, Conversation, Driver, Heard, ToolChoice, Turn } from './driver.ts';
import { numberIn } from './driver.ts';

const always = (name: string) =>
  Object.fromEntries([400, 401, 403, 404, 422, 429, 500, 502, 503, 529].map((status) => [status, name]));

export const geminiGenerate: Driver = {
  name: '@google/genai',
  format: 'gemini-generate',
  shows: ['cacheRead', 'reasoning'],
  stopWords: {
    end: 'STOP',
    length: 'MAX_TOKENS',
    'stop-sequence': 'STOP',
    'tool-calls': 'STOP',
    refusal: 'SAFETY',
    'content-filter': 'SAFETY',
  },
  counts: true,
  choosesTools: true,
  tellsToolErrors: true,
  errorClasses: always('ApiError'),
  statusOf: (error) => numberIn(error, 'status'),
  nonsense: { role: 'nobody', parts: [{ text: 'x' }] },
  connect({ url, key }) {
    const client = new GoogleGenAI({ apiKey: key, vertexai: false, httpOptions: { baseUrl: url } });
    return {
      async say(model, conversation, { isStream, signal, onPiece }) {
        const params = paramsOf(model, conversation, signal);
        if (!isStream) return heardOf([await client.models.generateContent(params)]);
        const chunks: GenerateContentResponse[] = [];
        for await (const chunk of await client.models.generateContentStream(params)) {
          onPiece?.();
          chunks.push(chunk);
        }
        return heardOf(chunks);
      },
      async count(model, conversation) {
        const { contents } = paramsOf(model, conversation, undefined);
        return (await client.models.countTokens({ model, contents })).totalTokens ?? 0;
      },
      async list() {
        const ids: string[] = [];
        for await (const { name = '' } of await client.models.list()) ids.push(name.replace(/^models\//, ''));
        return ids;
      },
    };
  },
};

function paramsOf(
  model: string,
  asked: Conversation,
  signal: AbortSignal | undefined,
): GenerateContentParameters {
  return {
    model,
    contents: asked.turns.map(contentOf),
    config: {
      ...(asked.system !== undefined && { systemInstruction: asked.system }),
      ...(asked.tools && {
        tools: [
          {
            functionDeclarations: asked.tools.map(({ name, description, schema }) => ({
              name,
              description,
              parametersJsonSchema: schema,
            })),
          },
        ],
      }),
      ...(asked.toolChoice && { toolConfig: { functionCallingConfig: choiceOf(asked.toolChoice) } }),
      ...(asked.schema && { responseMimeType: 'application/json', responseJsonSchema: asked.schema }),
      ...(asked.isThinking && { thinkingConfig: { includeThoughts: true, thinkingBudget: 2048 } }),
      ...(asked.maxTokens !== undefined && { maxOutputTokens: asked.maxTokens }),
      ...(asked.temperature !== undefined && { temperature: asked.temperature }),
      ...(asked.stop && { stopSequences: [...asked.stop] }),
      ...(signal && { abortSignal: signal }),
    },
  };
}

function choiceOf(choice: ToolChoice): FunctionCallingConfig {
  if (choice === 'none') return { mode: FunctionCallingConfigMode.NONE };
  const named = choice === 'required' ? {} : { allowedFunctionNames: [choice.name] };
  return { mode: FunctionCallingConfigMode.ANY, ...named };
}

function contentOf(turn: Turn): Content {
  switch (turn.role) {
    case 'user': {
      const { text, image } = turn;
      const inline = image && [{ inlineData: { mimeType: image.mediaType, data: image.data } }];
      return { role: 'user', parts: [{ text }, ...(inline ?? [])] };
    }
    case 'assistant':
      return { role: 'model', parts: [{ text: turn.text }] };
    case 'echo':
      return turn.heard.echo as Content;
    case 'results':
      return {
        role: 'user',
        parts: turn.results.map(({ call: { id, name }, text, isError }) => ({
          functionResponse: {
            ...(id !== '' && { id }),
            name,
            response: { [isError ? 'error' : 'output']: text },
          },
        })),
      };
    default:
      return turn satisfies never;
  }
}

/** Of a stream, the parts of all chunks in a row, as the library's own chat keeps them. */
function heardOf(replies: readonly GenerateContentResponse[]): Heard {
  const candidates = replies.map((reply) => reply.candidates?.[0]);
  const parts = candidates.flatMap((candidate): Part[] => candidate?.content?.parts ?? []);
  const usage = replies.findLast((reply) => reply.usageMetadata)?.usageMetadata;
  const blocked = replies.find((reply) => reply.promptFeedback?.blockReason)?.promptFeedback;
  const textOf = (isThought: boolean) =>
    parts.map((part) => ((part.thought ?? false) === isThought ? (part.text ?? '') : '')).join('');
  return {
    text: textOf(false),
    thinking: textOf(true),
    refusal: '',
    calls: parts.flatMap(({ functionCall: call }): Call[] =>
      call ? [{ id: call.id ?? '', name: call.name ?? '', input: call.args ?? {} }] : [],
    ),
    stop:
      candidates.findLast((candidate) => candidate?.finishReason)?.finishReason ?? blocked?.blockReason ?? '',
    usage: {
      input: usage?.promptTokenCount,
      cacheRead: usage?.cachedContentTokenCount,
      output: usage && (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
      reasoning: usage?.thoughtsTokenCount,
    },
    echo: {
      role: 'model',
      parts: parts.filter((part) => part.text !== '' || part.thoughtSignature !== undefined),
    },
  };
}

/**
 * OpenAI Chat Completions: also what OpenRouter and all OpenAI-compatible servers speak, each with its own
 * habits, so reading is lenient throughout.
 */
import type { Format } from '../format.ts';
import { createSseReader } from '../frames.ts';
import { createNameRestorer } from '../openai-names.ts';
import { finishOf, firstChoice } from './chunk.ts';
import { createCutter } from './cut.ts';
import { parseError, renderError, renderStreamError } from './error.ts';
import { type ModelTraits, readTraits } from './models.ts';
import { parseReply, renderReply } from './reply.ts';
import { parseRequest, renderRequest } from './request.ts';
import { createDecoder } from './stream-decode.ts';
import { createEncoder } from './stream-encode.ts';
import { createTap } from './tap.ts';
import { readUsage } from './usage.ts';

export type { ModelTraits } from './models.ts';
export { createUsageFilter, type UsageFilter } from './usage-filter.ts';

export interface OpenaiChatOptions {
  /** What a model's requests may hold; by default judged by its name (`models.ts`). */
  readonly traits?: (model: string) => ModelTraits;
}

/** The format, for an upstream whose models are known better than their names tell. */
export function createOpenaiChat({ traits = readTraits }: OpenaiChatOptions = {}): Format {
  return {
    id: 'openai-chat',
    places: {
      model: 'body',
      streamsByDefault: false,
      outputLimit: [['max_completion_tokens'], ['max_tokens']],
      addedLimit: (model) => traits(model).outputLimitField,
      isOpenBelowOne: true,
      // OpenRouter's, which hands it to models that want it so.
      thinkingBudget: { places: [['reasoning', 'max_tokens']], least: 1_024, isBelowLimit: true },
    },
    parseRequest: (body) => parseRequest(body, traits),
    renderRequest: (chat) => renderRequest(chat, traits),
    parseReply,
    renderReply,
    createNameRestorer,
    createReader: createSseReader,
    createDecoder,
    createEncoder,
    createTap,
    createCutter,
    readUsage: (body) => readUsage(body),
    readStop: (body) => finishOf(firstChoice(body)),
    parseError,
    renderError,
    renderStreamError,
    // The API has no such question.
    renderTokenCount: () => undefined,
    streamFraming: 'sse',
    streamContentType: 'text/event-stream',
    keepAlive: ': keep-alive\n\n',
  };
}

export const openaiChat: Format = createOpenaiChat();

/** The Anthropic Messages format. */
import type { JsonObject } from '../chat.ts';
import type { Format } from '../format.ts';
import { createSseReader } from '../frames.ts';
import { withCacheMarks } from './auto-cache.ts';
import { createCutter } from './cut.ts';
import { parseError, renderError, renderStreamError } from './error.ts';
import { createNameRestorer } from './names.ts';
import { MIN_BUDGET } from './reasoning.ts';
import { parseReply, renderReply } from './reply.ts';
import { parseRequest } from './request-parse.ts';
import { renderRequest } from './request-render.ts';
import { createDecoder } from './stream-decode.ts';
import { createEncoder } from './stream-encode.ts';
import { createTap } from './tap.ts';
import { readUsage } from './usage.ts';

export const anthropicMessages: Format = {
  id: 'anthropic-messages',
  places: {
    model: 'body',
    streamsByDefault: false,
    outputLimit: [['max_tokens']],
    thinkingBudget: { places: [['thinking', 'budget_tokens']], least: MIN_BUDGET, isBelowLimit: true },
  },
  parseRequest,
  renderRequest,
  withAutoCache: withCacheMarks,
  parseReply,
  renderReply,
  createNameRestorer,
  createReader: createSseReader,
  createDecoder,
  createEncoder,
  createTap,
  createCutter,
  readUsage: (body: JsonObject) => readUsage(body.usage),
  readStop: ({ stop_reason: reason }: JsonObject) => (typeof reason === 'string' ? reason : undefined),
  parseError,
  renderError,
  renderStreamError,
  renderTokenCount: (tokens) => ({ input_tokens: tokens }),
  streamFraming: 'sse',
  streamContentType: 'text/event-stream',
  keepAlive: ': keep-alive\n\n',
};

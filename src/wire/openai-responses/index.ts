/**
 * OpenAI Responses: also what xAI, OpenRouter, LM Studio, vLLM and others speak, each with its own habits, so
 * reading is lenient throughout.
 */
import type { Format } from '../format.ts';
import { createSseReader } from '../frames.ts';
import { createNameRestorer } from '../openai-names.ts';
import { createCutter } from './cut.ts';
import { parseError, renderError } from './error.ts';
import { parseReply, renderReply } from './reply.ts';
import { parseRequest, renderRequest } from './request.ts';
import { stopWord } from './stop.ts';
import { createDecoder } from './stream-decode.ts';
import { createEncoder, KEEP_ALIVE, renderStreamError } from './stream-encode.ts';
import { createTap } from './tap.ts';
import { readUsage } from './usage.ts';

export const openaiResponses: Format = {
  id: 'openai-responses',
  places: { model: 'body', streamsByDefault: false, outputLimit: [['max_output_tokens']] },
  parseRequest: (body) => parseRequest(body),
  renderRequest,
  parseReply: (body) => parseReply(body),
  renderReply,
  createNameRestorer,
  createReader: createSseReader,
  createDecoder,
  createEncoder,
  createTap,
  createCutter,
  readUsage,
  readStop: stopWord,
  parseError,
  renderError,
  renderStreamError,
  renderTokenCount: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
  streamFraming: 'sse',
  streamContentType: 'text/event-stream',
  keepAlive: KEEP_ALIVE,
};

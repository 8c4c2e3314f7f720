/** Google's Gemini API: `generateContent` and `streamGenerateContent`, of the Gemini API and of Vertex AI. */
import type { Format } from '../format.ts';
import { createCutter } from './cut.ts';
import { parseError, renderError, renderStreamError } from './error.ts';
import { createNameRestorer } from './names.ts';
import { createReader } from './reader.ts';
import { parseReply, renderReply } from './reply.ts';
import { parseRequest, renderRequest } from './request.ts';
import { rawStop } from './stop.ts';
import { createDecoder } from './stream-decode.ts';
import { createEncoder } from './stream-encode.ts';
import { createTap } from './tap.ts';
import { readUsage } from './usage.ts';

export const geminiGenerate: Format = {
  id: 'gemini-generate',
  places: {
    model: 'path',
    streamsByDefault: false,
    outputLimit: [
      ['generationConfig', 'maxOutputTokens'],
      ['generation_config', 'max_output_tokens'],
      ['generationConfig', 'max_output_tokens'],
      ['generation_config', 'maxOutputTokens'],
    ],
    isOpenBelowOne: true,
    thinkingBudget: {
      places: ['generationConfig', 'generation_config'].flatMap((config) =>
        ['thinkingConfig', 'thinking_config'].flatMap((thinking) =>
          ['thinkingBudget', 'thinking_budget'].map((budget) => [config, thinking, budget]),
        ),
      ),
      // The most that any of the models has for its least.
      least: 512,
    },
  },
  parseRequest,
  renderRequest,
  parseReply,
  renderReply,
  createNameRestorer,
  createReader,
  createDecoder,
  createEncoder,
  createTap,
  createCutter,
  readUsage: (body) => readUsage(body.usageMetadata),
  readStop: rawStop,
  parseError,
  renderError,
  renderStreamError,
  renderTokenCount: (tokens) => ({ totalTokens: tokens }),
  streamFraming: 'sse',
  streamContentType: 'text/event-stream',
  // Google's former client library, on which LangChain stands, reads nothing more after anything that is no event, not
  // even after a blank line; its present one would pass over comments.
  keepAlive: undefined,
};

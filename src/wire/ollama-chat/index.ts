/** Ollama's own chat API: newline-delimited JSON, arguments as objects, and a context window the request must size. */
import type { Format } from '../format.ts';
import { createLineReader } from '../frames-lines.ts';
import { createCutter } from './cut.ts';
import { parseError, renderError, renderStreamError } from './error.ts';
import { parseReply, renderReply } from './reply.ts';
import { parseRequest, renderLoaded, renderRequest } from './request.ts';
import { stopOf } from './stop.ts';
import { createDecoder } from './stream-decode.ts';
import { createEncoder } from './stream-encode.ts';
import { createTap } from './tap.ts';
import { readUsage } from './usage.ts';

export { renderTags, type TagRow } from './tags.ts';
export {
  DEFAULT_OUTPUT_TOKENS,
  MIN_NUM_CTX,
  type NumCtxEdit,
  numCtxEdit,
  numCtxFor,
  readNumCtx,
  withNumCtx,
} from './window.ts';

export const ollamaChat: Format = {
  id: 'ollama-chat',
  places: {
    model: 'body',
    streamsByDefault: true,
    outputLimit: [['options', 'num_predict']],
    isOpenBelowOne: true,
  },
  parseRequest: (body) => parseRequest(body),
  renderRequest,
  renderLoaded,
  parseReply,
  renderReply,
  // Every name is taken as it is.
  createNameRestorer: () => (name) => name,
  createReader: createLineReader,
  createDecoder,
  createEncoder,
  createTap,
  createCutter,
  readUsage,
  readStop: stopOf,
  parseError,
  renderError: (error) => renderError(error),
  renderStreamError: (error) => renderStreamError(error),
  // The API has no such question.
  renderTokenCount: () => undefined,
  streamFraming: 'lines',
  streamContentType: 'application/x-ndjson',
  // White space in front of the next line, which no JSON parser sees. A blank line would be one that is no JSON.
  keepAlive: ' ',
};

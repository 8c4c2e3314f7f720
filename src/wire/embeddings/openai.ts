/**
 * `POST /v1/embeddings` of OpenAI and its doubles. `input` is one text or token array, or a list of them. The
 * official SDK asks for base64 unless told otherwise, and decodes it itself.
 */
import type { JsonObject, JsonValue, Usage, Warning } from '../chat.ts';
import { type Rendered, WireError } from '../format.ts';
import { decodeJsonString, walkTopLevel } from '../walk.ts';
import type {
  EmbeddingContext,
  EmbeddingEncoding,
  EmbeddingInput,
  EmbeddingReply,
  EmbeddingRequest,
  EmbeddingShape,
  EmbeddingVector,
} from './embedding.ts';
import {
  extraOf,
  isObject,
  optionalDimensions,
  optionalText,
  ownExtra,
  readNumbers,
  requiredText,
  tellInput,
  textOf,
  unknownFields,
  usageFrom,
  warnPurposes,
  warnTruncate,
} from './fields.ts';
import { vectorBase64, vectorNumbers } from './vectors.ts';

const KNOWN: ReadonlySet<string> = new Set(['model', 'input', 'dimensions', 'encoding_format', 'user']);

function parseRequest(body: JsonObject): EmbeddingRequest {
  const dimensions = optionalDimensions(body.dimensions, 'dimensions');
  const endUser = optionalText(body, 'user');
  return {
    model: requiredText(body, 'model'),
    inputs: readInputs(body.input),
    encoding: readEncoding(body.encoding_format),
    ...(dimensions !== undefined && { dimensions }),
    ...(endUser !== undefined && { endUser }),
    ...extraOf('openai-embeddings', unknownFields(body, KNOWN)),
  };
}

function readEncoding(value: JsonValue | undefined): EmbeddingEncoding {
  if (value === undefined || value === null) return 'float';
  if (value === 'float' || value === 'base64') return value;
  throw new WireError('encoding_format must be float or base64', 'encoding_format');
}

function readInputs(value: JsonValue | undefined): EmbeddingInput[] {
  if (typeof value === 'string') return [{ content: value }];
  if (!Array.isArray(value) || value.length === 0)
    throw new WireError('input must be a text, a list of token ids, or a list of either', 'input');
  if (typeof value[0] === 'number') return [{ content: tokensOf(value, 'input') }];
  return value.map((item, index) => {
    if (typeof item === 'string') return { content: item };
    return { content: tokensOf(item, `input[${index}]`) };
  });
}

function tokensOf(value: JsonValue, param: string): number[] {
  const isTokens =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => Number.isInteger(item) && (item as number) >= 0);
  if (!isTokens) throw new WireError(`${param} must be a text or a list of token ids`, param);
  return value as number[];
}

/** Numbers are asked for as numbers: not every double of this API knows base64. */
function renderRequest(request: EmbeddingRequest): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  warnPurposes(request, warn);
  warnTruncate(request, warn);
  const contents = request.inputs.map((input, index): JsonValue => {
    return typeof input.content === 'string' ? textOf(input, index, warn) : [...input.content];
  });
  const body: JsonObject = {
    model: request.model,
    // One token array alone, and a list of one, are the same to the API; the list is unmistakable.
    input: contents.length === 1 && typeof contents[0] === 'string' ? contents[0] : contents,
    ...(request.dimensions !== undefined && { dimensions: request.dimensions }),
    ...(request.encoding === 'base64' && { encoding_format: 'base64' }),
    ...(request.endUser !== undefined && { user: request.endUser }),
    ...ownExtra(request, 'extra.', ['openai-embeddings'], warn),
  };
  return { body, warnings };
}

function parseReply(body: JsonObject): EmbeddingReply {
  if (!Array.isArray(body.data)) throw new WireError('the reply has no data');
  const rows = body.data.map((row, place) => {
    if (!isObject(row)) throw new WireError('a row of data is no object');
    return { index: typeof row.index === 'number' ? row.index : place, vector: readVector(row.embedding) };
  });
  const usage = readUsage(body);
  return {
    model: typeof body.model === 'string' ? body.model : '',
    // The order is promised by `index` only, and servers that work in batches use that.
    vectors: rows.sort((a, b) => a.index - b.index).map(({ vector }) => vector),
    ...(usage && { usage }),
  };
}

function readVector(value: JsonValue | undefined): EmbeddingVector {
  return typeof value === 'string' ? { encoding: 'base64', data: value } : readNumbers(value);
}

function readUsage(body: JsonObject): Usage | undefined {
  const raw = isObject(body.usage) ? body.usage : undefined;
  // OpenRouter tells the cost too.
  const cost = typeof raw?.cost === 'number' ? { reportedCostUsd: String(raw.cost) } : {};
  return usageFrom(raw, 'prompt_tokens', cost) ?? usageFrom(raw, 'total_tokens', cost);
}

function encodingAsked(body: Buffer): EmbeddingEncoding {
  if (!body.includes('base64')) return 'float';
  const walk = walkTopLevel(body, ['encoding_format']);
  const span = walk.ok ? walk.fields.get('encoding_format') : undefined;
  return span && decodeJsonString(body, span) === 'base64' ? 'base64' : 'float';
}

/** A vector in numbers, seen from its key. */
const NUMBERS = /"embedding"\s*:\s*\[/;
/** The first vector begins near the start, whatever fields stand before it. */
const HEAD_BYTES = 4096;

/**
 * Doubles of this API that know no base64 answer with numbers, which the official SDK, having asked for base64,
 * decodes to noise without a word.
 */
function recode(body: Buffer, encoding: EmbeddingEncoding): Buffer {
  if (encoding !== 'base64' || !NUMBERS.test(body.toString('latin1', 0, HEAD_BYTES))) return body;
  try {
    const reply = JSON.parse(body.toString('utf8')) as JsonObject;
    const data = (reply.data as JsonObject[]).map((row) => ({
      ...row,
      embedding: vectorBase64(readVector(row.embedding)),
    }));
    return Buffer.from(JSON.stringify({ ...reply, data }));
  } catch {
    // Not what it looked like: the client gets what the upstream said.
    return body;
  }
}

function renderReply(reply: EmbeddingReply, context: EmbeddingContext): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const tokens = tellInput(reply.usage, context.inputEstimate, (warning) => void warnings.push(warning));
  const isBase64 = context.encoding === 'base64';
  const data = reply.vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: isBase64 ? vectorBase64(vector) : [...vectorNumbers(vector)],
  }));
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return { body: { object: 'list', data, model: context.model, usage }, warnings };
}

export const openaiEmbeddings: EmbeddingShape = {
  id: 'openai-embeddings',
  format: 'openai-chat',
  call: 'embeddings',
  modelPlace: 'body',
  parseRequest,
  renderRequest,
  parseReply,
  renderReply,
  readUsage,
  usageFields: ['usage'],
  readEncoding: encodingAsked,
  recode,
  withModel: (body, model) => (body.model === model ? body : { ...body, model }),
};

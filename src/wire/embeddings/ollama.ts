/**
 * Ollama's two calls: `/api/embed`, which takes one input or several and tells usage, and the legacy
 * `/api/embeddings`, which takes one `prompt`, tells no usage and does not bring vectors to length 1.
 */
import type { JsonObject, JsonValue, Usage, Warning } from '../chat.ts';
import { type Rendered, WireError } from '../format.ts';
import type {
  EmbeddingContext,
  EmbeddingInput,
  EmbeddingReply,
  EmbeddingRequest,
  EmbeddingShape,
} from './embedding.ts';
import {
  extraOf,
  onlyNumbers,
  optionalDimensions,
  ownExtra,
  readNumbers,
  requiredText,
  tellInput,
  textOf,
  unknownFields,
  usageFrom,
  warnEndUser,
  warnPurposes,
  warnTruncate,
} from './fields.ts';
import { vectorNumbers } from './vectors.ts';

const EMBED_KNOWN: ReadonlySet<string> = new Set(['model', 'input', 'truncate', 'dimensions']);
const LEGACY_KNOWN: ReadonlySet<string> = new Set(['model', 'prompt']);

function parseEmbed(body: JsonObject): EmbeddingRequest {
  const dimensions = optionalDimensions(body.dimensions, 'dimensions');
  const truncate = body.truncate ?? undefined;
  if (truncate !== undefined && typeof truncate !== 'boolean')
    throw new WireError('truncate must be true or false', 'truncate');
  return {
    model: requiredText(body, 'model'),
    inputs: readInputs(body.input),
    encoding: 'float',
    ...(dimensions !== undefined && { dimensions }),
    ...(truncate !== undefined && { truncate }),
    ...extraOf('ollama-embed', unknownFields(body, EMBED_KNOWN)),
  };
}

function readInputs(value: JsonValue | undefined): EmbeddingInput[] {
  const items = Array.isArray(value) ? value : [value];
  // Without input the real server loads the model and answers nothing: there is nothing to translate.
  if (items.length === 0) throw new WireError('input is empty', 'input');
  return items.map((item, index) => {
    if (typeof item === 'string') return { content: item };
    throw new WireError(
      'input must be a text or a list of texts',
      Array.isArray(value) ? `input[${index}]` : 'input',
    );
  });
}

function parseLegacy(body: JsonObject): EmbeddingRequest {
  return {
    model: requiredText(body, 'model'),
    inputs: [{ content: requiredText(body, 'prompt') }],
    encoding: 'float',
    ...extraOf('ollama-embeddings', unknownFields(body, LEGACY_KNOWN)),
  };
}

/** What both calls leave out, and the texts. */
function textsOf(request: EmbeddingRequest, warn: (warning: Warning) => void): string[] {
  warnPurposes(request, warn);
  warnEndUser(request, warn);
  return request.inputs.map((input, index) => textOf(input, index, warn));
}

/** Both calls know `options` and `keep_alive`. */
const OWN = ['ollama-embed', 'ollama-embeddings'] as const;

function renderEmbed(request: EmbeddingRequest): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  const texts = textsOf(request, warn);
  const body: JsonObject = {
    model: request.model,
    input: texts.length === 1 ? texts[0]! : texts,
    ...(request.truncate !== undefined && { truncate: request.truncate }),
    ...(request.dimensions !== undefined && { dimensions: request.dimensions }),
    ...ownExtra(request, 'extra.', OWN, warn),
  };
  return { body, warnings };
}

function renderLegacy(request: EmbeddingRequest): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  if (request.inputs.length !== 1)
    throw new WireError('/api/embeddings takes one text; use /api/embed', 'input');
  if (request.dimensions !== undefined)
    throw new WireError('/api/embeddings gives vectors of one length; use /api/embed', 'dimensions');
  const [prompt] = textsOf(request, warn);
  warnTruncate(request, warn);
  return {
    body: { model: request.model, prompt: prompt!, ...ownExtra(request, 'extra.', OWN, warn) },
    warnings,
  };
}

function parseEmbedReply(body: JsonObject): EmbeddingReply {
  if (!Array.isArray(body.embeddings)) throw new WireError('the reply has no embeddings');
  const usage = readUsage(body);
  return { model: modelOf(body), vectors: body.embeddings.map(readNumbers), ...(usage && { usage }) };
}

function parseLegacyReply(body: JsonObject): EmbeddingReply {
  return { model: modelOf(body), vectors: [readNumbers(body.embedding)] };
}

function modelOf(body: JsonObject): string {
  return typeof body.model === 'string' ? body.model : '';
}

function readUsage(body: JsonObject): Usage | undefined {
  const count = body.prompt_eval_count;
  return count === undefined ? undefined : usageFrom({ prompt_eval_count: count }, 'prompt_eval_count');
}

function renderEmbedReply(reply: EmbeddingReply, context: EmbeddingContext): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const tokens = tellInput(reply.usage, context.inputEstimate, (warning) => void warnings.push(warning));
  const embeddings = reply.vectors.map((vector) => [...vectorNumbers(vector)]);
  return { body: { model: context.model, embeddings, prompt_eval_count: tokens }, warnings };
}

function renderLegacyReply(reply: EmbeddingReply): Rendered<JsonObject> {
  const [vector, ...more] = reply.vectors;
  if (!vector || more.length > 0) throw new WireError(`${reply.vectors.length} embeddings came for one text`);
  return { body: { embedding: [...vectorNumbers(vector)] }, warnings: [] };
}

const withModel = (body: JsonObject, model: string): JsonObject =>
  body.model === model ? body : { ...body, model };

export const ollamaEmbed: EmbeddingShape = {
  id: 'ollama-embed',
  format: 'ollama-chat',
  call: 'embed',
  modelPlace: 'body',
  parseRequest: parseEmbed,
  renderRequest: renderEmbed,
  parseReply: parseEmbedReply,
  renderReply: renderEmbedReply,
  readUsage,
  usageFields: ['prompt_eval_count'],
  ...onlyNumbers,
  withModel,
};

export const ollamaEmbeddings: EmbeddingShape = {
  id: 'ollama-embeddings',
  format: 'ollama-chat',
  call: 'embeddings',
  modelPlace: 'body',
  parseRequest: parseLegacy,
  renderRequest: renderLegacy,
  parseReply: parseLegacyReply,
  renderReply: renderLegacyReply,
  readUsage,
  usageFields: ['prompt_eval_count'],
  ...onlyNumbers,
  withModel,
};

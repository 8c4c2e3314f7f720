/**
 * Gemini's two calls: `:embedContent` for one content, `:batchEmbedContents` for a list of such requests. The
 * official SDK sends the second for both. The model is in the URL, and again in each request of a batch.
 */
import type { JsonObject, JsonValue, Usage, Warning } from '../chat.ts';
import { type Rendered, type RequestPath, WireError } from '../format.ts';
import type {
  EmbeddingInput,
  EmbeddingReply,
  EmbeddingRequest,
  EmbeddingShape,
  EmbeddingShapeId,
  Warn,
} from './embedding.ts';
import {
  extraOf,
  isObject,
  onlyNumbers,
  optionalDimensions,
  optionalText,
  ownExtra,
  readNumbers,
  textOf,
  unknownFields,
  usageFrom,
  warnEndUser,
  warnTruncate,
} from './fields.ts';
import { vectorNumbers } from './vectors.ts';

const KNOWN: ReadonlySet<string> = new Set([
  'model',
  'content',
  'taskType',
  'task_type',
  'title',
  'outputDimensionality',
  'output_dimensionality',
  'embedContentConfig',
]);

interface Item {
  readonly input: EmbeddingInput;
  readonly dimensions: number | undefined;
}

/** One content and what belongs to it. Google's JSON takes a name in either spelling; newer models have a config of their own. */
function readItem(body: JsonObject, path: string, shape: EmbeddingShapeId): Item {
  const fields = { ...(isObject(body.embedContentConfig) && body.embedContentConfig), ...body };
  const taskType = optionalText(fields, 'taskType') ?? optionalText(fields, 'task_type');
  const title = optionalText(fields, 'title');
  const dimensions = fields.outputDimensionality ?? fields.output_dimensionality;
  return {
    input: {
      ...readContent(body.content, `${path}content`),
      ...(taskType !== undefined && { taskType }),
      ...(title !== undefined && { title }),
      ...extraOf(shape, unknownFields(fields, KNOWN)),
    },
    dimensions: optionalDimensions(dimensions, `${path}outputDimensionality`),
  };
}

function readContent(
  value: JsonValue | undefined,
  path: string,
): Pick<EmbeddingInput, 'content' | 'isJoined'> {
  const parts = isObject(value) ? value.parts : undefined;
  const list = Array.isArray(parts) ? parts : isObject(parts) ? [parts] : [];
  if (list.length === 0) throw new WireError(`${path}.parts is missing`, path);
  const texts = list.map((part, index) => {
    if (isObject(part) && typeof part.text === 'string') return part.text;
    throw new WireError(
      `${path}.parts[${index}] is no text: only texts can be translated`,
      `${path}.parts[${index}]`,
    );
  });
  return texts.length === 1 ? { content: texts[0]! } : { content: texts.join('\n'), isJoined: true };
}

function parseSingle(body: JsonObject, path?: RequestPath): EmbeddingRequest {
  const { input, dimensions } = readItem(body, '', 'gemini-embed');
  return {
    model: path?.model ?? '',
    inputs: [input],
    encoding: 'float',
    ...(dimensions !== undefined && { dimensions }),
  };
}

function parseBatch(body: JsonObject, path?: RequestPath): EmbeddingRequest {
  const { requests } = body;
  if (!Array.isArray(requests) || requests.length === 0)
    throw new WireError('requests must be a list with at least one request', 'requests');
  const items = requests.map((request, index) => {
    if (!isObject(request)) throw new WireError(`requests[${index}] must be an object`, `requests[${index}]`);
    return readItem(request, `requests[${index}].`, 'gemini-batch-embed');
  });
  const dimensions = items[0]!.dimensions;
  const other = items.findIndex((item) => item.dimensions !== dimensions);
  if (other !== -1)
    throw new WireError(
      'requests of one batch that want different dimensions cannot be translated',
      `requests[${other}].outputDimensionality`,
    );
  return {
    model: path?.model ?? '',
    inputs: items.map(({ input }) => input),
    encoding: 'float',
    ...(dimensions !== undefined && { dimensions }),
  };
}

const OWN: readonly EmbeddingShapeId[] = ['gemini-embed', 'gemini-batch-embed'];

function renderItem(request: EmbeddingRequest, index: number, warn: Warn): JsonObject {
  const input = request.inputs[index]!;
  const { taskType, title } = input;
  return {
    model: collectionName(request.model),
    content: { parts: [{ text: textOf(input, index, warn) }] },
    ...(taskType !== undefined && { taskType }),
    ...(title !== undefined && { title }),
    ...(request.dimensions !== undefined && { outputDimensionality: request.dimensions }),
    ...ownExtra(input, `inputs[${index}].extra.`, OWN, warn),
  };
}

function renderWith(
  request: EmbeddingRequest,
  make: (item: (index: number) => JsonObject) => JsonObject,
): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => void warnings.push(warning);
  warnEndUser(request, warn);
  warnTruncate(request, warn);
  ownExtra(request, 'extra.', [], warn);
  return { body: make((index) => renderItem(request, index, warn)), warnings };
}

function renderSingle(request: EmbeddingRequest): Rendered<JsonObject> {
  if (request.inputs.length !== 1)
    throw new WireError('embedContent takes one content; use batchEmbedContents', 'input');
  return renderWith(request, (item) => item(0));
}

function renderBatch(request: EmbeddingRequest): Rendered<JsonObject> {
  return renderWith(request, (item) => ({ requests: request.inputs.map((_input, index) => item(index)) }));
}

function valuesOf(value: JsonValue | undefined): EmbeddingReply['vectors'][number] {
  return readNumbers(isObject(value) ? value.values : undefined);
}

function parseSingleReply(body: JsonObject): EmbeddingReply {
  const usage = readUsage(body);
  return { model: '', vectors: [valuesOf(body.embedding)], ...(usage && { usage }) };
}

function parseBatchReply(body: JsonObject): EmbeddingReply {
  if (!Array.isArray(body.embeddings)) throw new WireError('the reply has no embeddings');
  const usage = readUsage(body);
  return { model: '', vectors: body.embeddings.map(valuesOf), ...(usage && { usage }) };
}

/** Only the newer models report it. */
function readUsage(body: JsonObject): Usage | undefined {
  return usageFrom(isObject(body.usageMetadata) ? body.usageMetadata : undefined, 'promptTokenCount');
}

/** Usage is told where it is known: no client of this API counts on it. */
function usageFields({ usage }: EmbeddingReply): JsonObject {
  const input = usage?.input;
  return input !== undefined && Number.isFinite(input) ? { usageMetadata: { promptTokenCount: input } } : {};
}

function renderSingleReply(reply: EmbeddingReply): Rendered<JsonObject> {
  const [vector, ...more] = reply.vectors;
  if (!vector || more.length > 0)
    throw new WireError(`${reply.vectors.length} embeddings came for one content`);
  return { body: { embedding: { values: [...vectorNumbers(vector)] }, ...usageFields(reply) }, warnings: [] };
}

function renderBatchReply(reply: EmbeddingReply): Rendered<JsonObject> {
  const embeddings = reply.vectors.map((vector) => ({ values: [...vectorNumbers(vector)] }));
  return { body: { embeddings, ...usageFields(reply) }, warnings: [] };
}

/** As Google's bodies write a model; a tuned one says so itself. */
export function collectionName(model: string): string {
  return /^(models|tunedModels)\//.test(model) ? model : `models/${model}`;
}

/** The API refuses a body whose model is not the path's. */
function nameModel(body: JsonObject, model: string): JsonObject {
  const name = collectionName(model);
  return body.model === undefined || body.model === name ? body : { ...body, model: name };
}

function nameModels(body: JsonObject, model: string): JsonObject {
  const { requests } = body;
  if (!Array.isArray(requests)) return body;
  const named = requests.map((request) => (isObject(request) ? nameModel(request, model) : request));
  return named.every((request, index) => request === requests[index]) ? body : { ...body, requests: named };
}

export const geminiEmbed: EmbeddingShape = {
  id: 'gemini-embed',
  format: 'gemini-generate',
  call: 'embedContent',
  modelPlace: 'path',
  parseRequest: parseSingle,
  renderRequest: renderSingle,
  parseReply: parseSingleReply,
  renderReply: renderSingleReply,
  readUsage,
  usageFields: ['usageMetadata'],
  ...onlyNumbers,
  withModel: nameModel,
};

export const geminiBatchEmbed: EmbeddingShape = {
  id: 'gemini-batch-embed',
  format: 'gemini-generate',
  call: 'batchEmbedContents',
  modelPlace: 'path',
  parseRequest: parseBatch,
  renderRequest: renderBatch,
  parseReply: parseBatchReply,
  renderReply: renderBatchReply,
  readUsage,
  usageFields: ['usageMetadata'],
  ...onlyNumbers,
  withModel: nameModels,
};

/**
 * Embeddings: relayed where the upstream has the client's shape, translated between shapes where it has not; held
 * and booked like a chat. One whole answer comes, never a stream.
 */
import { type Refusal, type RefusalCode, refuse } from '../base/refusal.ts';
import { requestHeaders } from '../upstream/headers.ts';
import type { FormatId, JsonObject, Warning } from '../wire/chat.ts';
import { estimateTokens } from '../wire/count.ts';
import { editFields } from '../wire/edit-fields.ts';
import {
  type EmbeddingRequest,
  type EmbeddingShape,
  type EmbeddingShapeId,
  embeddingShapes,
} from '../wire/embeddings/index.ts';
import { WireError } from '../wire/format.ts';
import { formatOf } from '../wire/formats.ts';
import { mayUse } from './allowed.ts';
import { readAsk } from './ask.ts';
import { forwardedQuery, type Prepared } from './attempt.ts';
import { keepFit } from './decision.ts';
import { createEmbedLane } from './embed-lane.ts';
import type { EmbeddingEndpoint } from './endpoints.ts';
import type { Ask, Exchange, Gateway } from './exchange.ts';
import { attemptInOrder } from './in-order.ts';
import type { Attempt } from './lane.ts';
import { tooLossy } from './request-body.ts';
import { answerFromCache } from './response-cache-answer.ts';
import type { Deployment } from './snapshot.ts';

/** Where these requests say what routing needs. */
const places = {
  body: { model: 'body', streamsByDefault: false, outputLimit: [] },
  path: { model: 'path', streamsByDefault: false, outputLimit: [] },
} as const;

/** The shape spoken to an upstream of a format, when the client's is not among its own. */
const nativeShapes: Readonly<Partial<Record<FormatId, EmbeddingShapeId>>> = {
  'openai-chat': 'openai-embeddings',
  'gemini-generate': 'gemini-batch-embed',
  'ollama-chat': 'ollama-embed',
};

/** undefined = answered, one way or another. */
export async function handleEmbeddings(
  gateway: Gateway,
  exchange: Exchange,
  endpoint: EmbeddingEndpoint,
  body: Buffer,
): Promise<Refusal | undefined> {
  const { snapshot } = exchange;
  const key = exchange.key!;
  const shape: EmbeddingShape = embeddingShapes[endpoint.shape];
  const asked = readAsk(
    body,
    { places: places[shape.modelPlace], target: endpoint.target },
    // What is told of prompts is told of chats: another model's vectors are of no use.
    (requested) => ({
      ok: true,
      model: exchange.labels.modelOverride ?? requested ?? key.defaultModel ?? snapshot.routing.defaultRef,
    }),
  );
  if (!asked.ok) return asked.refusal;
  const { ask } = asked;
  exchange.asked = ask.model;
  const plan = snapshot.plan(ask.model);
  if (!plan.ok) return plan.refusal;
  const kept = answerFromCache(gateway, exchange, ask, plan);
  if (kept) return kept;
  const allowed = keepFit(exchange, plan.attempts, 'model_not_allowed', ({ ref }) =>
    mayUse(key.allowedModels, ask.model, ref),
  );
  if (allowed.length === 0)
    return refuse('model_not_allowed', `this key may not use "${ask.model}"`, { param: 'model' });
  const able = keepFit(
    exchange,
    allowed,
    'operation_unsupported',
    (deployment) => shapeFor(deployment, shape) !== undefined,
  );
  if (able.length === 0)
    return refuse('operation_unsupported', `${allowed[0]!.ref} has no embeddings`, { param: 'model' });
  const parsed = parseOnce(body, (object) =>
    shape.parseRequest(object, { model: ask.model, isStream: false }),
  );
  await attemptInOrder(gateway, exchange, able, (deployment, number) =>
    prepareEmbed({ exchange, ask, shape, parsed }, deployment, number),
  );
  return undefined;
}

/** The client's own shape where the upstream speaks its format, else the upstream's; undefined = it embeds nothing. */
function shapeFor(
  { provider, formats, model }: Deployment,
  shape: EmbeddingShape,
): EmbeddingShape | undefined {
  const target = { model, isStream: false };
  // Some serve embeddings in a format they are not chatted with in.
  const speaks = (format: FormatId): boolean =>
    provider.kind.path(format, 'embeddings', target) !== undefined;
  if (speaks(shape.format)) return shape;
  const native = formats.find((format) => nativeShapes[format] !== undefined && speaks(format));
  return native && embeddingShapes[nativeShapes[native]!];
}

interface EmbedAsk {
  readonly exchange: Exchange;
  readonly ask: Ask;
  readonly shape: EmbeddingShape;
  readonly parsed: () => Parsed;
}

type Parsed =
  | { readonly ok: true; readonly body: JsonObject; readonly request: EmbeddingRequest }
  | { readonly ok: false; readonly refusal: Refusal };

/** Relayed requests are mostly not parsed at all; a plan of several translations parses once. */
function parseOnce(body: Buffer, read: (object: JsonObject) => EmbeddingRequest): () => Parsed {
  let parsed: Parsed | undefined;
  return () => {
    parsed ??= attempted(() => {
      const object = JSON.parse(body.toString('utf8')) as JsonObject;
      return { ok: true, body: object, request: read(object) };
    });
    return parsed;
  };
}

/** What the client got wrong as a refusal. */
function attempted<T>(
  make: () => T,
  code: RefusalCode = 'body_invalid',
): T | { readonly ok: false; readonly refusal: Refusal } {
  try {
    return make();
  } catch (error) {
    if (error instanceof SyntaxError)
      return { ok: false, refusal: refuse('body_not_json', `the body is not JSON: ${error.message}`) };
    if (!(error instanceof WireError)) throw error;
    const param = error.param === undefined ? {} : { param: error.param };
    return { ok: false, refusal: refuse(code, error.message, param) };
  }
}

function prepareEmbed(embed: EmbedAsk, deployment: Deployment, number: number): Prepared {
  const { exchange, ask, shape } = embed;
  const upstream = shapeFor(deployment, shape)!;
  const isRelay = upstream.id === shape.id;
  const made = isRelay
    ? attempted(() => relayedBody(embed, deployment))
    : translatedBody(embed, deployment, upstream);
  if (!made.ok) return made;
  const upstreamFormat = formatOf(upstream.format)!;
  const attempt: Attempt = {
    number,
    deployment,
    lane: isRelay ? 'relay' : 'translate',
    upstreamFormat,
    isStream: false,
    inputEstimate: made.inputEstimate,
    maxOutputTokens: undefined,
    warnings: made.warnings,
    isUsageHidden: false,
    request: {
      origin: deployment.address.origin,
      path: deployment.address.path + pathFor(exchange, deployment, upstream, isRelay),
      method: 'POST',
      headers: requestHeaders(exchange.request.headers, deployment.provider, upstream.format),
      body: made.body,
      timeouts: deployment.provider.timeouts,
    },
  };
  const context = { model: ask.model, encoding: made.encoding, inputEstimate: made.inputEstimate };
  return {
    ok: true,
    attempt,
    createLane: () => createEmbedLane({ client: shape, upstream, context, inputs: made.inputs }),
  };
}

/** A kind names one path; the call of this shape stands in the place of its last word. */
function pathFor(
  { query }: Exchange,
  { provider, model }: Deployment,
  shape: EmbeddingShape,
  isRelay: boolean,
): string {
  const path = provider.kind.path(shape.format, 'embeddings', { model, isStream: false })!;
  const exact = path.replace(/[A-Za-z]+(?=\?|$)/, shape.call);
  return isRelay ? exact + forwardedQuery(query, exact) : exact;
}

type Made =
  | {
      readonly ok: true;
      readonly body: readonly Uint8Array[];
      readonly warnings: readonly Warning[];
      readonly inputEstimate: number;
      readonly encoding: EmbeddingRequest['encoding'];
      /** How many vectors must come; undefined = not counted, as nothing is translated. */
      readonly inputs: number | undefined;
    }
  | { readonly ok: false; readonly refusal: Refusal; readonly mayFitElsewhere?: boolean };

/** The client's bytes, with the model's name spliced, wherever this shape has it. */
function relayedBody({ ask, shape }: EmbedAsk, deployment: Deployment): Made {
  const text = JSON.stringify(deployment.model);
  const named = ask.modelSpan
    ? { replaced: [{ ...ask.modelSpan, text }] }
    : { added: shape.modelPlace === 'body' ? [['model', text] as const] : [] };
  const edited = editFields(ask.body, { start: ask.objectStart, fieldCount: ask.fieldCount }, named);
  const body = shape.modelPlace === 'body' ? edited : [renamed(ask.body, shape, deployment.model)];
  return {
    ok: true,
    body,
    warnings: [],
    inputEstimate: ask.inputEstimate,
    encoding: shape.readEncoding(ask.body),
    inputs: undefined,
  };
}

/** Bodies that repeat the path's model are written anew where that is another: the API refuses the two to differ. */
function renamed(body: Buffer, shape: EmbeddingShape, model: string): Buffer {
  const object = JSON.parse(body.toString('utf8')) as JsonObject;
  const named = shape.withModel(object, model);
  return named === object ? body : Buffer.from(JSON.stringify(named));
}

function translatedBody(
  { exchange, parsed }: EmbedAsk,
  deployment: Deployment,
  upstream: EmbeddingShape,
): Made {
  const read = parsed();
  if (!read.ok) return read;
  const request = { ...read.request, model: deployment.model };
  const rendered = attempted(
    () => ({ ok: true as const, ...upstream.renderRequest({ ...request, encoding: 'float' }) }),
    'translation_impossible',
  );
  if (!rendered.ok) return { ...rendered, mayFitElsewhere: true };
  const { body, warnings } = rendered;
  if (exchange.labels.isStrict && warnings.length > 0)
    return { ok: false, refusal: tooLossy(warnings, deployment), mayFitElsewhere: true };
  return {
    ok: true,
    body: [Buffer.from(JSON.stringify(body))],
    warnings,
    inputEstimate: estimateInputs(request),
    encoding: request.encoding,
    inputs: request.inputs.length,
  };
}

function estimateInputs({ inputs }: EmbeddingRequest): number {
  let tokens = 0;
  for (const { content } of inputs)
    tokens += typeof content === 'string' ? estimateTokens(content) : content.length;
  return tokens;
}

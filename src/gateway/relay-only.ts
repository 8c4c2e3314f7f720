/**
 * Calls that are relayed and never translated: finds the provider, by the model where one is named, and sends the
 * bytes on with the model's name spliced. Held, booked and answered like any attempt.
 */
import { type Refusal, refuse } from '../base/refusal.ts';
import { headerProblem, requestHeaders } from '../upstream/headers.ts';
import type { JsonObject } from '../wire/chat.ts';
import { editFields } from '../wire/edit-fields.ts';
import { collectionName } from '../wire/embeddings/index.ts';
import { formatOf } from '../wire/formats.ts';
import { spliceValues } from '../wire/walk.ts';
import { readAsk } from './ask.ts';
import { forwardedQuery, type Prepared } from './attempt.ts';
import type { Ask, Exchange, Gateway } from './exchange.ts';
import { boundaryOf, type FormRead, readForm, setField } from './form-body.ts';
import { attemptInOrder } from './in-order.ts';
import type { Attempt } from './lane.ts';
import { pricedFor } from './price-for.ts';
import type { Metering, RelayMethod, RelayOnlyEndpoint } from './relay-only-calls.ts';
import { createRelayOnlyLane } from './relay-only-lane.ts';
import { planRelay } from './relay-only-plan.ts';
import { isFree } from './relay-only-usage.ts';
import { splicedBody } from './request-body.ts';
import type { Deployment } from './snapshot.ts';
import { answerOfStored, unknownStored } from './stored-calls.ts';

/** What the client asks for, and where its bytes say so. */
export interface RelayAsk {
  /** undefined = it names none. */
  readonly model: string | undefined;
  readonly isStream: boolean;
  readonly inputEstimate: number;
  readonly maxOutputTokens: number | undefined;
  /** What the body is, where it was read as that and as nothing else; undefined = as the client says. */
  readonly contentType: string | undefined;
  /** The body for a deployment: its own name of the model in the place of the client's. */
  bodyFor(deployment: Deployment): { readonly body: readonly Uint8Array[]; readonly isUsageHidden: boolean };
}

type AskResult =
  | { readonly ok: true; readonly ask: RelayAsk }
  | { readonly ok: false; readonly refusal: Refusal };

/** undefined = answered, one way or another. */
export async function handleRelayOnly(
  gateway: Gateway,
  exchange: Exchange,
  endpoint: RelayOnlyEndpoint,
  body: Buffer,
): Promise<Refusal | undefined> {
  const stored = answerOfStored(gateway, exchange, endpoint);
  if (stored) return stored.ok ? answerJson(exchange, stored.body) : stored.refusal;
  const asked = readRelayAsk(exchange, endpoint, body);
  if (!asked.ok) return asked.refusal;
  exchange.asked = asked.ask.model ?? '';
  const plan = planRelay(exchange, endpoint, asked.ask.model);
  if (!plan.ok) return unknownStored(endpoint) ?? plan.refusal;
  await attemptInOrder(gateway, exchange, plan.attempts, (deployment, number) =>
    prepareRelay(exchange, endpoint, asked.ask, deployment, number),
  );
  return undefined;
}

function answerJson(exchange: Exchange, answer: JsonObject): undefined {
  const body = Buffer.from(JSON.stringify(answer));
  exchange.outcome = 'ok';
  exchange.response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': body.length,
    'x-turnpike-exchange-id': exchange.id,
  });
  exchange.response.end(body);
}

function readRelayAsk(exchange: Exchange, { call }: RelayOnlyEndpoint, body: Buffer): AskResult {
  const contentType = exchange.request.headers['content-type'];
  // No vendor reads a body of the other methods, and one without a length would be taken for the next request.
  if (exchange.request.method !== 'POST') return { ok: true, ask: plainAsk(NO_BODY) };
  if (!call.hasModel) return { ok: true, ask: plainAsk(body) };
  if (/^\s*multipart\//i.test(contentType ?? '')) return readFormAsk(exchange, body, contentType);
  return readJsonAsk(exchange, body);
}

const NO_BODY = Buffer.alloc(0);

const nothingAsked = {
  model: undefined,
  isStream: false,
  inputEstimate: 0,
  maxOutputTokens: undefined,
  contentType: undefined,
} as const;

function plainAsk(body: Buffer): RelayAsk {
  const made = { body: body.length > 0 ? [body] : [], isUsageHidden: false };
  return { ...nothingAsked, bodyFor: () => made };
}

function readFormAsk(exchange: Exchange, body: Buffer, contentType: string | undefined): AskResult {
  const boundary = boundaryOf(contentType);
  const form: FormRead = boundary
    ? readForm(body, boundary, 'model')
    : { ok: false, message: 'the content-type of the multipart form names no boundary, or is not form-data' };
  if (!form.ok) return { ok: false, refusal: refuse('body_invalid', form.message) };
  const named = form.field && body.toString('utf8', form.field.start, form.field.end).trim();
  const model = modelAsked(exchange, named);
  const ask: RelayAsk = {
    ...nothingAsked,
    model,
    bodyFor: (deployment) => ({
      body: model === undefined ? [body] : spliceValues(body, [setField(form, 'model', deployment.model)]),
      isUsageHidden: false,
    }),
  };
  return { ok: true, ask };
}

/** The header goes over the body, unless it only says which provider. */
function modelAsked({ labels, snapshot }: Exchange, named: string | undefined): string | undefined {
  const override = labels.modelOverride;
  if (override !== undefined && !snapshot.providers.has(override)) return override;
  return named === '' ? undefined : named;
}

const places = { model: 'body', streamsByDefault: false, outputLimit: [['max_tokens']] } as const;
/** So that a body without a model can be read; it is not used. */
const UNNAMED = 'unnamed';

function readJsonAsk(exchange: Exchange, body: Buffer): AskResult {
  const { format } = exchange;
  const modelOverride = modelAsked(exchange, undefined);
  const read = readAsk(body, { places, target: undefined }, (requested) => ({
    ok: true,
    model: modelOverride ?? requested ?? UNNAMED,
  }));
  if (!read.ok) return read;
  const asked = read.ask;
  const isNamed = asked.modelSpan !== undefined || modelOverride !== undefined;
  const model = isNamed ? withoutCollection(format.id, asked.model) : undefined;
  return {
    ok: true,
    ask: {
      model,
      isStream: asked.isStream,
      inputEstimate: asked.inputEstimate,
      maxOutputTokens: asked.maxOutputTokens,
      // Read as a form by who believes another name for it, it could hold another model.
      contentType: 'application/json',
      bodyFor: (deployment) => jsonBody(exchange, asked, model, deployment),
    },
  };
}

/** Gemini's bodies write the model as `models/{id}`. */
function withoutCollection(format: string, model: string): string {
  return format === 'gemini-generate' ? model.replace(/^models\//, '') : model;
}

function jsonBody(
  exchange: Exchange,
  ask: Ask,
  model: string | undefined,
  deployment: Deployment,
): ReturnType<RelayAsk['bodyFor']> {
  if (model === undefined) return { body: [ask.body], isUsageHidden: false };
  if (exchange.callName === 'openai-completions') {
    const made = splicedBody(ask, deployment, exchange.format);
    return { body: made.body, isUsageHidden: made.isUsageHidden };
  }
  const isGemini = exchange.format.id === 'gemini-generate';
  const text = JSON.stringify(isGemini ? collectionName(deployment.model) : deployment.model);
  const edits = ask.modelSpan
    ? { replaced: [{ ...ask.modelSpan, text }] }
    : { added: [['model', text] as const] };
  const body = editFields(ask.body, { start: ask.objectStart, fieldCount: ask.fieldCount }, edits);
  return { body, isUsageHidden: false };
}

function prepareRelay(
  exchange: Exchange,
  { call, relayPath }: RelayOnlyEndpoint,
  ask: RelayAsk,
  planned: Deployment,
  number: number,
): Prepared {
  const { request, query, snapshot, key, startedAtMs } = exchange;
  const deployment = pricedFor(snapshot, key!.workspaceId, planned, startedAtMs);
  const { provider, address } = deployment;
  const metering = call.methods[request.method as RelayMethod]!;
  const path = provider.kind.relays!.prefix + relayPath;
  const made = ask.bodyFor(deployment);
  const attempt: Attempt = {
    number,
    deployment,
    lane: 'relay',
    upstreamFormat: formatOf(call.format)!,
    isStream: ask.isStream,
    // Only text can be counted before the answer is there.
    inputEstimate: metering === 'tokens' ? ask.inputEstimate : 0,
    maxOutputTokens: ask.maxOutputTokens,
    warnings: [],
    isUsageHidden: made.isUsageHidden,
    isPricedByReport: metering !== 'tokens' && !isFree(deployment.price),
    request: {
      origin: address.origin,
      path: address.path + path + forwardedQuery(query, path),
      method: request.method as RelayMethod,
      headers: headersFor(exchange, ask, deployment, made.body.length > 0),
      body: made.body,
      timeouts: provider.timeouts,
    },
  };
  const createLane = (held: Attempt) => createRelayOnlyLane(exchange, held, metering satisfies Metering);
  return { ok: true, attempt, createLane };
}

/** A form is only readable with the boundary its content type names. */
function headersFor(
  { request, format }: Exchange,
  { contentType }: RelayAsk,
  { provider }: Deployment,
  hasBody: boolean,
): Record<string, string> {
  const { 'content-type': ours, ...headers } = requestHeaders(request.headers, provider, format.id);
  if (!hasBody) return headers;
  const theirs = contentType ?? request.headers['content-type'];
  const isSafe = theirs !== undefined && headerProblem('content-type', theirs) === undefined;
  return { ...headers, 'content-type': isSafe ? theirs : (ours ?? 'application/json') };
}

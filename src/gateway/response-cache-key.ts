/**
 * When two requests are the same: who asks, what may answer, and every field of what is asked. And which requests
 * have no such sameness at all, because a part of them is kept elsewhere.
 */
import { createHash } from 'node:crypto';
import { requestHeaders } from '../upstream/headers.ts';
import type { Provider } from '../upstream/provider.ts';
import { factFields, hasLinkedImage, readBodyFacts } from '../wire/body-facts.ts';
import { canonicalJson } from '../wire/canonical-json.ts';
import type { FormatId } from '../wire/chat.ts';
import type { Format } from '../wire/format.ts';
import { type Walk, walkTopLevel } from '../wire/walk.ts';
import type { Ask, Exchange } from './exchange.ts';

/** What of a deployment decides what is sent to it. */
export interface AskedDeployment {
  readonly ref: string;
  readonly provider: Provider;
  readonly address: { readonly origin: string; readonly path: string };
  readonly formats: readonly FormatId[];
  readonly nativeFormat: Format;
}

/** Longer requests are seldom sent twice, and reading one for this would hold up others. */
const MAX_REQUEST_BYTES = 1024 * 1024;

/** @returns SHA-256 as hex; undefined = nothing may be kept of such a request */
export function cacheKeyOf(
  exchange: Exchange,
  ask: Ask,
  deployments: readonly AskedDeployment[],
): string | undefined {
  if (ask.body.length > MAX_REQUEST_BYTES || ask.rebuiltFrom || pointsElsewhere(exchange, ask.body))
    return undefined;
  const body = canonicalJson(ask.body);
  if (body === undefined) return undefined;
  const hash = createHash('sha256').update(JSON.stringify(circumstances(exchange, ask, deployments)));
  return hash.update('\n').update(body).digest('hex');
}

/**
 * All but the body. The key's scope is what its holder may reach, not the key itself: a team's keys share their
 * answers where they may use the same models.
 */
function circumstances(exchange: Exchange, ask: Ask, deployments: readonly AskedDeployment[]): unknown {
  const { workspaceId, memberId, allowedModels } = exchange.key!;
  const { endpoint, callName, streamShape, labels } = exchange;
  const target = 'target' in endpoint ? endpoint.target : undefined;
  return [
    [workspaceId, memberId ?? null, allowedModels ? [...new Set(allowedModels)].sort() : null],
    [endpoint.operation, callName, target ?? null, streamShape, ask.isStream, labels.isStrict],
    [ask.model, deployments.map((deployment) => sentTo(exchange, deployment)).sort()],
    queryOf(exchange.query),
  ];
}

/** They say who the client is, and no model answers otherwise for it. */
const ABOUT_THE_CLIENT: ReadonlySet<string> = new Set(['accept', 'accept-encoding', 'user-agent']);

/** Where it would go, and every header it would have there, versions, betas and our credential included. */
function sentTo(exchange: Exchange, { ref, provider, address, formats, nativeFormat }: AskedDeployment) {
  const format = formats.includes(exchange.format.id) ? exchange.format.id : nativeFormat.id;
  const headers = Object.entries(requestHeaders(exchange.request.headers, provider, format))
    .filter(([name]) => !ABOUT_THE_CLIENT.has(name))
    .sort();
  return JSON.stringify([ref, provider.kind.id, address.origin, address.path, headers]);
}

/** As it would be forwarded: without the client's key. */
function queryOf(query: string): readonly string[] {
  return query.split('&').filter((pair) => pair !== '' && !/^key(=|$)/i.test(pair));
}

/**
 * A stored reply, a file by its id, an address, a tool that runs at the provider: what is there may have changed. And
 * what asks to be stored wants an id of its own, which an answer from here would not have.
 */
function pointsElsewhere(exchange: Exchange, body: Buffer): boolean {
  const { endpoint, format } = exchange;
  if (endpoint.operation === 'embeddings') return false;
  const walk = walkTopLevel(body, wantedOf(format.id));
  if (!walk.ok || walk.duplicates.length > 0 || walk.lookalikes.length > 0) return true;
  if (isStored(format.id, body, walk) || isThere(walk, 'background')) return true;
  if (hasLinkedImage(format.id, body)) return true;
  const facts = readBodyFacts(format.id, { body, fields: walk.fields, media: walk.media }, false);
  return facts.isInputOpen || facts.toolCalls > 0;
}

const wanted = new Map<FormatId, readonly string[]>();

/** The same list for all requests of a format. */
function wantedOf(format: FormatId): readonly string[] {
  let names = wanted.get(format);
  if (!names) {
    names = [...factFields(format), 'store', 'background'];
    wanted.set(format, names);
  }
  return names;
}

/** OpenAI's newer API stores what is not told otherwise; its older one what is told to. */
function isStored(format: FormatId, body: Buffer, { fields }: Walk & { ok: true }): boolean {
  const span = fields.get('store');
  const store = span && body.toString('latin1', span.start, span.end);
  if (format === 'openai-responses') return store !== 'false';
  return store !== undefined && store !== 'false' && store !== 'null';
}

function isThere({ fields }: Walk & { ok: true }, name: string): boolean {
  const span = fields.get(name);
  return span !== undefined && span.kind !== 'null';
}

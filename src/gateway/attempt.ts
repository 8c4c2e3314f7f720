/** Makes one attempt ready: bytes and headers for one deployment, and the lane for its reply. */
import { type Refusal, refuse } from '../base/refusal.ts';
import { requestHeaders } from '../upstream/headers.ts';
import type { UpstreamRequest } from '../upstream/transport.ts';
import type { Format, ReplyContext } from '../wire/format.ts';
import { type Ask, chatOperation, type Exchange, type Gateway } from './exchange.ts';
import type { Attempt, Lane } from './lane.ts';
import { createRelayLane } from './relay.ts';
import { type MadeBody, makeBody } from './request-body.ts';
import type { Deployment } from './snapshot.ts';
import { createReplyKeeper, replyIdOf } from './stored-keep.ts';
import type { Cutting } from './stream-reading.ts';
import { createTranslateLane } from './translate.ts';

export type Prepared =
  | {
      readonly ok: true;
      readonly attempt: Attempt;
      /** Called once the attempt is held, with what was granted. */
      createLane(attempt: Attempt): Lane;
    }
  | {
      readonly ok: false;
      readonly refusal: Refusal;
      /** It is this deployment that cannot take the request; the next one may. */
      readonly mayFitElsewhere?: boolean;
    };

export function prepareAttempt(
  gateway: Gateway,
  exchange: Exchange,
  ask: Ask,
  deployment: Deployment,
  number: number,
): Prepared {
  const isRelay = deployment.formats.includes(exchange.format.id);
  const upstreamFormat = isRelay ? exchange.format : deployment.nativeFormat;
  const path = pathFor(exchange, ask, deployment, upstreamFormat, isRelay);
  if (path === undefined) {
    const message = `${deployment.ref} has no ${exchange.endpoint.operation} in ${upstreamFormat.id}`;
    return { ok: false, refusal: refuse('operation_unsupported', message) };
  }
  const made = makeBody(gateway, exchange, ask, deployment, upstreamFormat, isRelay);
  if (!made.ok) return made;
  const attempt: Attempt = {
    number,
    deployment,
    lane: isRelay ? 'relay' : 'translate',
    upstreamFormat,
    isStream: ask.isStream,
    inputEstimate: ask.inputEstimate,
    maxOutputTokens: made.outputLimit ?? ask.maxOutputTokens,
    isLimitSure: made.isLimitSure,
    facts: made.isSpliced && ask.found ? { body: ask.body, ...ask.found } : undefined,
    warnings: made.warnings,
    isUsageHidden: made.isUsageHidden,
    request: {
      origin: deployment.address.origin,
      path: deployment.address.path + path,
      method: 'POST',
      headers: requestHeaders(exchange.request.headers, deployment.provider, upstreamFormat.id),
      body: made.body,
      timeouts: deployment.provider.timeouts,
    },
  };
  return { ok: true, attempt, createLane: (held) => laneOf(gateway, exchange, ask, held, made) };
}

/** Path and query below the base URL; undefined = the provider has no such operation. */
function pathFor(
  exchange: Exchange,
  { isStream }: Ask,
  { provider, model }: Deployment,
  format: Format,
  isRelay: boolean,
): string | undefined {
  const { kind } = provider;
  const path = kind.path(format.id, chatOperation(exchange), { model, isStream });
  if (path === undefined || !isRelay) return path;
  // The framing of a relayed stream is the client's choice.
  const bare = exchange.streamShape === 'array' ? path.replace(/[?&]alt=sse$/, '') : path;
  // A path with a rule for its body belongs to a cloud, which refuses query fields that are its maker's.
  return kind.bodyRule?.(format.id) ? bare : bare + forwardedQuery(exchange.query, bare);
}

/** The client's query goes along (`?beta=true`), but never a key, and nothing the path says already. */
export function forwardedQuery(query: string, path: string): string {
  if (query === '') return '';
  const kept = query
    .split('&')
    .filter((pair) => pair !== '' && !/^key(=|$)/i.test(pair) && !path.endsWith(`?${pair}`));
  return kept.length === 0 ? '' : (path.includes('?') ? '&' : '?') + kept.join('&');
}

/**
 * The request with what authorizes it, where that is made for each request (a signature) or fetched first (a
 * token). Rejects with a message for the operator.
 */
export async function authorized({ deployment, request }: Attempt): Promise<UpstreamRequest> {
  const headers = await deployment.authorizer!.headersFor(request);
  return { ...request, headers: { ...request.headers, ...headers } };
}

/** A stream comes near its limit once it has written half of that. */
const NEAR_LIMIT = 0.5;

function cuttingOf({ wantsStreamUsage }: Ask, { held }: Attempt): Cutting | undefined {
  if (!held?.spending.isLimited) return undefined;
  const isCounted = held.spending.incrementalOutput !== undefined;
  return { streamUsage: wantsStreamUsage, from: isCounted ? 0 : held.maxOutput * NEAR_LIMIT };
}

function laneOf(
  gateway: Gateway,
  exchange: Exchange,
  ask: Ask,
  attempt: Attempt,
  { tools, isStored }: MadeBody & { ok: true },
): Lane {
  if (attempt.lane === 'relay') {
    // What is needed to end it early is only read along where that may happen.
    return createRelayLane(exchange, attempt, cuttingOf(ask, attempt));
  }
  const keeper = isStored ? createReplyKeeper(gateway, exchange, ask) : undefined;
  const context: ReplyContext = {
    model: ask.model,
    fallbackId: replyIdOf(exchange),
    nowMs: exchange.startedAtMs,
    streamUsage: ask.wantsStreamUsage,
    streamShape: exchange.streamShape,
    tools,
    ...(keeper && { echo: keeper.echo }),
  };
  return createTranslateLane(exchange, attempt, context, tools, keeper);
}

/** Makes one attempt ready: lane, bytes and headers for one deployment, and the hold in the ledger before anything is sent. */
import { type Refusal, refuse } from '../base/refusal.ts';
import { requestHeaders } from '../upstream/headers.ts';
import type { ChatRequest, ChatTool, JsonObject } from '../wire/chat.ts';
import { type Format, type ReplyContext, WireError } from '../wire/format.ts';
import { spliceValues } from '../wire/walk.ts';
import type { Ask, Exchange, Gateway } from './exchange.ts';
import { isMetered } from './finish.ts';
import type { Attempt, Lane } from './lane.ts';
import { createRelayLane } from './relay.ts';
import type { Deployment } from './snapshot.ts';
import { createTranslateLane } from './translate.ts';

export type Prepared =
  | { readonly ok: true; readonly attempt: Attempt; readonly lane: Lane }
  | { readonly ok: false; readonly refusal: Refusal };

export function prepareAttempt(
  exchange: Exchange,
  ask: Ask,
  deployment: Deployment,
  number: number,
): Prepared {
  const isRelay = deployment.provider.kind.formats.includes(exchange.format.id);
  const upstreamFormat = isRelay ? exchange.format : deployment.nativeFormat;
  const path = deployment.provider.kind.path(upstreamFormat.id, exchange.operation);
  if (path === undefined) {
    return refused(
      refuse(
        'operation_unsupported',
        `${deployment.ref} has no ${exchange.operation} in ${upstreamFormat.id}`,
      ),
    );
  }
  const made = isRelay
    ? relayBody(ask, deployment, upstreamFormat)
    : translatedBody(exchange, ask, deployment, upstreamFormat);
  if (!made.ok) return made;
  const attempt: Attempt = {
    number,
    deployment,
    lane: isRelay ? 'relay' : 'translate',
    upstreamFormat,
    isStream: ask.isStream,
    inputEstimate: ask.inputEstimate,
    maxOutputTokens: ask.maxOutputTokens,
    warnings: made.warnings,
    isUsageHidden: made.isUsageHidden,
    request: {
      origin: deployment.address.origin,
      path: deployment.address.path + path + (isRelay ? forwardedQuery(exchange.query, path) : ''),
      method: 'POST',
      headers: requestHeaders(exchange.request.headers, deployment.provider, upstreamFormat.id),
      body: made.body,
      timeouts: deployment.provider.timeouts,
    },
  };
  return { ok: true, attempt, lane: laneOf(exchange, ask, attempt, made.tools) };
}

function refused(refusal: Refusal): Prepared & { ok: false } {
  return { ok: false, refusal };
}

function laneOf(exchange: Exchange, ask: Ask, attempt: Attempt, tools: readonly ChatTool[]): Lane {
  if (attempt.lane === 'relay') return createRelayLane(exchange, attempt);
  const context: ReplyContext = {
    model: ask.model,
    fallbackId: exchange.id,
    nowMs: exchange.startedAtMs,
    streamUsage: ask.wantsStreamUsage,
  };
  return createTranslateLane(exchange, attempt, context, tools);
}

type MadeBody =
  | {
      readonly ok: true;
      readonly body: readonly Uint8Array[];
      readonly warnings: Attempt['warnings'];
      readonly isUsageHidden: boolean;
      /** Tools of the request, for the names in a translated reply. */
      readonly tools: readonly ChatTool[];
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** The client's bytes, with the model's name spliced; one field is added where a stream would go unmetered without it. */
function relayBody(ask: Ask, deployment: Deployment, format: Format): MadeBody {
  const edits: { start: number; end: number; text: string }[] = [];
  const model = JSON.stringify(deployment.model);
  const afterBrace = ask.objectStart + 1;
  let inserted = '';
  if (ask.modelSpan) edits.push({ ...ask.modelSpan, text: model });
  else inserted += `"model":${model},`;
  const isUsageHidden = needsUsageAsked(ask, deployment, format);
  if (isUsageHidden && ask.streamOptions) edits.push({ ...ask.streamOptions, text: withUsage(ask) });
  else if (isUsageHidden) inserted += '"stream_options":{"include_usage":true},';
  if (ask.isEmpty) inserted = inserted.slice(0, -1);
  if (inserted !== '') edits.push({ start: afterBrace, end: afterBrace, text: inserted });
  edits.sort((a, b) => a.start - b.start);
  return { ok: true, body: spliceValues(ask.body, edits), warnings: [], isUsageHidden, tools: [] };
}

/** OpenAI chat streams report no usage unless asked to; an unmetered stream would be a hole in the ledger. */
function needsUsageAsked(ask: Ask, deployment: Deployment, format: Format): boolean {
  return (
    ask.isStream &&
    !ask.wantsStreamUsage &&
    format.id === 'openai-chat' &&
    deployment.provider.streamUsage === 'ask'
  );
}

function withUsage(ask: Ask): string {
  const span = ask.streamOptions!;
  const options = JSON.parse(ask.body.toString('utf8', span.start, span.end));
  return JSON.stringify({ ...options, include_usage: true });
}

function translatedBody(exchange: Exchange, ask: Ask, deployment: Deployment, target: Format): MadeBody {
  const parsed = parsedChat(exchange, ask);
  if (!parsed.ok) return parsed;
  const rendered = target.renderRequest({ ...parsed.chat, model: deployment.model, streamUsage: true });
  const first = rendered.warnings[0];
  if (exchange.labels.isStrict && first) {
    const message = `${rendered.warnings.length} part(s) of the request cannot be carried to ${deployment.ref}: ${rendered.warnings
      .slice(0, 5)
      .map((warning) => `${warning.path} (${warning.note})`)
      .join('; ')}`;
    return refused(refuse('translation_lossy', message, { param: first.path }));
  }
  const body = [Buffer.from(JSON.stringify(rendered.body))];
  return { ok: true, body, warnings: rendered.warnings, isUsageHidden: false, tools: parsed.chat.tools };
}

type ParsedChat =
  | { readonly ok: true; readonly chat: ChatRequest }
  | { readonly ok: false; readonly refusal: Refusal };

export function parsedChat(exchange: Exchange, ask: Ask): ParsedChat {
  try {
    const body: JsonObject = JSON.parse(ask.body.toString('utf8'));
    return { ok: true, chat: exchange.format.parseRequest(body) };
  } catch (error) {
    if (error instanceof WireError) {
      return refused(
        refuse('body_invalid', error.message, error.param === undefined ? {} : { param: error.param }),
      );
    }
    if (error instanceof SyntaxError)
      return refused(refuse('body_not_json', `the body is not JSON: ${error.message}`));
    throw error;
  }
}

/** The client's query goes along (`?beta=true`), but never a key. */
function forwardedQuery(query: string, path: string): string {
  if (query === '') return '';
  const kept = query.split('&').filter((pair) => pair !== '' && !/^key(=|$)/i.test(pair));
  return kept.length === 0 ? '' : (path.includes('?') ? '&' : '?') + kept.join('&');
}

/** Holds the attempt in the ledger. Nothing may be sent before this resolves to undefined (= granted). */
export async function reserveAttempt(
  gateway: Gateway,
  exchange: Exchange,
  attempt: Attempt,
): Promise<Refusal | undefined> {
  if (!isMetered(exchange)) return undefined;
  const key = exchange.key!;
  const { labels } = exchange;
  const grant = await gateway.ledger.reserve({
    exchangeId: exchange.id,
    attempt: attempt.number,
    workspaceId: key.workspaceId,
    keyId: key.id,
    provider: attempt.deployment.provider.name,
    model: attempt.deployment.model,
    clientFormat: exchange.format.id,
    lane: attempt.lane,
    price: attempt.deployment.price,
    contextWindow: attempt.deployment.contextWindow,
    inputEstimate: attempt.inputEstimate,
    createdAtMs: gateway.clock.now(),
    deadlineAtMs: gateway.clock.now() + attempt.request.timeouts.totalMs,
    memberId: key.memberId,
    agentId: labels.agent ?? key.agentId,
    sessionId: labels.session,
    endUser: labels.endUser,
    maxOutputTokens: attempt.maxOutputTokens,
  });
  if (grant.ok) return undefined;
  if (grant.reason === 'draining')
    return refuse('shutting_down', 'this process is shutting down', { retryAfterS: 1 });
  return refuse('ledger_unavailable', 'the request could not be recorded, so it was not sent', {
    retryAfterS: 1,
  });
}

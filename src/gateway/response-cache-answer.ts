/**
 * Answers a request from what was kept, where its key or its route opted in. Such an answer counts as a request to the
 * rate limits and has an entry in the ledger, at a cost of nothing; no budget is asked and nothing is sent.
 */
import { formatUsd, ZERO_USD } from '../base/money.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { Owner } from '../ledger/budget.ts';
import type { DecisionFacts } from '../ledger/decision.ts';
import type { EntryStatus, Grant } from '../ledger/ledger.ts';
import type { RateLeft } from '../ledger/rate.ts';
import { matchRates } from '../ledger/rate-limits.ts';
import { choiceOf } from './decision.ts';
import { type Ask, type Exchange, type Gateway, overheadMs } from './exchange.ts';
import { rateHeaders, rateRefusal } from './rate-headers.ts';
import type { FoundAnswer, KeptAnswer } from './response-cache.ts';
import { createKeeping, notKept } from './response-cache-keep.ts';
import { type AskedDeployment, cacheKeyOf } from './response-cache-key.ts';
import { MAX_REPLAY_MS, replay } from './response-cache-replay.ts';
import { ownerOf } from './spend.ts';

/** Its entry is the only one of the exchange. */
const ATTEMPT = 1;

/** What a plan says of keeping. */
export interface CachePlan {
  /** Where the ref that was chosen leads. */
  readonly attempts: readonly AskedDeployment[];
  /** As its route has it. */
  readonly cacheTtlMs: number | undefined;
}

/** undefined = the request goes on, and what answers it is kept where it may be. */
export function answerFromCache(
  gateway: Gateway,
  exchange: Exchange,
  ask: Ask,
  { attempts, cacheTtlMs }: CachePlan,
): Promise<Refusal | undefined> | undefined {
  const ttlMs = strictest(exchange.key!.cacheTtlMs, cacheTtlMs);
  if (ttlMs === undefined || !isKind(exchange)) return undefined;
  const cache = gateway.responseCache;
  const isOff = ttlMs <= 0 || cache.maxAnswerBytes === 0 || isUnwanted(exchange);
  const key = isOff ? undefined : cacheKeyOf(exchange, ask, attempts);
  if (key === undefined) {
    exchange.keeping = notKept;
    return undefined;
  }
  const found = cache.find(key, ttlMs);
  if (found) return answerKept(gateway, exchange, found);
  const keeping = createKeeping({
    ...{ cache, key, ttlMs, format: exchange.format, isStream: ask.isStream },
    refs: new Set(attempts.map(({ ref }) => ref)),
  });
  exchange.keeping = keeping;
  // However it ends: what was not kept by then gives back its room.
  exchange.response.once('close', () => keeping.end('closed', undefined));
  return undefined;
}

/** Who wants fresher answers gets them; 0 = none that was kept. */
function strictest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function isKind({ endpoint }: Exchange): boolean {
  return endpoint.operation === 'chat' || endpoint.operation === 'embeddings';
}

function isUnwanted({ request }: Exchange): boolean {
  const own = request.headers['x-turnpike-no-cache'];
  if (own !== undefined && own !== 'false' && own !== '0') return true;
  return /(?:^|[\s,])no-(?:cache|store)(?:$|[\s,=])/i.test(request.headers['cache-control'] ?? '');
}

async function answerKept(
  gateway: Gateway,
  exchange: Exchange,
  found: FoundAnswer,
): Promise<Refusal | undefined> {
  const startedMono = gateway.clock.monotonic();
  const grant = await hold(gateway, exchange, found.answer);
  if (!grant.ok) return refusalOf(grant);
  const isWritten = !exchange.isClientGone && (await write(gateway, exchange, found, grant.rates ?? []));
  const status = isWritten ? 'ok' : 'client_abort';
  exchange.outcome = status;
  settle(gateway, exchange, status, startedMono);
  return undefined;
}

/** What counts requests; what counts a deployment's is not touched, as it is not asked. */
function hold(gateway: Gateway, exchange: Exchange, answer: KeptAnswer): Promise<Grant> {
  const { snapshot, labels } = exchange;
  const { provider, model } = answer;
  const owner: Owner = ownerOf(exchange, { provider: { name: provider }, model });
  const rates = matchRates(snapshot.rateLimits, owner, { inputTokens: 0, outputTokens: 0 });
  const nowMs = gateway.clock.now();
  return gateway.ledger.reserve({
    exchangeId: exchange.id,
    attempt: ATTEMPT,
    workspaceId: owner.workspaceId,
    keyId: exchange.key!.id,
    memberId: owner.memberId,
    agentId: owner.agentId,
    sessionId: labels.session,
    endUser: labels.endUser,
    provider,
    model,
    clientFormat: exchange.callName,
    lane: answer.lane,
    // For a crash before the end: no tokens at any price are nothing, at an unknown one they are unknown.
    price: snapshot.deploymentOf(provider, model)?.price,
    inputEstimate: 0,
    maxOutputTokens: 0,
    createdAtMs: nowMs,
    deadlineAtMs: nowMs + MAX_REPLAY_MS,
    rates: rates.filter(({ subject }) => !subject.startsWith('deployment:')),
  });
}

function refusalOf(grant: Grant & { ok: false }): Refusal {
  if (grant.reason === 'rate_limited') return rateRefusal(grant.rate, grant.retryMs);
  if (grant.reason === 'draining')
    return refuse('shutting_down', 'this process is shutting down', { retryAfterS: 1 });
  return refuse('ledger_unavailable', 'the request could not be recorded, so it was not answered', {
    retryAfterS: 1,
  });
}

function settle(gateway: Gateway, exchange: Exchange, status: EntryStatus, startedMono: number): void {
  const settled = gateway.ledger.settle({
    exchangeId: exchange.id,
    attempt: ATTEMPT,
    status,
    isCharged: false,
    isCached: true,
    usage: { reported: undefined, outputEstimate: 0, hasContent: false },
    latencyMs: Math.round(gateway.clock.monotonic() - startedMono),
    settledAtMs: gateway.clock.now(),
    httpStatus: 200,
    decision: decisionOf(exchange),
  });
  gateway.metrics.settled(settled);
}

/** How its model was chosen is told as of any other; nothing was sent and nothing lost. */
function decisionOf({ asked, snapshot, format, toldOverheadMs, chosen }: Exchange): DecisionFacts {
  return {
    asked,
    revision: snapshot.revision,
    upstreamFormat: format.id,
    overheadMs: toldOverheadMs ?? 0,
    ...{ skipped: [], requestLosses: [], replyLosses: [] },
    ...(chosen && { choice: choiceOf(snapshot, chosen) }),
  };
}

/** False: the client left before it had all of it. */
async function write(
  gateway: Gateway,
  exchange: Exchange,
  found: FoundAnswer,
  rates: readonly RateLeft[],
): Promise<boolean> {
  const { response, format, streamShape } = exchange;
  const { body, isStream } = found.answer;
  exchange.isCommitted = true;
  response.writeHead(200, headOf(gateway, exchange, found, rates));
  if (!isStream) {
    response.end(body);
    return true;
  }
  return replay(response, body, streamShape === 'array' ? 'array' : format.streamFraming);
}

/** A flat list of names and values is what Node writes fastest. The upstream's own id belongs to another request. */
function headOf(
  gateway: Gateway,
  exchange: Exchange,
  { answer, ageMs }: FoundAnswer,
  rates: readonly RateLeft[],
): string[] {
  const { clock } = gateway;
  exchange.toldOverheadMs = overheadMs(exchange, clock.monotonic());
  const { body, isStream } = answer;
  return [
    'content-type',
    answer.contentType,
    ...(isStream ? ['cache-control', 'no-cache'] : ['content-length', String(body.length)]),
    ...Object.entries(rateHeaders(exchange.format.id, rates, clock.now())).flat(),
    'x-turnpike-exchange-id',
    exchange.id,
    'x-turnpike-model',
    answer.headerRef,
    'x-turnpike-attempts',
    '0',
    'x-turnpike-fallback',
    'false',
    'x-turnpike-lane',
    answer.lane,
    'x-turnpike-overhead-ms',
    exchange.toldOverheadMs.toFixed(2),
    'x-turnpike-translation',
    answer.translation,
    'x-turnpike-cost-usd',
    formatUsd(ZERO_USD),
    'x-turnpike-cache',
    'hit',
    'age',
    String(Math.floor(ageMs / 1_000)),
  ];
}

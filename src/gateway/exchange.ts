/** One client request and all we learn about it until it is settled: plain records that the stages fill in, in order. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../base/clock.ts';
import { type ExchangeId, newId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { type NanoUsd, ZERO_USD } from '../base/money.ts';
import type { PromptId } from '../base/prompt-id.ts';
import type { Refusal } from '../base/refusal.ts';
import type { HealthBoard } from '../health/health.ts';
import type { Skipped } from '../ledger/decision.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { KeyRecord } from '../registry/keys.ts';
import type { ChoiceInput, Layer, Rule } from '../route/layers.ts';
import type { OllamaWindows } from '../upstream/ollama-window.ts';
import type { Format, StreamShape } from '../wire/format.ts';
import type { Walk } from '../wire/walk.ts';
import type { ContentLog } from './content-noted.ts';
import { type CallEndpoint, callNameOf, isMeteredCall, streamShapeOf } from './endpoints.ts';
import type { Door } from './let-in.ts';
import type { Metrics } from './metrics.ts';
import type { Plan } from './plan.ts';
import type { ResponseCache } from './response-cache.ts';
import type { ReplyKeeping } from './response-cache-keep.ts';
import type { Snapshot } from './snapshot.ts';
import type { StoredResponses } from './stored-responses.ts';

/** Everything the data plane stands on; made once in server.ts. */
export interface Gateway extends Door {
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly metrics: Metrics;
  /** What recent attempts showed of each deployment. */
  readonly health: HealthBoard;
  /** In [0, 1). */
  random(): number;
  /** What the models of Ollama servers can hold. */
  readonly windows: OllamaWindows;
  /** What clients may go on from by id. */
  readonly storedResponses: StoredResponses;
  /** Answers that are given again, where a key or a route opted in. */
  readonly responseCache: ResponseCache;
  /** What exchanges said, where their workspace has that kept. */
  readonly contents: ContentLog;
  readonly limits: {
    readonly bodyBytes: number;
    readonly exchanges: number;
    /** Silence after which a stream's connection is kept open by a comment, in milliseconds. */
    readonly keepAliveMs: number;
  };
  /** The snapshot of now. An exchange takes it once and keeps it. */
  snapshot(): Snapshot;
  readonly open: Set<Exchange>;
  /** True once SIGTERM came: what is open may finish, nothing new begins. */
  isDraining: boolean;
}

/** What the client asked for, read from the top level of its body without parsing the rest. */
export interface Ask {
  readonly body: Buffer;
  /** Byte span of the value of `model` in the body. */
  readonly modelSpan: Span | undefined;
  readonly model: string;
  readonly isStream: boolean;
  readonly maxOutputTokens: number | undefined;
  /** That is the only output limit in the body; or, where there is none, nothing in it may pass for one. */
  readonly isLimitSure: boolean;
  readonly streamOptions: Span | undefined;
  /** The client itself asked for a usage report inside its stream. */
  readonly wantsStreamUsage: boolean;
  /** Input tokens, by the length of the text and the kinds of the media in it; for what is booked without a report. */
  readonly inputEstimate: number;
  /** Top-level fields of the body: what is put into an empty one needs no comma after it. */
  readonly fieldCount: number;
  /** Offset of the body's opening brace. */
  readonly objectStart: number;
  /** Where the facts are that decide its price, if they were looked for. */
  readonly found: Pick<Walk & { ok: true }, 'fields' | 'media'> | undefined;
  /** The body as it came, where stored items were put into this one, and the stored response it goes on from. */
  readonly rebuiltFrom?: { readonly body: Buffer; readonly previousId: string | undefined };
}

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Who and what the request belongs to, from `x-turnpike-*` and the headers coding agents send. */
export interface Labels {
  readonly agent: string | undefined;
  /** `agent` is an id of the client's own making, which may change from run to run. */
  readonly isClientAgent: boolean;
  /** `kind:name` of the prompt it belongs to, as the client wrote it. */
  readonly prompt: string | undefined;
  readonly session: string | undefined;
  readonly endUser: string | undefined;
  /** One run of a pipeline. */
  readonly pipeline: string | undefined;
  /** Of that run's pipeline: its number from 1, or its name. */
  readonly step: string | undefined;
  /** Dollars this exchange may cost at most, as the client wrote them. */
  readonly maxCostUsd: string | undefined;
  readonly isStrict: boolean;
  readonly modelOverride: string | undefined;
}

/** What a request's model was chosen by. */
export interface Chosen {
  readonly layer: Layer;
  readonly rule: Rule;
  readonly input: ChoiceInput;
  readonly prompt: PromptId | undefined;
  readonly promptBy: PromptSource | undefined;
}

/** How it is known which prompt a request belongs to. */
export type PromptSource = 'header' | 'agent-header' | 'client-header' | 'fingerprint' | 'key' | 'step';

export interface Exchange {
  readonly id: ExchangeId;
  readonly format: Format;
  readonly endpoint: CallEndpoint;
  /** What the client asked with, for the ledger and the metrics: a format's id, or the name of another call. */
  readonly callName: string;
  /** Attempts are booked. False where no vendor bills: counting tokens, looking at what is stored. */
  readonly isMetered: boolean;
  /** How the client wants a stream framed. */
  readonly streamShape: StreamShape;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: string;
  /** The common one until it is known who asks; then as it is for that key. */
  snapshot: Snapshot;
  readonly startedAtMs: number;
  /** Monotonic milliseconds. */
  readonly startedMono: number;
  /** Monotonic; set when the upstream request goes out and when its first byte comes. 0 = not yet, in this attempt. */
  sentMono: number;
  firstByteMono: number;
  /** What earlier attempts, which failed, took, in milliseconds. */
  failedMs: number;
  /** As it was told to the client; undefined until its head is written. */
  toldOverheadMs: number | undefined;
  key: KeyRecord | undefined;
  /** Of the token it came with; see `isLive` of admit.ts. */
  tokenHash: string | undefined;
  labels: Labels;
  /** The model ref as it was asked for; empty until that is read. */
  asked: string;
  /** How that came to be asked for; undefined until it is chosen, and where the choice has no layers. */
  chosen: Chosen | undefined;
  /** Monotonic; when the body was read. 0 = not yet. */
  bodyMono: number;
  /** What the last attempt waited for the ledger, in milliseconds. */
  heldMs: number;
  /** What may answer it; undefined until that is known, and for calls that are planned otherwise. */
  plan: (Plan & { ok: true }) | undefined;
  /** Refs in the order they are tried, once that is known; undefined = there is but one. */
  order: readonly string[] | undefined;
  /** Why the first of them did not answer. */
  notFirst: string | undefined;
  /** Deployments of the plan that nothing was sent to. */
  skipped: readonly Skipped[];
  attempts: number;
  /** What its attempts so far cost, as far as it is known. */
  spent: NanoUsd;
  /** The commit point is passed: bytes of a reply went to the client. */
  isCommitted: boolean;
  /** Beats of the keep-alive clock since something was last written to the client. */
  quietBeats: number;
  /** Called at each beat while a reply runs. */
  onBeat: (() => void) | undefined;
  /** Set by the lane that holds an upstream call while it runs: ends it, and tells the client why. */
  onStop: ((refusal: Refusal) => void) | undefined;
  /** Watches its reply where answers may be kept. */
  keeping: ReplyKeeping | undefined;
  isClientGone: boolean;
  /** Set by the lane that holds an upstream call while it runs. */
  onClientGone: (() => void) | undefined;
  /** For metrics: `ok`, a refusal code, or what failed. */
  outcome: string;
}

const noLabels: Labels = {
  agent: undefined,
  isClientAgent: false,
  prompt: undefined,
  session: undefined,
  endUser: undefined,
  pipeline: undefined,
  step: undefined,
  maxCostUsd: undefined,
  isStrict: false,
  modelOverride: undefined,
};

const noneSkipped: readonly Skipped[] = [];

export function openExchange(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
  opening: {
    readonly format: Format;
    readonly endpoint: CallEndpoint;
    readonly query: string;
  },
): Exchange {
  const exchange: Exchange = {
    id: newId('exc'),
    format: opening.format,
    endpoint: opening.endpoint,
    callName: callNameOf(opening.endpoint),
    isMetered: isMeteredCall(opening.endpoint, request.method),
    streamShape: streamShapeOf(opening.format.id, opening.query),
    request,
    response,
    query: opening.query,
    snapshot: gateway.snapshot(),
    startedAtMs: gateway.clock.now(),
    startedMono: gateway.clock.monotonic(),
    sentMono: 0,
    firstByteMono: 0,
    failedMs: 0,
    toldOverheadMs: undefined,
    key: undefined,
    tokenHash: undefined,
    labels: noLabels,
    asked: '',
    chosen: undefined,
    bodyMono: 0,
    heldMs: 0,
    plan: undefined,
    order: undefined,
    notFirst: undefined,
    skipped: noneSkipped,
    attempts: 0,
    spent: ZERO_USD,
    isCommitted: false,
    quietBeats: 0,
    onBeat: undefined,
    onStop: undefined,
    keeping: undefined,
    isClientGone: false,
    onClientGone: undefined,
    outcome: 'open',
  };
  gateway.open.add(exchange);
  response.on('close', () => {
    if (!response.writableFinished) {
      exchange.isClientGone = true;
      exchange.onClientGone?.();
    }
    gateway.open.delete(exchange);
  });
  return exchange;
}

/** Which of the two is asked, where a chat is. */
export function chatOperation({ endpoint }: Exchange): 'chat' | 'count-tokens' {
  return endpoint.operation === 'count-tokens' ? 'count-tokens' : 'chat';
}

/** Milliseconds this process added so far: everything but the wait for upstreams. */
export function overheadMs(exchange: Exchange, nowMono: number): number {
  const waited =
    exchange.sentMono > 0 && exchange.firstByteMono > 0 ? exchange.firstByteMono - exchange.sentMono : 0;
  return nowMono - exchange.startedMono - exchange.failedMs - waited;
}

/** The attempt failed and another may follow: its time was the upstream's, not ours. */
export function leaveAttempt(exchange: Exchange, nowMono: number): void {
  exchange.failedMs += nowMono - exchange.sentMono;
  exchange.sentMono = 0;
  exchange.firstByteMono = 0;
}

/**
 * How much a model of an Ollama server can hold, asked once, and what window a request is given within that. A
 * request that does not fit is refused here: the server would drop its beginning and answer as if nothing were amiss.
 */
import type { Clock } from '../base/clock.ts';
import { numCtxFor } from '../wire/ollama-chat/index.ts';
import { requestHeaders } from './headers.ts';
import type { Provider, Timeouts } from './provider.ts';
import type { Transport } from './transport.ts';

export interface ModelWindow {
  /** Tokens the model can hold; undefined = its server does not say. */
  readonly contextLength: number | undefined;
  /** The size its Modelfile asks for: loading it with less would load it anew. */
  readonly pinnedNumCtx: number | undefined;
}

/** In tokens, both. */
export interface WindowNeed {
  /** Estimate; likely a little too high. */
  readonly inputTokens: number;
  /** The request's own limit. */
  readonly outputLimit: number | undefined;
}

export type WindowChoice =
  /** Send `options.num_ctx` as this. */
  | { readonly kind: 'fits'; readonly numCtx: number }
  /** The message is for the client. Its words are those agents know to shorten their conversation by. */
  | { readonly kind: 'too-long'; readonly message: string; readonly contextLength: number };

/**
 * The window for a request. Room for the answer is cut to what is left: the answer then ends with `length`, which
 * every client sees. The prompt is not cut.
 * @param window undefined = unknown: then nothing is refused
 * @param loadedNumCtx a size the model was asked for lately, not to be undercut
 */
export function fitWindow(
  model: string,
  { inputTokens, outputLimit }: WindowNeed,
  window: ModelWindow | undefined,
  loadedNumCtx = 0,
): WindowChoice {
  const most = window?.contextLength ?? Number.POSITIVE_INFINITY;
  if (inputTokens >= most) {
    const message = `prompt is too long: ${inputTokens} tokens > ${most} maximum (estimated, for the context length of ${model})`;
    return { kind: 'too-long', message, contextLength: most };
  }
  const wanted = Math.max(numCtxFor(inputTokens, outputLimit), window?.pinnedNumCtx ?? 0, loadedNumCtx);
  return { kind: 'fits', numCtx: Math.min(wanted, most) };
}

/** A prompt that comes so near to the window was cut to fit it: nothing is left to answer in. */
const CUT_MARGIN_TOKENS = 16;
/** Estimates lie above the truth, but seldom by this much. */
const ESTIMATE_SLACK = 1.5;

/**
 * Whether the server dropped a part of the prompt, for replies to requests that chose their own window. A small count
 * proves nothing: older servers leave out what was cached.
 * @param promptTokens as the reply counts them, cached ones included
 */
export function wasProbablyCut(
  promptTokens: number | undefined,
  numCtx: number,
  inputEstimate: number,
): boolean {
  const isFull = promptTokens !== undefined && promptTokens >= numCtx - CUT_MARGIN_TOKENS;
  return isFull || inputEstimate / ESTIMATE_SLACK > numCtx;
}

export interface OllamaWindows {
  /** What the model can hold; a promise only where it must be asked for. Undefined = unknown. Never rejects. */
  windowOf(provider: Provider, model: string): ModelWindow | undefined | Promise<ModelWindow | undefined>;
  /** The window for one request, not smaller than for those shortly before it. */
  choose(provider: Provider, model: string, need: WindowNeed): WindowChoice | Promise<WindowChoice>;
}

export interface OllamaWindowsInput {
  readonly clock: Clock;
  transportOf(provider: Provider): Transport;
}

/** A model's window changes only when it is pulled anew under the same name. */
const FRESH_MS = 10 * 60_000;
/** A server that did not answer is asked again after this. */
const RETRY_MS = 30_000;
/** How long a server keeps a model that nobody asks for, unless told otherwise; after that its size is free again. */
const LOADED_MS = 5 * 60_000;
/** Models remembered; clients choose the names, so the memory is bounded. */
const MAX_MODELS = 1_000;

interface Known {
  window: ModelWindow | undefined;
  freshUntilMono: number;
  /** One question at a time. */
  asking: Promise<ModelWindow | undefined> | undefined;
  /** The largest size lately asked for, until the server forgets the model. */
  loadedNumCtx: number;
  loadedUntilMono: number;
}

export function createOllamaWindows({ clock, transportOf }: OllamaWindowsInput): OllamaWindows {
  const models = new Map<string, Known>();
  const knownOf = (provider: Provider, model: string): Known => {
    const key = JSON.stringify([provider.name, provider.baseUrl, model]);
    const known = models.get(key) ?? createKnown();
    // The newest stands last, so that the first is the one nobody has asked for longest.
    models.delete(key);
    models.set(key, known);
    if (models.size > MAX_MODELS) models.delete(models.keys().next().value!);
    return known;
  };
  const windowOf = (provider: Provider, model: string, known: Known) => {
    if (clock.monotonic() < known.freshUntilMono) return known.window;
    known.asking ??= refresh(known, askWindow(transportOf(provider), provider, model), clock);
    // An old answer is still a good one while it is asked for again.
    return known.window ?? known.asking;
  };
  return {
    windowOf: (provider, model) => windowOf(provider, model, knownOf(provider, model)),
    choose: (provider, model, need) => {
      const known = knownOf(provider, model);
      const window = windowOf(provider, model, known);
      if (window instanceof Promise) return window.then((told) => chooseFor(known, model, need, told, clock));
      return chooseFor(known, model, need, window, clock);
    },
  };
}

function createKnown(): Known {
  return {
    window: undefined,
    freshUntilMono: Number.NEGATIVE_INFINITY,
    asking: undefined,
    loadedNumCtx: 0,
    loadedUntilMono: Number.NEGATIVE_INFINITY,
  };
}

async function refresh(
  known: Known,
  answer: Promise<ModelWindow | undefined>,
  clock: Clock,
): Promise<ModelWindow | undefined> {
  const window = await answer;
  known.window = window ?? known.window;
  known.freshUntilMono = clock.monotonic() + (window ? FRESH_MS : RETRY_MS);
  known.asking = undefined;
  return known.window;
}

function chooseFor(
  known: Known,
  model: string,
  need: WindowNeed,
  window: ModelWindow | undefined,
  clock: Clock,
): WindowChoice {
  const now = clock.monotonic();
  const loaded = now < known.loadedUntilMono ? known.loadedNumCtx : 0;
  const choice = fitWindow(model, need, window, loaded);
  if (choice.kind === 'fits') {
    known.loadedNumCtx = choice.numCtx;
    known.loadedUntilMono = now + LOADED_MS;
  }
  return choice;
}

/** A client waits for this answer, and can do without it. */
const ASK_TIMEOUTS: Timeouts = { connectMs: 1_000, firstByteMs: 2_000, idleMs: 1_000, totalMs: 3_000 };
/** Licence, template and the rest of what a server tells of a model stay under 200 KB. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

function askWindow(
  transport: Transport,
  provider: Provider,
  model: string,
): Promise<ModelWindow | undefined> {
  const { origin, pathname } = new URL(provider.baseUrl);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isOk = false;
    const call = transport.send(
      {
        origin,
        path: `${pathname.replace(/\/+$/, '')}/api/show`,
        method: 'POST',
        headers: requestHeaders({}, provider, 'ollama-chat'),
        body: [Buffer.from(JSON.stringify({ model }))],
        timeouts: ASK_TIMEOUTS,
      },
      {
        onHead: (status) => {
          isOk = status === 200;
        },
        onData: (chunk) => {
          bytes += chunk.length;
          if (bytes <= MAX_ANSWER_BYTES) {
            chunks.push(chunk);
            return;
          }
          call.abort();
          resolve(undefined);
        },
        onEnd: () => resolve(isOk ? readWindow(Buffer.concat(chunks).toString('utf8')) : undefined),
        onFailure: () => resolve(undefined),
      },
    );
  });
}

/** What an answer to `POST /api/show` tells; undefined when it is none. */
export function readWindow(text: string): ModelWindow | undefined {
  const shown = asObject(parse(text));
  if (!shown) return undefined;
  const info = asObject(shown.model_info) ?? {};
  const { parameters } = shown;
  return {
    contextLength: contextLengthOf(info),
    pinnedNumCtx: typeof parameters === 'string' ? pinnedIn(parameters) : undefined,
  };
}

/** The key begins with the model's architecture, of which a vision model names several. */
function contextLengthOf(info: Readonly<Record<string, unknown>>): number | undefined {
  const own = asCount(info[`${String(info['general.architecture'])}.context_length`]);
  const keys = Object.keys(info).filter((key) => /^[^.]+\.context_length$/.test(key));
  return own ?? (keys.length === 1 ? asCount(info[keys[0]!]) : undefined);
}

/** Lines of name and value. */
function pinnedIn(parameters: string): number | undefined {
  return asCount(Number(/^\s*num_ctx\s+(\d+)\s*$/m.exec(parameters)?.[1]));
}

function asCount(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

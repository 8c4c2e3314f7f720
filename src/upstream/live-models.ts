/**
 * The models that OpenRouter and Ollama list right now: asked for when somebody looks, remembered for a while, and
 * never on the road of a request. A list that cannot be read is said to be so; the last good one stays.
 */
import type { Clock } from '../base/clock.ts';
import { requestHeaders } from './headers.ts';
import {
  type LiveModel,
  type OllamaTag,
  ollamaModel,
  readOllamaTags,
  readOpenRouterList,
} from './live-lists.ts';
import type { Provider, Timeouts } from './provider.ts';
import type { Transport } from './transport.ts';

export type { LiveCapability, LiveModel } from './live-lists.ts';

export interface LiveList {
  /** Configured name. */
  readonly provider: string;
  readonly models: readonly LiveModel[];
  /** Epoch milliseconds; undefined = it was never read. */
  readonly listedAtMs: number | undefined;
  /** Why the last reading failed; undefined = it did not. */
  readonly problem: string | undefined;
}

export interface LiveModels {
  /** Of those among them that are listed live. Waits for lists that are due, but not for long. Never rejects. */
  list(providers: Iterable<Provider>): Promise<readonly LiveList[]>;
}

export interface LiveModelsInput {
  readonly clock: Clock;
  transportOf(provider: Provider): Transport;
  /** Resolves after so long. */
  sleep(ms: number): Promise<void>;
}

/** Models are pulled and published by people: a minute is soon enough to see them, and spares the provider. */
export const FRESH_MS = 60_000;
/** A provider that did not answer is asked again after this. */
const RETRY_MS = 10_000;
/** How long somebody who looks waits for lists that are due; what is not there by then is shown the next time. */
const WAIT_MS = 4_000;
const TIMEOUTS: Timeouts = { connectMs: 1_500, firstByteMs: 5_000, idleMs: 3_000, totalMs: 15_000 };
/** OpenRouter's list is about 1 MB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** Questions to one Ollama at once: it reads each model's file. */
const MAX_SHOWING = 4;
/** Of one Ollama whose capabilities are asked for; the rest are listed by name alone. */
const MAX_SHOWN = 200;

interface Known {
  models: readonly LiveModel[];
  listedAtMs: number | undefined;
  problem: string | undefined;
  freshUntilMono: number;
  reading: Promise<void> | undefined;
  /** What Ollama said of a model, by name and digest: it does not change. */
  shown: Map<string, LiveModel>;
}

interface Means extends LiveModelsInput {
  readonly provider: Provider;
  readonly known: Known;
}

type ReadModels = (means: Means) => Promise<readonly LiveModel[]>;

/** By kind of provider; others have no list worth more than the catalog. */
const readers: Readonly<Record<string, ReadModels>> = { openrouter: readOpenRouter, ollama: readOllama };

export function createLiveModels(input: LiveModelsInput): LiveModels {
  // By the provider itself: one that is configured anew is another.
  const lists = new WeakMap<Provider, Known>();
  const refresh = (provider: Provider): [Provider, Known] => {
    const known = lists.get(provider) ?? newList();
    lists.set(provider, known);
    if (!known.reading && input.clock.monotonic() >= known.freshUntilMono) {
      known.reading = readInto({ ...input, provider, known });
    }
    return [provider, known];
  };
  return {
    async list(providers) {
      const listed = [...providers].filter(({ kind }) => Object.hasOwn(readers, kind.id)).map(refresh);
      const due = listed.flatMap(([, { reading }]) => reading ?? []);
      if (due.length > 0) await Promise.race([Promise.all(due), input.sleep(WAIT_MS)]);
      return listed.map(([{ name }, { models, listedAtMs, problem, reading }]) => ({
        provider: name,
        models,
        listedAtMs,
        problem: problem ?? (reading && listedAtMs === undefined ? 'it is still being read' : undefined),
      }));
    },
  };
}

function newList(): Known {
  return {
    models: [],
    listedAtMs: undefined,
    problem: undefined,
    freshUntilMono: Number.NEGATIVE_INFINITY,
    reading: undefined,
    shown: new Map(),
  };
}

async function readInto(means: Means): Promise<void> {
  const { provider, known, clock } = means;
  try {
    known.models = await readers[provider.kind.id]!(means);
    known.listedAtMs = clock.now();
    known.problem = undefined;
  } catch (error) {
    known.problem = error instanceof Error ? error.message : String(error);
  }
  known.freshUntilMono = clock.monotonic() + (known.problem === undefined ? FRESH_MS : RETRY_MS);
  known.reading = undefined;
}

async function readOpenRouter(means: Means): Promise<LiveModel[]> {
  const models = readOpenRouterList(parse(await ask(means, 'GET', '/models')));
  if (!models) throw new Error('what it answered is no list of models');
  return models;
}

async function readOllama(means: Means): Promise<LiveModel[]> {
  const tags = readOllamaTags(parse(await ask(means, 'GET', '/api/tags')));
  if (!tags) throw new Error('what it answered is no list of models');
  const { known } = means;
  const shown = new Map<string, LiveModel>();
  const queue = [...tags.slice(0, MAX_SHOWN)];
  const showNext = async (): Promise<void> => {
    for (let tag = queue.shift(); tag; tag = queue.shift()) {
      const model = known.shown.get(keyOf(tag)) ?? (await show(means, tag));
      if (model) shown.set(keyOf(tag), model);
    }
  };
  await Promise.all(Array.from({ length: MAX_SHOWING }, showNext));
  known.shown = shown;
  return tags.map((tag) => shown.get(keyOf(tag)) ?? ollamaModel(tag, undefined));
}

function keyOf({ name, digest }: OllamaTag): string {
  return JSON.stringify([name, digest]);
}

/** undefined = it does not say now, and is asked again the next time. */
async function show(means: Means, tag: OllamaTag): Promise<LiveModel | undefined> {
  try {
    const body = Buffer.from(JSON.stringify({ model: tag.name }));
    return ollamaModel(tag, await ask(means, 'POST', '/api/show', body));
  } catch {
    return undefined;
  }
}

/** The text of a good answer. @throws {Error} whose message says what was wrong, for people */
function ask(
  { provider, transportOf }: Means,
  method: 'GET' | 'POST',
  path: string,
  body?: Buffer,
): Promise<string> {
  const { origin, pathname } = new URL(provider.baseUrl);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    const call = transportOf(provider).send(
      {
        origin,
        path: `${pathname.replace(/\/+$/, '')}${path}`,
        method,
        headers: requestHeaders({}, provider, provider.kind.formats[0]!),
        body: body ? [body] : [],
        timeouts: TIMEOUTS,
      },
      {
        onHead: (answered) => {
          status = answered;
        },
        onData: (chunk) => {
          bytes += chunk.length;
          if (bytes <= MAX_ANSWER_BYTES) {
            chunks.push(chunk);
            return;
          }
          call.abort();
          reject(new Error(`its list is larger than ${MAX_ANSWER_BYTES} bytes`));
        },
        onEnd: () => {
          if (status === 200) resolve(Buffer.concat(chunks).toString('utf8'));
          else reject(new Error(`it answered with ${status}`));
        },
        onFailure: (failure) => reject(new Error(failure.message)),
      },
    );
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

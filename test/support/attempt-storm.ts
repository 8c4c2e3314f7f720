/** A house of random plans before a provider that does to each attempt what a seed says: what test/attempt-laws.test.ts asks in. */
import {
  type CannedAnswer,
  type FakeUpstream,
  type RecordedRequest,
  startFakeUpstream,
} from '../fake-upstream.ts';
import { type OpenHouse, openHouse } from './open-house.ts';
import { ask, type ClientFormat } from './plain-client.ts';
import { good, json, spoken, streamed } from './spoken.ts';

/** In [0, 1), the same for the same seed. */
export type Random = () => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}

/** Later than the usual answer on a busy machine, and sooner than the end of patience. */
const LATE_MS = 350;

interface Place {
  readonly name: string;
  readonly kind: string;
  readonly format: ClientFormat;
  readonly keys: number;
}

/** One of them bills on after it is cancelled. */
export const places: readonly Place[] = [
  { name: 'ant', kind: 'anthropic', format: 'anthropic-messages', keys: 1 },
  { name: 'duo', kind: 'anthropic', format: 'anthropic-messages', keys: 2 },
  { name: 'oai', kind: 'openai', format: 'openai-chat', keys: 1 },
  { name: 'tri', kind: 'openai', format: 'openai-chat', keys: 3 },
  { name: 'bills', kind: 'openrouter', format: 'openai-chat', keys: 1 },
];

const ROUTES = 30;
const TIMEOUTS = '{ first_byte_ms: 900, idle_ms: 900, total_ms: 5000 }';

export interface Route {
  readonly name: string;
  readonly refs: readonly string[];
  readonly isHedged: boolean;
}

function routesOf(random: Random, mood: Mood): Route[] {
  return Array.from({ length: ROUTES }, (_, nth) => {
    const left = places.map(({ name }) => `${name}/m`);
    const count = 1 + Math.floor(random() * left.length);
    const refs = Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0]!);
    return { name: `route-${nth}`, refs, isHedged: mood === 'late' || random() < 0.5 };
  });
}

function configOf(url: string, routes: readonly Route[]): string {
  const keys = ({ name, keys }: Place) => Array.from({ length: keys }, (_, nth) => `key-${nth}-of-${name}`);
  const providers = places.map(
    (place) =>
      `  ${place.name}: { kind: ${place.kind}, base_url: "${url}/${place.name}${place.kind === 'anthropic' ? '' : '/v1'}", api_keys: [${keys(place).join(', ')}], timeouts: ${TIMEOUTS}${place.kind === 'anthropic' ? '' : ', formats: [openai-chat]'} }`,
  );
  const prices = places.map(
    ({ name }) => `{ provider: ${name}, model: m, input_usd_per_mtok: "1", output_usd_per_mtok: "10" }`,
  );
  return `providers:
${providers.join('\n')}
prices: { overrides: [ ${prices.join(', ')} ] }
budgets: [ { name: team, scope: workspace, period: total, limit_usd: "100" } ]
routes:
${routes.map(({ name, refs, isHedged }) => `  ${name}: { models: [${refs.join(', ')}], hedge: ${isHedged} }`).join('\n')}
`;
}

/** What the upstream does with a request. */
type Outcome = (voice: (typeof spoken)[ClientFormat], isStream: boolean, text: string) => CannedAnswer;

const no =
  (status: number, type: string, headers: Record<string, string> = {}): Outcome =>
  (voice) => ({
    ...json(voice.error(type, 'Not so.'), status),
    headers: { 'content-type': 'application/json', ...headers },
  });

const outcomes = {
  ok: (voice, isStream, text) => good(voice, isStream, text),
  late: (voice, isStream, text) => ({ ...good(voice, isStream, text), headAfterMs: LATE_MS }),
  slow: (voice, isStream, text) =>
    isStream
      ? streamed(
          { bytes: voice.opening(voice.usage(100, 1)), delayMs: 30 },
          { bytes: voice.words(text), delayMs: 80 },
          { bytes: voice.closing(voice.usage(100, 10)), delayMs: 40 },
        )
      : { ...good(voice, false, text), headAfterMs: 40 },
  bad: no(400, 'invalid_request_error'),
  keyless: no(401, 'authentication_error'),
  again: no(408, 'api_error'),
  limited: no(429, 'rate_limit_error'),
  waits: no(429, 'rate_limit_error', { 'retry-after': '1' }),
  broken: no(500, 'api_error'),
  busy: no(529, 'overloaded_error'),
  hangs: () => ({ headAfterMs: Number.POSITIVE_INFINITY }),
  cutEarly: (voice, isStream) =>
    isStream
      ? { ...streamed(voice.opening()), ending: 'cut' }
      : { ...json({}), chunks: ['{"half": '], ending: 'cut' },
  cutLate: (voice, isStream, text) =>
    isStream
      ? { ...streamed(voice.opening() + voice.words(text)), ending: 'cut' }
      : {
          ...json(voice.whole(text)),
          headers: { 'content-type': 'application/json', 'content-length': '9999' },
          ending: 'cut',
        },
  errorFirst: (voice, isStream) =>
    isStream
      ? streamed(voice.errorEvent('overloaded_error', 'Too busy.'))
      : json(voice.error('overloaded_error', 'Too busy.')),
} as const satisfies Record<string, Outcome>;

const all = Object.keys(outcomes) as (keyof typeof outcomes)[];

/** `late`: mostly answers that come late, and only routes that then ask a second beside the first. */
export type Mood = 'any' | 'late';

const moods: Readonly<Record<Mood, readonly (keyof typeof outcomes)[]>> = {
  any: [...all, 'ok', 'late', 'late', 'late'],
  late: ['late', 'late', 'late', 'late', 'slow', 'slow', 'broken', 'limited', 'cutLate', 'hangs'],
};

export interface AttemptStorm {
  readonly house: OpenHouse;
  readonly upstream: FakeUpstream;
  readonly routes: readonly Route[];
  /** Requests that belong to an asking, by what its prompt says. */
  requestsOf(tag: string): { readonly provider: string; readonly key: string }[];
  /** Forgets health, and learns anew how soon deployments usually answer: hedging goes by that. */
  calm(): Promise<void>;
  close(): Promise<void>;
}

/** What the prompt of an asking names it by. */
const TAG = /asking-[\w-]+/;

export function tagIn(text: string): string | undefined {
  return TAG.exec(text)?.[0];
}

/** What an attempt says, so that bytes of two of them can be told apart. */
export function textOf(provider: string, nth: number): string {
  return `<${provider} ${nth}> one two three </${provider} ${nth}>`;
}

const WARM = 25;

export async function openAttemptStorm(seed: number, mood: Mood): Promise<AttemptStorm> {
  const random = randomFrom(seed);
  const upstream = await startFakeUpstream();
  const routes = routesOf(random, mood);
  const house = await openHouse(configOf(upstream.url, routes));
  let answered = 0;
  const answer = (request: RecordedRequest): CannedAnswer => {
    answerNext();
    answered += 1;
    const provider = providerOf(request);
    const body = request.body.toString();
    const voice = spoken[request.path.includes('/messages') ? 'anthropic-messages' : 'openai-chat'];
    const outcome = tagIn(body) === undefined ? 'ok' : pick(random, moods[mood]);
    return outcomes[outcome](voice, body.includes('"stream":true'), textOf(provider, answered));
  };
  const answerNext = (): void => upstream.answerBy(answer);
  answerNext();
  // The first requests of a process are its slowest, and would be taken for the usual ones.
  await Promise.all(places.map(({ name }) => warm(house, `${name}/m`)));
  return {
    house,
    upstream,
    routes,
    requestsOf: (tag) =>
      upstream.requests
        .filter(({ body }) => tagIn(body.toString()) === tag)
        .map((request) => ({ provider: providerOf(request), key: keyOf(request) })),
    async calm() {
      await house.forgetHealth();
      const refs = places.filter(({ keys }) => keys === 1).map(({ name }) => `${name}/m`);
      for (let left = WARM; left > 0; left -= 1)
        await Promise.all(
          refs.map((model) => ask(house.url, { format: 'openai-chat', model, isStream: true })),
        );
    },
    async close() {
      await house.close();
      await upstream.close();
    },
  };
}

function warm({ url }: OpenHouse, model: string): Promise<unknown> {
  return ask(url, { format: 'openai-chat', model, isStream: true });
}

function providerOf({ path }: RecordedRequest): string {
  return path.split('/')[1]!;
}

function keyOf({ headers }: RecordedRequest): string {
  return /key-\d-of-\w+/.exec(JSON.stringify(headers))?.[0] ?? '';
}

/** What is measured: one scenario is one row of the tables. */
import type { Format } from './bodies.ts';

export type SubjectName =
  | 'direct'
  | 'nginx'
  | 'turnpike'
  | 'turnpike-process'
  | 'turnpike-budgets'
  | 'portkey';

export type Load =
  /** Each connection sends again as soon as it has its reply: throughput. */
  | { readonly kind: 'closed'; readonly connections: number }
  /** A constant number of requests a second, timed from when each was due: added latency. */
  | { readonly kind: 'open'; readonly perSecond: number }
  /** Streams that stay open and are mostly silent: memory. */
  | { readonly kind: 'hold'; readonly streams: number };

export interface Scenario {
  readonly name: string;
  readonly load: Load;
  /** Format the client speaks. */
  readonly client: Format;
  /** Format of the upstream; another than the client's means the translate lane. */
  readonly upstream: Format;
  readonly bodyBytes: number;
  readonly isStream: boolean;
  /** `bench-model` answers at once; `paced-<ms>-<events>` slowly (see native/upstream.c). */
  readonly model: string;
  /** Is it part of `--quick`? */
  readonly isQuick: boolean;
  /** Is Turnpike measured with `durability: process` as well? */
  readonly hasProcessRow: boolean;
}

const SMALL = { label: '1k', bytes: 1000 };
const LARGE = { label: '200k', bytes: 200_000 };
/** 32 is the row to compare by; 1 shows the cost of one request alone, 256 what a crowd does. */
const CONNECTIONS = [32, 1, 256];

const base = {
  client: 'openai-chat',
  upstream: 'openai-chat',
  bodyBytes: SMALL.bytes,
  isStream: false,
  model: 'bench-model',
  isQuick: true,
  hasProcessRow: false,
} as const satisfies Partial<Scenario>;

function throughput(): Scenario[] {
  const lanes = [
    { label: 'relay', client: 'openai-chat', upstream: 'openai-chat', everyCrowd: true },
    { label: 'translate', client: 'openai-chat', upstream: 'anthropic-messages', everyCrowd: true },
    {
      label: 'messages-relay',
      client: 'anthropic-messages',
      upstream: 'anthropic-messages',
      everyCrowd: false,
    },
    { label: 'messages-translate', client: 'anthropic-messages', upstream: 'openai-chat', everyCrowd: false },
  ] as const;
  return lanes.flatMap(({ label, client, upstream, everyCrowd }) =>
    [SMALL, LARGE].flatMap((size) =>
      [false, true].flatMap((isStream) =>
        CONNECTIONS.filter((connections) => everyCrowd || connections === 32).map((connections) => ({
          ...base,
          name: `${label}-${size.label}${isStream ? '-burst' : ''}-c${connections}`,
          load: { kind: 'closed', connections } as const,
          client,
          upstream,
          bodyBytes: size.bytes,
          isStream,
          isQuick: everyCrowd && connections === 32,
          hasProcessRow: label === 'relay' && connections === 32,
        })),
      ),
    ),
  );
}

const latency: readonly Scenario[] = [
  { ...base, name: 'latency-1k', load: { kind: 'open', perSecond: 1000 }, hasProcessRow: true },
  { ...base, name: 'latency-200k', load: { kind: 'open', perSecond: 150 }, bodyBytes: LARGE.bytes },
  { ...base, name: 'latency-burst', load: { kind: 'open', perSecond: 200 }, isStream: true },
  // The peers' convention: an upstream that takes 60 ms.
  { ...base, name: 'latency-60ms', load: { kind: 'open', perSecond: 500 }, model: 'paced-60-1' },
];

/** An event every 20 ms on each stream, 5,000 events a second: how long each event is on its way. */
const paced: readonly Scenario[] = [
  {
    ...base,
    name: 'paced-relay',
    load: { kind: 'closed', connections: 100 },
    model: 'paced-20-50',
    isStream: true,
  },
  {
    ...base,
    name: 'paced-translate',
    load: { kind: 'closed', connections: 100 },
    upstream: 'anthropic-messages',
    model: 'paced-20-50',
    isStream: true,
    isQuick: false,
  },
];

const memory: readonly Scenario[] = [
  {
    ...base,
    name: 'streams-2000',
    load: { kind: 'hold', streams: 2000 },
    model: 'paced-1000-600',
    isStream: true,
  },
];

/** All rows, in the order they are run: memory first, on processes that have done nothing else. */
export const SCENARIOS: readonly Scenario[] = [...memory, ...throughput(), ...latency, ...paced];

/** The rows asked for; `only` holds names or their beginnings, separated by commas, and overrides `--quick`. */
export function chooseScenarios(only: string | undefined, isQuick: boolean): Scenario[] {
  const starts = only?.split(',');
  if (starts) return SCENARIOS.filter(({ name }) => starts.some((beginning) => name.startsWith(beginning)));
  return SCENARIOS.filter((scenario) => !isQuick || scenario.isQuick);
}

export function isPaced(scenario: Scenario): boolean {
  return scenario.model.startsWith('paced-');
}

/**
 * One house for the fault matrix: a client and a provider of each format, a second provider behind each, and no two
 * tests that share a deployment, so that what one shows of health does not touch another.
 */
import { expect } from 'vitest';
import type { HealthBody } from '../../src/admin/health.ts';
import {
  type CannedAnswer,
  type FakeUpstream,
  type RecordedRequest,
  startFakeUpstream,
} from '../fake-upstream.ts';
import { ask, type Question, type Shown } from './native-client.ts';
import { type EntryRow, type OpenHouse, openHouse } from './open-house.ts';
import { goodOf, type Voice, type VoiceFormat, voices } from './spoken-formats.ts';

export interface Cell {
  readonly client: VoiceFormat;
  /** What the first provider speaks. */
  readonly upstream: VoiceFormat;
  /** What the second speaks. */
  readonly other: VoiceFormat;
  readonly lane: 'relay' | 'translate';
}

export const allFormats = Object.keys(voices) as readonly VoiceFormat[];

/** Each client before its own format and before another one; each format is another's second, too. */
export const cells: readonly Cell[] = allFormats.flatMap((client, at): Cell[] => {
  const next = (steps: number): VoiceFormat => allFormats[(at + steps) % allFormats.length]!;
  return [
    { client, upstream: client, other: next(2), lane: 'relay' },
    { client, upstream: next(1), other: client, lane: 'translate' },
  ];
});

/** Nano-dollars per token, for all models here. */
const RATES = { input: 1000, output: 5000 } as const;
export const SECOND_TEXT = 'The second speaks.';
/** Reported by all good answers. */
const USED = { input: 100, output: 10 } as const;
export const GOOD_COST = costOf(USED.input, USED.output);

export function costOf(input: number, output: number): number {
  return input * RATES.input + output * RATES.output;
}

interface Kind {
  readonly short: string;
  readonly kind: string;
  readonly path: string;
}

const kinds: Readonly<Record<VoiceFormat, Kind>> = {
  'anthropic-messages': { short: 'ant', kind: 'anthropic', path: '' },
  'openai-chat': { short: 'oai', kind: 'openai-compatible', path: '/v1' },
  'openai-responses': { short: 'rsp', kind: 'openai, formats: [openai-responses]', path: '/v1' },
  'gemini-generate': { short: 'gem', kind: 'gemini', path: '/v1beta' },
  'ollama-chat': { short: 'oll', kind: 'ollama', path: '' },
};

/** `a` is asked first and `b` second; the others cannot be reached, each in its own way. */
export type Where = 'a' | 'b' | 'refused' | 'nameless' | 'untrusted';

export function providerOf(where: Where, format: VoiceFormat): string {
  return `${where}-${kinds[format].short}`;
}

/** More than any file of tests asks for. */
const ROUTES_PER_CELL = 80;
/** Of providers that cannot be reached. */
const ROUTES_TO_NOWHERE = 2;

export interface FaultHouseOptions {
  /** Of every provider, as they stand in the file. */
  readonly timeouts: string;
  /** More of the file. */
  readonly more?: string;
  /** More than the first provider has, as it stands in the file: `, api_keys: [one, two]`. */
  readonly credentials?: string;
  /** Tests of one cell at most; absent = enough for any file. */
  readonly stages?: number;
}

/** The deployments of one test, which no other test uses. */
export interface Stage {
  readonly cell: Cell;
  /** Leads to the first, then to the second. */
  readonly route: string;
  /** The upstream's own name of the model at all of them. */
  readonly model: string;
  readonly first: string;
  readonly second: string;
}

export interface FaultHouse {
  readonly url: string;
  readonly house: OpenHouse;
  readonly upstream: FakeUpstream;
  stage(cell: Cell, first?: Where): Stage;
  /** The next requests at the first or the second of the stage are answered so. */
  answer(stage: Stage, which: 'first' | 'second', answer: CannedAnswer): void;
  ask(stage: Stage, question: Omit<Question, 'format' | 'model'>, model?: string): Promise<Shown>;
  requestsOf(stage: Stage): readonly RecordedRequest[];
  close(): Promise<void>;
}

export async function openFaultHouse(options: FaultHouseOptions): Promise<FaultHouse> {
  const upstream = await startFakeUpstream();
  const house = await openHouse(configOf(upstream, options));
  const used = new Map<string, number>();
  return {
    url: house.url,
    house,
    upstream,
    stage(cell, first = 'a') {
      const family = familyOf(cell, first);
      const nth = used.get(family) ?? 0;
      const most = first === 'a' ? (options.stages ?? ROUTES_PER_CELL) : ROUTES_TO_NOWHERE;
      if (nth >= most) throw new Error(`more than ${most} tests for ${family}`);
      used.set(family, nth + 1);
      return stageOf(cell, first, nth);
    },
    answer(stage, which, answer) {
      const path = `/${stage[which].split('/')[0]}/`;
      // Ollama is asked for the window of a model first.
      const isOllama = voiceOf(stage, which).format === 'ollama-chat';
      upstream.answerWith({ ...answer, model: stage.model, path: isOllama ? `${path}api/chat` : path });
    },
    ask: (stage, question, model = stage.route) =>
      ask(house.url, { ...question, format: stage.cell.client, model }),
    requestsOf: ({ model }) =>
      upstream.requests.filter(
        ({ path, body }) =>
          path.includes(`/${model}:`) || (body.includes(`"model":"${model}"`) && !path.endsWith('/api/show')),
      ),
    async close() {
      try {
        await house.verify();
      } finally {
        await house.close();
        await upstream.close();
      }
    },
  };
}

function familyOf({ client, upstream }: Cell, first: Where): string {
  return `${kinds[client].short}-${kinds[upstream].short}-${first}`;
}

function stageOf(cell: Cell, first: Where, nth: number): Stage {
  const model = `m-${familyOf(cell, first)}-${nth}`;
  return {
    cell,
    route: `r-${familyOf(cell, first)}-${nth}`,
    model,
    first: `${providerOf(first, cell.upstream)}/${model}`,
    second: `${providerOf('b', cell.other)}/${model}`,
  };
}

const firsts: readonly Where[] = ['a', 'refused', 'nameless', 'untrusted'];

function configOf(
  { url, port }: FakeUpstream,
  { timeouts, more = '', credentials, stages = ROUTES_PER_CELL }: FaultHouseOptions,
): string {
  const origins: Readonly<Record<Where, string>> = {
    a: url,
    b: url,
    refused: 'http://127.0.0.1:1',
    nameless: 'http://nobody.invalid',
    untrusted: `https://127.0.0.1:${port}`,
  };
  const places = Object.keys(origins) as Where[];
  const providers = places.flatMap((where) =>
    allFormats.map((format) => {
      const { kind, path } = kinds[format];
      const name = providerOf(where, format);
      const keys = where === 'a' && credentials ? credentials : `api_key: upstream-key-${name}`;
      return `  ${name}: { kind: ${kind}, base_url: "${origins[where]}/${name}${path}", ${keys}, timeouts: ${timeouts} }`;
    }),
  );
  const prices = places.flatMap((where) =>
    allFormats.map(
      (format) =>
        `    - { provider: ${providerOf(where, format)}, model: "*", input_usd_per_mtok: "1", output_usd_per_mtok: "5" }`,
    ),
  );
  const routes = cells.flatMap((cell) =>
    firsts.flatMap((where) =>
      Array.from({ length: where === 'a' ? stages : ROUTES_TO_NOWHERE }, (_, nth) => {
        const { route, first, second } = stageOf(cell, where, nth);
        return `  ${route}: { models: [${first}, ${second}] }`;
      }),
    ),
  );
  return `providers:\n${providers.join('\n')}\nprices:\n  overrides:\n${prices.join('\n')}\nroutes:\n${routes.join('\n')}\n${more}`;
}

/** The upstream's answers, in the voice of the first or the second of the stage. */
export function voiceOf({ cell }: Stage, which: 'first' | 'second'): Voice {
  return voices[which === 'first' ? cell.upstream : cell.other];
}

/** The second answers well, in its own format. */
export function secondAnswers(faults: FaultHouse, stage: Stage, isStream: boolean): void {
  faults.answer(stage, 'second', goodOf(voiceOf(stage, 'second'), isStream, SECOND_TEXT));
}

/** The client has a whole answer of the second, and was told that it is one. */
export function expectSecond(shown: Shown, stage: Stage, attempts = 2): void {
  expect([shown.status, shown.text, shown.error, shown.isComplete]).toEqual([
    200,
    SECOND_TEXT,
    undefined,
    true,
  ]);
  expect(shown.attempts).toBe(attempts);
  expect(shown.headers.get('x-turnpike-fallback')).toBe('true');
  expect(shown.headers.get('x-turnpike-model')).toBe(stage.second);
}

export function expectGoodEntry(row: EntryRow | undefined): void {
  expect(row).toMatchObject({
    status: 'ok',
    price_state: 'priced',
    is_estimated: 0,
    input_tokens: USED.input,
    output_tokens: USED.output,
    cost_nano: GOOD_COST,
  });
}

/** What a client of the format is told in an error, whole or in a stream: once, in its own shape. */
export function expectNativeError(shown: Shown, format: VoiceFormat, code?: string): void {
  expect(shown.isComplete, shown.raw).toBe(false);
  expect(shown.isBroken).toBe(false);
  expect(shown.errors, shown.raw).toBe(1);
  expect(shown.error?.message).toMatch(/./);
  if (format !== 'ollama-chat') {
    expect(shown.error?.type).toMatch(/./);
    if (code !== undefined) expect(shown.error?.code).toBe(code);
  }
  if (shown.status >= 400) expectErrorBody(JSON.parse(shown.raw), format);
}

const text: unknown = expect.stringMatching(/./);

function expectErrorBody(body: unknown, format: VoiceFormat): void {
  const bodies: Readonly<Record<VoiceFormat, unknown>> = {
    'anthropic-messages': { type: 'error', error: { type: text, message: text } },
    'openai-chat': { error: { message: text, type: text } },
    'openai-responses': { error: { message: text, type: text } },
    'gemini-generate': {
      error: { code: expect.any(Number), message: text, status: expect.stringMatching(/^[A-Z_]+$/) },
    },
    'ollama-chat': { error: text },
  };
  expect(body).toMatchObject(bodies[format] as object);
}

/** What the board must say of the first: one failure more, a limit, or nothing at all. */
export type Wellness = 'down' | 'limited' | 'well';

export async function expectHealth({ house }: FaultHouse, { first }: Stage, health: Wellness): Promise<void> {
  const provider = first.split('/')[0]!;
  const { deployments } = await house.admin<HealthBody>('GET', `/health?provider=${provider}&changes=0`);
  const [found, ...others] = deployments.filter(({ ref }) => ref === first);
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    state: health === 'limited' ? 'limited' : 'healthy',
    until: health === 'limited' ? text : null,
    lastFailedAt: health === 'down' ? text : null,
    inFlight: 0,
  });
}

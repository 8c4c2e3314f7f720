/** The fault matrix where a second deployment stands by and must not answer: the first had spoken, or the request is at fault. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CannedAnswer } from './fake-upstream.ts';
import {
  cells,
  costOf,
  expectHealth,
  expectNativeError,
  type FaultHouse,
  openFaultHouse,
  secondAnswers,
  voiceOf,
} from './support/fault-matrix.ts';
import { jsonOf, streamOf, type Voice } from './support/spoken-formats.ts';

let house: FaultHouse;
beforeAll(async () => {
  house = await openFaultHouse({
    timeouts: '{ first_byte_ms: 5000, idle_ms: 1000, content_ms: 1800, total_ms: 20000 }',
  });
});
afterAll(() => house.close());

const TEXT = 'Half an answer is here.';
const half = (voice: Voice): string => voice.opening() + voice.words(TEXT);
const slowly = (bytes: string) => ({ bytes, delayMs: 150 });

interface Break {
  readonly name: string;
  readonly only?: 'translate';
  answer(voice: Voice): CannedAnswer;
  /** Turnpike's; undefined = the upstream's own words. */
  readonly code: string | undefined;
  readonly entry: readonly [status: string, errorClass: string | RegExp];
}

const breaks: readonly Break[] = [
  {
    name: '3: silence',
    answer: (voice) => ({ ...streamOf(voice, half(voice)), ending: 'silence' }),
    code: 'upstream_timeout',
    entry: ['timeout', 'idle-timeout'],
  },
  {
    name: '4: a cut',
    answer: (voice) => ({ ...streamOf(voice, half(voice)), ending: 'cut' }),
    code: 'upstream_truncated',
    entry: ['truncated', 'cut'],
  },
  {
    name: '4: a cut inside an event',
    answer: (voice) => ({
      ...streamOf(voice, half(voice) + voice.words('More.').slice(0, 30)),
      ending: 'cut',
    }),
    code: 'upstream_truncated',
    entry: ['truncated', 'cut'],
  },
  {
    name: '5: an end that is none',
    answer: (voice) => streamOf(voice, half(voice)),
    code: 'upstream_truncated',
    entry: ['truncated', /truncated/],
  },
  {
    name: '6: frames that cannot be read',
    only: 'translate',
    answer: (voice) => ({ ...streamOf(voice, half(voice) + voice.broken.repeat(4)), ending: 'silence' }),
    code: 'upstream_invalid',
    entry: ['upstream_error', 'invalid'],
  },
  {
    name: '7: a drip of half an event',
    answer: (voice) => streamOf(voice, half(voice), ...[...voice.words('slow').slice(0, -2)].map(slowly)),
    code: 'upstream_timeout',
    entry: ['timeout', 'content-timeout'],
  },
  {
    name: '8: pings only',
    answer: (voice) => streamOf(voice, half(voice), ...Array.from({ length: 100 }, () => slowly(voice.ping))),
    code: 'upstream_timeout',
    entry: ['timeout', 'content-timeout'],
  },
  {
    name: '19: an error event',
    answer: (voice) => ({
      ...streamOf(voice, half(voice) + voice.errorEvent('overloaded_error', 'Too busy.')),
      ending: 'silence',
    }),
    code: undefined,
    entry: ['upstream_error', 'error_event'],
  },
];

const wrong: readonly {
  readonly name: string;
  answer(voice: Voice): CannedAnswer;
  readonly status: number;
}[] = [
  ...[400, 413, 422].map((status) => ({
    name: `15: a request answered with ${status}`,
    answer: (voice: Voice) => jsonOf(voice.error('invalid_request_error', 'It is not to my taste.'), status),
    status,
  })),
  {
    name: 'a prompt against the policy',
    answer: (voice) =>
      jsonOf(voice.error('invalid_request_error', 'Output blocked by content filtering policy'), 400),
    status: 400,
  },
];

describe.each(cells)('a client of $client on $upstream ($lane), then $other', (cell) => {
  const fitting = breaks.filter(({ only }) => only === undefined || only === cell.lane);
  it.concurrent.each(fitting)('$name after the first word', async ({ answer, code, entry }) => {
    const stage = house.stage(cell);
    const voice = voiceOf(stage, 'first');
    house.answer(stage, 'first', answer(voice));
    const shown = await house.ask(stage, { isStream: true });
    expect([shown.status, shown.text, shown.attempts]).toEqual([200, TEXT, 1]);
    expectNativeError(shown, cell.client, code);
    if (cell.lane === 'translate') expect(shown.raw).not.toContain('"half"');
    const rows = await house.house.entriesOf(shown.exchangeId, 1);
    expect(rows).toHaveLength(1);
    const [row] = rows;
    expect(row).toMatchObject({ status: entry[0], price_state: 'priced', is_estimated: 1 });
    expect(row!.error_class).toMatch(entry[1]);
    expect(row!.output_tokens).toBeGreaterThan(2);
    expect(row!.cost_nano).toBe(costOf(row!.input_tokens, row!.output_tokens));
    await expectHealth(house, stage, 'down');
    expect(house.requestsOf(stage), 'no splice').toHaveLength(1);
  });

  const both = wrong.flatMap((one) => [true, false].map((isStream) => ({ ...one, isStream })));
  it.concurrent.each(both)('$name (stream: $isStream)', async ({ answer, status, isStream }) => {
    const stage = house.stage(cell);
    house.answer(stage, 'first', answer(voiceOf(stage, 'first')));
    const shown = await house.ask(stage, { isStream });
    expect(shown.status, shown.raw).toBe(status);
    expectNativeError(shown, cell.client);
    const rows = await house.house.entriesOf(shown.exchangeId, 1);
    expect(rows.map((row) => [row.status, row.price_state, row.cost_nano, row.is_estimated])).toEqual([
      ['upstream_error', 'free', 0, 0],
    ]);
    expect(house.requestsOf(stage)).toHaveLength(1);
    // It says nothing of the deployment, which is asked again.
    await expectHealth(house, stage, 'well');
    secondAnswers(house, stage, isStream);
    house.answer(stage, 'first', answer(voiceOf(stage, 'first')));
    expect((await house.ask(stage, { isStream })).status).toBe(status);
  });
});

/** Rows of the fault matrix that take more than one request: credentials of no use (16) and limits (17). */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HealthBody } from '../src/admin/health.ts';
import type { CannedAnswer } from './fake-upstream.ts';
import {
  type Cell,
  cells,
  expectGoodEntry,
  expectNativeError,
  expectSecond,
  type FaultHouse,
  openFaultHouse,
  type Stage,
  secondAnswers,
  voiceOf,
} from './support/fault-matrix.ts';
import { goodOf, jsonOf, type Voice } from './support/spoken-formats.ts';

let house: FaultHouse;
beforeAll(async () => {
  house = await openFaultHouse({
    timeouts: '{ first_byte_ms: 5000, idle_ms: 5000, total_ms: 20000 }',
    credentials: 'api_keys: [first-key-of-it, second-key-of-it]',
  });
});
beforeEach(async () => {
  await house.house.admin('POST', '/health/reset', {});
});
afterAll(() => house.close());

const providerOfFirst = ({ first }: Stage): string => first.split('/')[0]!;

async function deploymentsOf(stage: Stage): Promise<HealthBody['deployments']> {
  const { deployments } = await house.house.admin<HealthBody>(
    'GET',
    `/health?provider=${providerOfFirst(stage)}`,
  );
  return deployments.filter(({ ref }) => ref === stage.first);
}

/** Credentials of the first that are told to be disabled. */
async function disabledAt(stage: Stage): Promise<string[]> {
  const path = `/health?provider=${providerOfFirst(stage)}&changes=500`;
  const { changes } = await house.house.admin<HealthBody>('GET', path);
  return changes
    .filter(({ to, ref }) => to === 'disabled' && ref === stage.first)
    .map(({ credential }) => credential);
}

/** Of what was told to operators: provider, credential, and since when. */
function alerts(): string[] {
  const rows = house.house.rows<{ dedupe_key: string }>(
    "select dedupe_key from outbox where topic = 'credential.disabled'",
  );
  return rows.map(({ dedupe_key }) => dedupe_key.slice('credential.disabled/'.length));
}

const keyOf = ({ headers, path }: { headers: Readonly<Record<string, string>>; path: string }): string =>
  /(first|second)-key-of-it/.exec(JSON.stringify(headers) + path)?.[0] ?? '';

interface UselessKey {
  readonly name: string;
  answer(voice: Voice): CannedAnswer;
  /** What rests: the credential, or only this model with it, as others may be open to it. Absent = the credential. */
  readonly state?: 'open';
}

const uselessKeys: readonly UselessKey[] = [
  { name: '401', answer: (voice) => jsonOf(voice.error('authentication_error', 'Who are you?'), 401) },
  {
    name: '403',
    answer: (voice) => jsonOf(voice.error('authentication_error', 'Not you.'), 403),
    state: 'open',
  },
  { name: '402', answer: (voice) => jsonOf(voice.error('invalid_request_error', 'Pay first.'), 402) },
  {
    name: '400 and an empty account',
    answer: (voice) => jsonOf(voice.error('invalid_request_error', 'Your credit balance is too low.'), 400),
  },
];
const keyCases = cells.flatMap((cell) =>
  uselessKeys.map((useless, nth) => ({ ...useless, cell, isStream: nth % 2 === 0 })),
);

describe('16: a credential of no use', () => {
  it.each(keyCases)(
    '$name: the next one answers $cell.client on $cell.upstream, and the first rests',
    async ({ cell, answer, isStream, state = 'disabled' }) => {
      const stage = house.stage(cell);
      const voice = voiceOf(stage, 'first');
      house.answer(stage, 'first', answer(voice));
      house.answer(stage, 'first', { ...goodOf(voice, isStream), times: 3 });
      const shown = await house.ask(stage, { isStream });
      expect([shown.status, shown.text, shown.attempts]).toEqual([200, 'Fine.', 2]);
      expect(shown.headers.get('x-turnpike-model')).toBe(stage.first);
      const [refused, good] = await house.house.entriesOf(shown.exchangeId, 2);
      expect(refused).toMatchObject({
        status: 'upstream_error',
        price_state: 'free',
        cost_nano: 0,
        is_estimated: 0,
      });
      expectGoodEntry(good);
      for (let nth = 0; nth < 2; nth += 1) expect((await house.ask(stage, { isStream })).attempts).toBe(1);
      const keys = house.requestsOf(stage).map(keyOf);
      expect(new Set(keys).size, 'two keys').toBe(2);
      expect(keys.slice(1)).toEqual([keys[1], keys[1], keys[1]]);
      const states = (await deploymentsOf(stage)).map((one) => one.state);
      expect(states.toSorted()).toEqual(['healthy', state].sort());
    },
  );

  it.each(cells)('none is left: $other answers $client at once, and it is told once each', async (cell) => {
    const stage = house.stage(cell);
    const voice = voiceOf(stage, 'first');
    house.answer(stage, 'first', { ...uselessKeys[0]!.answer(voice), times: 9 });
    secondAnswers(house, stage, true);
    expectSecond(await house.ask(stage, { isStream: true }), stage, 3);
    secondAnswers(house, stage, true);
    expectSecond(await house.ask(stage, { isStream: true }), stage, 1);
    expect(house.requestsOf(stage)).toHaveLength(4);
    // They are written down a little later.
    await expect.poll(() => disabledAt(stage)).toHaveLength(2);
    const credentials = await disabledAt(stage);
    expect(new Set(credentials).size).toBe(2);
    const about = (id: string) =>
      alerts().filter((key) => key.startsWith(`${providerOfFirst(stage)}/${id}/`));
    for (const id of credentials) await expect.poll(() => about(id).length).toBeGreaterThan(0);
    // A later refusal is no news.
    const told = alerts().length;
    secondAnswers(house, stage, true);
    await house.ask(stage, { isStream: true });
    expect(alerts()).toHaveLength(told);
  });
});

/** Both are limited: `first` and `second` as they say it, in seconds. */
async function limitBoth(cell: Cell, waits: readonly (number | undefined)[]): Promise<Stage> {
  const stage = house.stage(cell);
  (['first', 'second'] as const).forEach((which, nth) => {
    const voice = voiceOf(stage, which);
    const wait = waits[nth];
    const headers: Record<string, string> = wait === undefined ? {} : { 'retry-after': String(wait) };
    // Both credentials of the first are limited in the same way.
    house.answer(stage, which, {
      ...jsonOf(voice.error('rate_limit_error', 'Slowly!'), 429, headers),
      times: 2,
    });
  });
  return stage;
}

describe('17: all are limited', () => {
  const waits = [
    { first: 30, second: 20, least: 20 },
    { first: 20, second: 30, least: 20 },
    { first: undefined, second: 30, least: 10 },
  ] as const;
  const rows = cells.flatMap((cell, nth) =>
    waits.map((wait, at) => ({ ...wait, cell, isStream: (nth + at) % 2 === 0 })),
  );
  it.each(rows)(
    '$cell.client on $cell.upstream is told of the least of $first and $second seconds',
    async ({ cell, first, second, least, isStream }) => {
      const stage = await limitBoth(cell, [first, second]);
      const shown = await house.ask(stage, { isStream });
      expect(shown.status).toBe(429);
      expectNativeError(shown, cell.client);
      const sent = house.requestsOf(stage).length;
      expect(sent).toBe(3);
      expect(Number(shown.headers.get('retry-after'))).toBeGreaterThan(least - 3);
      expect(Number(shown.headers.get('retry-after'))).toBeLessThanOrEqual(least);
      // Nobody is asked before.
      const again = await house.ask(stage, { isStream });
      expect([again.status, again.attempts]).toEqual([429, 0]);
      expectNativeError(again, cell.client, undefined);
      expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(least - 3);
      expect(Number(again.headers.get('retry-after'))).toBeLessThanOrEqual(least);
      expect(house.requestsOf(stage)).toHaveLength(sent);
      const states = (await deploymentsOf(stage)).map(({ state }) => state);
      expect(states).toEqual(['limited', 'limited']);
    },
  );
});

/** Row 18 of the fault matrix: providers that are overloaded for long, one of two or both, under a client of each format. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthBody } from '../src/admin/health.ts';
import {
  allFormats,
  cells,
  expectNativeError,
  type FaultHouse,
  openFaultHouse,
  type Stage,
  voiceOf,
} from './support/fault-matrix.ts';
import type { Shown } from './support/native-client.ts';
import { goodOf, jsonOf } from './support/spoken-formats.ts';

// What retries may cost is a share of all recent requests: each test has a house of its own.
let house: FaultHouse;
beforeEach(async () => {
  house = await openFaultHouse({
    timeouts: '{ first_byte_ms: 5000, idle_ms: 5000, total_ms: 20000 }',
    stages: 1,
  });
});
afterEach(() => house.close());

const AT_ONCE = 5;
const MOST_SENT = 1.25;

function stormAt(stage: Stage, which: 'first' | 'second'): void {
  const overloaded = voiceOf(stage, which).error('overloaded_error', 'Too busy.');
  house.answer(stage, which, { ...jsonOf(overloaded, 529), times: 1_000 });
}

async function askMany(stage: Stage, count: number): Promise<Shown[]> {
  const shown: Shown[] = [];
  while (shown.length < count) {
    const batch = Array.from({ length: AT_ONCE }, () => house.ask(stage, { isStream: false }));
    shown.push(...(await Promise.all(batch)));
  }
  return shown;
}

async function stateOf(ref: string): Promise<string | undefined> {
  const { deployments } = await house.house.admin<HealthBody>('GET', '/health');
  return deployments.find((one) => one.ref === ref)?.state;
}

describe.each(allFormats)('18: a storm, for a client of %s', (format) => {
  const cell = cells.find(({ client }) => client === format)!;

  it('on one of two: all are answered, and it is soon left alone', async () => {
    const stage = house.stage(cell);
    stormAt(stage, 'first');
    const good = goodOf(voiceOf(stage, 'second'), false, 'There.');
    house.answer(stage, 'second', { ...good, times: 1_000 });
    for (const { status, text } of await askMany(stage, 40)) expect([status, text]).toEqual([200, 'There.']);
    expect(house.requestsOf(stage).length / 40).toBeLessThanOrEqual(MOST_SENT);
    expect([await stateOf(stage.first), await stateOf(stage.second)]).toEqual(['open', 'healthy']);
  });

  it('on both: each request is tried, few are tried twice, and each client is told in its own words', async () => {
    const stage = house.stage(cell);
    stormAt(stage, 'first');
    stormAt(stage, 'second');
    await askMany(stage, 15);
    expect([await stateOf(stage.first), await stateOf(stage.second)]).toEqual(['open', 'open']);
    const before = house.requestsOf(stage).length;
    for (const shown of await askMany(stage, 80)) {
      expect(shown.status).toBe(529);
      expectNativeError(shown, format);
    }
    const sent = house.requestsOf(stage).length - before;
    expect(sent).toBeGreaterThanOrEqual(80);
    expect(sent / 80).toBeLessThanOrEqual(MOST_SENT);
  });
});

/** The fault matrix where a second deployment stands by: it answers in the place of the first, and both are booked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Trouble, troubles } from './support/fault-fallback.ts';
import {
  type Cell,
  cells,
  costOf,
  expectGoodEntry,
  expectHealth,
  expectSecond,
  type FaultHouse,
  openFaultHouse,
  secondAnswers,
  voiceOf,
} from './support/fault-matrix.ts';
import type { EntryRow } from './support/open-house.ts';

let house: FaultHouse;
beforeAll(async () => {
  house = await openFaultHouse({
    timeouts: '{ connect_ms: 5000, first_byte_ms: 1000, idle_ms: 1000, content_ms: 1800, total_ms: 20000 }',
  });
});
afterAll(() => house.close());

function expectFirst(row: EntryRow, { entry }: Trouble, cell: Cell): void {
  expect(row).toMatchObject({
    status: entry.status,
    lane: cell.lane,
    client_format: cell.client,
    output_tokens: 0,
  });
  expect(row.error_class).toMatch(entry.errorClass);
  const isFree = entry.charge === 'free';
  expect([row.price_state, row.is_estimated]).toEqual(isFree ? ['free', 0] : ['priced', 1]);
  if (!isFree) expect(row.input_tokens).toBeGreaterThan(3);
  expect(row.cost_nano).toBe(isFree ? 0 : costOf(row.input_tokens, 0));
}

describe.each(cells)('a client of $client on $upstream ($lane), then $other', (cell) => {
  const cases = troubles
    .filter(({ only }) => only === undefined || only === cell.lane)
    .flatMap((trouble) =>
      (trouble.isStream === undefined ? [true, false] : [trouble.isStream]).map((isStream) => ({
        ...trouble,
        isStream,
        kind: isStream ? 'stream' : 'whole',
      })),
    );

  it.concurrent.each(cases)('$name ($kind)', async (trouble) => {
    const { isStream, where = 'a', asked = 1 } = trouble;
    const stage = house.stage(cell, where);
    const answer = trouble.answer(voiceOf(stage, 'first'), isStream);
    if (where === 'a') house.answer(stage, 'first', { ...answer, times: asked });
    secondAnswers(house, stage, isStream);
    const shown = await house.ask(stage, { isStream });
    expectSecond(shown, stage, asked + 1);
    const rows = await house.house.entriesOf(shown.exchangeId, asked + 1);
    expect(rows.map(({ attempt }) => attempt)).toEqual(
      Array.from({ length: asked + 1 }, (_, nth) => nth + 1),
    );
    for (const row of rows.slice(0, -1)) expectFirst(row, trouble, cell);
    expectGoodEntry(rows.at(-1));
    await expectHealth(house, stage, trouble.health);
    expect(house.requestsOf(stage)).toHaveLength((where === 'a' ? asked : 0) + 1);
  });
});

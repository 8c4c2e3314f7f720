/** The tests of one official client: every scenario on every upstream format, whole and streamed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEAL_MARK } from '../../../src/wire/seal.ts';
import type { Driver, Heard, Result } from '../drivers/index.ts';
import { columnsOfMatrix, type MatrixHouse, openMatrix } from '../matrix-house.ts';
import { voices } from '../voices/index.ts';
import { type Cell, exchange, expectAsked, expectBooked, expectHeard, openCell } from './cell.ts';
import { describeFailures } from './failures.ts';
import { afterTools, refusing, resultTexts, scenarios, signedTurn, toolTurn } from './table.ts';

const modes = [
  { mode: 'whole', isStream: false },
  { mode: 'streamed', isStream: true },
];

export function describeClient(driver: Driver): void {
  let house: MatrixHouse;
  beforeAll(async () => {
    house = await openMatrix();
  });
  afterAll(() => house.close());
  const columns = columnsOfMatrix();

  describe.each(columns)(`${driver.name} on $format`, (column) => {
    const voice = voices[column.format];
    describe.each(modes)('$mode', ({ isStream }) => {
      const cellOf = (): Cell => openCell(house, driver, column, isStream);
      const rows = scenarios.filter(({ said }) => voice.stops.includes(said.stop));

      it.each(rows)('$name', async ({ name, asked, said }) => {
        const cell = cellOf();
        const heard = await exchange(cell, asked, said);
        expectHeard(cell, heard, said);
        await expectAsked(cell, name, asked);
        if (name.startsWith('usage')) await expectBooked(cell, said.usage);
      });

      it.runIf(voice.stops.includes('refusal'))('a refusal', async () => {
        const cell = cellOf();
        const heard = await exchange(cell, refusing.asked, refusing.said);
        expectHeard(cell, heard, refusing.said);
        // It must not look like an answer where the client has a word for it.
        const canTell = driver.stopWords.refusal !== driver.stopWords.end || heard.refusal !== '';
        if (canTell) expect([heard.stop, heard.refusal]).not.toEqual([driver.stopWords.end, '']);
      });

      it('parallel tools and their results', () => playTools(cellOf()));
    });

    describe.each(columns.filter(({ format }) => format !== column.format))(
      'and back from $format',
      (other) => {
        it.runIf(voice.signs !== 'nothing').each(modes)('state of thinking, $mode', ({ isStream }) =>
          playState(openCell(house, driver, column, isStream), openCell(house, driver, other, isStream)),
        );
      },
    );
  });

  describeFailures(driver, () => house);
}

async function playTools(cell: Cell): Promise<void> {
  const { name, asked, said } = toolTurn;
  const heard = await exchange(cell, asked, said);
  expectHeard(cell, heard, said);
  await expectAsked(cell, name, asked);
  const results: Result[] = heard.calls.map((call, index) => ({ call, text: resultTexts[index]! }));
  const next = {
    ...asked,
    turns: [...asked.turns, { role: 'echo', heard }, { role: 'results', results }],
  } as const;
  const answer = await exchange(cell, next, afterTools);
  expectHeard(cell, answer, afterTools);
  await expectAsked(cell, `${name}: results`, next);
}

/** Thoughts of one vendor go to another and come back whole; the other sees neither them nor a seal. */
async function playState(cell: Cell, other: Cell): Promise<void> {
  const { asked, said } = signedTurn;
  const first = await exchange(cell, asked, said);
  expect(first.calls).toHaveLength(1);
  const afterFirst = [
    ...asked.turns,
    { role: 'echo', heard: first },
    { role: 'results', results: [{ call: first.calls[0]!, text: 'Snow.' }] },
  ] as const;
  const second: Heard = await exchange(other, { ...asked, turns: afterFirst }, afterTools);
  expect(newestBody(other)).not.toMatch(new RegExp(`${said.signature}|${SEAL_MARK}`));
  const afterSecond = [
    ...afterFirst,
    { role: 'echo', heard: second },
    { role: 'user', text: 'Sure?' },
  ] as const;
  const last = await exchange(cell, { ...asked, turns: afterSecond }, { ...afterTools, text: 'Yes.' });
  expect(last.text).toBe('Yes.');
  expect(newestBody(cell)).toContain(said.signature);
  expect(newestBody(cell)).not.toContain(SEAL_MARK);
  if (cell.voice.signs === 'thought' && cell.voice.format === 'anthropic-messages') {
    expect(newestBody(cell)).toContain(said.thinking);
  }
}

function newestBody({ house }: Cell): string {
  return house.upstream.requests.at(-1)!.body.toString('utf8');
}

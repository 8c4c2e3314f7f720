/** The tests of one official client: every scenario on every upstream format, whole and streamed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEAL_MARK } from '../../../src/wire/seal.ts';
import type { Driver, Heard, Result } from '../drivers/index.ts';
import { columnsOfMatrix, type MatrixHouse, openMatrix } from '../matrix-house.ts';
import { voices } from '../voices/index.ts';
import {
  type Cell,
  exchange,
  expectAsked,
  expectBooked,
  expectHeard,
  newestRequest,
  openCell,
} from './cell.ts';
import { describeFailures } from './failures.ts';
import {
  afterTools,
  choices,
  failedResult,
  hiddenTurn,
  refusing,
  resultTexts,
  type Scenario,
  scenarios,
  signedTurn,
  toolTurn,
} from './table.ts';
import { understoodBy } from './understood.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

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
      const asked = driver.choosesTools ? [...scenarios, ...choices] : scenarios;
      const rows = asked.filter(({ said }) => voice.stops.includes(said.stop));

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

      it.runIf(driver.tellsToolErrors)('a tool that failed', () => playFailedTool(cellOf()));
    });

    describe.each(columns.filter(({ format }) => format !== column.format))(
      'and back from $format',
      (other) => {
        const plays = modes.flatMap((mode) => [signedTurn, hiddenTurn].map((turn) => ({ ...mode, ...turn })));
        it.runIf(voice.signs !== 'nothing').each(plays)('$name, $mode', ({ isStream, ...turn }) =>
          playState(
            openCell(house, driver, column, isStream),
            openCell(house, driver, other, isStream),
            turn,
          ),
        );
      },
    );
  });

  it.each(columns)('counts tokens of a request for $format', async ({ format, model }) => {
    const { count } = driver.connect(house);
    if (!count) return;
    const { tokenCount } = voices[format];
    house.upstream.forgetAnswers();
    // Only its own vendor is asked; for others the count is an estimate.
    const isAsked = format === driver.format && tokenCount !== undefined;
    if (isAsked) house.upstream.answerWith({ headers: JSON_TYPE, chunks: [JSON.stringify(tokenCount(42))] });
    const tokens = await count(model, toolTurn.asked);
    if (isAsked) expect(tokens).toBe(42);
    else expect(tokens).toBeGreaterThan(8);
  });

  it('lists the models there are', async () => {
    expect(await driver.connect(house).list!()).toEqual(
      expect.arrayContaining(['gemini-2.0-ant', 'sandbox/scribe']),
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

/** That it failed is said where there is a word for it, and in the result's text where there is none. */
async function playFailedTool(cell: Cell): Promise<void> {
  const { asked } = toolTurn;
  const call = { id: 'call_F6', name: 'get_weather', input: { city: 'Atlantis' } };
  const heard = await exchange(cell, asked, { calls: [call], stop: 'tool-calls', usage: afterTools.usage });
  const results: Result[] = [{ call: heard.calls[0]!, text: failedResult, isError: true }];
  const turns = [...asked.turns, { role: 'echo', heard }, { role: 'results', results }] as const;
  await exchange(cell, { ...asked, turns }, afterTools);
  const [got] = understoodBy(cell.column.format, newestRequest(cell)).calls;
  expect(got).toMatchObject({ name: call.name, input: call.input });
  expect(got!.result).toContain(failedResult);
  if (got!.isError) return;
  expect(got!.result).toMatch(/error|fail/i);
  expect(cell.house.traffic().headers.get('x-turnpike-translation')).toMatch(/^lossy/);
}

/** Thoughts of one vendor go to another and come back whole; the other sees neither them nor a seal. */
async function playState(cell: Cell, other: Cell, { asked, said }: Scenario): Promise<void> {
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
  expect(newestBody(cell)).toContain(said.signature!);
  expect(newestBody(cell)).not.toContain(SEAL_MARK);
  // Signed thoughts go back word by word; Gemini takes none.
  if (cell.voice.signs === 'thought') expect(newestBody(cell)).toContain(said.thinking ?? '');
}

function newestBody(cell: Cell): string {
  return newestRequest(cell).body.toString('utf8');
}

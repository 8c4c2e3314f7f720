/** The tests of one official client: every scenario on every upstream format, whole and streamed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FormatId } from '../../../src/wire/chat.ts';
import { formats } from '../../../src/wire/formats.ts';
import { SEAL_MARK } from '../../../src/wire/seal.ts';
import type { Driver, Heard, Result } from '../drivers/index.ts';
import { type Column, columnsOfMatrix, type MatrixHouse, openMatrix } from '../matrix-house.ts';
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
  beforeEach(() => house.forgetHealth());
  const columns = columnsOfMatrix();

  describe.each(columns)(`${driver.name} on $format`, (column) => {
    describe.each(modes)('$mode', ({ isStream }) =>
      describeScenarios(driver, column.format, () => openCell(house, driver, column, isStream)),
    );
    const isStateful = voices[column.format].signs !== 'nothing';
    const others = columns.filter(({ format }) => isStateful && format !== column.format);
    describe.each(others)('and back from $format', (other) => {
      const plays = modes.flatMap((mode) => [signedTurn, hiddenTurn].map((turn) => ({ ...mode, ...turn })));
      it.each(plays)('$name, $mode', (play) => {
        const cellOf = (one: Column) => openCell(house, driver, one, play.isStream);
        return playState(cellOf(column), cellOf(other), play);
      });
    });
    if (driver.counts) it('a count of tokens', () => playCount(openCell(house, driver, column, false)));
  });

  it('meets every format there is', () => {
    expect(columns.map(({ format }) => format).toSorted()).toEqual(Object.keys(formats).toSorted());
  });

  it('lists the models there are', async () => {
    const ids = await driver.connect(house).list!();
    expect(ids).toEqual(expect.arrayContaining(['gemini-2.0-ant', 'sandbox/scribe']));
  });

  describeFailures(driver, () => house);
}

function describeScenarios(driver: Driver, format: FormatId, cellOf: () => Cell): void {
  const { stops } = voices[format];
  const asked = driver.choosesTools ? [...scenarios, ...choices] : scenarios;

  it.each(asked.filter(({ said }) => stops.includes(said.stop)))('$name', async ({ name, asked, said }) => {
    const cell = cellOf();
    const heard = await exchange(cell, asked, said);
    expectHeard(cell, heard, said);
    await expectAsked(cell, name, asked);
    if (name.startsWith('usage')) await expectBooked(cell, said.usage);
  });

  if (stops.includes('refusal')) it('a refusal', () => playRefusal(cellOf()));
  it('parallel tools and their results', () => playTools(cellOf()));
  if (driver.tellsToolErrors) it('a tool that failed', () => playFailedTool(cellOf()));
}

/** It must not look like an answer where the client has a word for it. */
async function playRefusal(cell: Cell): Promise<void> {
  const { stopWords } = cell.driver;
  const heard = await exchange(cell, refusing.asked, refusing.said);
  expectHeard(cell, heard, refusing.said);
  const canTell = stopWords.refusal !== stopWords.end || heard.refusal !== '';
  if (canTell) expect([heard.stop, heard.refusal]).not.toEqual([stopWords.end, '']);
}

/** Only its own vendor is asked; for others the count is an estimate. */
async function playCount({ house, driver, speaker, column, voice }: Cell): Promise<void> {
  house.upstream.forgetAnswers();
  const own = column.format === driver.format ? voice.tokenCount?.(42) : undefined;
  if (own) house.upstream.answerWith({ headers: JSON_TYPE, chunks: [JSON.stringify(own)] });
  const tokens = await speaker.count!(column.model, toolTurn.asked);
  if (own) expect(tokens).toBe(42);
  else expect(tokens).toBeGreaterThan(8);
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

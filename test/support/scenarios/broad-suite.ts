/** The tests of a library over several formats: the main scenarios, on every upstream format, whole and streamed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Conversation, classOf, type Driver, type Result } from '../drivers/index.ts';
import { columnsOfMatrix, type MatrixHouse, openMatrix } from '../matrix-house.ts';
import { brokenAnswer, errorAnswer, voices } from '../voices/index.ts';
import { type Cell, exchange, expectHeard, modelOf, newestRequest, openCell } from './cell.ts';
import { afterTools, resultTexts, scenarios, toolTurn } from './table.ts';
import { meantBy, understoodBy } from './understood.ts';

const main = new Set([
  'text',
  'system text and several turns',
  'usage, class by class',
  'an image',
  'structured output',
  'a reply cut at its limit',
]);

const modes = [
  { mode: 'whole', isStream: false },
  { mode: 'streamed', isStream: true },
];

export function describeBroadly(drivers: readonly Driver[]): void {
  let house: MatrixHouse;
  beforeAll(async () => {
    house = await openMatrix();
  });
  afterAll(() => house.close());
  beforeEach(() => house.forgetHealth());
  const cells = drivers.flatMap((driver) =>
    columnsOfMatrix().map((column) => ({ driver, column, name: driver.name, format: column.format })),
  );

  describe.each(cells)('$name on $format', ({ driver, column }) => {
    const voice = voices[column.format];
    const cellOf = (isStream: boolean): Cell => openCell(house, driver, column, isStream);

    describe.each(modes)('$mode', ({ isStream }) => {
      it.each(scenarios.filter(({ name }) => main.has(name)))('$name', async ({ asked, said }) => {
        const cell = cellOf(isStream);
        const heard = await exchange(cell, asked, said);
        expectHeard(cell, heard, said);
        expectMeant(cell, asked);
      });

      it('parallel tools and their results', () => playTools(cellOf(isStream)));

      it.each([400, 401, 429, 500])('an answer with status %s', async (status) => {
        house.upstream.forgetAnswers();
        house.upstream.answerWith(errorAnswer(voice, status, `no: ${status}`));
        const error = await thrownBy(cellOf(isStream), toolTurn.asked);
        expect(classOf(error)).toBe(driver.errorClasses[status]);
        expect(driver.statusOf(error)).toBe(status);
        expect(String(error)).toContain(`no: ${status}`);
      });
    });

    const breaks = (['error event', 'reset', 'early end'] as const).filter(
      (how) => !(how === 'error event' && driver.format === column.format && driver.isDeafToOwnErrors),
    );
    it.each(breaks)('a stream that breaks by %s', async (how) => {
      house.upstream.forgetAnswers();
      house.upstream.answerWith(brokenAnswer(voice, afterTools, how));
      // Some libraries throw the error event itself.
      expect(await thrownBy(cellOf(true), toolTurn.asked)).toBeTypeOf('object');
    });
  });
}

async function thrownBy(cell: Cell, asked: Conversation): Promise<unknown> {
  const { speaker, isStream } = cell;
  const outcome = await speaker.say(modelOf(cell, asked), asked, { isStream }).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  expect(outcome).toHaveProperty('error');
  return (outcome as { error: unknown }).error;
}

/** What the library itself adds to a request is its own affair; what was meant has to be in it. */
function expectMeant(cell: Cell, asked: Conversation): void {
  const { system, words, calls, images, tools, schema } = meantBy(asked);
  const understood = understoodBy(cell.column.format, newestRequest(cell));
  expect(understood).toMatchObject({ system, words, calls, images });
  if (cell.driver.cutsSchemas) {
    const names = (list: typeof tools) => list.map(({ name, description }) => ({ name, description }));
    expect(names(understood.tools)).toEqual(names(tools));
    expect(understood.schema === undefined).toBe(schema === undefined);
    return;
  }
  expect(understood.tools).toEqual(tools);
  if (schema !== undefined) expect(understood.schema).toMatchObject(schema as object);
}

async function playTools(cell: Cell): Promise<void> {
  const { asked, said } = toolTurn;
  const heard = await exchange(cell, asked, said);
  expectHeard(cell, heard, said);
  expectMeant(cell, asked);
  const results: Result[] = heard.calls.map((call, index) => ({ call, text: resultTexts[index]! }));
  const turns = [...asked.turns, { role: 'echo', heard }, { role: 'results', results }] as const;
  const answer = await exchange(cell, { ...asked, turns }, afterTools);
  expectHeard(cell, answer, afterTools);
  expectMeant(cell, { ...asked, turns });
}

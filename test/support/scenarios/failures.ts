/** What a client is shown when things go wrong: the class its library throws, and never a reply that looks finished. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type Conversation, classOf, type Driver } from '../drivers/index.ts';
import { columnsOfMatrix, type MatrixHouse } from '../matrix-house.ts';
import { type Break, brokenAnswer, errorAnswer, voices } from '../voices/index.ts';
import { asked, type Row, said, thrownBy } from './failure-row.ts';
import { describeLeaving } from './leaving.ts';

const statuses = [400, 401, 403, 404, 429, 500, 503];
/** Anthropic has one of its own. */
const OVERLOADED = 529;
const breaks: readonly Break[] = ['error event', 'reset', 'early end'];

export function describeFailures(driver: Driver, house: () => MatrixHouse): void {
  beforeEach(() => house().upstream.forgetAnswers());

  describe.each(columnsOfMatrix())(`${driver.name}: failures of $format`, (column) => {
    const row: Row = { driver, column, house };
    describeErrors(row);
    describeBreaks(row);
    describeRefusals(row);
    describeLeaving(row);
  });

  it.each([false, true])('a model nobody serves (stream: %s)', async (isStream) => {
    const speaker = driver.connect(house());
    expectError(driver, await thrownBy(speaker.say('nobody/nothing', asked, { isStream })), 404);
  });
}

function say({ driver, column, house }: Row, isStream: boolean, conversation = asked): Promise<unknown> {
  return driver.connect(house()).say(column.model, conversation, { isStream });
}

function expectError(driver: Driver, error: unknown, status: number): void {
  expect(classOf(error)).toBe(driver.errorClasses[status]);
  expect(driver.statusOf(error)).toBe(status);
}

function describeErrors(row: Row): void {
  const { driver, column, house } = row;
  const isAnthropic = column.format === 'anthropic-messages';
  it.each(isAnthropic ? [...statuses, OVERLOADED] : statuses)('an answer with status %s', async (status) => {
    for (const isStream of [false, true]) {
      await house().forgetHealth();
      house().upstream.answerWith(errorAnswer(voices[column.format], status, `no: ${status}`));
      const error = await thrownBy(say(row, isStream));
      expectError(driver, error, status);
      expect(String(error)).toContain(`no: ${status}`);
    }
  });
}

function describeBreaks(row: Row): void {
  const { column, house } = row;
  const voice = voices[column.format];

  it('a stream that begins with an error is answered with a status, not begun', async () => {
    const { opening } = voice.stream(said);
    const chunks = [...opening, voice.streamError('the model did not even begin')];
    house().upstream.answerWith({
      path: voice.path,
      headers: { 'content-type': voice.streamType },
      chunks,
    });
    const error = await thrownBy(say(row, true));
    expect(row.driver.statusOf(error)).toBe(house().traffic().status);
    expect(house().traffic().status).toBeGreaterThanOrEqual(500);
    expect(String(error)).toContain('did not even begin');
  });

  it.each(breaks)('a stream that breaks by %s', async (how) => {
    house().upstream.answerWith(brokenAnswer(voice, said, how));
    // Some libraries throw the error event itself.
    expect(await thrownBy(say(row, true))).toBeTypeOf('object');
    const id = house().traffic().headers.get('x-turnpike-exchange-id')!;
    const [entry] = await house().entriesOf(id, 1);
    expect(entry!.status).toBe(how === 'error event' ? 'upstream_error' : 'truncated');
  });
}

function describeRefusals(row: Row): void {
  const { driver, column, house } = row;

  it('a request of a stranger', async () => {
    const stranger = driver.connect({ url: house().url, key: 'tp-nobody' });
    expectError(driver, await thrownBy(stranger.say(column.model, asked, { isStream: false })), 401);
  });

  if (column.format === driver.format) return;
  it('a body that is no request', async () => {
    const turns = [{ role: 'echo', heard: { echo: driver.nonsense } }];
    expectError(driver, await thrownBy(say(row, true, { turns } as unknown as Conversation)), 400);
  });
}

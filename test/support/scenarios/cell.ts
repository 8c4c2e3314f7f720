/** One cell of the matrix: a client, an upstream, whole or streamed; and what is held of every exchange in it. */
import { expect } from 'vitest';
import type { RecordedRequest } from '../../fake-upstream.ts';
import type { Conversation, Driver, Heard, Saying, Speaker } from '../drivers/index.ts';
import { type Column, lossesOf, type MatrixHouse } from '../matrix-house.ts';
import {
  answerTo,
  type Counts,
  inputTotal,
  reported,
  type Said,
  type Voice,
  voices,
} from '../voices/index.ts';
import { type Loss, lossesOfCell } from './losses.ts';
import { meantBy, type Understood, understoodBy } from './understood.ts';

export interface Cell {
  readonly house: MatrixHouse;
  readonly driver: Driver;
  readonly speaker: Speaker;
  readonly column: Column;
  readonly voice: Voice;
  readonly isStream: boolean;
}

export function openCell(house: MatrixHouse, driver: Driver, column: Column, isStream: boolean): Cell {
  const speaker = driver.connect(house);
  return { house, driver, speaker, column, voice: voices[column.format], isStream };
}

/** Has the upstream say something, and asks for it. */
export function exchange(
  cell: Cell,
  asked: Conversation,
  said: Said,
  more: Partial<Saying> = {},
): Promise<Heard> {
  const { upstream } = cell.house;
  upstream.forgetAnswers();
  upstream.answerBy((request) => answerTo(request, cell.voice, said), cell.voice.path);
  return cell.speaker.say(modelOf(cell, asked), asked, { isStream: cell.isStream, ...more });
}

export function modelOf({ driver, column }: Cell, { isThinking }: Conversation): string {
  if (driver.wantsGeminiNames) return column.alias;
  return isThinking ? column.thinker : column.model;
}

/** The newest that asks for an answer; an upstream may be asked about its models beside it. */
export function newestRequest({ house, voice }: Cell): RecordedRequest {
  return house.upstream.requests.findLast(({ path }) => path.startsWith(voice.path))!;
}

/** What the client understood is what was said. */
export function expectHeard({ driver, voice, isStream }: Cell, heard: Heard, said: Said): void {
  expect(heard.text + heard.refusal).toBe(said.text ?? said.refusal ?? '');
  expect(heard.thinking).toBe(said.thinking ?? '');
  expect(heard.calls.map(({ name, input }) => ({ name, input }))).toEqual(
    (said.calls ?? []).map(({ name, input }) => ({ name, input })),
  );
  if (said.stop !== 'refusal') expect(heard.stop).toBe(driver.stopWords[said.stop as 'end']);
  if (!(isStream && driver.misreadsStreamUsage)) expectUsage(driver, heard, reported(voice, said.usage));
}

function expectUsage(driver: Driver, { usage }: Heard, counts: Counts): void {
  expect({ input: usage.input, output: usage.output }).toEqual({
    input: inputTotal(counts),
    output: counts.output - (driver.leavesOutReasoning ? (counts.reasoning ?? 0) : 0),
  });
  for (const name of ['cacheRead', 'cacheWrite', 'reasoning'] as const) {
    if (driver.shows.includes(name)) expect(usage[name] ?? 0, name).toBe(counts[name] ?? 0);
  }
}

/** What the upstream was asked is what the client meant, but for the losses that are written down. */
export async function expectAsked(cell: Cell, scenario: string, asked: Conversation): Promise<void> {
  const { driver, column } = cell;
  const rows = lossesOfCell(scenario, driver.format, column.format);
  const record = newestRequest(cell);
  const wanted: Understood = Object.assign(meantBy(asked), ...rows.map(({ instead }) => instead ?? {}));
  const understood = understoodBy(column.format, record);
  // A limit that was not asked for may be put in where the vendor demands one.
  const maxTokens = wanted.maxTokens ?? understood.maxTokens;
  expect(understood).toEqual({ ...wanted, maxTokens });
  await expectLosses(cell, rows);
}

async function expectLosses({ house, driver, column, isStream }: Cell, rows: readonly Loss[]): Promise<void> {
  const traffic = house.traffic();
  const lane = driver.format === column.format ? 'relay' : 'translate';
  expect(traffic.headers.get('x-turnpike-lane')).toBe(lane);
  const header = traffic.headers.get('x-turnpike-translation') ?? '';
  const named = header === 'lossless' ? [] : await lossesOf(traffic);
  expect(named.toSorted()).toEqual(rows.flatMap(({ path }) => path ?? []).toSorted());
  const count = named.length + (isStream ? 0 : rows.filter(({ isReply }) => isReply).length);
  expect(header).toBe(count === 0 ? 'lossless' : `lossy;n=${count}`);
}

/** The entry of the newest exchange, class by class as the upstream reported it. */
export async function expectBooked({ house, voice }: Cell, usage: Counts): Promise<void> {
  const id = house.traffic().headers.get('x-turnpike-exchange-id')!;
  const [entry] = await house.entriesOf(id, 1);
  const counts = reported(voice, usage);
  expect(entry).toMatchObject({
    status: 'ok',
    is_estimated: 0,
    input_tokens: counts.input,
    cache_read_tokens: counts.cacheRead ?? 0,
    cache_write_5m_tokens: counts.cacheWrite ?? 0,
    cache_write_1h_tokens: 0,
    output_tokens: counts.output,
    reasoning_tokens: counts.reasoning ?? 0,
  });
}

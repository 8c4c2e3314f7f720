/** The fault matrix of clients: those that leave (21) and those that are slow (22), in every format. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CannedAnswer } from './fake-upstream.ts';
import {
  cells,
  expectHealth,
  type FaultHouse,
  openFaultHouse,
  type Stage,
  secondAnswers,
  voiceOf,
} from './support/fault-matrix.ts';
import { read, send } from './support/native-client.ts';
import { type EntryRow, untilTrue } from './support/open-house.ts';
import { pieceOf, streamOf, type Voice } from './support/spoken-formats.ts';

const MB = 1024 * 1024;
const IDLE_MS = 900;
const CONTENT_MS = 1000;

let house: FaultHouse;
beforeAll(async () => {
  house = await openFaultHouse({
    timeouts: `{ first_byte_ms: 5000, idle_ms: ${IDLE_MS}, content_ms: ${CONTENT_MS}, total_ms: 60000 }`,
  });
});
afterAll(() => house.close());

const entriesAt = ({ model }: Stage): EntryRow[] =>
  house.house.rows<EntryRow>(`select * from ledger_entries where model = '${model}'`);

/** Google bills a stream that was begun to its end, whoever reads it: it is read to its report. */
const isDrained = ({ cell }: Stage, output: Output): boolean =>
  output === 'some' && cell.upstream === 'gemini-generate';

/** One entry, and never a second. */
async function expectAbort(stage: Stage, output: Output): Promise<void> {
  await untilTrue(() => entriesAt(stage).length > 0);
  expect(entriesAt(stage)).toMatchObject([{ status: 'client_abort', attempt: 1, price_state: 'priced' }]);
  const [row] = entriesAt(stage);
  if (isDrained(stage, output)) {
    expect(row).toMatchObject({ input_tokens: 100, output_tokens: 10, is_estimated: 0 });
    return;
  }
  expect(row!.is_estimated).toBe(1);
  expect(row!.output_tokens > 0).toBe(output === 'some');
}

type Output = 'none' | 'some';

const leavings: readonly {
  readonly name: string;
  answer(voice: Voice): CannedAnswer;
  readonly output: Output;
}[] = [
  { name: 'before the head', answer: () => ({ headAfterMs: Number.POSITIVE_INFINITY }), output: 'none' },
  {
    name: 'before the first content',
    answer: (voice) => ({
      ...streamOf(
        voice,
        voice.opening(),
        ...Array.from({ length: 20 }, () => ({ bytes: voice.ping, delayMs: 50 })),
      ),
      ending: 'silence',
    }),
    output: 'none',
  },
  {
    name: 'in the stream',
    answer: (voice) => {
      const more = Array.from({ length: 30 }, () => ({ bytes: voice.words('More.'), delayMs: 50 }));
      const closing = voice.closing(voice.usage(100, 10));
      return streamOf(voice, voice.opening() + voice.words('Half an answer.'), ...more, closing);
    },
    output: 'some',
  },
];

describe.each(cells)('a client of $client on $upstream ($lane)', (cell) => {
  it.concurrent.each(leavings)('21: leaves $name', async ({ answer, output }) => {
    const stage = house.stage(cell);
    house.answer(stage, 'first', answer(voiceOf(stage, 'first')));
    secondAnswers(house, stage, true);
    const leaving = new AbortController();
    const question = { format: cell.client, model: stage.route, isStream: true, signal: leaving.signal };
    const answered = send(house.url, question);
    answered.catch(() => {});
    await untilTrue(() => house.requestsOf(stage).length === 1);
    const [request] = house.requestsOf(stage);
    if (output === 'some') await (await answered).body!.getReader().read();
    leaving.abort();
    await expectAbort(stage, output);
    await expectHealth(house, stage, 'well');
    expect(request!.aborted).toBe(!isDrained(stage, output));
    expect(house.requestsOf(stage), 'the second is not asked for nobody').toHaveLength(1);
  });

  it.concurrent('22: reads nothing for longer than any silence may last, and then all of it', async () => {
    const stage = house.stage(cell);
    const voice = voiceOf(stage, 'first');
    const { begin, piece } = pieceOf(voice, 'x'.repeat(20_000));
    const pieces = Array.from({ length: Math.ceil((56 * MB) / piece.length) }, () => piece);
    house.answer(
      stage,
      'first',
      streamOf(voice, voice.opening() + begin, ...pieces, voice.closing(voice.usage(100, 10))),
    );
    const answered = await send(house.url, { format: cell.client, model: stage.route, isStream: true });
    const [request] = house.requestsOf(stage);
    let sent = -1;
    let stillSince = Date.now();
    await untilTrue(() => {
      if (request!.sentBytes !== sent) stillSince = Date.now();
      sent = request!.sentBytes;
      return Date.now() - stillSince > IDLE_MS + CONTENT_MS;
    });
    expect(sent, 'the upstream is not read on').toBeLessThan(48 * MB);
    const shown = await read(cell.client, answered);
    expect([shown.status, shown.error, shown.isComplete, shown.isBroken]).toEqual([
      200,
      undefined,
      true,
      false,
    ]);
    expect(shown.text).toHaveLength(20_000 * pieces.length);
    await untilTrue(() => entriesAt(stage).length > 0);
    expect(entriesAt(stage)).toMatchObject([
      { status: 'ok', input_tokens: 100, output_tokens: 10, is_estimated: 0 },
    ]);
  });
});

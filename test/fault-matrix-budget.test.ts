/** Rows of the fault matrix that a hard budget is about: a provider that reports more than was held, or writes on beyond its limit. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cells, costOf, type FaultHouse, openFaultHouse, voiceOf } from './support/fault-matrix.ts';
import { goodOf, pieceOf, streamOf } from './support/spoken-formats.ts';

let house: FaultHouse;
beforeAll(async () => {
  house = await openFaultHouse({
    timeouts: '{ first_byte_ms: 2000, idle_ms: 2000, total_ms: 10000 }',
    more: 'budgets: [ { name: team, scope: workspace, period: total, limit_usd: "1000" } ]\n',
  });
});
afterAll(() => house.close());

const overruns = (): number =>
  house.house.rows<{ overruns: number }>('select overruns from budget_windows')[0]?.overruns ?? 0;

/** How each format says that the model came to its output limit. */
const AT_LIMIT = /"max_tokens"|"length"|"max_output_tokens"|"MAX_TOKENS"/;

describe.each(cells)('a client of $client on $upstream ($lane), under a budget', (cell) => {
  it.each([true, false])(
    '12: what is reported beyond the hold is booked as it is (stream: %s)',
    async (isStream) => {
      const stage = house.stage(cell);
      const voice = voiceOf(stage, 'first');
      house.answer(stage, 'first', goodOf(voice, isStream, 'Fine.', voice.usage(100, 900)));
      const before = overruns();
      const shown = await house.ask(stage, { isStream, maxTokens: 20 });
      expect([shown.status, shown.text, shown.isComplete]).toEqual([200, 'Fine.', true]);
      const rows = await house.house.entriesOf(shown.exchangeId, 1);
      expect(rows).toMatchObject([
        { status: 'ok', flags: 'overrun', is_estimated: 0, output_tokens: 900, cost_nano: costOf(100, 900) },
      ]);
      expect(overruns()).toBe(before + 1);
    },
  );

  it('14: a stream that goes on beyond its limit is ended there, as if the model had come to it', async () => {
    const stage = house.stage(cell);
    const voice = voiceOf(stage, 'first');
    const { begin, piece } = pieceOf(voice, 'word '.repeat(40));
    const word = { bytes: piece, delayMs: 20 };
    house.answer(stage, 'first', {
      ...streamOf(
        voice,
        voice.opening(voice.usage(100, 1)) + begin,
        ...Array.from({ length: 200 }, () => word),
      ),
      ending: 'silence',
    });
    const shown = await house.ask(stage, { isStream: true, maxTokens: 100 });
    expect([shown.status, shown.error, shown.isBroken], shown.raw.slice(-900)).toEqual([
      200,
      undefined,
      false,
    ]);
    expect(shown.raw).toMatch(AT_LIMIT);
    const [row, ...others] = await house.house.entriesOf(shown.exchangeId, 1);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ status: 'ok', error_class: 'budget_cut', is_estimated: 1 });
    // It is cut after the read that brought too much; what was shown by then is what is booked.
    expect(row!.output_tokens).toBeGreaterThan(100 * 1.5 + 64);
    expect(row!.output_tokens).toBeLessThan(2_000);
    expect(row!.output_tokens).toBe(shown.text.length / 4);
    expect(row!.cost_nano).toBe(costOf(row!.input_tokens, row!.output_tokens));
  });
});

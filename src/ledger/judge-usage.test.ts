/** What is believed of an upstream's usage report, and what is put in its place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABSURD_TOKENS, judgeUsage, noCounts } from './judge-usage.ts';
import type { ObservedUsage } from './ledger.ts';
import type { ReportedUsage } from './normalise.ts';

const bounds = { inputEstimate: 100 };
const judge = (reported: object | undefined, more: Partial<ObservedUsage> = {}, window?: number) =>
  judgeUsage(
    {
      reported: reported && ({ raw: reported, ...reported } as ReportedUsage),
      outputEstimate: 20,
      hasContent: true,
      ...more,
    },
    { ...bounds, ...(window !== undefined && { contextWindow: window }) },
  );
const counts = (more: object) => ({ ...noCounts, ...more });
const own = counts({ input: 100, output: 20 });

describe('a sane report', () => {
  it('is kept, class by class', () => {
    const reported = {
      input: 5,
      cacheRead: 6,
      cacheWrite5m: 7,
      cacheWrite1h: 8,
      output: 30,
      reasoning: 10,
      audioInput: 2,
      audioOutput: 3,
      calls: { web_search: 1 },
    };
    expect(judge(reported)).toEqual({ counts: reported, isEstimated: false, flags: [] });
  });

  it.each([
    ['all input from the cache', { input: 0, cacheRead: 50, output: 9 }],
    ['an answer of audio alone', { input: 5, output: 0, audioOutput: 9 }],
    ['more than was reserved', { input: 5_000_000, output: 900_000 }],
  ])('%s is believed', (_, reported) => {
    expect(judge(reported)).toEqual({ counts: counts(reported), isEstimated: false, flags: [] });
  });

  it('counts reasoning that cannot be inside the output beside it', () => {
    expect(judge({ input: 5, output: 20, reasoning: 300 }).counts).toMatchObject({
      output: 320,
      reasoning: 300,
    });
  });
});

describe('fault 9: usage is missing', () => {
  it.each([
    ['altogether', undefined, own],
    ['its output', { input: 7 }, counts({ input: 7, output: 20 })],
    ['its input', { output: 7 }, counts({ input: 100, output: 7 })],
    ['everything but raw', {}, own],
  ])('%s: our own count, estimated', (_, reported, expected) => {
    expect(judge(reported)).toEqual({ counts: expected, isEstimated: true, flags: ['missing'] });
  });

  it('is no estimate where there is nothing to count', () => {
    expect(judge({ input: 7 }, { outputEstimate: 0 })).toMatchObject({ isEstimated: false, flags: [] });
  });
});

describe('fault 10: usage is zero', () => {
  it.each([
    ['output beside an answer', { input: 7, output: 0 }, counts({ input: 7, output: 20 })],
    ['input of an answer', { input: 0, output: 7 }, counts({ input: 100, output: 7 })],
    ['everything', { input: 0, output: 0 }, own],
  ])('%s: suspect, our own count, the report kept', (_, reported, expected) => {
    const judged = judge({ ...reported, reportedCostUsd: '0' });
    expect(judged).toMatchObject({ counts: expected, isEstimated: true, flags: ['suspect_zero'] });
    expect(judged.rawUsage).toContain('"input"');
    expect(judged.reportedCost).toBeUndefined();
  });

  it('is honoured where there was no answer', () => {
    const judged = judge({ input: 0, output: 0 }, { hasContent: false, outputEstimate: 0 });
    expect(judged).toEqual({ counts: noCounts, isEstimated: false, flags: [] });
  });
});

describe('fault 11: usage is absurd', () => {
  it.each([
    ['negative', { input: -1, output: 5 }],
    ['NaN', { input: Number.NaN, output: 5 }],
    ['infinite', { input: 5, output: Number.POSITIVE_INFINITY }],
    ['a fraction', { input: 5.5, output: 5 }],
    ['text', { input: '5', output: 5 }],
    ['null', { input: null, output: 5 }],
    ['beyond any window', { input: 5, output: ABSURD_TOKENS + 1 }],
    ['negative in one class', { input: 5, output: 5, cacheRead: -3 }],
    ['negative calls', { input: 5, output: 5, calls: { web_search: -1 } }],
    ['too many calls', { input: 5, output: 5, calls: { web_search: 1e9 } }],
    ['too many tools', { input: 5, calls: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [i, 1])) }],
  ])('%s: our own count, the report kept', (_, reported) => {
    const judged = judge({ ...reported, reportedCostUsd: '0.01' });
    expect(judged).toEqual({
      counts: own,
      isEstimated: true,
      flags: ['absurd'],
      rawUsage: expect.any(String),
    });
  });

  it('is measured by the window where that is known', () => {
    expect(judge({ input: 2_000_001, output: 5 }, {}, 200_000).flags).toEqual(['absurd']);
    expect(judge({ input: 2_000_000, output: 5 }, {}, 200_000).flags).toEqual([]);
  });

  it('keeps only so much of a report, and survives one that is no JSON', () => {
    const huge = { note: 'x'.repeat(100_000) };
    expect(judge({ input: -1, raw: huge }).rawUsage!.length).toBe(4_096);
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    expect(judge({ input: -1, raw: circular }).rawUsage).toBe('[object Object]');
    expect(judge({ input: -1, raw: undefined }).rawUsage).toBe('undefined');
  });
});

describe('a cost the upstream states', () => {
  it.each([
    ['0', 0n],
    ['0.00123', 1_230_000n],
    ['12', 12_000_000_000n],
    ['1.2e-7', 120n],
    ['5e-10', 1n],
    ['1.5E+2', 150_000_000_000n],
    ['1e3', 1_000_000_000_000n],
  ])('%s is read exactly', (text, nano) => {
    expect(judge({ input: 5, output: 5, reportedCostUsd: text }).reportedCost).toBe(nano);
  });

  it.each(['-0.01', 'NaN', '', '1e99', '$1', '10000.01', '0x10', '1e-', 'e5', '1,000'])(
    '%j is not believed',
    (text) => expect(judge({ input: 5, output: 5, reportedCostUsd: text }).reportedCost).toBeUndefined(),
  );
});

it('always gives counts that can be priced and stored', () => {
  const weird = fc.oneof(
    fc.integer(),
    fc.double(),
    fc.constantFrom(undefined, null, '12', -0, Number.NaN, 2 ** 60, {}, []),
  );
  const report = fc.option(
    fc.record(
      {
        input: weird,
        cacheRead: weird,
        cacheWrite5m: weird,
        cacheWrite1h: weird,
        output: weird,
        reasoning: weird,
        audioInput: weird,
        audioOutput: weird,
        calls: fc.oneof(fc.dictionary(fc.string(), weird), fc.constant(undefined)),
        reportedCostUsd: fc.oneof(fc.string(), fc.double().map(String)),
      },
      { requiredKeys: [] },
    ),
    { nil: undefined },
  );
  fc.assert(
    fc.property(report, fc.double(), fc.double(), fc.boolean(), (reported, input, output, hasContent) => {
      const judged = judgeUsage(
        { reported: reported as ReportedUsage | undefined, outputEstimate: output, hasContent },
        { inputEstimate: input },
      );
      const { calls, ...tokens } = judged.counts;
      for (const count of [...Object.values(tokens), ...Object.values(calls)]) {
        expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
      }
      expect(judged.counts.reasoning).toBeLessThanOrEqual(judged.counts.output);
      expect(judged.isEstimated).toBe(judged.flags.length > 0);
      if (judged.reportedCost !== undefined) expect(judged.reportedCost >= 0n).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

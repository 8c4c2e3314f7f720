/** The usage filter takes out one chunk and touches no other byte. */
import { describe, expect, it } from 'vitest';
import {
  cut,
  hasRecordings,
  readStream,
  readStreams,
  recordedStreams,
  withCrlf,
} from './__fixtures__/read-fixtures.ts';
import { createUsageFilter } from './index.ts';

function filter(pieces: readonly Buffer[]): string {
  const created = createUsageFilter();
  const out = pieces.flatMap((piece) => created.push(piece));
  return Buffer.concat([...out, ...created.end()]).toString('latin1');
}

/** The same by the plain way: frame by frame. */
function filterSlowly(bytes: Buffer): string {
  const frames = bytes.toString('latin1').split(/(?<=\n\r?\n)/);
  return frames
    .filter((frame) => {
      const data = /^data: (\{.*\})\s*$/.exec(frame)?.[1];
      if (data === undefined) return true;
      const { choices, usage } = JSON.parse(data) as { choices?: unknown[]; usage?: unknown };
      return !(choices?.length === 0 && usage);
    })
    .join('');
}

const streams = readStreams().filter(([name]) => !name.includes('malformed'));

describe('the usage filter', () => {
  it.each(streams)('takes out usage alone, in pieces of any size: %s', (_name, bytes) => {
    for (const form of [bytes, withCrlf(bytes)]) {
      const expected = filterSlowly(form);
      for (const size of [1, 2, 3, 5, 7, 64, 1000, form.length])
        expect(filter(cut(form, size))).toBe(expected);
      for (let at = 0; at < form.length; at += 1) {
        expect(filter([form.subarray(0, at), form.subarray(at)])).toBe(expected);
      }
    }
  });
  it('really takes something out, and leaves other empty choices', () => {
    const azure = readStream('azure');
    const filtered = filter([azure]);
    expect(filtered).not.toContain('prompt_tokens');
    expect(filtered).toContain('prompt_filter_results');
    expect(filter([readStream('no-blank-line-at-end')])).not.toContain('prompt_tokens');
    expect(filter([readStream('thinking-deepseek')])).toContain('prompt_tokens');
  });
  it.skipIf(!hasRecordings)('does so with recordings (skipped without them)', () => {
    for (const [id, bytes] of recordedStreams) expect(filter(cut(bytes, 500)), id).toBe(filterSlowly(bytes));
  });
  it('sees the chunk in any spacing', () => {
    const usage = (choices: string) =>
      Buffer.from(`data: {"choices"${choices},"usage": {"prompt_tokens": 1}}\n\n`);
    for (const choices of [':[]', ': []', ' : [ ]']) expect(filter([usage(choices)])).toBe('');
  });

  it('hands on whole chunks as they are, without a copy', () => {
    const chunk = Buffer.from('data: {"choices":[{"delta":{"content":"x"}}]}\n\n'.repeat(5));
    const [out, ...rest] = createUsageFilter().push(chunk);
    expect(rest).toEqual([]);
    expect(out?.buffer).toBe(chunk.buffer);
    expect(out).toHaveLength(chunk.length);
  });
  it('does not hold a frame that has begun to say something', () => {
    const created = createUsageFilter();
    const begun = Buffer.from('data: {"id":"x","choices":[{"ind');
    expect(created.push(begun)).toEqual([begun]);
    expect(created.push(Buffer.from('ex":0'))).toHaveLength(1);
    expect(Buffer.concat(created.push(Buffer.from('}]}\n\ndata: {"cho'))).toString()).toBe('}]}\n\n');
    expect(created.push(Buffer.from('ices":[],"usage":{}}\n\n'))).toEqual([]);
  });
  it('lets a frame go that is too long to be usage', () => {
    const created = createUsageFilter();
    const long = Buffer.from(`data: {"citations":"${'x'.repeat(70_000)}`);
    expect(Buffer.concat(created.push(long))).toHaveLength(long.length);
  });
});

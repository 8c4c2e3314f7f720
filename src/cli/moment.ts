/** Moments as people write them on a command line: `7d`, `24h`, a day, or a full ISO moment. */
import { usageError } from './io.ts';

const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/** Milliseconds. @throws {CliError} */
export function readSpan(text: string, flag: string): number {
  const span = /^(\d{1,5})([mhdw])$/.exec(text);
  if (span) return Number(span[1]) * unitMs[span[2]!]!;
  throw usageError(`${flag} ${text} is no length of time`, 'Write a span such as 90m, 24h, 7d or 4w.');
}

/** ISO moment in the past (`direction` -1) or the future (1) of `nowMs`; absolute ones as they are. @throws {CliError} */
export function readMoment(text: string, nowMs: number, direction: -1 | 1, flag: string): string {
  const span = /^(\d{1,5})([mhdw])$/.exec(text);
  if (span) return new Date(nowMs + direction * Number(span[1]) * unitMs[span[2]!]!).toISOString();
  const isIso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const atMs = isIso ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) {
    throw usageError(
      `${flag} ${text} is no moment`,
      'Write a span such as 90m, 24h, 7d or 4w, a day such as 2026-11-01, or a full ISO moment.',
    );
  }
  return new Date(atMs).toISOString();
}

/** What a whole run found, and the bar it is held to. Pure. */
import type { Round } from './measure.ts';
import type { Scenario, SubjectName } from './scenarios.ts';
import { median, pairedDifference, pairedRatio } from './statistics.ts';

/** All rounds of one scenario; a round is undefined where the subject has no such road. */
export interface Row {
  readonly scenario: Scenario;
  readonly rounds: Readonly<Partial<Record<SubjectName, readonly (Round | undefined)[]>>>;
}

export interface Results {
  /** ISO date. */
  readonly date: string;
  readonly machine: {
    readonly cores: number;
    readonly memoryGb: number;
    readonly node: string;
    readonly system: string;
  };
  readonly commit: string;
  readonly seconds: number;
  readonly roundCount: number;
  /** Subjects that were left out, each with the reason. */
  readonly missing: readonly string[];
  readonly rows: readonly Row[];
}

export type Measure = (round: Round) => number;

/** Median over the rounds; undefined when the subject was not measured here. */
export function medianOf(row: Row, subject: SubjectName, measure: Measure): number | undefined {
  return median(values(row, subject, measure).filter((value) => value !== undefined));
}

/** Median of the ratios within each round. */
export function ratioOf(
  row: Row,
  subject: SubjectName,
  against: SubjectName,
  measure: Measure,
): number | undefined {
  return pairedRatio(values(row, subject, measure), values(row, against, measure));
}

/** Median of the differences within each round. */
export function differenceOf(
  row: Row,
  subject: SubjectName,
  against: SubjectName,
  measure: Measure,
): number | undefined {
  return pairedDifference(values(row, subject, measure), values(row, against, measure));
}

function values(row: Row, subject: SubjectName, measure: Measure): (number | undefined)[] {
  return (row.rounds[subject] ?? []).map((round) => (round === undefined ? undefined : measure(round)));
}

/** What went wrong in a row: replies that failed, came late or not at all, or are not the bytes the upstream sent. */
export function findFaults(row: Row): string[] {
  const faults: string[] = [];
  for (const subject of Object.keys(row.rounds) as SubjectName[]) {
    const rounds = (row.rounds[subject] ?? []).filter((round) => round !== undefined);
    const errors = rounds.reduce((sum, { errors }) => sum + errors, 0);
    const unfinished = rounds.reduce((sum, { unfinished }) => sum + unfinished, 0);
    const example = rounds.find(({ error }) => error !== '')?.error;
    if (errors > 0) faults.push(`${row.scenario.name}: ${subject} failed ${errors} requests (${example})`);
    if (unfinished > 0)
      faults.push(`${row.scenario.name}: ${subject} left ${unfinished} requests unanswered`);
  }
  return [...faults, ...findChangedReplies(row)];
}

/** In the relay lane a whole reply must reach the client byte for byte, so its length must. */
function findChangedReplies(row: Row): string[] {
  const { scenario } = row;
  if (scenario.client !== scenario.upstream || scenario.load.kind === 'hold') return [];
  const sent = medianOf(row, 'direct', ({ replyBytes }) => replyBytes);
  const got = medianOf(row, 'turnpike', ({ replyBytes }) => replyBytes);
  if (sent === undefined || got === undefined || Math.abs(got - sent) < 0.01 * sent) return [];
  return [
    `${scenario.name}: turnpike's replies have ${got.toFixed(0)} bytes, the upstream's ${sent.toFixed(0)}`,
  ];
}

interface Bar {
  readonly row: string;
  readonly what: string;
  /** Undefined when a subject it needs was not measured. */
  readonly read: (row: Row) => number | undefined;
  readonly limit: number;
  readonly isCeiling: boolean;
}

const rps: Measure = (round) => round.rps;
const ofNginx = (row: string, limit: number): Bar => ({
  row,
  what: 'throughput, share of nginx',
  read: (found) => ratioOf(found, 'turnpike', 'nginx', rps),
  limit,
  isCeiling: false,
});
const timesPortkey = (row: string): Bar => ({
  row,
  what: 'throughput, times Portkey',
  read: (found) => ratioOf(found, 'turnpike', 'portkey', rps),
  limit: 10,
  isCeiling: false,
});

/** Below these the data plane has become worse than it must be; ledger and admission are on. */
export const BARS: readonly Bar[] = [
  ofNginx('relay-1k-c32', 0.3),
  ofNginx('relay-200k-c32', 0.3),
  ofNginx('relay-1k-burst-c32', 0.4),
  ...['relay-1k-c32', 'relay-200k-c32', 'relay-1k-burst-c32'].map(timesPortkey),
  {
    row: 'latency-1k',
    what: 'p50 added to a direct call at 1,000 req/s, microseconds',
    read: (found) => differenceOf(found, 'turnpike', 'direct', (round) => round.p50_us),
    limit: 400,
    isCeiling: true,
  },
  {
    row: 'streams-2000',
    what: 'memory for each idle open stream, KB',
    read: (found) => {
      const bytes = medianOf(found, 'turnpike', (round) => round.streamBytes);
      return bytes === undefined ? undefined : bytes / 1024;
    },
    limit: 40,
    isCeiling: true,
  },
];

export interface Judgement {
  readonly text: string;
  readonly isMet: boolean;
}

/** One line for each bar whose row was measured. */
export function judgeBars(rows: readonly Row[]): Judgement[] {
  return BARS.flatMap((bar) => {
    const row = rows.find(({ scenario }) => scenario.name === bar.row);
    const value = row === undefined ? undefined : bar.read(row);
    if (value === undefined) return [];
    const isMet = bar.isCeiling ? value <= bar.limit : value >= bar.limit;
    const wish = `${bar.isCeiling ? 'at most' : 'at least'} ${bar.limit}`;
    const digits = value < 10 ? 2 : 0;
    return [
      {
        text: `${isMet ? 'met' : 'MISSED'} ${bar.row}: ${bar.what}: ${value.toFixed(digits)} (${wish})`,
        isMet,
      },
    ];
  });
}

/** Tables of a run, as Markdown that reads well in a terminal too. Pure. */

import {
  differenceOf,
  findFaults,
  judgeBars,
  type Measure,
  medianOf,
  type Results,
  type Row,
  ratioOf,
} from './results.ts';
import { isPaced, type SubjectName } from './scenarios.ts';

const NONE = '-';
const SUBJECTS: readonly SubjectName[] = ['direct', 'nginx', 'turnpike', 'turnpike-process', 'portkey'];

/** The tables, the bars and what went wrong. */
export function renderReport(results: Results): string {
  const { rows } = results;
  const closed = rows.filter(({ scenario }) => scenario.load.kind === 'closed');
  const sections = [
    renderThroughput(closed.filter(({ scenario }) => !isPaced(scenario))),
    renderLatency(rows.filter(({ scenario }) => scenario.load.kind === 'open')),
    renderPaced(closed.filter(({ scenario }) => isPaced(scenario))),
    renderMemory(rows.filter(({ scenario }) => scenario.load.kind === 'hold')),
    renderList(
      'The bar',
      judgeBars(rows).map(({ text }) => text),
    ),
    renderList('Faults', rows.flatMap(findFaults)),
    renderList('Left out', results.missing),
  ];
  return sections.filter((section) => section !== '').join('\n');
}

/** RESULTS.md: the report with the machine it was made on. */
export function renderResultsFile(results: Results): string {
  const { machine, date, commit, seconds, roundCount } = results;
  return `# Results

Written by \`npm run bench -- --write\`; how to read it is in [README.md](README.md). Do not edit.

${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}; ${date.slice(0, 10)}; commit ${commit}.
Medians of ${roundCount} rounds of ${seconds} s, subjects in turn within each round. Compare ratios, not capacities:
the load generator, the upstream and the subject share these cores.

${renderReport(results)}`;
}

/** A Markdown table whose columns line up. */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

function renderThroughput(rows: readonly Row[]): string {
  const subjects = SUBJECTS.filter((subject) => rows.some((row) => subject in row.rounds));
  const ours = subjects.filter((subject) => subject.startsWith('turnpike'));
  const rate: Measure = (round) => round.rps;
  const header = [
    'requests a second',
    ...subjects,
    ...(ours.length === 0 ? [] : ['turnpike/nginx', 'turnpike/portkey']),
    ...subjects.filter(hasOwnProcess).map((subject) => `CPU µs ${subject}`),
    ...ours.slice(0, 1).flatMap(() => ['p50 ms', 'p99 ms', 'RSS MB']),
  ];
  const lines = rows.map((row) => [
    row.scenario.name,
    ...subjects.map((subject) => count(medianOf(row, subject, rate))),
    ...(ours.length === 0 ? [] : [ratio(row, 'nginx', rate), ratio(row, 'portkey', rate)]),
    ...subjects.filter(hasOwnProcess).map((subject) => count(medianOf(row, subject, ({ cpuUs }) => cpuUs))),
    ...ours
      .slice(0, 1)
      .flatMap(() => [
        milliseconds(medianOf(row, 'turnpike', (round) => round.p50_us)),
        milliseconds(medianOf(row, 'turnpike', (round) => round.p99_us)),
        count(medianOf(row, 'turnpike', (round) => round.rssBytes / 2 ** 20)),
      ]),
  ]);
  return section('Throughput, closed loop', header, lines);
}

function renderLatency(rows: readonly Row[]): string {
  const others = SUBJECTS.filter(
    (subject) => hasOwnProcess(subject) && rows.some((row) => subject in row.rounds),
  );
  const percentiles: readonly Measure[] = [
    (round) => round.p50_us,
    (round) => round.p95_us,
    (round) => round.p99_us,
  ];
  const header = ['fixed rate, ms: p50 / p95 / p99', 'direct', ...others.map((subject) => `${subject} adds`)];
  const lines = rows.map((row) => [
    row.scenario.name,
    percentiles.map((measure) => milliseconds(medianOf(row, 'direct', measure))).join(' / '),
    ...others.map((subject) => {
      if ((medianOf(row, subject, ({ unfinished, errors }) => unfinished + errors) ?? 0) > 0)
        return 'saturated';
      return percentiles
        .map((measure) => milliseconds(differenceOf(row, subject, 'direct', measure)))
        .join(' / ');
    }),
  ]);
  return section('Added latency, open loop', header, lines);
}

function renderPaced(rows: readonly Row[]): string {
  const subjects = SUBJECTS.filter((subject) => rows.some((row) => subject in row.rounds));
  const header = [
    'event on its way, ms: p50 / p99',
    ...subjects,
    ...subjects.filter(hasOwnProcess).map((subject) => `CPU µs/event ${subject}`),
  ];
  const lines = rows.map((row) => [
    row.scenario.name,
    ...subjects.map((subject) => {
      const half = milliseconds(medianOf(row, subject, (round) => round.event_p50_us));
      return `${half} / ${milliseconds(medianOf(row, subject, (round) => round.event_p99_us))}`;
    }),
    ...subjects
      .filter(hasOwnProcess)
      .map((subject) => count(medianOf(row, subject, (round) => round.cpuPerEventUs))),
  ]);
  return section('Paced streams', header, lines);
}

function renderMemory(rows: readonly Row[]): string {
  const subjects = SUBJECTS.filter((subject) => rows.some((row) => subject in row.rounds));
  const kilobytes: Measure = (round) => round.streamBytes / 1024;
  const lines = rows.map((row) => [
    row.scenario.name,
    ...subjects.map((subject) => medianOf(row, subject, kilobytes)?.toFixed(1) ?? NONE),
  ]);
  const header = [
    'KB for each open stream',
    ...subjects.map((subject) => (subject === 'direct' ? 'direct (the upstream)' : subject)),
  ];
  return section('Memory', header, lines);
}

function section(title: string, header: readonly string[], lines: readonly (readonly string[])[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${renderTable(header, lines)}\n`;
}

function renderList(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`;
}

/** The direct call has no process of its own to account for. */
function hasOwnProcess(subject: SubjectName): boolean {
  return subject !== 'direct';
}

function ratio(row: Row, against: SubjectName, measure: Measure): string {
  return ratioOf(row, 'turnpike', against, measure)?.toFixed(2) ?? NONE;
}

function count(value: number | undefined): string {
  return value === undefined ? NONE : Math.round(value).toLocaleString('en-US');
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? NONE : (value / 1000).toFixed(2);
}

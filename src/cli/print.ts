/** How results look: colours only on a terminal that wants them, aligned tables, exact JSON. */
import Table from 'cli-table3';
import pc from 'picocolors';
import type { Environment, Io, Output } from './io.ts';

export type Paint = ReturnType<typeof pc.createColors>;

/** Colours for one output; identities where there is no terminal or `NO_COLOR` is set. */
export function paintFor(output: Output, env: Environment): Paint {
  const isWanted = env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : output.isTerminal && env.TERM !== 'dumb';
  return pc.createColors(isWanted && !env.NO_COLOR);
}

export function printLine(output: Output, text = ''): void {
  output.write(`${text}\n`);
}

/** Machine-readable result: one JSON document on stdout. */
/** Something was done: on stdout. */
export function printDone(io: Io, text: string): void {
  printLine(io.stdout, `${paintFor(io.stdout, io.env).green('✓')} ${text}`);
}

export function printJson(io: Io, value: unknown): void {
  printLine(io.stdout, JSON.stringify(value, null, 2));
}

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Narrower than this a column says nothing; the table is then wider than the terminal. */
const MIN_COLUMN = 8;
const GAP = '  ';

/** Rows under dim titles. On a narrow terminal the first column gives way, with an ellipsis. */
export function printTable(io: Io, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const { stdout, env } = io;
  const paint = paintFor(stdout, env);
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const table = new Table({
    head: columns.map((column) => paint.dim(column.title)),
    colAligns: columns.map((column) => column.align ?? 'left'),
    colWidths: fitWidths(widths, stdout.isTerminal ? stdout.columns : undefined),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  const lines = table.toString().split('\n');
  for (const line of lines) printLine(stdout, line.trimEnd());
}

const NO_BORDERS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: GAP },
};

function fitWidths(widths: readonly number[], columns: number | undefined): (number | null)[] {
  const total = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
  // null leaves the width to the table, which also counts wide characters right.
  if (columns === undefined || total <= columns) return widths.map(() => null);
  const first = Math.max(MIN_COLUMN, (widths[0] ?? 0) - (total - columns));
  return widths.map((_, index) => (index === 0 ? first : null));
}

/** `1234567` -> `1,234,567`. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Exact dollars, shortened for the eye: cents from a dollar up, six places below. null = nobody knows the price. */
export function money(usd: string | null): string {
  if (usd === null) return 'unknown';
  const amount = Number(usd);
  if (amount === 0) return '$0';
  if (Math.abs(amount) < 0.000001) return '<$0.000001';
  if (Math.abs(amount) >= 1) return `$${amount.toFixed(2)}`;
  return `$${amount.toFixed(6).replace(/0{1,4}$/, '')}`;
}

/** In a sentence, where `unknown` alone would not say what is. */
export function costOf(usd: string | null): string {
  return usd === null ? 'cost unknown' : money(usd);
}

/** Day and minute in UTC: enough to tell rows apart, the same on every machine. */
export function moment(isoText: string | null): string {
  return isoText === null ? '' : `${isoText.slice(0, 10)} ${isoText.slice(11, 16)}`;
}

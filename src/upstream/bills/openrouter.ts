/** Bills of OpenRouter: its activity report, by day and model, of the last 30 whole days. Dollars as JSON numbers. */
import {
  type Bill,
  BillError,
  type BillQuery,
  type BillRow,
  type BillSource,
  DAY_MS,
  type Stretch,
} from './bill.ts';
import { type ExactObject, readCount, readDecimal, readList, readText, show } from './exact.ts';
import { getPage, type PageMeans } from './get-page.ts';

/** A dollar is 10^9 nano-dollars. */
const DOLLAR_SCALE = 9;
const REPORTED_DAYS = 30;
const layout = { isInputWhole: true, hasToolRows: false } as const;

export async function fetchOpenrouterBill(
  means: PageMeans,
  source: BillSource,
  query: BillQuery,
): Promise<Bill> {
  const { provider } = source;
  if (query.width === 'hour') {
    const notes = [`OpenRouter reports whole days: ${provider} is not compared by the hour.`];
    return { provider, ...layout, rows: [], tokensCovered: [], costsCovered: [], notes };
  }
  const page = await getPage(means, source, '/activity', { authorization: `Bearer ${source.key.reveal()}` });
  const rows = readList(page, 'data').map(readRow);
  const covered = coveredDays(query, means.clock.now());
  const isAsked = (row: BillRow) => row.startMs >= query.startMs && row.startMs < query.endMs;
  return {
    provider,
    ...layout,
    rows: rows.filter(isAsked),
    tokensCovered: covered,
    costsCovered: covered,
    notes: [],
  };
}

/** A day without a row is a day without use: the report has no empty ones. */
function coveredDays({ startMs, endMs }: Stretch, nowMs: number): Stretch[] {
  const today = nowMs - (nowMs % DAY_MS);
  const days: Stretch[] = [];
  const first = Math.max(startMs - (startMs % DAY_MS), today - REPORTED_DAYS * DAY_MS);
  for (let day = first; day < Math.min(endMs, today); day += DAY_MS)
    days.push({ startMs: day, endMs: day + DAY_MS });
  return days;
}

function readRow(row: ExactObject): BillRow {
  const date = readText(row, 'date')?.slice(0, 10) ?? '';
  const startMs = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : Number.NaN;
  const cost = readDecimal(row.usage, DOLLAR_SCALE);
  if (Number.isNaN(startMs))
    throw new BillError('unreadable', `a row of the bill has no day: ${show(row.date)}`);
  if (cost === undefined)
    throw new BillError('unreadable', `an amount of the bill is no decimal: ${show(row.usage)}`);
  return {
    startMs,
    endMs: startMs + DAY_MS,
    model: readText(row, 'model'),
    tokens: {
      // It does not tell cached tokens from others.
      input: readCount(row, 'prompt_tokens'),
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      // Reasoning is inside.
      output: readCount(row, 'completion_tokens'),
      audioInput: 0,
      audioOutput: 0,
    },
    cost,
  };
}

/** Bills of Anthropic: the usage and cost reports of its Admin API. Money comes in cents, as decimal text, by the day. */
import {
  type Bill,
  BillError,
  type BillQuery,
  type BillRow,
  type BillSource,
  DAY_MS,
  HOUR_MS,
  type Stretch,
} from './bill.ts';
import { type ExactObject, isObject, readCount, readDecimal, readList, readText, show } from './exact.ts';
import type { PageMeans } from './get-page.ts';
import { getAllPages } from './pages.ts';

const VERSION = '2023-06-01';
/** Buckets of one page: the most the API gives for the width. */
const MAX_BUCKETS = { hour: 168, day: 31 } as const;
/** A cent is 10^7 nano-dollars. */
const CENT_SCALE = 7;
/** Commitments of capacity: their tokens are in the usage report, their money in none. */
const ELSEWHERE = 'priority';
/** How an operator writes the workspace that the API calls null. */
const DEFAULT_WORKSPACE = 'default';

export async function fetchAnthropicBill(
  means: PageMeans,
  source: BillSource,
  query: BillQuery,
): Promise<Bill> {
  const headers = { 'x-api-key': source.key.reveal(), 'anthropic-version': VERSION };
  const usage = await getAllPages(
    means,
    source,
    '/v1/organizations/usage_report/messages',
    usageQuery(query),
    headers,
  );
  const costs =
    query.width === 'day'
      ? await getAllPages(means, source, '/v1/organizations/cost_report', costQuery(query), headers)
      : [];
  const notes: string[] = [];
  return {
    provider: source.provider,
    rows: [
      ...usage.flatMap((bucket) => usageRows(bucket, source)),
      ...costs.flatMap((bucket) => costRows(bucket, source, notes)),
    ],
    tokensCovered: usage.map(stretchOf),
    costsCovered: costs.map(stretchOf),
    isInputWhole: false,
    hasToolRows: true,
    notes: [...new Set(notes)],
  };
}

function usageQuery(query: BillQuery): URLSearchParams {
  const asked = rangeOf(query, query.width === 'hour' ? '1h' : '1d', MAX_BUCKETS[query.width]);
  for (const field of ['model', 'service_tier', 'workspace_id', 'api_key_id'])
    asked.append('group_by[]', field);
  return asked;
}

function costQuery(query: BillQuery): URLSearchParams {
  const asked = rangeOf(query, '1d', MAX_BUCKETS.day);
  for (const field of ['description', 'workspace_id']) asked.append('group_by[]', field);
  return asked;
}

function rangeOf({ startMs, endMs }: Stretch, width: string, limit: number): URLSearchParams {
  const moment = (atMs: number) => new Date(atMs).toISOString().replace('.000Z', 'Z');
  return new URLSearchParams({
    starting_at: moment(startMs),
    ending_at: moment(endMs),
    bucket_width: width,
    limit: String(limit),
  });
}

function stretchOf(bucket: ExactObject): Stretch {
  const startMs = Date.parse(readText(bucket, 'starting_at') ?? '');
  const endMs = Date.parse(readText(bucket, 'ending_at') ?? '');
  const isWhole = startMs % HOUR_MS === 0 && endMs > startMs && endMs - startMs <= DAY_MS;
  if (isWhole) return { startMs, endMs };
  throw new BillError('unreadable', `a bucket of the bill has no hour or day: ${show(bucket.starting_at)}`);
}

function isInScope(row: ExactObject, { scope }: BillSource): boolean {
  return scope === undefined || (readText(row, 'workspace_id') ?? DEFAULT_WORKSPACE) === scope;
}

function usageRows(bucket: ExactObject, source: BillSource): BillRow[] {
  const stretch = stretchOf(bucket);
  return readList(bucket, 'results')
    .filter((row) => isInScope(row, source))
    .map((row) => {
      const written = isObject(row.cache_creation) ? row.cache_creation : {};
      return {
        ...stretch,
        model: readText(row, 'model'),
        tokens: {
          input: readCount(row, 'uncached_input_tokens'),
          cacheRead: readCount(row, 'cache_read_input_tokens'),
          cacheWrite5m: readCount(written, 'ephemeral_5m_input_tokens'),
          cacheWrite1h: readCount(written, 'ephemeral_1h_input_tokens'),
          output: readCount(row, 'output_tokens'),
          audioInput: 0,
          audioOutput: 0,
        },
        ...(readText(row, 'service_tier')?.startsWith(ELSEWHERE) && { isBilledElsewhere: true }),
        ...(readText(row, 'api_key_id') === undefined && { isKeyless: true }),
      };
    });
}

function costRows(bucket: ExactObject, source: BillSource, notes: string[]): BillRow[] {
  const stretch = stretchOf(bucket);
  return readList(bucket, 'results')
    .filter((row) => isInScope(row, source))
    .flatMap((row) => {
      const cost = readDecimal(row.amount, CENT_SCALE);
      if (cost === undefined)
        throw new BillError('unreadable', `an amount of the bill is no decimal: ${show(row.amount)}`);
      const currency = readText(row, 'currency') ?? 'USD';
      if (currency.toUpperCase() !== 'USD') {
        notes.push(`Costs in ${currency.slice(0, 8)} are not compared: the ledger is in US dollars.`);
        return [];
      }
      return [{ ...stretch, model: readText(row, 'model'), cost }];
    });
}

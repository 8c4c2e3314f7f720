/** Bills of OpenAI: the usage and costs of its organization API. Money is a JSON number in dollars, by the day. */
import {
  type Bill,
  BillError,
  type BillQuery,
  type BillRow,
  type BillSource,
  DAY_MS,
  type Stretch,
} from './bill.ts';
import { type ExactObject, isObject, readCount, readDecimal, readList, readText, show } from './exact.ts';
import type { PageMeans } from './get-page.ts';
import { getAllPages } from './pages.ts';

/** Buckets of one page: the most the API gives. */
const MAX_BUCKETS = { hour: 168, day: 31, costs: 180 } as const;
/** A dollar is 10^9 nano-dollars. */
const DOLLAR_SCALE = 9;

export async function fetchOpenaiBill(means: PageMeans, source: BillSource, query: BillQuery): Promise<Bill> {
  const headers = { authorization: `Bearer ${source.key.reveal()}` };
  const get = (path: string, asked: URLSearchParams) => getAllPages(means, source, path, asked, headers);
  const completions = await get('/organization/usage/completions', usageQuery(query, source));
  const embeddings = await get('/organization/usage/embeddings', usageQuery(query, source, false));
  const costs = query.width === 'day' ? await get('/organization/costs', costQuery(query, source)) : [];
  const notes: string[] = [];
  return {
    provider: source.provider,
    rows: [
      ...[...completions, ...embeddings].flatMap((bucket) => usageRows(bucket, source)),
      ...costs.flatMap((bucket) => costRows(bucket, source, notes)),
    ],
    tokensCovered: completions.map(stretchOf),
    costsCovered: costs.map(stretchOf),
    isInputWhole: false,
    hasToolRows: true,
    notes: [...new Set(notes)],
  };
}

function usageQuery(query: BillQuery, source: BillSource, hasTiers = true): URLSearchParams {
  const asked = rangeOf(query, source, query.width === 'hour' ? '1h' : '1d', MAX_BUCKETS[query.width]);
  const tiers = hasTiers ? ['batch', 'service_tier'] : [];
  for (const field of ['model', 'project_id', 'api_key_id', ...tiers]) asked.append('group_by', field);
  return asked;
}

function costQuery(query: BillQuery, source: BillSource): URLSearchParams {
  const asked = rangeOf(query, source, '1d', MAX_BUCKETS.costs);
  for (const field of ['project_id', 'line_item']) asked.append('group_by', field);
  return asked;
}

function rangeOf(
  { startMs, endMs }: Stretch,
  { scope }: BillSource,
  width: string,
  limit: number,
): URLSearchParams {
  return new URLSearchParams({
    start_time: String(Math.floor(startMs / 1000)),
    end_time: String(Math.floor(endMs / 1000)),
    bucket_width: width,
    limit: String(limit),
    ...(scope !== undefined && { project_ids: scope }),
  });
}

function stretchOf(bucket: ExactObject): Stretch {
  const startMs = readCount(bucket, 'start_time') * 1000;
  const endMs = readCount(bucket, 'end_time') * 1000;
  if (startMs > 0 && endMs > startMs && endMs - startMs <= DAY_MS) return { startMs, endMs };
  throw new BillError('unreadable', `a bucket of the bill has no hour or day: ${show(bucket.start_time)}`);
}

/** The filter of the question is believed only as far as the answer shows it. */
function isInScope(row: ExactObject, { scope }: BillSource): boolean {
  return scope === undefined || readText(row, 'project_id') === scope;
}

/** `input_tokens` counts cached and audio tokens too; the classes of the ledger are disjoint. */
function usageRows(bucket: ExactObject, source: BillSource): BillRow[] {
  const stretch = stretchOf(bucket);
  return resultsOf(bucket)
    .filter((row) => isInScope(row, source))
    .map((row) => {
      const [cacheRead, audioInput] = [
        readCount(row, 'input_cached_tokens'),
        readCount(row, 'input_audio_tokens'),
      ];
      const audioOutput = readCount(row, 'output_audio_tokens');
      return {
        ...stretch,
        model: readText(row, 'model'),
        tokens: {
          // Whether audio is inside is not said the same everywhere: never below nothing.
          input: Math.max(0, readCount(row, 'input_tokens') - cacheRead - audioInput),
          cacheRead,
          cacheWrite5m: 0,
          cacheWrite1h: 0,
          output: Math.max(0, readCount(row, 'output_tokens') - audioOutput),
          audioInput,
          audioOutput,
        },
        ...(readText(row, 'api_key_id') === undefined && { isKeyless: true }),
      };
    });
}

/** Documentation and service have each had either name. */
function resultsOf(bucket: ExactObject): readonly ExactObject[] {
  return readList(bucket, bucket.results === undefined && bucket.result !== undefined ? 'result' : 'results');
}

function costRows(bucket: ExactObject, source: BillSource, notes: string[]): BillRow[] {
  const stretch = stretchOf(bucket);
  return resultsOf(bucket)
    .filter((row) => isInScope(row, source))
    .flatMap((row) => {
      const amount = isObject(row.amount) ? row.amount : {};
      const cost = readDecimal(amount.value, DOLLAR_SCALE);
      if (cost === undefined)
        throw new BillError('unreadable', `an amount of the bill is no decimal: ${show(row.amount)}`);
      const currency = readText(amount, 'currency') ?? 'usd';
      if (currency.toLowerCase() !== 'usd') {
        notes.push(`Costs in ${currency.slice(0, 8)} are not compared: the ledger is in US dollars.`);
        return [];
      }
      return [{ ...stretch, model: modelOf(readText(row, 'line_item')), cost }];
    });
}

/** `gpt-4o-2024-08-06, cached input` is of a model; `web search tool calls` is of none. */
function modelOf(lineItem: string | undefined): string | undefined {
  const name = lineItem?.split(',', 1)[0]?.trim().toLowerCase();
  return name === undefined || name === '' || /\s/.test(name) ? undefined : name;
}

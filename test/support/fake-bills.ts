/** The reporting APIs of Anthropic, OpenAI and OpenRouter on a socket of this machine, with pages as small as a test wants them. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One row of a report; money as it shall stand in the JSON, character for character. */
export interface FakeRow {
  readonly day: string;
  /** Of that day; left out in reports by the day. */
  readonly hour?: number;
  readonly model: string | null;
  readonly tokens?: Readonly<Record<string, number | Readonly<Record<string, number>>>>;
  readonly amount?: string;
  readonly currency?: string;
  readonly apiKey?: string | null;
  /** Workspace or project. */
  readonly scope?: string | null;
  readonly tier?: string;
}

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FakeBills {
  readonly url: string;
  /** The only admin key that is let in. */
  key: string;
  rows: FakeRow[];
  /** Days the reports leave out altogether. */
  missingDays: string[];
  /** Buckets of one page. */
  pageSize: number;
  /** Answers given, first one first, before the reports are. */
  next: FakeAnswer[];
  /** Paths with query, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

const HOUR_S = 3_600;
const DAY_S = 86_400;

export async function startFakeBills(): Promise<FakeBills> {
  const server = createServer((request, response) => answer(fake, request, response));
  const fake: Omit<FakeBills, 'url' | 'close'> = {
    key: 'admin-key-of-the-test',
    rows: [],
    missingDays: [],
    pageSize: 7,
    next: [],
    asked: [],
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(fake, {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

type Fake = Omit<FakeBills, 'url' | 'close'>;

function answer(fake: Fake, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://fake');
  fake.asked.push(request.url ?? '/');
  const canned = fake.next.shift();
  if (canned) return send(response, canned.status, canned.body ?? '{}', canned.headers);
  const key = request.headers['x-api-key'] ?? request.headers.authorization?.replace('Bearer ', '');
  if (key !== fake.key) return send(response, 401, `{"error":"unknown key ${key}"}`);
  const report = reports[url.pathname];
  if (!report) return send(response, 404, '{}');
  send(response, 200, report(fake, url.searchParams));
}

function send(response: ServerResponse, status: number, body: string, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}

type Report = (fake: Fake, query: URLSearchParams) => string;

interface Bucket {
  readonly startS: number;
  readonly endS: number;
  readonly rows: readonly FakeRow[];
}

const reports: Readonly<Record<string, Report>> = {
  '/v1/organizations/usage_report/messages': (fake, query) =>
    page(
      fake,
      query,
      anthropicRange(query),
      (row) => row.tokens !== undefined,
      anthropicBucket,
      (row) => ({
        ...row.tokens,
        model: row.model,
        api_key_id: row.apiKey === undefined ? 'apikey_1' : row.apiKey,
        workspace_id: row.scope ?? null,
        service_tier: row.tier ?? 'standard',
        server_tool_use: { web_search_requests: 0 },
      }),
    ),
  '/v1/organizations/cost_report': (fake, query) =>
    page(
      fake,
      query,
      anthropicRange(query),
      (row) => row.amount !== undefined,
      anthropicBucket,
      (row) => ({
        amount: row.amount,
        currency: row.currency ?? 'USD',
        model: row.model,
        workspace_id: row.scope ?? null,
        cost_type: row.model === null ? 'web_search' : 'tokens',
        description: 'as described',
      }),
    ),
  '/organization/usage/completions': (fake, query) =>
    page(
      fake,
      query,
      openaiRange(query),
      (row) => row.tokens !== undefined,
      openaiBucket,
      (row) => ({
        object: 'organization.usage.completions.result',
        ...row.tokens,
        num_model_requests: 1,
        model: row.model,
        project_id: row.scope ?? null,
        api_key_id: row.apiKey === undefined ? 'key_1' : row.apiKey,
        batch: false,
        service_tier: null,
      }),
    ),
  '/organization/usage/embeddings': (fake, query) =>
    page(
      fake,
      query,
      openaiRange(query),
      () => false,
      openaiBucket,
      () => ({}),
    ),
  '/organization/costs': (fake, query) =>
    page(
      fake,
      query,
      openaiRange(query),
      (row) => row.amount !== undefined,
      openaiBucket,
      (row) => ({
        object: 'organization.costs.result',
        amount: { value: { raw: row.amount }, currency: row.currency ?? 'usd' },
        line_item: row.model === null ? 'web search tool calls' : `${row.model}, input`,
        project_id: row.scope ?? null,
      }),
    ),
  '/activity': (fake) =>
    write({
      data: fake.rows.map((row) => ({
        date: row.day,
        model: row.model,
        model_permaslug: row.model,
        provider_name: 'Anyone',
        usage: { raw: row.amount },
        byok_usage_inference: 0,
        requests: 1,
        ...row.tokens,
      })),
    }),
};

interface Range {
  readonly startS: number;
  readonly endS: number;
  readonly widthS: number;
}

function anthropicRange(query: URLSearchParams): Range {
  const seconds = (name: string) => Date.parse(query.get(name) ?? '') / 1000;
  return { startS: seconds('starting_at'), endS: seconds('ending_at'), widthS: widthOf(query) };
}

function openaiRange(query: URLSearchParams): Range {
  return {
    startS: Number(query.get('start_time')),
    endS: Number(query.get('end_time')),
    widthS: widthOf(query),
  };
}

function widthOf(query: URLSearchParams): number {
  return query.get('bucket_width') === '1h' ? HOUR_S : DAY_S;
}

function anthropicBucket({ startS, endS }: Bucket): object {
  const moment = (s: number) => new Date(s * 1000).toISOString().replace('.000Z', 'Z');
  return { starting_at: moment(startS), ending_at: moment(endS) };
}

function openaiBucket({ startS, endS }: Bucket): object {
  return { object: 'bucket', start_time: startS, end_time: endS };
}

/** The page cursor is the number of the first bucket. */
function page(
  fake: Fake,
  query: URLSearchParams,
  range: Range,
  isIn: (row: FakeRow) => boolean,
  head: (bucket: Bucket) => object,
  body: (row: FakeRow) => object,
): string {
  const buckets: Bucket[] = [];
  for (let startS = range.startS; startS < range.endS; startS += range.widthS) {
    const endS = startS + range.widthS;
    const isThere = (row: FakeRow) => {
      const atS = Date.parse(row.day) / 1000 + (row.hour ?? 0) * HOUR_S;
      return isIn(row) && atS >= startS && atS < endS;
    };
    const day = new Date(startS * 1000).toISOString().slice(0, 10);
    if (!fake.missingDays.includes(day)) buckets.push({ startS, endS, rows: fake.rows.filter(isThere) });
  }
  const from = Number(query.get('page') ?? 0);
  const shown = buckets.slice(from, from + fake.pageSize);
  const hasMore = from + fake.pageSize < buckets.length;
  return write({
    data: shown.map((bucket) => ({ ...head(bucket), results: bucket.rows.map(body) })),
    has_more: hasMore,
    next_page: hasMore ? String(from + fake.pageSize) : null,
  });
}

/** Raw numbers stand as they were written: a float in the fake would hide one in the reader. */
function write(value: object): string {
  return JSON.stringify(value).replace(/\{"raw":"([^"]+)"\}/g, '$1');
}

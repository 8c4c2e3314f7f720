/**
 * Calls that are relayed as they are to providers that have them, and translated to nobody: one row each. How a
 * row is booked is its only difference; `docs/reference/endpoints.md` is held equal to this table by a test.
 */
import type { RelayApi } from '../upstream/relays.ts';
import type { FormatId } from '../wire/chat.ts';

export type RelayMethod = 'GET' | 'POST' | 'DELETE';

/**
 * How a call is booked.
 * `free`: it cannot cost (looking, deleting, cancelling), so it is counted in the metrics and not booked.
 * `tokens`: like a chat: by the usage the answer reports, else by our own count of its text.
 * `reported`: by the usage the answer reports, where it is in units that have a price; its cost is unknown otherwise.
 * `unknown`: whatever it costs is not in the answer; it is booked, its cost as unknown.
 */
export type Metering = 'free' | 'tokens' | 'reported' | 'unknown';

export interface RelayOnlyCall {
  /** For the ledger and the metrics: the API and the topic. */
  readonly name: string;
  /** Stands where a model's name would, in calls that name none. */
  readonly topic: string;
  readonly api: RelayApi;
  /** The format whose errors its clients read. */
  readonly format: FormatId;
  /** As clients write it; `{id}` stands for one segment. */
  readonly path: string;
  /** As `ProviderKind.relays` names it, below the base URL. */
  readonly relayPath: string;
  readonly methods: Readonly<Partial<Record<RelayMethod, Metering>>>;
  /** A field of the body or form, `model`, may say which model, and so which provider. */
  readonly hasModel: boolean;
}

type Methods = RelayOnlyCall['methods'];
type Row = readonly [path: string, methods: Methods, hasModel?: 'model'];

const openaiRows: readonly Row[] = [
  ['/completions', { POST: 'tokens' }, 'model'],
  ['/images/generations', { POST: 'reported' }, 'model'],
  ['/images/edits', { POST: 'reported' }, 'model'],
  ['/images/variations', { POST: 'reported' }, 'model'],
  ['/audio/speech', { POST: 'reported' }, 'model'],
  ['/audio/transcriptions', { POST: 'reported' }, 'model'],
  ['/audio/translations', { POST: 'reported' }, 'model'],
  ['/moderations', { POST: 'reported' }, 'model'],
  ['/rerank', { POST: 'reported' }, 'model'],
  ['/files', { GET: 'free', POST: 'unknown' }],
  ['/files/{id}', { GET: 'free', DELETE: 'free' }],
  ['/files/{id}/content', { GET: 'free' }],
  ['/batches', { GET: 'free', POST: 'unknown' }],
  ['/batches/{id}', { GET: 'free' }],
  ['/batches/{id}/cancel', { POST: 'free' }],
  ['/responses/compact', { POST: 'tokens' }, 'model'],
  ['/responses/{id}', { GET: 'free', DELETE: 'free' }],
  ['/responses/{id}/cancel', { POST: 'free' }],
  ['/responses/{id}/input_items', { GET: 'free' }],
];

const anthropicRows: readonly Row[] = [
  ['/v1/messages/batches', { GET: 'free', POST: 'unknown' }],
  ['/v1/messages/batches/{id}', { GET: 'free', DELETE: 'free' }],
  ['/v1/messages/batches/{id}/cancel', { POST: 'free' }],
  ['/v1/messages/batches/{id}/results', { GET: 'free' }],
  ['/v1/files', { GET: 'free', POST: 'unknown' }],
  ['/v1/files/{id}', { GET: 'free', DELETE: 'free' }],
  ['/v1/files/{id}/content', { GET: 'free' }],
];

const geminiRows: readonly Row[] = [
  ['/files', { GET: 'free' }],
  ['/files/{id}', { GET: 'free', DELETE: 'free' }],
  ['/cachedContents', { GET: 'free', POST: 'unknown' }, 'model'],
  ['/cachedContents/{id}', { GET: 'free', DELETE: 'free' }],
];

function call(
  api: RelayApi,
  version: string,
  format: FormatId,
  [relayPath, methods, model]: Row,
): RelayOnlyCall {
  const topic = relayPath
    .replace(/^\/(v1\/)?/, '')
    .replaceAll('/{id}', '')
    .replaceAll('/', '-');
  const name = `${api}-${topic}`;
  return {
    name,
    topic,
    api,
    format,
    path: version + relayPath,
    relayPath,
    methods,
    hasModel: model === 'model',
  };
}

function openaiCall(row: Row): RelayOnlyCall {
  const format = row[0].startsWith('/responses') ? 'openai-responses' : 'openai-chat';
  return call('openai', '/v1', format, row);
}

export const relayOnlyCalls: readonly RelayOnlyCall[] = [
  ...openaiRows.map(openaiCall),
  // The same question under the newer number its maker gave it.
  { ...openaiCall(['/rerank', { POST: 'reported' }, 'model']), path: '/v2/rerank' },
  ...anthropicRows.map((row) => call('anthropic', '', 'anthropic-messages', row)),
  ...geminiRows.map((row) => call('gemini', '/v1beta', 'gemini-generate', row)),
];

export interface RelayOnlyEndpoint {
  readonly operation: 'relay-only';
  readonly format: FormatId;
  readonly call: RelayOnlyCall;
  /** `relayPath` with the id the client named. */
  readonly relayPath: string;
  /** The URL names no model in any of these calls. */
  readonly target?: undefined;
}

/** Ids as vendors make them. Dots alone would climb the path, and what has to be encoded is none. */
const ID = /^(?!\.{1,2}$)[\w.:~-]{1,200}$/;

const byShape = new Map<string, RelayOnlyCall>();
for (const row of relayOnlyCalls) byShape.set(`${row.api} ${row.path}`, row);

/** Where the id stands in the paths that have one, counted in segments from the end. */
const ID_PLACES = [1, 2] as const;

/** @param apis whose calls this client may mean, the likeliest first */
export function relayOnlyEndpoint(path: string, apis: readonly RelayApi[]): RelayOnlyEndpoint | undefined {
  for (const api of apis) {
    const exact = byShape.get(`${api} ${path}`);
    if (exact) return endpointFor(exact, exact.relayPath);
    const segments = path.split('/');
    for (const place of ID_PLACES) {
      const at = segments.length - place;
      const id = segments[at] ?? '';
      if (at < 1 || !ID.test(id)) continue;
      const shape = segments.with(at, '{id}').join('/');
      const row = byShape.get(`${api} ${shape}`);
      if (row)
        return endpointFor(
          row,
          row.relayPath.replace('{id}', () => id),
        );
    }
  }
  return undefined;
}

function endpointFor(row: RelayOnlyCall, relayPath: string): RelayOnlyEndpoint {
  return { operation: 'relay-only', format: row.format, call: row, relayPath };
}

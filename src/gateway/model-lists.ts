/** Lists of models in the shape the client's vendor gives them, and what Ollama's clients ask before they talk. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Refusal, refuse } from '../base/refusal.ts';
import type { JsonObject } from '../wire/chat.ts';
import { renderTags } from '../wire/ollama-chat/index.ts';
import { readBody } from './body.ts';
import type { CallEndpoint, Endpoint } from './endpoints.ts';
import { type ModelRow, modelPage, modelRow, modelRows } from './models.ts';
import type { Snapshot } from './snapshot.ts';

export type ListEndpoint = Exclude<Endpoint, CallEndpoint>;

/** The question names a model and nothing else. */
const MAX_SHOW_BYTES = 64 * 1024;

/** A version whose features we have: tool calls with ids, thinking, structured outputs. */
const OLLAMA_VERSION = '0.12.6';

/** Writes the answer, or says why there is none. */
export async function answerList(
  request: IncomingMessage,
  response: ServerResponse,
  snapshot: Snapshot,
  endpoint: ListEndpoint,
  query: string,
): Promise<Refusal | undefined> {
  switch (endpoint.operation) {
    case 'version':
      return answerJson(response, { version: OLLAMA_VERSION });
    case 'show':
      return answerShow(request, response, snapshot);
    case 'models':
      return answerJson(response, lists[endpoint.shape](snapshot, query));
    case 'model': {
      const row = modelRow(snapshot, endpoint.model);
      if (!row) return unknownModel();
      return answerJson(response, endpoint.shape === 'v1beta' ? geminiRow(snapshot, row) : row);
    }
    default:
      return endpoint satisfies never;
  }
}

function unknownModel(): Refusal {
  return refuse('model_unknown', 'there is no such model', { param: 'model' });
}

const lists = {
  v1: modelPage,
  v1beta: geminiPage,
  tags: (snapshot: Snapshot) =>
    renderTags(modelRows(snapshot).map(({ id, created }) => ({ id, createdAtMs: created * 1000 }))),
} as const;

const MAX_GEMINI_PAGE = 1000;

/** Gemini pages by an opaque token: here, the place in the list. */
function geminiPage(snapshot: Snapshot, query: string) {
  const params = new URLSearchParams(query);
  const rows = modelRows(snapshot);
  const from = whole(params.get('pageToken')) ?? 0;
  const size = Math.min(whole(params.get('pageSize')) || MAX_GEMINI_PAGE, MAX_GEMINI_PAGE);
  const models = rows.slice(from, from + size).map((row) => geminiRow(snapshot, row));
  const isLast = from + size >= rows.length;
  return isLast ? { models } : { models, nextPageToken: String(from + size) };
}

function whole(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function geminiRow(snapshot: Snapshot, row: ModelRow) {
  const window = windowOf(snapshot, row.id);
  return {
    name: `models/${row.id}`,
    baseModelId: row.id,
    version: '1',
    displayName: row.display_name,
    ...(window !== undefined && { inputTokenLimit: window }),
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  };
}

const ollamaDetails = {
  parent_model: '',
  format: '',
  family: '',
  families: [],
  parameter_size: '',
  quantization_level: '',
};

async function answerShow(
  request: IncomingMessage,
  response: ServerResponse,
  snapshot: Snapshot,
): Promise<Refusal | undefined> {
  const read = await readBody(request, MAX_SHOW_BYTES);
  if (!read.ok) return read.refusal;
  const model = namedModel(read.body);
  if (model === undefined) return refuse('model_missing', 'no model is named', { param: 'model' });
  const row = modelRow(snapshot, model);
  if (!row) return unknownModel();
  const window = windowOf(snapshot, model);
  return answerJson(response, {
    modelfile: '',
    parameters: '',
    template: '',
    details: ollamaDetails,
    model_info: {
      'general.architecture': 'turnpike',
      ...(window !== undefined && { 'turnpike.context_length': window }),
    },
    capabilities: ['completion', 'tools'],
    modified_at: row.created_at,
  });
}

/** Older clients say `name`. */
function namedModel(body: Buffer): string | undefined {
  try {
    const asked = JSON.parse(body.toString('utf8')) as JsonObject | null;
    const model = asked?.model ?? asked?.name;
    return typeof model === 'string' && model !== '' ? model : undefined;
  } catch {
    return undefined;
  }
}

/** Tokens the model behind a ref can hold, where that is known. */
function windowOf(snapshot: Snapshot, ref: string): number | undefined {
  const plan = snapshot.plan(ref);
  return plan.ok ? plan.attempts[0]?.contextWindow : undefined;
}

function answerJson(response: ServerResponse, value: unknown): undefined {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

/** What OpenRouter and Ollama say of their models, read with care: what is odd is left out, and nothing is guessed. */
import { type Rates, readEach } from '../base/rates.ts';
import { readWindow } from './ollama-window.ts';

/** Assignable to the catalog's `Capability`. */
export type LiveCapability = 'tools' | 'vision' | 'documents' | 'audio' | 'thinking' | 'structured-output';

export interface LiveModel {
  readonly id: string;
  /** For people; undefined = it has none but its id. */
  readonly name: string | undefined;
  /** Tokens. */
  readonly contextWindow: number | undefined;
  readonly maxOutputTokens: number | undefined;
  /** Only what is said. */
  readonly can: Readonly<Partial<Record<LiveCapability, boolean>>>;
  /** undefined = it does not say. */
  readonly rates: Rates | undefined;
}

/** OpenRouter has about 600; more is no list of models. */
const MAX_MODELS = 5_000;
/** As long as a model ref may be. */
const MAX_NAME_LENGTH = 300;

type Json = Readonly<Record<string, unknown>>;

/** `GET /models`; undefined = it is no such list. */
export function readOpenRouterList(body: unknown): LiveModel[] | undefined {
  if (!isJson(body) || !Array.isArray(body.data)) return undefined;
  return body.data.slice(0, MAX_MODELS).flatMap((row: unknown) => {
    const id = isJson(row) ? nameOf(row.id) : undefined;
    return isJson(row) && id !== undefined ? [openRouterModel(id, row)] : [];
  });
}

function openRouterModel(id: string, row: Json): LiveModel {
  const provider = isJson(row.top_provider) ? row.top_provider : {};
  return {
    id,
    name: nameOf(row.name),
    contextWindow: tokensOf(row.context_length),
    maxOutputTokens: tokensOf(provider.max_completion_tokens),
    can: openRouterCan(row),
    rates: isJson(row.pricing) ? openRouterRates(row.pricing) : undefined,
  };
}

function openRouterCan({ supported_parameters: taken, architecture }: Json): LiveModel['can'] {
  const input = isJson(architecture) ? architecture.input_modalities : undefined;
  return {
    ...(Array.isArray(taken) && {
      tools: taken.includes('tools'),
      thinking: taken.includes('reasoning'),
      'structured-output': taken.includes('structured_outputs'),
    }),
    ...(Array.isArray(input) && {
      vision: input.includes('image'),
      documents: input.includes('file'),
      audio: input.includes('audio'),
    }),
  };
}

/** Dollars per token, as decimal text; a negative one means that it depends on who serves it. */
function openRouterRates(pricing: Json): Rates | undefined {
  const rate = (field: string) => (typeof pricing[field] === 'string' ? readEach(pricing[field]) : undefined);
  const input = rate('prompt');
  const output = rate('completion');
  if (input === undefined || output === undefined) return undefined;
  const [cacheRead, cacheWrite5m] = [rate('input_cache_read'), rate('input_cache_write')];
  const perRequest = rate('request');
  return {
    input,
    output,
    ...(cacheRead !== undefined && { cacheRead }),
    ...(cacheWrite5m !== undefined && { cacheWrite5m }),
    ...(perRequest !== undefined && perRequest > 0 && { perRequest }),
  };
}

/** A model that a server has, and what tells it from another of the same name. */
export interface OllamaTag {
  readonly name: string;
  readonly digest: string;
}

/** `GET /api/tags`; undefined = it is no such list. */
export function readOllamaTags(body: unknown): OllamaTag[] | undefined {
  if (!isJson(body) || !Array.isArray(body.models)) return undefined;
  return body.models.slice(0, MAX_MODELS).flatMap((row: unknown) => {
    const name = isJson(row) ? nameOf(row.model ?? row.name) : undefined;
    return isJson(row) && name !== undefined ? [{ name, digest: String(row.digest ?? '') }] : [];
  });
}

/** @param text of `POST /api/show`; undefined = it did not answer, and the name is all there is */
export function ollamaModel({ name }: OllamaTag, text: string | undefined): LiveModel {
  const shown = text === undefined ? undefined : parse(text);
  const said = isJson(shown) && Array.isArray(shown.capabilities) ? shown.capabilities : undefined;
  return {
    id: name,
    name: undefined,
    contextWindow: text === undefined ? undefined : readWindow(text)?.contextLength,
    maxOutputTokens: undefined,
    can: said
      ? {
          tools: said.includes('tools'),
          vision: said.includes('vision'),
          thinking: said.includes('thinking'),
          // The server itself binds what any of its models writes to a schema.
          'structured-output': said.includes('completion'),
          documents: false,
        }
      : {},
    rates: undefined,
  };
}

function isJson(value: unknown): value is Json {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function nameOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '' || value.length > MAX_NAME_LENGTH) return undefined;
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value) ? undefined : value;
}

function tokensOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

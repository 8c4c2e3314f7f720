/** The settings of a request, one row each: where it stands, what it means, how it is written. */
import type { ChatRequest, JsonObject, JsonValue, OutputShape, Reasoning } from '../chat.ts';
import { WireError } from '../format.ts';
import { asObject, isObject, isSameJson, setField } from '../json.ts';
import { isBlank } from './own.ts';

export interface Setting {
  /** `options` holds what the model's runner is told, the body the rest. */
  readonly place: 'body' | 'options';
  readonly field: string;
  readonly key: keyof ChatRequest;
  /** What the value means; undefined = nothing. @throws {WireError} */
  read(value: JsonValue | undefined, path: string): unknown;
  /** Undefined = not written. Whatever `read` gave can be written, though not always as it was spelled. */
  write(chat: ChatRequest): JsonValue | undefined;
}

function readNumber(value: JsonValue | undefined, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') throw new WireError(`\`${path}\` must be a number`, path);
  return value;
}

type NumberKey = 'temperature' | 'topP' | 'topK' | 'seed' | 'presencePenalty' | 'frequencyPenalty';

function numberOption(field: string, key: NumberKey): Setting {
  return { place: 'options', field, key, read: readNumber, write: (chat) => chat[key] };
}

const outputLimit: Setting = {
  place: 'options',
  field: 'num_predict',
  key: 'maxOutputTokens',
  // Negative and 0: until the model ends.
  read: (value, path) => {
    const limit = readNumber(value, path);
    return limit !== undefined && limit > 0 ? limit : undefined;
  },
  write: (chat) => chat.maxOutputTokens,
};

const stop: Setting = {
  place: 'options',
  field: 'stop',
  key: 'stop',
  read: (value, path) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return [value];
    if (Array.isArray(value) && value.every((text) => typeof text === 'string')) return value;
    throw new WireError(`\`${path}\` must be a list of texts`, path);
  },
  write: (chat) => chat.stop && [...chat.stop],
};

const stream: Setting = {
  place: 'body',
  field: 'stream',
  key: 'stream',
  read: (value, path) => {
    if (value === undefined || value === null) return true;
    if (typeof value !== 'boolean') throw new WireError(`\`${path}\` must be true or false`, path);
    return value;
  },
  write: (chat) => (chat.stream ? undefined : false),
};

const format: Setting = {
  place: 'body',
  field: 'format',
  key: 'output',
  read: (value, path): OutputShape | undefined => {
    if (value === undefined || value === null || value === '') return undefined;
    if (value === 'json') return { type: 'json' };
    if (isObject(value)) return { type: 'json-schema', schema: value };
    throw new WireError(`\`${path}\` must be "json" or a JSON schema`, path);
  },
  write: ({ output }) => {
    if (output?.type === 'json-schema') return output.schema;
    return output?.type === 'json' ? 'json' : undefined;
  },
};

/** True or false, or a level. Levels are for the model to know: new ones may come. */
const think: Setting = {
  place: 'body',
  field: 'think',
  key: 'reasoning',
  read: (value, path): Reasoning | undefined => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'boolean') return { mode: value ? 'on' : 'off' };
    if (typeof value === 'string' && value !== '') return { mode: 'on', effort: value };
    throw new WireError(`\`${path}\` must be true, false or a level`, path);
  },
  write: ({ reasoning }) => reasoning && (reasoning.mode === 'off' ? false : (reasoning.effort ?? true)),
};

const SETTINGS: readonly Setting[] = [
  outputLimit,
  numberOption('temperature', 'temperature'),
  numberOption('top_p', 'topP'),
  numberOption('top_k', 'topK'),
  numberOption('seed', 'seed'),
  numberOption('presence_penalty', 'presencePenalty'),
  numberOption('frequency_penalty', 'frequencyPenalty'),
  stop,
  stream,
  format,
  think,
];

const BODY_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'messages',
  'tools',
  'options',
  ...SETTINGS.filter(({ place }) => place === 'body').map(({ field }) => field),
]);
const OPTIONS: ReadonlySet<string> = new Set(
  SETTINGS.filter(({ place }) => place === 'options').map(({ field }) => field),
);

/**
 * How the server keeps the model in memory and what it does with a prompt that is too long. They say nothing of the
 * answer, and servers of other formats settle them by themselves, so leaving them out is no loss.
 */
const SERVER_FIELDS: ReadonlySet<string> = new Set(['keep_alive', 'truncate', 'shift']);
const SERVER_OPTIONS: ReadonlySet<string> = new Set([
  'num_ctx',
  'num_batch',
  'num_gpu',
  'main_gpu',
  'num_thread',
  'num_keep',
  'numa',
  'low_vram',
  'f16_kv',
  'vocab_only',
  'logits_all',
  'embedding_only',
  'use_mmap',
  'use_mlock',
]);

/** In `extra.fields` unknown options stand under this, each with its own name in warnings. */
const OPTION_PREFIX = 'options.';

export interface SettingsRead {
  readonly chat: Partial<ChatRequest>;
  /** What only this format understands. */
  readonly fields: JsonObject;
  /** What was there and is not said by `chat` and `fields` in the same spelling. */
  readonly spelling: JsonObject;
}

/** @throws {WireError} */
export function readSettings(body: JsonObject): SettingsRead {
  const options = body.options ?? null;
  if (options !== null && !isObject(options)) throw new WireError('`options` must be an object', 'options');
  const chat: Record<string, unknown> = {};
  for (const { place, field, key, read } of SETTINGS) {
    const value = place === 'body' ? body[field] : options?.[field];
    const meaning = read(value, place === 'body' ? field : OPTION_PREFIX + field);
    if (meaning !== undefined) chat[key] = meaning;
  }
  const known = chat as Partial<ChatRequest>;
  const fields = readFields(body, options ?? {});
  return { chat: known, fields, spelling: spellingOf(body, known, fields) };
}

function readFields(body: JsonObject, options: JsonObject): JsonObject {
  const fields: JsonObject = {};
  for (const [key, value] of Object.entries(body)) {
    const isOwn = BODY_FIELDS.has(key) || SERVER_FIELDS.has(key) || key.startsWith(OPTION_PREFIX);
    if (!isOwn && !isBlank(value) && value !== false) setField(fields, key, value);
  }
  for (const [key, value] of Object.entries(options)) {
    const isOwn = OPTIONS.has(key) || SERVER_OPTIONS.has(key);
    if (!isOwn && !isBlank(value)) fields[OPTION_PREFIX + key] = value;
  }
  return fields;
}

/** Fields of the body, and in `options` options, that writing would not give back as they were. */
function spellingOf(body: JsonObject, chat: Partial<ChatRequest>, fields: JsonObject): JsonObject {
  const plain = writePlain(chat as ChatRequest, fields);
  const spelling = differences(body, plain, new Set(['model', 'messages', 'tools', 'options']));
  const { options } = body;
  if (options === undefined) return spelling;
  if (!isObject(options) || Object.keys(options).length === 0) return { ...spelling, options };
  const others = differences(options, asObject(plain.options), new Set());
  return isBlank(others) ? spelling : { ...spelling, options: others };
}

function differences(wire: JsonObject, plain: JsonObject = {}, leftOut: ReadonlySet<string>): JsonObject {
  const others: JsonObject = {};
  for (const [key, value] of Object.entries(wire)) {
    if (!leftOut.has(key) && !isSameJson(plain[key], value)) setField(others, key, value);
  }
  return others;
}

function writePlain(chat: ChatRequest, fields: JsonObject): JsonObject {
  const body: JsonObject = {};
  const options: JsonObject = {};
  for (const { place, field, write } of SETTINGS) {
    const value = write(chat);
    if (value !== undefined) (place === 'body' ? body : options)[field] = value;
  }
  for (const [key, value] of Object.entries(fields)) {
    if (key.startsWith(OPTION_PREFIX)) setField(options, key.slice(OPTION_PREFIX.length), value);
    else setField(body, key, value);
  }
  return isBlank(options) ? body : { ...body, options };
}

/** Settings and unknown fields, spelled as they were where they still say the same. */
export function writeSettings(chat: ChatRequest, fields: JsonObject, spelling: JsonObject): JsonObject {
  const plain = writePlain(chat, fields);
  const { options: spelledOptions, ...spelled } = spelling;
  const body = { ...plain, ...stillSaid(spelled, 'body', chat) };
  if (spelledOptions === undefined) return body;
  const options = asObject(plain.options) ?? {};
  if (!isObject(spelledOptions)) return isBlank(options) ? { ...body, options: spelledOptions } : body;
  return { ...body, options: { ...options, ...stillSaid(spelledOptions, 'options', chat) } };
}

function stillSaid(spelled: JsonObject, place: Setting['place'], chat: ChatRequest): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(spelled)) {
    const setting = SETTINGS.find((one) => one.place === place && one.field === name);
    if (!setting || isSameJson(setting.read(value, name), chat[setting.key])) setField(kept, name, value);
  }
  return kept;
}

/** The settings of a request, one row each: where it stands, what it means, how it is written. */
import type { ChatRequest, JsonObject, JsonValue, OutputShape, Reasoning } from '../chat.ts';
import { WireError } from '../format.ts';
import { isObject, isSameJson, setField } from '../json.ts';
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

const BODY_SETTINGS = settingsAt('body');
const OPTION_SETTINGS = settingsAt('options');

function settingsAt(place: Setting['place']): ReadonlyMap<string, Setting> {
  const here = SETTINGS.filter((setting) => setting.place === place);
  return new Map(here.map((setting) => [setting.field, setting]));
}

/** Fields of the body that are read elsewhere. */
const OTHER_FIELDS: ReadonlySet<string> = new Set(['model', 'messages', 'tools', 'options']);

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
  for (const setting of SETTINGS) {
    const { place, field, key } = setting;
    const value = place === 'body' ? body[field] : options?.[field];
    if (value === undefined) continue;
    const meaning = setting.read(value, place === 'body' ? field : OPTION_PREFIX + field);
    if (meaning !== undefined) chat[key] = meaning;
  }
  const known = chat as Partial<ChatRequest>;
  const fields = readFields(body, options ?? {});
  return { chat: known, fields, spelling: spellingOf(body, known as ChatRequest, fields) };
}

function readFields(body: JsonObject, options: JsonObject): JsonObject {
  const fields: JsonObject = {};
  for (const key in body) {
    const value = body[key]!;
    const isKnown = OTHER_FIELDS.has(key) || BODY_SETTINGS.has(key) || SERVER_FIELDS.has(key);
    const isOwn = isKnown || key.startsWith(OPTION_PREFIX);
    if (!isOwn && !isBlank(value) && value !== false) setField(fields, key, value);
  }
  for (const key in options) {
    const isOwn = OPTION_SETTINGS.has(key) || SERVER_OPTIONS.has(key);
    if (!isOwn && !isBlank(options[key])) fields[OPTION_PREFIX + key] = options[key]!;
  }
  return fields;
}

/** Fields of the body, and in `options` options, that writing would not give back as they were. */
function spellingOf(body: JsonObject, chat: ChatRequest, fields: JsonObject): JsonObject {
  const spelling: JsonObject = {};
  for (const key in body) {
    if (OTHER_FIELDS.has(key)) continue;
    const setting = BODY_SETTINGS.get(key);
    const name = key.startsWith(OPTION_PREFIX) ? undefined : key;
    const plain = setting ? setting.write(chat) : fieldOf(fields, name);
    if (!isSameJson(plain, body[key])) setField(spelling, key, body[key]!);
  }
  const { options } = body;
  if (options === undefined) return spelling;
  if (!isObject(options) || Object.keys(options).length === 0) spelling.options = options;
  else {
    const others = optionSpelling(options, chat, fields);
    if (!isBlank(others)) spelling.options = others;
  }
  return spelling;
}

function optionSpelling(options: JsonObject, chat: ChatRequest, fields: JsonObject): JsonObject {
  const others: JsonObject = {};
  for (const key in options) {
    const setting = OPTION_SETTINGS.get(key);
    const plain = setting ? setting.write(chat) : fieldOf(fields, OPTION_PREFIX + key);
    if (!isSameJson(plain, options[key])) setField(others, key, options[key]!);
  }
  return others;
}

function fieldOf(fields: JsonObject, name: string | undefined): JsonValue | undefined {
  return name !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Settings and unknown fields put into the body, spelled as they were where they still say the same. */
export function writeSettings(
  body: JsonObject,
  chat: ChatRequest,
  { fields, spelling }: { readonly fields: JsonObject; readonly spelling: JsonObject },
): void {
  const options: JsonObject = {};
  for (const setting of SETTINGS) {
    const value = setting.write(chat);
    if (value !== undefined) (setting.place === 'body' ? body : options)[setting.field] = value;
  }
  for (const key in fields) {
    if (key.startsWith(OPTION_PREFIX)) setField(options, key.slice(OPTION_PREFIX.length), fields[key]!);
    else setField(body, key, fields[key]!);
  }
  const hasOptions = !isBlank(options);
  if (hasOptions) body.options = options;
  for (const key in spelling) {
    if (!OTHER_FIELDS.has(key)) putIfStillSaid(body, key, spelling[key]!, BODY_SETTINGS.get(key), chat);
  }
  const { options: spelled } = spelling;
  if (spelled === undefined || (!isObject(spelled) && hasOptions)) return;
  body.options = isObject(spelled) ? options : spelled;
  if (!isObject(spelled)) return;
  for (const key in spelled) putIfStillSaid(options, key, spelled[key]!, OPTION_SETTINGS.get(key), chat);
}

function putIfStillSaid(
  target: JsonObject,
  key: string,
  value: JsonValue,
  setting: Setting | undefined,
  chat: ChatRequest,
): void {
  if (!setting || isSameJson(setting.read(value, key), chat[setting.key])) setField(target, key, value);
}

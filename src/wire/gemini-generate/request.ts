/**
 * Requests, both ways. A group of fields (tools, settings, …) that would come back spelled otherwise is kept as it came,
 * and used again as long as nothing it says was changed; contents do the same one by one (contents.ts).
 */
import type { ChatRequest, JsonObject, JsonValue, Warning } from '../chat.ts';
import { type Rendered, type RequestPath, WireError } from '../format.ts';
import { complete, isBlank, isHollow, isObject, isSameJson, setField } from '../json.ts';
import { parseContents, parseSystem, renderOwnContent, silentPlace, writeSystem } from './contents.ts';
import { below, FORMAT, markExtra, ownFields, ownSpelling, type Place } from './fields.ts';
import { fitRequest } from './request-fit.ts';
import { readConfig, writeConfig } from './settings.ts';
import { REQUEST, TOOL_CONFIG, withCamelNames } from './spelling.ts';
import { readToolConfig, readTools, writeToolConfig, writeTools } from './tools.ts';
import { readTraits } from './traits.ts';

/** One field of the request: what the chat has of it, and the field again. */
interface Group {
  readonly name: string;
  /** @throws {WireError} */
  readonly read: (value: JsonValue) => { readonly chat: Partial<ChatRequest>; readonly left?: JsonObject };
  readonly write: (chat: ChatRequest, place: Place) => JsonValue | undefined;
}

const GROUPS: readonly Group[] = [
  {
    name: 'systemInstruction',
    read: (value) => ({ chat: { turns: parseSystem(value) } }),
    write: (chat, place) => writeSystem(chat.turns, place),
  },
  {
    name: 'tools',
    read: (value) => ({ chat: { tools: readTools(value) } }),
    write: (chat, place) => (chat.tools.length > 0 ? writeTools(chat.tools, place) : undefined),
  },
  {
    name: 'toolConfig',
    read: (value) => {
      const { choice, left } = readToolConfig(withCamelNames(demandObject(value, 'toolConfig'), TOOL_CONFIG));
      return { chat: choice ? { toolChoice: choice } : {}, left };
    },
    write: (chat) => writeToolConfig(chat.toolChoice),
  },
  {
    name: 'generationConfig',
    read: (value) => {
      const { settings, left } = readConfig(demandObject(value, 'generationConfig'));
      return { chat: settings, left };
    },
    write: (chat) => {
      const config = writeConfig(chat);
      return Object.keys(config).length > 0 ? config : undefined;
    },
  },
  {
    name: 'serviceTier',
    read: (value) => ({ chat: typeof value === 'string' ? { serviceTier: value } : {} }),
    write: (chat) => chat.serviceTier,
  },
];

const GROUP_BY_NAME = new Map(GROUPS.map((group) => [group.name, group]));

/** @throws {WireError} */
function demandObject(value: JsonValue, path: string): JsonObject {
  if (value === null) return {};
  if (!isObject(value)) throw new WireError(`${path}: must be an object`, path);
  return value;
}

/** A `countTokens` request may hold the request it asks about; this is what it asks about. */
function openCountRequest(body: JsonObject): JsonObject {
  const { generateContentRequest, contents } = withCamelNames(body, REQUEST);
  return contents === undefined && isObject(generateContentRequest) ? generateContentRequest : body;
}

/** Also reads the body of `countTokens`, in its two forms. @throws {WireError} */
export function parseRequest(body: JsonObject, path?: RequestPath): ChatRequest {
  const whole = body.contents === undefined ? openCountRequest(body) : body;
  const named = withCamelNames(whole, REQUEST);
  const chat: Writable<ChatRequest> = {
    model: path?.model ?? '',
    turns: [],
    tools: [],
    stream: path?.isStream ?? false,
  };
  const turns = parseContents(named.contents);
  const fields = unreadFields(named);
  for (const { name, read } of GROUPS) {
    const value = named[name];
    if (value === undefined) continue;
    const got = read(value);
    Object.assign(chat, got.chat);
    if (got.left && !isHollow(got.left)) fields[name] = got.left;
  }
  chat.turns = [...chat.turns, ...turns];
  if (isStored(fields.cachedContent)) chat.serverState = ['cachedContent'];
  chat.extra = markExtra(fields);
  const spelling = findSpelling(whole, chat, chat.extra.fields);
  if (!isBlank(spelling)) chat.extra = { ...chat.extra, spelling };
  return chat;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Which model is asked says the path; the name inside says it again. */
function unreadFields(named: JsonObject): JsonObject {
  const fields: JsonObject = {};
  for (const key in named) {
    const isRead = key === 'contents' || GROUP_BY_NAME.has(key);
    const isModel = key === 'model' && typeof named.model === 'string';
    if (!isRead && !isModel) setField(fields, key, named[key]!);
  }
  return fields;
}

function isStored(cachedContent: JsonValue | undefined): boolean {
  return typeof cachedContent === 'string' && cachedContent !== '';
}

/** Top-level fields of the body that a plain rendering would not give back. */
function findSpelling(body: JsonObject, chat: ChatRequest, fields: JsonObject): JsonObject {
  const spelling: JsonObject = {};
  const place = silentPlace();
  for (const key in body) {
    if (key === 'contents') continue;
    const written = GROUP_BY_NAME.get(key)?.write(chat, place);
    const left = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (!isSameJson(joined(written, left), body[key])) setField(spelling, key, body[key]!);
  }
  return spelling;
}

/** A field of what the chat says of it, and what it has no word for. */
function joined(written: JsonValue | undefined, left: JsonValue | undefined): JsonValue | undefined {
  if (written === undefined || left === undefined) return written ?? left;
  return isObject(written) && isObject(left) ? complete(written, left) : written;
}

/** The body without contents, each field under its first name. */
function writePlain(chat: ChatRequest, place: Place): JsonObject {
  const body: JsonObject = {};
  for (const { name, write } of GROUPS) {
    const value = write(chat, place);
    if (value !== undefined) body[name] = value;
  }
  return chat.extra ? complete(body, ownFields(chat.extra)) : body;
}

export function renderRequest(chat: ChatRequest): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const isOwn = chat.extra?.format === FORMAT;
  const place: Place = { path: '', warnings, isOwn, side: 'upstream', traits: readTraits(chat.model) };
  return { body: isOwn ? renderOwn(chat, place) : fitRequest(chat, place), warnings };
}

function renderOwn(chat: ChatRequest, place: Place): JsonObject {
  const contents = chat.turns.flatMap((turn, index) =>
    turn.lead ? [] : renderOwnContent(turn, below(place, `turns[${index}]`)),
  );
  const body: JsonObject = { contents, ...writePlain(chat, place) };
  for (const [key, value] of Object.entries(ownSpelling(chat.extra))) {
    const again = parseRequest({ contents: [], [key]: value });
    const name = firstName(key);
    if (!isSameJson(writePlain(again, silentPlace())[name], body[name])) continue;
    // Inside the body a model is only said again; another one than the path's would be refused.
    if (name === 'model' && !String(value).endsWith(chat.model)) continue;
    delete body[name];
    body[key] = value;
  }
  return body;
}

function firstName(key: string): string {
  return Object.keys(withCamelNames({ [key]: null }, REQUEST))[0] ?? key;
}

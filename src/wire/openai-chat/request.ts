/** Requests: wire to chat and back. */
import type { ChatRequest, ChatTurn, Extra, JsonObject, JsonValue, Warning } from '../chat.ts';
import { type Rendered, WireError } from '../format.ts';
import { asText, isBlank, isSameJson, setField } from '../json.ts';
import type { Warn } from '../own-extra.ts';
import { adaptRequest } from './adapt-request.ts';
import { readGroups, tableOf, writeGroups } from './field-group.ts';
import type { ModelTraits } from './models.ts';
import { FORMAT, ownFields, ownSpelling } from './own.ts';
import { withoutForeign } from './own-state.ts';
import { settingGroups } from './settings.ts';
import { toolChoiceGroup, toolsGroup } from './tools.ts';
import { readTurns, writeTurn } from './turns.ts';

const TABLE = tableOf([toolsGroup, toolChoiceGroup, ...settingGroups]);
const OWNED = new Set(['model', 'messages', ...TABLE.placeOf.keys()]);

/** Values that say what holds anyway: another format that cannot say them loses nothing. */
const DEFAULTS: JsonObject = { n: 1, store: false, logprobs: false, modalities: ['text'] };

type TraitsOf = (model: string) => ModelTraits;

/** @throws {WireError} */
export function parseRequest(body: JsonObject, traitsOf: TraitsOf): ChatRequest {
  const model = asText(body.model);
  if (model === undefined) throw new WireError('`model` must be a text', 'model');
  const base: ChatRequest = { model, turns: readTurns(body.messages), tools: [], stream: false };
  const { chat, lost: fields, spelling } = readGroups(TABLE, body, base, traitsOf(model));
  for (const key in body) {
    if (OWNED.has(key)) continue;
    const value = body[key]!;
    setField(saysNothing(key, value) ? spelling : fields, key, value);
  }
  // The extra stands even when empty: it tells that the chat came from this format.
  const extra: Extra = isBlank(spelling) ? { format: FORMAT, fields } : { format: FORMAT, fields, spelling };
  return { ...chat, extra };
}

function saysNothing(key: string, value: JsonValue): boolean {
  return isBlank(value) || (Object.hasOwn(DEFAULTS, key) && isSameJson(DEFAULTS[key], value));
}

/**
 * Exact for a chat that came from this format, but for other vendors' state that its client carried along;
 * adapted, with warnings, for any other.
 */
export function renderRequest(chat: ChatRequest, traitsOf: TraitsOf): Rendered<JsonObject> {
  const traits = traitsOf(chat.model);
  const warnings: Warning[] = [];
  const warn = (warning: Warning): number => warnings.push(warning);
  if (chat.extra?.format === FORMAT) {
    const turns = chat.turns.flatMap((turn, index) => ownTurn(turn, `turns[${index}]`, warn));
    return { body: writeRequest({ ...chat, turns }, traits), warnings };
  }
  const adapted = adaptRequest(chat, traits, warn);
  return { body: writeRequest(adapted, traits), warnings };
}

/** Nothing for a turn of which nothing is left: a message that says nothing is refused. */
function ownTurn(turn: ChatTurn, path: string, warn: Warn): ChatTurn[] {
  const own = withoutForeign(turn, path, warn);
  const isGone = own !== turn && own.parts.length === 0 && isBlank(ownFields(own.extra));
  return isGone ? [] : [own];
}

function writeRequest(chat: ChatRequest, traits: ModelTraits): JsonObject {
  const fields = ownFields(chat.extra);
  const spelling = ownSpelling(chat.extra);
  const body: JsonObject = { model: chat.model, messages: chat.turns.map(writeTurn) };
  writeGroups(TABLE, chat, { traits, fields, spelling }, body);
  putUnowned(body, fields);
  putUnowned(body, spelling);
  return body;
}

function putUnowned(body: JsonObject, fields: JsonObject): void {
  for (const key in fields) if (!OWNED.has(key)) setField(body, key, fields[key]!);
}

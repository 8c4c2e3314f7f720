/** Requests: wire to chat and back. */
import type { ChatRequest, ChatTurn, JsonObject, JsonValue, Warning } from '../chat.ts';
import { type Rendered, WireError } from '../format.ts';
import { asText, isBlank, isSameJson, setField } from '../json.ts';
import type { Warn } from '../own-extra.ts';
import { adaptRequest } from './adapt-request.ts';
import { type FieldGroup, findSpelling, readGroups, writeGroups } from './field-group.ts';
import type { ModelTraits } from './models.ts';
import { FORMAT, ownFields, ownSpelling } from './own.ts';
import { withoutForeign } from './own-state.ts';
import { settingGroups } from './settings.ts';
import { toolChoiceGroup, toolsGroup } from './tools.ts';
import { readTurns, writeTurn } from './turns.ts';

const GROUPS: readonly FieldGroup[] = [toolsGroup, toolChoiceGroup, ...settingGroups];
const OWNED = new Set(['model', 'messages', ...GROUPS.flatMap((group) => group.wire)]);

/** Values that say what holds anyway: another format that cannot say them loses nothing. */
const DEFAULTS: JsonObject = { n: 1, store: false, logprobs: false, modalities: ['text'] };

type TraitsOf = (model: string) => ModelTraits;

/** @throws {WireError} */
export function parseRequest(body: JsonObject, traitsOf: TraitsOf): ChatRequest {
  const model = asText(body.model);
  if (model === undefined) throw new WireError('`model` must be a text', 'model');
  const base: ChatRequest = { model, turns: readTurns(body.messages), tools: [], stream: false };
  const read = readGroups(GROUPS, body, base);
  const fields: JsonObject = { ...read.lost };
  const spelling = findSpelling(GROUPS, body, read, traitsOf(model));
  for (const [key, value] of Object.entries(body)) {
    if (!OWNED.has(key)) setField(saysNothing(key, value) ? spelling : fields, key, value);
  }
  // The extra stands even when empty: it tells that the chat came from this format.
  return {
    ...read.chat,
    extra: { format: FORMAT, fields, ...(!isBlank(spelling) && { spelling }) },
  };
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
  return {
    model: chat.model,
    messages: chat.turns.map(writeTurn),
    ...writeGroups(GROUPS, chat, { traits, fields, spelling }),
    ...unowned(fields),
    ...unowned(spelling),
  };
}

function unowned(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !OWNED.has(key)));
}

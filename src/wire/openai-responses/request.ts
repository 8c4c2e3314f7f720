/**
 * Requests: wire to chat and back. The body as it came stands in the spelling, and each setting is written from
 * there as long as it still says what the chat says: an edited chat is never overruled by what the wire had.
 */
import type { ChatRequest, JsonObject, JsonValue, Warning } from '../chat.ts';
import { type Rendered, WireError } from '../format.ts';
import { asText, isBlank, isSameJson, objectsOf, setField, without } from '../json.ts';
import { adaptRequest } from './adapt-request.ts';
import { FORMAT, ownExtra, spelled } from './own.ts';
import { withoutForeign } from './own-state.ts';
import { settingGroups } from './settings.ts';
import { readTools, writeTools } from './tools.ts';
import { readTurns, writeTurns } from './turns.ts';

const OWNED = new Set([
  'model',
  'input',
  'instructions',
  'tools',
  ...settingGroups.flatMap(({ wire }) => wire),
]);

/** Values that say what holds anyway: another format that cannot say them loses nothing. */
const DEFAULTS: Readonly<Record<string, readonly JsonValue[]>> = {
  store: [false],
  background: [false],
  truncation: ['disabled'],
  top_logprobs: [0],
  presence_penalty: [0],
  frequency_penalty: [0],
  // Other formats show their state unasked.
  include: [['reasoning.encrypted_content']],
  stream_options: [{ include_obfuscation: false }, { include_obfuscation: true }],
};

/** @throws {WireError} */
export function parseRequest(body: JsonObject): ChatRequest {
  const model = asText(body.model);
  if (model === undefined) throw new WireError('`model` must be a text', 'model');
  const serverState = findServerState(body);
  if (isBlank(body.input) && serverState.length === 0) {
    throw new WireError('`input` must not be empty', 'input');
  }
  let chat: ChatRequest = { model, turns: readTurns(body), tools: readTools(body.tools), stream: false };
  const fields: JsonObject = {};
  for (const [key, value] of Object.entries(body)) {
    if (!OWNED.has(key) && !saysNothing(key, value)) setField(fields, key, value);
  }
  for (const group of settingGroups) {
    chat = { ...chat, ...group.read(body) };
    Object.assign(fields, group.lost?.(body));
  }
  return {
    ...chat,
    ...(serverState.length > 0 && { serverState }),
    // An input that says nothing is kept, as no turn stands for it.
    extra: ownExtra(fields, { body: without(body, isBlank(body.input) ? ['model'] : ['model', 'input']) }),
  };
}

function saysNothing(key: string, value: JsonValue): boolean {
  if (isBlank(value)) return true;
  return Object.hasOwn(DEFAULTS, key) && DEFAULTS[key]!.some((one) => isSameJson(one, value));
}

const STATE_FIELDS = ['previous_response_id', 'conversation', 'prompt'] as const;
/** Items that are state of its own servers: kept there, or encrypted for them, with the history it stands for. */
const STATE_ITEMS: ReadonlySet<string> = new Set(['item_reference', 'compaction', 'compaction_summary']);

function findServerState(body: JsonObject): string[] {
  const found: string[] = STATE_FIELDS.filter((field) => !isBlank(body[field]) && body[field] !== '');
  if (body.background === true) found.push('background');
  for (const [index, item] of objectsOf(body.input).entries()) {
    const isReference = isBlank(item.type) && item.role === undefined && item.id !== undefined;
    if (isReference) found.push(`input[${index}].item_reference`);
    else if (STATE_ITEMS.has(asText(item.type) ?? '')) found.push(`input[${index}].${item.type as string}`);
  }
  return found;
}

/** Exact for a chat that came from this format, but for state of others; adapted, with warnings, for any other. */
export function renderRequest(chat: ChatRequest): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => {
    warnings.push(warning);
  };
  const own =
    chat.extra?.format === FORMAT
      ? { ...chat, turns: withoutForeign(chat.turns, warn) }
      : adaptRequest(chat, warn);
  return { body: writeRequest(own), warnings };
}

function writeRequest(chat: ChatRequest): JsonObject {
  const was = spelled(chat.extra, 'body') ?? {};
  const rest = without(was, [...OWNED]);
  const body: JsonObject = { model: chat.model, ...rest };
  if (was.instructions === null) body.instructions = null;
  const { input, instructions } = writeTurns(chat.turns);
  if (instructions !== undefined) body.instructions = instructions;
  if (!isBlank(input)) body.input = input!;
  else if (was.input !== undefined) body.input = was.input;
  if (chat.tools.length > 0) body.tools = writeTools(chat.tools);
  else if (was.tools !== undefined && isBlank(was.tools)) body.tools = was.tools;
  for (const group of settingGroups) {
    const read = group.read(was);
    const isSame = group.chat.every((key) => isSameJson(read[key], chat[key]));
    for (const [key, value] of Object.entries(isSame ? was : group.write(chat, was))) {
      if (group.wire.includes(key)) body[key] = value;
    }
  }
  return body;
}

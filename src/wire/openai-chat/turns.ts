/** Messages to turns and back, one to one. What makes a foreign chat fit this shape stands in `adapt-turns.ts`. */
import type { ChatRole, ChatTurn, JsonObject, ToolResultPart } from '../chat.ts';
import { WireError } from '../format.ts';
import { asFullText, asText, defined, isObject, isSameJson, lookUp, unknownFields } from '../json.ts';
import { resultContent } from '../openai-content.ts';
import { unsealId } from '../seal.ts';
import {
  ASSISTANT_FIELDS,
  isLegacy,
  readAssistant,
  readContent,
  writeAssistant,
  writeContent,
} from './assistant.ts';
import { withoutSealedIds } from './call-state.ts';
import { FORMAT, ownExtra, ownFields, ownSpelling } from './own.ts';
import { withoutForeign } from './own-state.ts';
import { withoutSealedDetails } from './thinking.ts';

/** Gives calls of the legacy `function_call`, which have no id, one that its result finds again. */
interface LegacyIds {
  call(name: string): string;
  result(name: string): string;
}

type MessageReader = (message: JsonObject, path: string, ids: LegacyIds) => ChatTurn;

/** @throws {WireError} */
export function readTurns(messages: unknown): ChatTurn[] {
  if (!Array.isArray(messages)) throw new WireError('`messages` must be a list', 'messages');
  if (messages.length === 0) throw new WireError('`messages` must not be empty', 'messages');
  const open = new Map<string, string>();
  return messages.map((message, index) =>
    readTurn(message, `messages[${index}]`, {
      call: (name) => {
        open.set(name, `call_function_${index}`);
        return `call_function_${index}`;
      },
      result: (name) => open.get(name) ?? `call_function_${index}`,
    }),
  );
}

function readTurn(message: unknown, path: string, ids: LegacyIds): ChatTurn {
  if (!isObject(message)) throw new WireError(`\`${path}\` must be an object`, path);
  const reader = lookUp(READERS, message.role);
  if (!reader) {
    const roles = Object.keys(READERS).join(', ');
    throw new WireError(`\`${path}.role\` must be one of ${roles}`, `${path}.role`);
  }
  const turn = reader(message, path, ids);
  const own = withoutSealedDetails(withoutSealedIds(message));
  if (isSameJson(writePlain(withoutForeign(turn)), own)) return turn;
  // Spelled in a way the chat does not tell apart: keep the message for the way back.
  const extra = { format: FORMAT, fields: ownFields(turn.extra) } as const;
  return { ...turn, extra: { ...extra, spelling: { ...ownSpelling(turn.extra), message: own } } };
}

const READERS: Readonly<Record<string, MessageReader>> = {
  system: readSpeaker('system'),
  developer: readSpeaker('developer'),
  user: readSpeaker('user'),
  assistant: readAssistantTurn,
  tool: readToolTurn,
  function: readFunctionTurn,
};

const SPEAKER_FIELDS = new Set(['role', 'content', 'name']);
const ASSISTANT_TURN_FIELDS = new Set([...SPEAKER_FIELDS, ...ASSISTANT_FIELDS]);
const TOOL_FIELDS = new Set([...SPEAKER_FIELDS, 'tool_call_id']);

function refuseAt(path: string): (inner: string) => never {
  return (inner) => {
    throw new WireError(`\`${path}.${inner}\` is not what this field takes`, `${path}.${inner}`);
  };
}

function readSpeaker(role: ChatRole): MessageReader {
  return (message, path) => {
    const content = readContent(message.content, refuseAt(path));
    return defined<ChatTurn>({
      role,
      ...content,
      name: asText(message.name),
      extra: ownExtra(unknownFields(message, SPEAKER_FIELDS)),
    });
  };
}

function readAssistantTurn(message: JsonObject, path: string, ids: LegacyIds): ChatTurn {
  return defined<ChatTurn>({
    role: 'assistant',
    ...readAssistant(message, ids.call, refuseAt(path)),
    name: asText(message.name),
    extra: ownExtra(unknownFields(message, ASSISTANT_TURN_FIELDS)),
  });
}

function readToolTurn(message: JsonObject, path: string): ChatTurn {
  const callId = asFullText(message.tool_call_id);
  if (callId === undefined) {
    throw new WireError(`\`${path}.tool_call_id\` must name the call`, `${path}.tool_call_id`);
  }
  return defined<ChatTurn>({
    role: 'tool',
    parts: [readResult(message, path, unsealId(callId).id)],
    name: asText(message.name),
    extra: ownExtra(unknownFields(message, TOOL_FIELDS)),
  });
}

function readFunctionTurn(message: JsonObject, path: string, ids: LegacyIds): ChatTurn {
  const name = asText(message.name) ?? '';
  return {
    role: 'tool',
    parts: [readResult(message, path, ids.result(name))],
    name,
    extra: { format: FORMAT, fields: unknownFields(message, SPEAKER_FIELDS), spelling: { legacy: true } },
  };
}

function readResult(message: JsonObject, path: string, callId: string): ToolResultPart {
  const { parts, shape } = readContent(message.content, refuseAt(path));
  return defined<ToolResultPart>({ type: 'tool-result', callId, content: resultContent(parts), shape });
}

/** One message. Spelled as it came, if the turn is still what that spelling means. */
export function writeTurn(turn: ChatTurn): JsonObject {
  const spelled = ownSpelling(turn.extra).message;
  if (isObject(spelled) && isSameJson(readTurn(spelled, 'messages', idsOf(turn)), turn)) return spelled;
  return writePlain(turn);
}

function idsOf(turn: ChatTurn): LegacyIds {
  const call = turn.parts.find((part) => part.type === 'tool-call' && isLegacy(part.extra));
  const result = turn.parts.find((part) => part.type === 'tool-result');
  return {
    call: () => (call?.type === 'tool-call' ? call.id : ''),
    result: () => (result?.type === 'tool-result' ? result.callId : ''),
  };
}

function writePlain(turn: ChatTurn): JsonObject {
  const name: JsonObject = turn.name === undefined ? {} : { name: turn.name };
  return { ...writeBody(turn), ...name, ...ownFields(turn.extra) };
}

function writeBody(turn: ChatTurn): JsonObject {
  if (turn.role === 'assistant') return { role: 'assistant', ...writeAssistant(turn.parts, turn.shape) };
  const result = turn.parts.find((part) => part.type === 'tool-result');
  if (result?.type !== 'tool-result') {
    return { role: turn.role, content: writeContent(turn.parts, turn.shape) };
  }
  const content = writeContent(result.content, result.shape);
  return isLegacy(turn.extra)
    ? { role: 'function', content }
    : { role: 'tool', tool_call_id: result.callId, content };
}

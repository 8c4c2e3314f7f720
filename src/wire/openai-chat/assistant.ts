/** What an assistant says: the same message stands in requests (as history) and in replies. */
import type { ChatPart, Extra, JsonObject, JsonValue, ToolCallPart } from '../chat.ts';
import { asFullText, asObject, asText, defined, isObject, patchFields, unknownFields } from '../json.ts';
import {
  argumentsText,
  type Content,
  type ContentReader,
  type ContentShape,
  type OnMalformed,
  readContent as readContentOf,
  writeContent as writeContentOf,
} from '../openai-content.ts';
import { unsealId } from '../seal.ts';
import { extraOf, takeCallState, writeCallState } from './call-state.ts';
import { FORMAT, ownFields, ownSpelling } from './own.ts';
import { mergeInner, readContentPart, writeContentPart } from './parts.ts';
import { placeOf, readThinking, THINKING_FIELDS, writeThinking } from './thinking.ts';

const CONTENT: ContentReader = { field: 'content', readPart: readContentPart };

/** Reads `content` of a message. */
export function readContent(content: JsonValue | undefined, onMalformed: OnMalformed): Content {
  return readContentOf(content, CONTENT, onMalformed);
}

/** The inverse; parts that are no content are left to the caller. */
export function writeContent(parts: readonly ChatPart[], shape: ContentShape): JsonValue {
  return writeContentOf(parts, shape, writeContentPart);
}

export const ASSISTANT_FIELDS: readonly string[] = [
  'content',
  'refusal',
  ...THINKING_FIELDS,
  'tool_calls',
  'function_call',
  'images',
];

/** Thinking, content, refusal, images and calls of a message, in this order. */
export function readAssistant(
  message: JsonObject,
  legacyCallId: (name: string) => string,
  onMalformed: OnMalformed,
): Content {
  const content = readContent(message.content, onMalformed);
  const refusal = asFullText(message.refusal);
  const parts: ChatPart[] = [...readThinking(message), ...content.parts];
  if (refusal !== undefined) parts.push({ type: 'refusal', text: refusal });
  parts.push(...readImages(message.images));
  if (!isAbsent(message.tool_calls)) parts.push(...readToolCalls(message.tool_calls, onMalformed));
  const legacy = asObject(message.function_call);
  if (legacy) parts.push(readLegacyCall(legacy, legacyCallId));
  return { parts, shape: content.shape };
}

function isAbsent(value: JsonValue | undefined): value is null | undefined {
  return value === null || value === undefined;
}

/** OpenRouter's generated images stand beside the content. */
function readImages(images: JsonValue | undefined): ChatPart[] {
  if (!Array.isArray(images)) return [];
  return images.flatMap((image) => (isObject(image) ? (readContentPart(image) ?? []) : []));
}

function readToolCalls(calls: JsonValue | undefined, onMalformed: OnMalformed): ToolCallPart[] {
  if (!Array.isArray(calls)) {
    onMalformed('tool_calls');
    return [];
  }
  return calls.flatMap((call, index) => {
    const part = isObject(call) ? readToolCall(call) : undefined;
    if (!part) onMalformed(`tool_calls[${index}]`);
    return part ?? [];
  });
}

const CALL_FIELDS = new Set(['id', 'type', 'function', 'index']);
const CUSTOM_FIELDS = new Set(['id', 'custom', 'index']);
const FUNCTION_FIELDS = new Set(['name', 'arguments']);
const CUSTOM_INNER_FIELDS = new Set(['name', 'input']);

/** A custom call's free text stands as `arguments`, and its type as an unknown field marks it. */
function readToolCall(call: JsonObject): ToolCallPart | undefined {
  const custom = asObject(call.custom);
  const inner = custom ?? asObject(call.function);
  if (!inner) return undefined;
  const fields = unknownFields(call, custom ? CUSTOM_FIELDS : CALL_FIELDS);
  const unknown = unknownFields(inner, custom ? CUSTOM_INNER_FIELDS : FUNCTION_FIELDS);
  if (Object.keys(unknown).length > 0) fields[custom ? 'custom' : 'function'] = unknown;
  const { id, signature: sealed } = unsealId(asText(call.id) ?? '');
  const { rest, signature } = takeCallState(fields);
  return defined<ToolCallPart>({
    type: 'tool-call',
    id,
    name: asText(inner.name) ?? '',
    arguments: argumentsText(custom ? inner.input : inner.arguments),
    signature: sealed ?? signature,
    extra: extraOf(custom ? { ...rest, type: 'custom' } : rest),
  });
}

function readLegacyCall(call: JsonObject, legacyCallId: (name: string) => string): ToolCallPart {
  const name = asText(call.name) ?? '';
  return {
    type: 'tool-call',
    id: legacyCallId(name),
    name,
    arguments: argumentsText(call.arguments),
    extra: { format: FORMAT, fields: unknownFields(call, FUNCTION_FIELDS), spelling: { legacy: true } },
  };
}

export function isLegacy(extra: Extra | undefined): boolean {
  return ownSpelling(extra).legacy === true;
}

/** The fields of an assistant message. */
export function writeAssistant(parts: readonly ChatPart[], shape: ContentShape): JsonObject {
  const message: JsonObject = {};
  const isField = (part: ChatPart): boolean => part.type === 'refusal' && shape !== undefined;
  const inline = parts.filter((part) => part.type !== 'tool-call' && !isField(part) && !isBeside(part));
  message.content = writeContent(inline, shape);
  for (const part of parts) if (isField(part) || isBeside(part)) writeBeside(message, part);
  Object.assign(message, writeThinking(parts));
  if (shape !== undefined) for (const part of parts) writeFragments(message, part);
  const calls = parts.filter((part) => part.type === 'tool-call');
  const legacy = calls.find((call) => isLegacy(call.extra));
  if (legacy) message.function_call = writeFunction(legacy);
  else if (calls.length > 0) message.tool_calls = calls.map(writeToolCall);
  return message;
}

/** What a stream told beside a text (annotations) stands beside the content of a whole message. */
function writeFragments(message: JsonObject, part: ChatPart): void {
  if (part.type !== 'text' && part.type !== 'thinking' && part.type !== 'refusal') return;
  const { choices: _, ...fields } = ownFields(part.extra);
  patchFields(message, fields);
}

/** Parts that stand in a field of their own, not in the content. */
function isBeside(part: ChatPart): boolean {
  if (part.type === 'thinking') return placeOf(part.signature) !== 'content';
  return part.type === 'image' || part.type === 'redacted-thinking';
}

function writeBeside(message: JsonObject, part: ChatPart): void {
  if (part.type === 'refusal') message.refusal = `${asText(message.refusal) ?? ''}${part.text}`;
  if (part.type === 'image') {
    const written = writeContentPart(part);
    if (written) message.images = [...(Array.isArray(message.images) ? message.images : []), written];
  }
}

function writeFunction(call: ToolCallPart): JsonObject {
  return { name: call.name, arguments: call.arguments, ...ownFields(call.extra) };
}

export function writeToolCall(call: ToolCallPart): JsonObject {
  const fields = { ...ownFields(call.extra), ...writeCallState(call.signature) };
  if (fields.type === 'custom') {
    return mergeInner({ id: call.id, custom: { name: call.name, input: call.arguments } }, fields);
  }
  const inner = { name: call.name, arguments: call.arguments };
  return mergeInner({ id: call.id, type: 'function', function: inner }, fields);
}

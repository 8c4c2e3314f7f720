/** Whole replies: wire to chat and back. A line of a stream has the same shape. */
import type { ChatPart, ChatReply, FormatId, JsonObject, ToolCallPart, Warning } from '../chat.ts';
import { type DecodeContext, type Rendered, type ReplyContext, WireError } from '../format.ts';
import { asFullText, asObject, asText, defined, isObject, isSameJson, objectsOf } from '../json.ts';
import type { Warn } from '../own-extra.ts';
import { sealId, writeSignature } from '../seal.ts';
import { argumentsObject, createCallIds, RAW_ARGUMENTS_NOTE, readCall, writeCall } from './calls.ts';
import { readImages, writeImage } from './images.ts';
import { FORMAT, isBlank, ownFields, ownSpelling, unknownFields, warnExtra } from './own.ts';
import { readStop, stopLoss, writeStop } from './stop.ts';
import { insertThoughts, THOUGHTS_FIELD, writeThoughts } from './thoughts.ts';
import { METRIC_FIELDS, readUsage, writeUsage } from './usage.ts';

/**
 * What is read of a reply, or needs no warning when another format leaves it out: how long the server took, and which
 * one it handed the request to, say nothing of the answer.
 */
export const BODY_FIELDS: ReadonlySet<string> = new Set([
  'model',
  'created_at',
  'message',
  'done',
  'done_reason',
  'remote_model',
  'remote_host',
  ...METRIC_FIELDS,
]);
export const MESSAGE_FIELDS: ReadonlySet<string> = new Set([
  'role',
  'content',
  'thinking',
  THOUGHTS_FIELD,
  'images',
  'tool_calls',
]);

/** @throws {WireError} */
export function parseReply(body: JsonObject, context?: DecodeContext): ChatReply {
  const reply = readPlain(body, context?.fallbackId ?? '');
  const fields = ownFields(reply.extra);
  if (isSameJson(writePlain(reply, reply.model, 0), body)) return reply;
  return { ...reply, extra: { format: FORMAT, fields, spelling: { body } } };
}

function readPlain(body: JsonObject, fallbackId: string): ChatReply {
  const message = asObject(body.message);
  if (!message) throw new WireError('a reply must have a `message`', 'message');
  const parts = readParts(message, fallbackId);
  return defined<ChatReply>({
    // This wire has no ids of replies.
    id: fallbackId,
    model: asText(body.model) ?? '',
    createdAtMs: readTime(body.created_at),
    parts,
    stop: readStop(body, hasCalls(parts)),
    usage: readUsage(body),
    // The extra stands even when empty: it tells that the reply came from this format.
    extra: { format: FORMAT, fields: readUnknown(body, message) },
  });
}

function readParts(message: JsonObject, fallbackId: string): ChatPart[] {
  const takeId = createCallIds(fallbackId);
  const text = asFullText(message.content);
  const calls = objectsOf(message.tool_calls).flatMap((call) => readCall(call, takeId) ?? []);
  const said: ChatPart[] = text === undefined ? [] : [{ type: 'text', text }];
  return insertThoughts(message, [...said, ...readImages(message.images), ...calls]);
}

export function hasCalls(parts: readonly ChatPart[]): boolean {
  return parts.some((part) => part.type === 'tool-call');
}

/** Epoch milliseconds of an ISO time; the wire's has nanoseconds. */
export function readTime(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Fields of a body or line, and of its message, that the chat has no word for. */
export function readUnknown(body: JsonObject, message: JsonObject): JsonObject {
  const fields = unknownFields(body, BODY_FIELDS);
  const inner = unknownFields(message, MESSAGE_FIELDS);
  return isBlank(inner) ? fields : { ...fields, message: inner };
}

/** Exact for a reply that came from this format, but for the model's name; adapted for any other. */
export function renderReply(reply: ChatReply, context: ReplyContext): Rendered<JsonObject> {
  const { model, nowMs } = context;
  const warnings: Warning[] = [];
  const isOwn = reply.extra?.format === FORMAT;
  const own = isOwn ? reply : adaptReply(reply, (warning) => warnings.push(warning));
  const spelled = ownSpelling(own.extra).body;
  const isSpelled = isObject(spelled) && isStillSaid(spelled, own);
  return { body: isSpelled ? { ...spelled, model } : writePlain(own, model, nowMs), warnings };
}

/** Nothing the spelling says was changed since. */
function isStillSaid(spelled: JsonObject, reply: ChatReply): boolean {
  const read = readPlain(spelled, reply.id);
  return isSameJson({ ...read, extra: undefined }, { ...reply, extra: undefined });
}

function writePlain(reply: ChatReply, model: string, nowMs: number): JsonObject {
  const isOwn = reply.extra?.format === FORMAT;
  const { message, ...fields } = { ...ownFields(reply.extra), ...fragmentsOf(reply.parts) };
  return {
    model,
    created_at: new Date(reply.createdAtMs ?? nowMs).toISOString(),
    message: { ...writeMessage(reply.parts), ...asObject(message) },
    done: true,
    ...writeStop(reply.stop, isOwn),
    ...writeUsage(reply.usage, isOwn),
    ...fields,
  };
}

/** Log probabilities and the like that a stream told piece by piece. */
function fragmentsOf(parts: readonly ChatPart[]): JsonObject {
  const fields: JsonObject = {};
  for (const part of parts) {
    if (part.type !== 'text' && part.type !== 'thinking') continue;
    for (const [key, value] of Object.entries(ownFields(part.extra))) {
      const before = fields[key];
      fields[key] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value;
    }
  }
  return fields;
}

function writeMessage(parts: readonly ChatPart[]): JsonObject {
  const images = parts.flatMap((part) => (part.type === 'image' ? (writeImage(part) ?? []) : []));
  const calls = parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
  return {
    role: 'assistant',
    content: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    ...writeThoughts(parts, (signature) => writeSignature(signature, FORMAT)),
    ...(images.length > 0 && { images }),
    ...(calls.length > 0 && { tool_calls: calls.map(writeReplyCall) }),
  };
}

/** A call as a client is given it: the state its maker wants back rides on the id. */
export function writeReplyCall(call: ToolCallPart, index: number): JsonObject {
  return writeCall(call, sealId(call.id, call.signature), index);
}

function adaptReply(reply: ChatReply, warn: Warn): ChatReply {
  warnExtra(reply.extra, 'extra', warn);
  warnOfStop(reply.stop, warn);
  const { extra, ...rest } = reply;
  const parts = reply.parts.flatMap((part, index) =>
    adaptReplyPart(withMaker(part, extra?.format), `parts[${index}]`, warn),
  );
  return { ...rest, parts };
}

/** A thought without a proof says at least whose it is, so that no other maker's model is given it. */
function withMaker(part: ChatPart, maker: FormatId | undefined): ChatPart {
  if (part.type !== 'thinking' || part.signature || !maker) return part;
  return { ...part, signature: { format: maker, value: '' } };
}

export function warnOfStop(stop: ChatReply['stop'], warn: Warn): void {
  const loss = stopLoss(stop);
  if (loss !== undefined) warn({ kind: 'approximated', path: 'stop', note: loss });
  if (stop.sequence === undefined) return;
  warn({ kind: 'dropped', path: 'stop.sequence', note: 'there is no field for the stop text met' });
}

/** What is said where a part cannot be shown as it is; the same in replies and streams. */
export const LOSSES = {
  refusal: 'a refusal is shown as text',
  image: 'an image without its bytes has no place here',
  part: (type: string) => `an answer has no place for a ${type}`,
} as const;

function adaptReplyPart(part: ChatPart, path: string, warn: Warn): ChatPart[] {
  if (part.type !== 'opaque') warnExtra(part.extra, `${path}.extra`, warn);
  const drop = (note: string): ChatPart[] => {
    warn({ kind: 'dropped', path, note });
    return [];
  };
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'redacted-thinking':
      return [part];
    case 'refusal':
      warn({ kind: 'approximated', path, note: LOSSES.refusal });
      return [{ type: 'text', text: part.text }];
    case 'tool-call':
      warnOfArguments(part, path, warn);
      return [part];
    case 'image':
      return writeImage(part) === undefined ? drop(LOSSES.image) : [part];
    case 'opaque':
      return drop(`only ${part.format} knows this block`);
    case 'audio':
    case 'document':
    case 'tool-result':
      return drop(LOSSES.part(part.type));
    default:
      return part satisfies never;
  }
}

export function warnOfArguments(call: ToolCallPart, path: string, warn: Warn): void {
  if (argumentsObject(call.arguments)) return;
  warn({ kind: 'approximated', path: `${path}.arguments`, note: RAW_ARGUMENTS_NOTE });
}

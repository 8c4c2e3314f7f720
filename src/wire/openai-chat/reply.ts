/** Whole replies: wire to chat and back. */
import type { ChatPart, ChatReply, JsonObject, JsonValue, Warning } from '../chat.ts';
import { type DecodeContext, type Rendered, type ReplyContext, WireError } from '../format.ts';
import {
  asFullText,
  asObject,
  asText,
  defined,
  isBlank,
  isObject,
  isSameJson,
  patchFields,
  unknownFields,
} from '../json.ts';
import type { Warn } from '../own-extra.ts';
import { adaptReplyParts } from './adapt-reply.ts';
import { ASSISTANT_FIELDS, readAssistant, writeAssistant } from './assistant.ts';
import { fallbackCallId } from './decode-calls.ts';
import { FORMAT, ownFields, ownSpelling, warnExtra } from './own.ts';
import { readStop, writeStop } from './stop.ts';
import { readUsage, writeUsage } from './usage.ts';

/** Fields that name the server and its build and say nothing of the answer; the tier stands in the usage. */
const SERVER_FIELDS = ['system_fingerprint', 'service_tier', 'obfuscation', 'provider', 'x_groq'];
/** What is read of a reply, or needs no warning when another format leaves it out. */
export const BODY_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'object',
  'created',
  'model',
  'choices',
  'usage',
  ...SERVER_FIELDS,
]);
/** `native_finish_reason` is the same stop in the words of OpenRouter's provider. */
export const CHOICE_FIELDS: ReadonlySet<string> = new Set([
  'index',
  'message',
  'delta',
  'finish_reason',
  'native_finish_reason',
  'stop_reason',
]);
const MESSAGE_FIELDS = new Set(['role', ...ASSISTANT_FIELDS]);

/** The first choice is the reply. The others, and unknown fields of the first, stand in `extra.fields.choices`. */
export function parseReply(body: JsonObject, context?: DecodeContext): ChatReply {
  const reply = readPlain(body, context?.fallbackId);
  if (isSameJson(writePlain(reply, reply.model, { id: reply.id, nowMs: 0 }), body)) return reply;
  const extra = { format: FORMAT, fields: ownFields(reply.extra) } as const;
  return { ...reply, extra: { ...extra, spelling: { body } } };
}

function readPlain(body: JsonObject, exchangeId?: string): ChatReply {
  if (!Array.isArray(body.choices)) throw new WireError('a reply must have `choices`', 'choices');
  const choice = asObject(body.choices[0]) ?? {};
  const message = asObject(choice.message) ?? {};
  const { parts } = readAssistant(
    message,
    () => `call_function_${asText(body.id) ?? ''}`,
    () => undefined,
  );
  return defined<ChatReply>({
    id: asText(body.id) ?? '',
    model: asText(body.model) ?? '',
    createdAtMs: typeof body.created === 'number' ? body.created * 1000 : undefined,
    parts: exchangeId === undefined ? parts : withCallIds(parts, asFullText(body.id) ?? exchangeId),
    stop: readStop(choice, hasCalls(parts)),
    usage: readUsage(body),
    // The extra stands even when empty: it tells that the reply came from this format.
    extra: { format: FORMAT, fields: readUnknown(body, choice, message) },
  });
}

/** Some servers give their calls no ids; clients need them to say whose result is whose. */
function withCallIds(parts: readonly ChatPart[], replyId: string): ChatPart[] {
  return parts.map((part, index) =>
    part.type === 'tool-call' && part.id === '' ? { ...part, id: fallbackCallId(index, replyId) } : part,
  );
}

export function hasCalls(parts: readonly ChatPart[]): boolean {
  return parts.some((part) => part.type === 'tool-call');
}

function readUnknown(body: JsonObject, choice: JsonObject, message: JsonObject): JsonObject {
  const fields = unknownFields(body, BODY_FIELDS);
  const first = unknownFields(choice, CHOICE_FIELDS);
  const inner = unknownFields(message, MESSAGE_FIELDS);
  if (!isBlank(inner)) first.message = inner;
  const rest = (body.choices as JsonValue[]).slice(1);
  if (!isBlank(first) || rest.length > 0) fields.choices = [first, ...rest];
  return fields;
}

/** Exact for a reply that came from this format, but for the model's name; adapted for any other. */
export function renderReply(reply: ChatReply, context: ReplyContext): Rendered<JsonObject> {
  const { model, fallbackId, nowMs } = context;
  const warnings: Warning[] = [];
  const own = reply.extra?.format === FORMAT ? reply : adaptReply(reply, (warning) => warnings.push(warning));
  const spelled = ownSpelling(own.extra).body;
  const body =
    isObject(spelled) && isStillSaid(spelled, own)
      ? { ...spelled, model, ...(reply.id === '' && { id: fallbackId }) }
      : writePlain(own, model, { id: reply.id === '' ? fallbackId : reply.id, nowMs });
  return { body, warnings };
}

/** Nothing the spelling says was changed since. */
function isStillSaid(spelled: JsonObject, reply: ChatReply): boolean {
  const read = readPlain(spelled);
  return isSameJson({ ...read, extra: undefined }, { ...reply, extra: undefined });
}

function adaptReply(reply: ChatReply, warn: Warn): ChatReply {
  warnExtra(reply.extra, 'extra', warn);
  if (reply.stop.sequence !== undefined) {
    warn({ kind: 'dropped', path: 'stop.sequence', note: 'there is no field for the stop text met' });
  }
  const { extra: _, ...rest } = reply;
  return { ...rest, parts: adaptReplyParts(reply.parts, reply.extra?.format, warn) };
}

function writePlain(reply: ChatReply, model: string, known: { id: string; nowMs: number }): JsonObject {
  const { parts } = reply;
  const isOwn = reply.extra?.format === FORMAT;
  const { choices, ...fields } = ownFields(reply.extra);
  const [first = null, ...rest] = Array.isArray(choices) ? choices : [];
  const { message: inner, ...choice }: JsonObject = { ...fragmentsOf(parts), ...asObject(first) };
  const said = parts.some((part) => part.type === 'text');
  const message = { ...writeAssistant(parts, said ? 'string' : 'empty'), ...asObject(inner) };
  return {
    id: known.id,
    object: 'chat.completion',
    created: Math.floor((reply.createdAtMs ?? known.nowMs) / 1000),
    model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', refusal: null, ...message },
        logprobs: null,
        finish_reason: writeStop(reply.stop, isOwn, hasCalls(parts)),
        ...choice,
      },
      ...rest,
    ],
    ...(reply.usage && { usage: writeUsage(reply.usage, isOwn) }),
    ...fields,
  };
}

/** Log probabilities and the like that a stream told piece by piece. */
function fragmentsOf(parts: readonly ChatPart[]): JsonObject {
  const choice: JsonObject = {};
  for (const part of parts) {
    const pieces = part.type === 'opaque' ? undefined : ownFields(part.extra).choices;
    if (Array.isArray(pieces)) for (const piece of pieces) patchFields(choice, asObject(piece) ?? {});
  }
  return choice;
}

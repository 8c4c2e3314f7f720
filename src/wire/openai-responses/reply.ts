/** Whole replies: wire to chat and back. */
import type { ChatPart, ChatReply, JsonObject, Warning } from '../chat.ts';
import { type Rendered, type ReplyContext, WireError } from '../format.ts';
import { asObject, asText, defined, objectsOf } from '../json.ts';
import { readItem } from './items.ts';
import { FORMAT, spelled, warnExtra } from './own.ts';
import { closeResponse, openResponse, readCreatedAt, responseExtra } from './response.ts';
import { showParts } from './show-items.ts';
import { readStop, stopWord, writeStop } from './stop.ts';
import { readUsage, writeUsage } from './usage.ts';

export function parseReply(body: JsonObject): ChatReply {
  if (!Array.isArray(body.output)) throw new WireError('a reply must have an `output`', 'output');
  if (body.status === 'failed') {
    // An answer with status 200 that is none.
    throw new WireError(asText(asObject(body.error)?.message) ?? 'the response failed', 'error');
  }
  const parts = objectsOf(body.output).flatMap(readItem);
  return defined<ChatReply>({
    id: asText(body.id) ?? '',
    model: asText(body.model) ?? '',
    createdAtMs: readCreatedAt(body),
    parts,
    stop: readStop(body, hasCalls(parts)),
    usage: readUsage(body),
    extra: responseExtra(body),
  });
}

export function hasCalls(parts: readonly ChatPart[]): boolean {
  return parts.some((part) => part.type === 'tool-call');
}

/** Exact for a reply that came from this format, but for the model's name; adapted for any other. */
export function renderReply(reply: ChatReply, context: ReplyContext): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const warn = (warning: Warning): void => {
    warnings.push(warning);
  };
  const isOwn = reply.extra?.format === FORMAT;
  const id = reply.id === '' ? context.fallbackId : reply.id;
  const output = showParts(reply.parts, { id, isOwn, tools: context.tools ?? [], warn });
  warnExtra(reply.extra, 'extra', warn);
  if (reply.stop.sequence !== undefined && !isOwn) {
    warn({ kind: 'dropped', path: 'stop.sequence', note: 'there is no field for the stop text met' });
  }
  const was = spelled(reply.extra, 'body');
  if (was) return { body: renderOwn(reply, { was, id, output, model: context.model }), warnings };
  const opened = openResponse({ id, createdAtMs: reply.createdAtMs }, context, undefined);
  const stop = writeStop(reply.stop, isOwn);
  return { body: closeResponse(opened, { stop, output, usage: reply.usage, isOwn, was }), warnings };
}

function renderOwn(
  { stop, usage }: ChatReply,
  own: {
    readonly was: JsonObject;
    readonly id: string;
    readonly output: JsonObject[];
    readonly model: string;
  },
): JsonObject {
  const { was, id, output, model } = own;
  return {
    ...was,
    id,
    model,
    ...stopFields(stop, was),
    output,
    ...(usage && { usage: writeUsage(usage, true) }),
  };
}

/** The fields that say why it ended; none where the response says so already. */
export function stopFields(stop: ChatReply['stop'], was: JsonObject | undefined): JsonObject {
  return was && (stopWord(was) ?? null) === stop.raw ? {} : writeStop(stop, true);
}

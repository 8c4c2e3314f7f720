/** Whole replies, both ways. The first candidate is the reply; the others stand in `extra.fields.candidates`. */
import type { ChatPart, ChatReply, JsonObject, Signature, StopReason, Warning } from '../chat.ts';
import { type DecodeContext, type Rendered, type ReplyContext, WireError } from '../format.ts';
import { complete, defined, isBlank, isObject, isSameJson, objectsOf, without } from '../json.ts';
import { drop } from '../place.ts';
import { createCallIds } from './call-ids.ts';
import { below, dropForeign, FORMAT, markExtra, ownFields, ownSpelling, type Place } from './fields.ts';
import { readPart } from './part-parse.ts';
import { renderParts } from './part-render.ts';
import {
  candidateOf,
  candidatesOf,
  firstCandidate,
  isResponse,
  MODEL_ROLE,
  partsOf,
  readHead,
  renderTail,
  unknownAround,
  unknownOfCandidate,
} from './response.ts';
import { PART, withCamelNames } from './spelling.ts';
import { UNSIGNED } from './state.ts';
import { blockedStop, blockReasonOf, readStop, writeStop } from './stop.ts';
import { readTraits } from './traits.ts';
import { readUsage, renderUsage } from './usage.ts';

/** A frame or a reply without any part would be a broken one. */
export const EMPTY_PART: JsonObject = { text: '' };
/** Ids of calls are made from this where neither the exchange nor the reply has one. */
const NO_ID = 'call';

/** @throws {WireError} when the body is no reply of this format at all */
export function parseReply(body: JsonObject, context?: DecodeContext): ChatReply {
  if (!isResponse(body)) {
    throw new WireError(
      'the answer is no reply: it has neither candidates nor a promptFeedback',
      'candidates',
    );
  }
  const reply = readReply(body, context);
  if (isSameJson(writePlain(reply, reply.id, reply.model), body)) return reply;
  return { ...reply, extra: markExtra(ownFields(reply.extra), { body }) };
}

function readReply(body: JsonObject, context?: DecodeContext): ChatReply {
  const head = readHead(body);
  const candidate = firstCandidate(body);
  const ids = createCallIds(context?.fallbackId || head.id || NO_ID);
  const parts: ChatPart[] = [];
  for (const wire of partsOf(candidate)) {
    for (const { part } of readPart(withCamelNames(wire, PART), ids)) parts.push(part);
  }
  const hasCalls = parts.some((part) => part.type === 'tool-call');
  const finish = candidate?.finishReason;
  const blocked = typeof finish === 'string' ? undefined : blockReasonOf(body);
  return defined<ChatReply>({
    id: head.id,
    model: head.model,
    createdAtMs: head.createdAtMs,
    parts,
    stop: blocked
      ? blockedStop(blocked)
      : readStop(typeof finish === 'string' ? finish : undefined, hasCalls),
    usage: readUsage(body.usageMetadata),
    // The extra stands even when empty: it tells that the reply came from this format.
    extra: markExtra(readFields(body, candidate, blocked !== undefined)),
  });
}

function readFields(body: JsonObject, candidate: JsonObject | undefined, isBlocked: boolean): JsonObject {
  const fields = unknownAround(body);
  // Said by the stop; and what is left says nothing without it.
  if (isBlocked) delete fields.promptFeedback;
  const first = unknownOfCandidate(candidate);
  const others = candidatesOf(body).filter((one) => one !== candidate);
  if (Object.keys(first).length > 0 || others.length > 0) fields.candidates = [first, ...others];
  return fields;
}

export function renderReply(reply: ChatReply, context: ReplyContext): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const id = reply.id || context.fallbackId;
  const { body: wire } = ownSpelling(reply.extra);
  if (isObject(wire) && isStillSaid(wire, reply))
    return { body: nameModel(wire, context.model, id), warnings };
  const isOwn = reply.extra?.format === FORMAT;
  const place: Place = { path: '', warnings, isOwn, side: 'client', traits: readTraits('') };
  return { body: writeReply(reply, id, context.model, place), warnings };
}

/** Nothing the wire says was changed since. */
function isStillSaid(wire: JsonObject, reply: ChatReply): boolean {
  return isSameJson(writePlain(readReply(wire), '', ''), writePlain(reply, '', ''));
}

/** What the wire did not say is not added, but for an id that is missing. */
function nameModel(wire: JsonObject, model: string, id: string): JsonObject {
  const named = wire.modelVersion === undefined ? wire : { ...wire, modelVersion: model };
  return wire.responseId === '' ? { ...named, responseId: id } : named;
}

function writePlain(reply: ChatReply, id: string, model: string): JsonObject {
  const place: Place = { path: '', warnings: [], isOwn: true, side: 'client', traits: readTraits('') };
  return writeReply(reply, id, model, place);
}

function writeReply(reply: ChatReply, id: string, model: string, place: Place): JsonObject {
  const fields = ownFields(reply.extra);
  const [own, ...others] = objectsOf(fields.candidates);
  const first: JsonObject = {
    content: { parts: replyParts(reply, place), role: MODEL_ROLE },
    finishReason: writeStop(reply.stop, place.isOwn, isRefused(reply.parts)),
    index: 0,
  };
  noteStop(reply.stop, place);
  const body: JsonObject = {
    candidates: [own ? complete(first, own) : first, ...others, ...streamedCandidates(reply)],
  };
  if (reply.usage) body.usageMetadata = renderUsage(reply.usage, place.isOwn);
  Object.assign(body, renderTail({ id, model, createdAtMs: reply.createdAtMs }));
  if (!place.isOwn) dropForeign(reply.extra, place);
  return isBlank(fields) ? body : complete(body, without(fields, ['candidates']));
}

/** A refusal and nothing else to do: with a call the answer goes on. */
function isRefused(parts: readonly ChatPart[]): boolean {
  const hasRefusal = parts.some((part) => part.type === 'refusal' && part.text !== '');
  return hasRefusal && !parts.some((part) => part.type === 'tool-call');
}

/** Other candidates' frames, as a folded stream has them among its parts. */
function streamedCandidates({ parts }: ChatReply): JsonObject[] {
  return parts.flatMap<JsonObject>((part) => candidateOf(part) ?? []);
}

/** Clients read a content without parts as broken. */
function replyParts({ parts }: ChatReply, place: Place): JsonObject[] {
  if (place.isOwn)
    return renderParts(
      parts.filter((part) => !candidateOf(part)),
      place,
    );
  const said = parts.map((part, index) =>
    part.type === 'tool-result' ? leaveOut(below(place, `parts[${index}]`)) : part,
  );
  const rendered = renderParts(markCall(said), place);
  return rendered.length > 0 ? rendered : [EMPTY_PART];
}

/** Parts an answer cannot hold are left out here; as an empty text, so that the others keep their places. */
function leaveOut(place: Place): ChatPart {
  drop(place, '', 'an answer has no place for a tool result');
  return { type: 'text', text: '' };
}

function markCall(parts: readonly ChatPart[]): ChatPart[] {
  const first = parts.findIndex((part) => part.type === 'tool-call');
  return parts.map((part, index) => (index === first ? markUnsigned(part) : part));
}

/** The first call of a foreign answer says that it has no signature, for the case that a Gemini model goes on with it. */
export function markUnsigned<T extends { readonly signature?: Signature } | ChatPart>(call: T): T {
  return 'signature' in call && call.signature ? call : { ...call, signature: UNSIGNED };
}

/** Names in a warning the stop text that was met, for which Gemini has no field. */
export function noteStop({ sequence }: StopReason, place: Place): void {
  if (sequence === undefined || place.isOwn) return;
  drop(place, 'stop.sequence', 'there is no field for the stop text met');
}

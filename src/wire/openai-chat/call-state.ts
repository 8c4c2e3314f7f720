/**
 * State that belongs to a tool call: Gemini's compatible endpoints give a thought's signature with a call and want
 * it back there. State of other vendors is appended to the call's id, which every client sends back.
 */
import type { Extra, JsonObject, Signature } from '../chat.ts';
import { asObject, asText, isObject } from '../json.ts';
import { sealId, unsealId } from '../seal.ts';
import { FORMAT } from './own.ts';

const FIELD = 'extra_content';

/** Takes the state out of a call's unknown fields. */
export function takeCallState(fields: JsonObject): {
  readonly rest: JsonObject;
  readonly signature?: Signature;
} {
  const { [FIELD]: extra, ...rest } = fields;
  if (asText(asObject(asObject(extra)?.google)?.thought_signature) === undefined) return { rest: fields };
  return { rest, signature: { format: FORMAT, value: '', fields: { [FIELD]: extra! } } };
}

/** The field of a call with own state; none for another's. */
export function writeCallState(signature: Signature | undefined): JsonObject {
  const extra = signature?.format === FORMAT ? signature.fields?.[FIELD] : undefined;
  return extra === undefined ? {} : { [FIELD]: extra };
}

/** The id a client is shown. */
export function shownId(id: string, signature: Signature | undefined): string {
  return signature?.format === FORMAT ? id : sealId(id, signature);
}

/** A message with the ids its calls had before state was appended to them; the same object where none has any. */
export function withoutSealedIds(message: JsonObject): JsonObject {
  const { tool_call_id: resultOf, tool_calls: calls } = message;
  if (typeof resultOf === 'string') return withId(message, 'tool_call_id', resultOf);
  if (!Array.isArray(calls)) return message;
  const plain = calls.map((call) =>
    isObject(call) && typeof call.id === 'string' ? withId(call, 'id', call.id) : call,
  );
  return plain.every((call, at) => call === calls[at]) ? message : { ...message, tool_calls: plain };
}

function withId(value: JsonObject, key: string, id: string): JsonObject {
  const own = unsealId(id).id;
  return own === id ? value : { ...value, [key]: own };
}

/** An extra of these fields; undefined where there are none. */
export function extraOf(fields: JsonObject): Extra | undefined {
  return Object.keys(fields).length > 0 ? { format: FORMAT, fields } : undefined;
}

/**
 * Reasoning items and thoughts. The whole item stands in the signature, so that it is written again as it was
 * wherever the conversation went in between; state of other makers stands sealed in `encrypted_content`.
 */
import type {
  ChatPart,
  JsonObject,
  JsonValue,
  RedactedThinkingPart,
  Signature,
  ThinkingPart,
} from '../chat.ts';
import { asFullText, asText, objectsOf, without } from '../json.ts';
import { isDamagedSeal, seal, unseal } from '../seal.ts';
import { FORMAT, ownExtra } from './own.ts';

/** Which field of the item has the text: the model's own summary, or (open models) the thoughts themselves. */
export type ReasoningField = 'summary' | 'content';

/** Between the paragraphs of a summary, where a thought is one text. */
export const PARAGRAPH = '\n\n';

const TEXT_TYPES: Readonly<Record<ReasoningField, string>> = {
  summary: 'summary_text',
  content: 'reasoning_text',
};

/** The texts of a field as one. */
export function textOfField(item: JsonObject, field: ReasoningField): string {
  return objectsOf(item[field])
    .map(({ text }) => asText(text) ?? '')
    .join(field === 'summary' ? PARAGRAPH : '');
}

/** The field a whole item shows its text in. */
export function fieldOf(item: JsonObject): ReasoningField {
  return textOfField(item, 'summary') === '' && textOfField(item, 'content') !== '' ? 'content' : 'summary';
}

/** Says inside a seal that what is sealed was never shown as a text: the item itself does not tell. */
const REDACTED = 'redacted';

/** A thought; an item that holds none but an id (state of its own servers) is opaque. */
export function readReasoning(item: JsonObject): ChatPart {
  const signature = readState(item);
  const field = fieldOf(item);
  const text = textOfField(item, field);
  if (isSealed(item)) return readSealed(text, signature);
  if (text === '' && signature.value === '') return { type: 'opaque', format: FORMAT, value: item };
  return { type: 'thinking', text, signature, extra: reasoningExtra(item, field) };
}

function isSealed(item: JsonObject): boolean {
  return unseal(asText(item.encrypted_content) ?? '') !== undefined;
}

function readSealed(text: string, signature: Signature): ThinkingPart | RedactedThinkingPart {
  if (signature.fields?.[REDACTED] !== true) return { type: 'thinking', text, signature };
  const { format, value } = signature;
  const fields = without(signature.fields, [REDACTED]);
  const isBare = Object.keys(fields).length === 0;
  return { type: 'redacted-thinking', data: isBare ? { format, value } : { format, value, fields } };
}

/** The state in an item: of another maker where it is sealed, else all of the item, to be written again. */
export function readState(item: JsonObject): Signature {
  const value = asFullText(item.encrypted_content);
  const own = { format: FORMAT, value: value ?? '' } as const;
  const fields = without(item, value === undefined ? ['type'] : ['type', 'encrypted_content']);
  return unseal(own.value) ?? { ...own, fields };
}

/** What a stream must know of the item before its text is written. */
export function reasoningExtra(item: JsonObject, field: ReasoningField): NonNullable<ThinkingPart['extra']> {
  const id = asText(item.id);
  return ownExtra({}, { reasoning: id === undefined ? { field } : { field, id } });
}

/** An item of this format again, from its own signature. A text that was changed since replaces its text. */
export function writeOwnReasoning(signature: Signature, text: string): JsonObject {
  const { value, fields } = signature;
  const item: JsonObject = { type: 'reasoning', summary: [], ...fields };
  if (value !== '') item.encrypted_content = value;
  const isKept =
    text === '' || text === textOfField(item, 'summary') || text === textOfField(item, 'content');
  if (isKept) return item;
  const field = fieldOf(item);
  return { ...item, [field]: textList(field, text) };
}

function textList(field: ReasoningField, text: string): JsonValue[] {
  return text === '' ? [] : [{ type: TEXT_TYPES[field], text }];
}

/** A part as one entry of its field. */
export function reasoningText(field: ReasoningField, text: string): JsonObject {
  return { type: TEXT_TYPES[field], text };
}

/**
 * A thought of any maker as an item for a client, who gives it back whole.
 * @param isTold the client knows the item by this id already: one that has another id must go sealed too
 */
export function showReasoning(
  part: { readonly text: string; readonly signature: Signature | undefined },
  id: string,
  isTold = false,
): JsonObject {
  const { text, signature } = part;
  const ownId = signature?.format === FORMAT ? signature.fields?.id : undefined;
  const isOther = isTold && ownId !== undefined && ownId !== id;
  if (signature?.format === FORMAT && !isOther) return { id, ...writeOwnReasoning(signature, text) };
  const item: JsonObject = { id, type: 'reasoning', summary: textList('summary', text) };
  if (signature) item.encrypted_content = seal(signature);
  return item;
}

/** The signature under which a thought nobody may read is sealed. */
export function redactedSignature(data: Signature): Signature {
  return data.format === FORMAT ? data : { ...data, fields: { ...data.fields, [REDACTED]: true } };
}

/** State no server of this format would take: another maker's, or what was sealed and is damaged. */
export function isForeign(signature: Signature | undefined): signature is Signature {
  return signature !== undefined && (signature.format !== FORMAT || isDamagedSeal(signature));
}

/** The state of a thought of this format, which its servers take back. */
export function ownState(part: ChatPart): Signature | undefined {
  const signature =
    part.type === 'thinking' ? part.signature : part.type === 'redacted-thinking' && part.data;
  return signature && !isForeign(signature) ? signature : undefined;
}

/**
 * Thinking in a message, and the state that must come back with it. Compatible servers have three fields for it:
 * `reasoning_content` (DeepSeek, Moonshot, Zhipu, xAI), `reasoning` (OpenRouter, Groq) and beside them OpenRouter's
 * `reasoning_details`, a list that holds signatures and encrypted thoughts; Mistral writes blocks into the content.
 *
 * Which of them it was stands in the part's signature, so that a conversation that went through another format is
 * written as it was. The other way round, state of other vendors is shown to clients in entries of
 * `reasoning_details`, sealed: clients that send messages back as they got them give it back whole.
 */
import type {
  ChatPart,
  JsonObject,
  JsonValue,
  RedactedThinkingPart,
  Signature,
  ThinkingPart,
} from '../chat.ts';
import { asFullText, asObject, asText, isObject } from '../json.ts';
import { seal, unseal } from '../seal.ts';
import { FORMAT } from './own.ts';

/** Fields that hold the thinking as text, first one wins. */
const TEXT_FIELDS = ['reasoning_content', 'reasoning'] as const;
/** The list beside them; stands for a place of its own where no field has the text. */
const DETAILS = 'reasoning_details';

export const THINKING_FIELDS: readonly string[] = [...TEXT_FIELDS, DETAILS];

/** Where a message keeps a thought; `content`: as a block among the content. */
export type ThinkingPlace = (typeof TEXT_FIELDS)[number] | typeof DETAILS | 'content';

/** Marks entries of the details as ours: what is sealed in them is another vendor's. */
const SEALED_FORMAT = 'turnpike';

type Thought = ThinkingPart | RedactedThinkingPart;

/** What this format needs to write a thought back. */
export function ownSignature(place: ThinkingPlace, details: readonly JsonValue[] = []): Signature {
  const field: JsonObject = place === DETAILS ? {} : { field: place };
  return {
    format: FORMAT,
    value: '',
    fields: details.length === 0 ? field : { ...field, details: [...details] },
  };
}

/** Where an own thought stood. Thoughts of others are shown where most clients look for them. */
export function placeOf(signature: Signature | undefined): ThinkingPlace {
  if (signature?.format !== FORMAT || !signature.fields) return 'reasoning_content';
  return (asText(signature.fields.field) as ThinkingPlace | undefined) ?? DETAILS;
}

/** The entries of `reasoning_details` in own state. */
export function ownDetails({ fields }: Signature): readonly JsonValue[] {
  return Array.isArray(fields?.details) ? fields.details : [];
}

/** The thoughts of a message, those in its content apart. */
export function readThinking(message: JsonObject): Thought[] {
  const details = message[DETAILS];
  const entries = Array.isArray(details) ? details : [];
  const own = entries.filter((entry) => !isSealed(entry));
  if (own.length === entries.length) return readOwn(message, own);
  // The text beside sealed entries shows the same thoughts once more.
  return [...entries.flatMap(readSealed), ...readOwn({}, own)];
}

function readOwn(message: JsonObject, details: readonly JsonValue[]): Thought[] {
  const field = TEXT_FIELDS.find((name) => asFullText(message[name]) !== undefined);
  const text = field === undefined ? textOfDetails(details) : String(message[field]);
  const signature = ownSignature(field ?? DETAILS, details);
  if (text !== '') return [{ type: 'thinking', text, signature }];
  return details.length === 0 ? [] : [{ type: 'redacted-thinking', data: signature }];
}

/** The readable part of details. */
export function textOfDetails(details: JsonValue | readonly JsonValue[] | undefined): string {
  if (!Array.isArray(details)) return '';
  return details
    .map((item: JsonValue) => asText(asObject(item)?.text) ?? asText(asObject(item)?.summary) ?? '')
    .join('');
}

function isSealed(entry: JsonValue): boolean {
  return isObject(entry) && entry.format === SEALED_FORMAT;
}

function readSealed(entry: JsonValue): Thought[] {
  if (!isObject(entry) || !isSealed(entry)) return [];
  const state = unseal(asText(entry.signature) ?? asText(entry.data) ?? '');
  if (!state) return [];
  if (entry.data !== undefined) return [{ type: 'redacted-thinking', data: state }];
  return [{ type: 'thinking', text: asText(entry.text) ?? '', signature: state }];
}

/** The fields of a message with these thoughts. The text stands in the sealed entries too: they are to suffice. */
export function writeThinking(parts: readonly ChatPart[]): JsonObject {
  const message: JsonObject = {};
  const details: JsonValue[] = [];
  for (const part of parts) {
    if (part.type === 'thinking') addText(message, placeOf(part.signature), part.text);
    const state = part.type === 'thinking' ? part.signature : part.type === 'redacted-thinking' && part.data;
    if (!state) continue;
    if (state.format === FORMAT) details.push(...ownDetails(state));
    else details.push(sealedEntry(part as Thought, details.length));
  }
  if (details.length > 0) message[DETAILS] = mergeDetails(details);
  return message;
}

function addText(message: JsonObject, place: ThinkingPlace, text: string): void {
  if (place === DETAILS || place === 'content') return;
  const before = asText(message[place]);
  message[place] = before === undefined ? text : `${before}\n\n${text}`;
}

/** In the shape of OpenRouter's entries, which clients know. */
function sealedEntry(part: Thought, index: number): JsonObject {
  if (part.type === 'redacted-thinking') {
    return { type: 'reasoning.encrypted', data: seal(part.data), format: SEALED_FORMAT, index };
  }
  const signature = part.signature ? seal(part.signature) : '';
  return { type: 'reasoning.text', text: part.text, signature, format: SEALED_FORMAT, index };
}

/** A message as it was without what is sealed in it for other vendors: what its own servers may see. */
export function withoutSealedDetails(message: JsonObject): JsonObject {
  const details = message[DETAILS];
  if (!Array.isArray(details) || !details.some(isSealed)) return message;
  const { [DETAILS]: _, ...rest } = message;
  for (const field of TEXT_FIELDS) delete rest[field];
  const own = details.filter((entry) => !isSealed(entry));
  return own.length === 0 ? rest : { ...rest, [DETAILS]: own };
}

/** Texts that a stream tells in pieces; other fields of an entry come once. */
const GROWING = ['text', 'summary'];

/** Entries as a whole message has them: pieces of one entry, told one after the other, put together. */
export function mergeDetails(details: readonly JsonValue[]): JsonValue[] {
  const merged: JsonValue[] = [];
  for (const entry of details) {
    const last = merged.at(-1);
    if (isObject(entry) && isObject(last) && continues(last, entry))
      merged[merged.length - 1] = join(last, entry);
    else merged.push(entry);
  }
  return merged;
}

function continues(last: JsonObject, entry: JsonObject): boolean {
  const isText = GROWING.some((key) => typeof last[key] === 'string' || typeof entry[key] === 'string');
  return isText && last.type === entry.type && last.index === entry.index && typeof entry.index === 'number';
}

function join(last: JsonObject, entry: JsonObject): JsonObject {
  const joined: JsonObject = { ...last };
  for (const [key, value] of Object.entries(entry)) {
    const before = joined[key];
    if (value === null && before !== undefined) continue;
    const grows = GROWING.includes(key) && typeof before === 'string' && typeof value === 'string';
    joined[key] = grows ? before + value : value;
  }
  return joined;
}

/**
 * Opaque state of thinking in `thoughtSignature`, both ways.
 *
 * Gemini puts its own signature on three kinds of parts, and each has its place in the chat:
 * - on a function call: `ToolCallPart.signature`, which says `{ id: 'given' }` where the model named an id too;
 * - on a thought: `ThinkingPart.signature`;
 * - on a text, which may be empty (Gemini 3 does it on the last part of an answer): a thinking part without text of
 *   its own after that text, whose signature says `{ on: 'text' }`. So it survives the way through any other format
 *   that keeps signed thoughts, and comes back as the empty text part Google's documents show for streams.
 *
 * For a client of this format other makers' state stands in the same field, sealed; and since clients of Google's cut
 * thoughts into pieces, keep them in several contents or drop one, the seal says how long its thought was.
 */
import type { JsonObject, Signature } from '../chat.ts';
import { isObject } from '../json.ts';
import { readSignature, seal, writeSignature } from '../seal.ts';
import { FORMAT } from './fields.ts';

/**
 * What Google documents for calls its model did not make. Nothing is approximated by it: there was no signature that
 * could have been lost, and without the word Gemini 3 refuses the whole conversation.
 */
export const NO_SIGNATURE = 'skip_thought_signature_validator';
/** Words in the place of a signature that are none: Google's two. */
const NO_SIGNATURES: readonly string[] = [NO_SIGNATURE, 'context_engineering_is_the_way_to_go'];

/** What a sealed state was, where the part it stands on does not show it. */
export type SealedNote =
  | { readonly type: 'thinking'; readonly chars: number }
  | { readonly type: 'redacted-thinking' | 'tool-call' };

/** Name of the note among the fields that are sealed. */
const NOTE = 'gemini-generate';

export interface ReadState {
  readonly signature: Signature;
  /** The state was sealed: it is another maker's, or a mark of ours. */
  readonly isSealed: boolean;
  readonly note?: SealedNote;
}

export function readState(text: string): ReadState {
  const signature = readSignature(text, FORMAT);
  if (signature.format === FORMAT && signature.value === text) return { signature, isSealed: false };
  const { [NOTE]: note, ...fields } = signature.fields ?? {};
  const { format, value } = signature;
  const hasFields = Object.keys(fields).length > 0;
  const known = readNote(note);
  return {
    signature: hasFields ? { format, value, fields } : { format, value },
    isSealed: true,
    ...(known && { note: known }),
  };
}

function readNote(note: unknown): SealedNote | undefined {
  if (!isObject(note)) return undefined;
  if (note.type === 'redacted-thinking' || note.type === 'tool-call') return { type: note.type };
  if (note.type === 'thinking' && typeof note.chars === 'number')
    return { type: 'thinking', chars: note.chars };
  return undefined;
}

/**
 * Stands for the signature of a call another vendor's model made. In a client's reply it is sealed: as it is, Google's
 * word is no base64, and clients that decode the field would break on it.
 */
export const UNSIGNED: Signature = { format: FORMAT, value: NO_SIGNATURE };

/** A signature as it stands in a reply for a client; another maker's sealed, with the note. */
export function writeState(signature: Signature, note: SealedNote): string {
  const isPlain = signature.format === FORMAT && !isNoSignature(signature.value);
  return isPlain ? writeSignature(signature, FORMAT) : sealWith(signature, note);
}

function sealWith({ format, value, fields }: Signature, note: SealedNote): string {
  const sealed = seal({ format, value, fields: { ...fields, [NOTE]: { ...note } } });
  // The field is bytes to Google's clients: those in Go know the first alphabet of base64 only.
  return sealed.replaceAll('-', '+').replaceAll('_', '/');
}

/** Whether the text is one of Google's words for "no signature". */
export function isNoSignature(text: string): boolean {
  return NO_SIGNATURES.includes(text);
}

const ON_TEXT: JsonObject = { on: 'text' };

/** The signature of a text part. */
export function onText(signature: Signature): Signature {
  return { ...signature, fields: ON_TEXT };
}

export function isOnText({ format, fields }: Signature): boolean {
  return format === FORMAT && fields?.on === 'text';
}

const WITH_ID: JsonObject = { id: 'given' };

/** The signature of a call whose id is the model's own: Gemini 3 wants it back, Vertex AI gives none and refuses any. */
export function withId(signature: Signature): Signature {
  return { ...signature, fields: WITH_ID };
}

export function isIdGiven({ format, fields }: Signature): boolean {
  return format === FORMAT && fields?.id === 'given';
}

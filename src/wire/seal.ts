/**
 * Carries the opaque state of one vendor's thinking through the wire of another: sealed into the place where that
 * wire keeps its own (a thought's signature, encrypted content), or appended to the id of a tool call, which every
 * client sends back. Nothing is kept here, so it survives restarts and other replicas.
 *
 * A sealed text is base64url without padding, with a mark in front whose letters are base64 too: clients that
 * decode and encode such fields give back the same text.
 */
import type { FormatId, JsonObject, Signature } from './chat.ts';

/** Begins every sealed text. Eight letters, so that what follows keeps its place in base64's groups of four. */
export const SEAL_MARK = 'TPSEAL1x';

/** Between a tool call's id and the seal appended to it. */
const ID_JOINT = `_${SEAL_MARK}`;

/** A longer text is no state of any vendor; it is not looked into. */
export const MAX_SEAL_CHARS = 4 * 1024 * 1024;

const FORMATS: ReadonlySet<string> = new Set<FormatId>([
  'anthropic-messages',
  'openai-chat',
  'openai-responses',
  'gemini-generate',
  'ollama-chat',
]);

/** Whether a request's bytes may hold a sealed text. A native search: microseconds for a large body. */
export function mayHoldSeal(body: Buffer): boolean {
  return body.includes(SEAL_MARK, 0, 'latin1');
}

export function seal({ format, value, fields }: Signature): string {
  const json = JSON.stringify(fields ? [format, value, fields] : [format, value]);
  // Spaces to a whole number of groups: base64 then needs no padding, which ids may not hold.
  const padding = (3 - (Buffer.byteLength(json) % 3)) % 3;
  return SEAL_MARK + Buffer.from(json + ' '.repeat(padding)).toString('base64url');
}

/** The state in a sealed text; undefined = it is none (an own signature of some vendor, or damaged). */
export function unseal(text: string): Signature | undefined {
  if (!text.startsWith(SEAL_MARK) || text.length > MAX_SEAL_CHARS) return undefined;
  try {
    // Reads both alphabets of base64.
    return signatureOf(JSON.parse(Buffer.from(text.slice(SEAL_MARK.length), 'base64').toString('utf8')));
  } catch {
    return undefined;
  }
}

function signatureOf(value: unknown): Signature | undefined {
  if (!Array.isArray(value)) return undefined;
  const [format, text, fields] = value as unknown[];
  if (typeof format !== 'string' || !FORMATS.has(format) || typeof text !== 'string') return undefined;
  const signature = { format: format as FormatId, value: text };
  const hasFields = typeof fields === 'object' && fields !== null && !Array.isArray(fields);
  return hasFields ? { ...signature, fields: fields as JsonObject } : signature;
}

/** How much text a signature holds, for those who bound what they keep. */
export function signatureChars({ value, fields }: Signature): number {
  return value.length + (fields ? JSON.stringify(fields).length : 0);
}

/** A sealed text that was cut or changed on its way reads as state of the format that carried it; it is nobody's. */
export function isDamagedSeal({ value }: Signature): boolean {
  return value.startsWith(SEAL_MARK);
}

/** A signature as `own` writes it: its own as it is, another's sealed. */
export function writeSignature(signature: Signature, own: FormatId): string {
  return signature.format === own ? signature.value : seal(signature);
}

/** A signature as `own` reads it: sealed ones are another's; the rest is its own. */
export function readSignature(text: string, own: FormatId): Signature {
  return unseal(text) ?? { format: own, value: text };
}

/** The id a client is given for a call whose state must come back with it. */
export function sealId(id: string, signature: Signature | undefined): string {
  return signature ? `${id}_${seal(signature)}` : id;
}

/** A call's own id, and the state that was appended to it. */
export function unsealId(id: string): { readonly id: string; readonly signature?: Signature } {
  const joint = id.indexOf(ID_JOINT);
  if (joint === -1) return { id };
  const signature = unseal(id.slice(joint + 1));
  return signature ? { id: id.slice(0, joint), signature } : { id: id.slice(0, joint) };
}

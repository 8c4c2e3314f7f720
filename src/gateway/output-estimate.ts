/** Output tokens where an upstream reports none: from the bytes of what it wrote. */
import type { ChatPart } from '../wire/chat.ts';

/** Near the average of English text and JSON. */
const BYTES_PER_TOKEN = 4;

export function estimateOfText(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** Bytes a model wrote into these parts. */
export function estimateContentBytes(parts: readonly ChatPart[]): number {
  let bytes = 0;
  for (const part of parts) {
    if (part.type === 'text' || part.type === 'thinking' || part.type === 'refusal')
      bytes += Buffer.byteLength(part.text);
    else if (part.type === 'tool-call')
      bytes += Buffer.byteLength(part.name) + Buffer.byteLength(part.arguments);
    else bytes += Buffer.byteLength(JSON.stringify(part));
  }
  return bytes;
}

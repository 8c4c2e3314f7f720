/** One frame of a stream, as decoder and tap both read it: so that they can never disagree. */
import type { JsonObject } from '../chat.ts';
import type { Frame } from '../frames.ts';
import { asObject, asText, isObject } from '../json.ts';

export type ChunkFrame =
  | { readonly kind: 'done' }
  | { readonly kind: 'chunk'; readonly chunk: JsonObject }
  | { readonly kind: 'malformed' };

export function readFrame(frame: Frame): ChunkFrame {
  const data = frame.data.trim();
  if (data === '[DONE]') return { kind: 'done' };
  try {
    const chunk: unknown = JSON.parse(data);
    return isObject(chunk) ? { kind: 'chunk', chunk } : { kind: 'malformed' };
  } catch {
    return { kind: 'malformed' };
  }
}

/** The choice that is the reply: index 0, or no index at all. Others are for clients that asked for several. */
export function firstChoice(chunk: JsonObject): JsonObject | undefined {
  if (!Array.isArray(chunk.choices)) return undefined;
  for (const choice of chunk.choices) if (isObject(choice) && (choice.index ?? 0) === 0) return choice;
  return undefined;
}

/** The finish reason of a choice; '' counts, null does not. */
export function finishOf(choice: JsonObject | undefined): string | undefined {
  return asText(choice?.finish_reason);
}

/** What a choice adds. Some servers end with a whole `message` instead: that repeats what was said. */
export function deltaOf(choice: JsonObject): JsonObject {
  return asObject(choice.delta) ?? {};
}

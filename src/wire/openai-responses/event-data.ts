/** One frame of a stream, as decoder and tap both read it: so that they can never disagree. */
import type { JsonObject } from '../chat.ts';
import type { Frame } from '../frames.ts';
import { asText, isObject } from '../json.ts';

export type EventFrame =
  | { readonly kind: 'event'; readonly type: string; readonly data: JsonObject }
  /** The terminal word of another API, which some servers add. */
  | { readonly kind: 'done' }
  | { readonly kind: 'malformed' };

/** The type stands in the data; the name of the event, where there is one, only repeats it. */
export function readFrame(frame: Frame): EventFrame {
  if (frame.data.trim() === '[DONE]') return { kind: 'done' };
  try {
    const data: unknown = JSON.parse(frame.data);
    if (!isObject(data)) return { kind: 'malformed' };
    return { kind: 'event', type: asText(data.type) ?? '', data };
  } catch {
    return { kind: 'malformed' };
  }
}

/** Events that end a stream with an answer. */
export const TERMINAL_EVENTS: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.cancelled',
]);

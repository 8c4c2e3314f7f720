/**
 * Reads along a relayed stream. Until the first content each frame is looked at; from then on only those a native
 * search finds: the terminal events and errors.
 */
import type { JsonObject } from '../chat.ts';
import type { StreamTap, TapOptions } from '../format.ts';
import type { Frame } from '../frames.ts';
import { asObject, asText } from '../json.ts';
import { createSampledTap, type Sampled } from '../sampled-tap.ts';
import { readEventError } from './error.ts';
import { readFrame, TERMINAL_EVENTS } from './event-data.ts';
import { stopWord } from './stop.ts';
import { readUsage } from './usage.ts';

/** Quotes inside a text are escaped, so a model's words never look like a type. */
const TELLING_FRAME =
  /"type"[ \t]*:[ \t]*"(?:response\.(?:completed|incomplete|cancelled|failed)|error)"|"error"[ \t]*:[ \t]*[{"]/g;

export function createTap({ countsAll = false }: TapOptions = {}): StreamTap {
  return createSampledTap({
    countsAll,
    telling: TELLING_FRAME,
    read: readTapped,
    isComplete: ({ isDone }) => isDone,
  });
}

function readTapped(seen: Sampled, frame: Frame): number {
  const read = readFrame(frame);
  return read.kind === 'event' ? readTappedEvent(seen, read.type, read.data) : 0;
}

/** Notes what the event tells; the bytes of text in it. */
function readTappedEvent(seen: Sampled, type: string, data: JsonObject): number {
  seen.error = readEventError(type, data);
  if (seen.error) return 0;
  if (TERMINAL_EVENTS.has(type)) {
    const response = asObject(data.response) ?? {};
    seen.isDone = true;
    seen.usage = readUsage(response);
    seen.stop = stopWord(response);
    return 0;
  }
  const bytes = type.endsWith('.delta') ? Buffer.byteLength(asText(data.delta) ?? '') : 0;
  seen.hasContent ||= bytes > 0 || type.startsWith('response.output_item.');
  return bytes;
}

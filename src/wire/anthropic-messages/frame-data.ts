/** The JSON of a stream frame, as decoder and tap both read it. */
import type { JsonObject, JsonValue } from '../chat.ts';
import type { Frame } from '../frames.ts';
import { isObject } from '../json.ts';

/** Undefined when the frame is no JSON object; an error that is only text is put into the error event's shape. */
export function readFrame(frame: Frame): JsonObject | undefined {
  let data: JsonValue | undefined;
  try {
    data = JSON.parse(frame.data) as JsonValue;
  } catch {
    data = undefined;
  }
  if (isObject(data)) return data;
  return frame.event === 'error' ? { type: 'error', error: { message: frame.data } } : undefined;
}

/** Servers that imitate the format send errors in various wraps; an object `error` is in all of them. */
export function isError(data: JsonObject): boolean {
  return isObject(data.error) || data.type === 'error';
}

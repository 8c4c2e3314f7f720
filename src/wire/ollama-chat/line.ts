/** One line of a stream, as decoder and tap both read it: so that they can never disagree. */
import type { JsonObject } from '../chat.ts';
import { isObject } from '../json.ts';

/** Undefined: the line is no JSON object. */
export function readLine(data: string): JsonObject | undefined {
  try {
    const line: unknown = JSON.parse(data);
    return isObject(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a few top-level fields of a JSON reply without parsing the rest, which may be megabytes of numbers or images. */
import type { JsonObject, JsonValue } from '../wire/chat.ts';
import { walkTopLevel } from '../wire/walk.ts';

/** undefined = the body is no JSON object. */
export function readFields(body: Buffer, names: readonly string[]): JsonObject | undefined {
  const walk = walkTopLevel(body, names);
  if (!walk.ok) return undefined;
  const fields: JsonObject = {};
  for (const [name, { start, end }] of walk.fields) {
    const value = parsed(body.toString('utf8', start, end));
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}

/** The walk leaves bad escapes inside strings to whoever reads them. */
function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

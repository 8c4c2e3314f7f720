/** What only this format understands of a chat, and what it takes for nothing. */
import type { Extra, JsonObject, JsonValue } from '../chat.ts';
import * as json from '../json.ts';
import { createOwnExtra } from '../own-extra.ts';

export const FORMAT = 'ollama-chat';

export const { ownFields, ownSpelling, warnExtra } = createOwnExtra(FORMAT);

/** Null, '', [] and {}: a field that is there and says nothing. The server writes '' where there is none. */
export function isBlank(value: JsonValue | undefined): boolean {
  return value === '' || json.isBlank(value);
}

/** Fields the chat has no word for, blank ones left out. */
export function unknownFields(wire: JsonObject, known: ReadonlySet<string>): JsonObject {
  return json.unknownFields(wire, known, isBlank);
}

/** An extra of this format; undefined when it would be empty. */
export function ownExtra(fields: JsonObject, spelling: JsonObject = {}): Extra | undefined {
  if (!isBlank(spelling)) return { format: FORMAT, fields, spelling };
  return isBlank(fields) ? undefined : { format: FORMAT, fields };
}

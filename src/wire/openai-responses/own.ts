/** What only this format understands of a chat. */
import type { Extra, JsonObject } from '../chat.ts';
import { asObject, isBlank } from '../json.ts';
import { createOwnExtra } from '../own-extra.ts';

export const FORMAT = 'openai-responses';

export const { ownFields, warnExtra } = createOwnExtra(FORMAT);

/** An extra of this format. `spelling` is what the wire had, to be written again; it is no loss elsewhere. */
export function ownExtra(fields: JsonObject, spelling: JsonObject): Extra {
  return isBlank(spelling) ? { format: FORMAT, fields } : { format: FORMAT, fields, spelling };
}

/** An object in the spelling of an extra of this format. */
export function spelled(extra: Extra | undefined, key: string): JsonObject | undefined {
  return extra?.format === FORMAT ? asObject(extra.spelling?.[key]) : undefined;
}

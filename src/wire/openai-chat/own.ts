/** What only this format understands of a chat. */
import type { Extra, JsonObject } from '../chat.ts';
import { isBlank } from '../json.ts';
import { createOwnExtra } from '../own-extra.ts';

export const FORMAT = 'openai-chat';

export const { ownFields, ownSpelling, warnExtra } = createOwnExtra(FORMAT);

/** An extra of this format; undefined when it would be empty. */
export function ownExtra(fields: JsonObject, spelling?: JsonObject): Extra | undefined {
  if (spelling) return { format: FORMAT, fields, spelling };
  return isBlank(fields) ? undefined : { format: FORMAT, fields };
}

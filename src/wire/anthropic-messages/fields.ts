/** What only this format understands of a chat: kept beside it, and put back. */
import type { Extra, JsonObject } from '../chat.ts';
import { complete, isHollow } from '../json.ts';
import { createOwnExtra } from '../own-extra.ts';
import { dropForeign, type Place } from '../place.ts';
import type { Rest } from '../rest.ts';

export const FORMAT = 'anthropic-messages';

export const { ownFields, ownSpelling } = createOwnExtra(FORMAT);

/** What nobody took, as an extra; undefined when nothing is left. */
export function leftExtra(rest: Rest, spelling: JsonObject = {}): Extra | undefined {
  const extra = markExtra(rest, spelling);
  return extra.spelling || Object.keys(extra.fields).length > 0 ? extra : undefined;
}

/** Like `leftExtra`, but also when nothing is left: marks a request, reply or stream as this format's own. */
export function markExtra(rest: Rest, spelling: JsonObject = {}): Extra {
  const entries = Object.entries(rest);
  const fields = Object.fromEntries(entries.filter(([, value]) => !isHollow(value)));
  const blanks = complete(spelling, Object.fromEntries(entries.filter(([, value]) => isHollow(value))));
  return Object.keys(blanks).length > 0
    ? { format: FORMAT, fields, spelling: blanks }
    : { format: FORMAT, fields };
}

/** Puts an own extra back into a rendered object; names a foreign one in warnings. */
export function restore(body: JsonObject, extra: Extra | undefined, place: Place): JsonObject {
  if (!extra) return body;
  if (extra.format === FORMAT) return complete(complete(body, extra.fields), extra.spelling ?? {});
  dropForeign(extra, FORMAT, place);
  return body;
}

/** What only this format understands of a chat: kept beside it, and put back. */
import type { Extra, JsonObject } from '../chat.ts';
import { complete, isBlank, isHollow, setField } from '../json.ts';
import { createOwnExtra } from '../own-extra.ts';
import { dropForeign, type Place, pathBelow } from '../place.ts';
import type { Rest } from '../rest.ts';

export const FORMAT = 'anthropic-messages';

export const { ownFields, ownSpelling } = createOwnExtra(FORMAT);

export function below(place: Place, path: string): Place {
  return { path: pathBelow(place, path), warnings: place.warnings, isOwn: place.isOwn };
}

/** What nobody took, as an extra; undefined when nothing is left. */
export function leftExtra(rest: Rest, spelling: JsonObject = {}): Extra | undefined {
  if (isBlank(rest) && isBlank(spelling)) return undefined;
  const extra = markExtra(rest, spelling);
  return extra.spelling || !isBlank(extra.fields) ? extra : undefined;
}

/** Like `leftExtra`, but also when nothing is left: marks a request, reply or stream as this format's own. */
export function markExtra(rest: Rest, spelling: JsonObject = {}): Extra {
  const fields: JsonObject = {};
  let blanks: JsonObject | undefined;
  for (const key in rest) {
    const value = rest[key]!;
    if (!isHollow(value)) setField(fields, key, value);
    else {
      blanks ??= {};
      setField(blanks, key, value);
    }
  }
  const spelled = blanks ? complete(spelling, blanks) : spelling;
  return isBlank(spelled) ? { format: FORMAT, fields } : { format: FORMAT, fields, spelling: spelled };
}

/** Puts an own extra back into a rendered object; names a foreign one in warnings. */
export function restore(body: JsonObject, extra: Extra | undefined, place: Place): JsonObject {
  if (!extra) return body;
  if (extra.format === FORMAT) return complete(complete(body, extra.fields), extra.spelling ?? {});
  dropForeign(extra, FORMAT, place);
  return body;
}

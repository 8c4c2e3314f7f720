/** What only this format understands of a chat, for whom a renderer writes, and how JSON is written for the wire. */
import type { Extra, FormatId, JsonObject, JsonValue } from '../chat.ts';
import { complete, isBlank, isHollow, setField } from '../json.ts';
import { createOwnExtra } from '../own-extra.ts';
import * as places from '../place.ts';
import type { Rest } from '../rest.ts';
import type { ModelTraits } from './traits.ts';

export const FORMAT = 'gemini-generate' satisfies FormatId;

export const { ownFields, ownSpelling } = createOwnExtra(FORMAT);

/** Where in the chat a renderer is, and whom it writes for. */
export interface Place extends places.Place {
  /** `client`: any maker's state may stand in it, sealed. `upstream`: only Gemini's own. */
  readonly side: 'client' | 'upstream';
  readonly traits: ModelTraits;
}

export function below(place: Place, path: string): Place {
  const { warnings, isOwn, side, traits } = place;
  return { path: places.pathBelow(place, path), warnings, isOwn, side, traits };
}

/** What nobody took, as an extra; undefined when it says nothing. */
export function leftExtra(rest: Rest, spelling: JsonObject = {}): Extra | undefined {
  const extra = markExtra(rest, spelling);
  return extra.spelling || !isBlank(extra.fields) ? extra : undefined;
}

/** Like `leftExtra`, but also when nothing is left: marks a request, reply or stream as this format's own. */
export function markExtra(rest: Rest, spelling: JsonObject = {}): Extra {
  const fields: JsonObject = {};
  for (const key in rest) if (!isHollow(rest[key]!)) setField(fields, key, rest[key]!);
  return isBlank(spelling) ? { format: FORMAT, fields } : { format: FORMAT, fields, spelling };
}

/** One warning for each field only another format understands. */
export function dropForeign(extra: Extra | undefined, place: Place): void {
  places.dropForeign(extra, FORMAT, place);
}

/** The own fields of an extra put back into a rendered object, which wins; a foreign extra is named in warnings. */
export function restore(body: JsonObject, extra: Extra | undefined, place: Place): JsonObject {
  dropForeign(extra, place);
  return extra?.format === FORMAT ? complete(body, extra.fields) : body;
}

/** JSON for the wire. LangChain's client cuts events at the two line ends that JSON, unlike SSE, leaves alone in texts. */
export function writeJson(value: JsonValue): string {
  return JSON.stringify(value).replace(/[\u2028\u2029]/g, (end) =>
    end === '\u2028' ? '\\u2028' : '\\u2029',
  );
}

/**
 * Text that every database keeps as it is: PostgreSQL refuses U+0000, and half of a surrogate pair comes back from any of
 * them as another character. Asked once of all that a request says, so that no route has to think of it.
 */
import { type Refusal, refuse } from '../base/refusal.ts';

/** How either stands in the bytes of JSON, where both can only be escaped; most bodies have neither. */
const ESCAPED = /\\u(?:0000|d[89a-f])/i;
/** Of the name of a place in a message. */
const MAX_PLACE = 200;

export function isKeepable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

/** Why nothing is looked for at this address; undefined = it may be. */
export function urlRefusal(url: string): Refusal | undefined {
  const { pathname, searchParams } = new URL(url);
  if (pathname.includes('%00')) return refuse('record_unknown', 'the path holds U+0000, which no id has');
  for (const [name, value] of searchParams)
    if (!isKeepable(name + value)) return refuse('query_invalid', messageOf(name));
  return undefined;
}

/** Why a body of JSON is not read; undefined = it may be, or it is no JSON, which is said elsewhere. */
export function bodyRefusal(text: string): Refusal | undefined {
  if (!ESCAPED.test(text)) return undefined;
  try {
    const place = findUnkeepable(JSON.parse(text));
    return place === undefined ? undefined : refuse('body_invalid', messageOf(place));
  } catch {
    return undefined;
  }
}

function messageOf(place: string): string {
  const shown = place.replaceAll('\u0000', '').toWellFormed().slice(0, MAX_PLACE);
  return `${shown || 'a name'}: holds the control character U+0000 or half of a surrogate pair, which no database keeps`;
}

interface Place {
  readonly value: unknown;
  readonly name: string;
  readonly within?: Place;
}

/** The first such text, by the names that lead to it. Without recursion: a list may be nested as deep as its bytes go. */
function findUnkeepable(body: unknown): string | undefined {
  const left: Place[] = [{ value: body, name: '' }];
  for (let place = left.pop(); place; place = left.pop()) {
    const { value, name } = place;
    if (!isKeepable(name) || (typeof value === 'string' && !isKeepable(value))) return pathOf(place);
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, inner] of Object.entries(value).reverse())
      left.push({ value: inner, name: key, within: place });
  }
  return undefined;
}

function pathOf(place: Place): string {
  const names: string[] = [];
  let length = 0;
  for (let at: Place | undefined = place; at?.within && length < MAX_PLACE; at = at.within) {
    names.unshift(at.name);
    length += at.name.length + 1;
  }
  return names.join('.') || 'body';
}

/** Takes top-level fields out of a JSON body and puts others in, leaving every other byte as it came. */
import { skipSpace } from './skip.ts';
import { type Edit, spliceValues, type ValueSpan, type Walk } from './walk.ts';

export interface FieldEdits {
  /** Values to replace. */
  readonly replaced?: readonly Edit[];
  /** Fields to take out, key and all, as `walkTopLevel` found them. */
  readonly removed?: readonly ValueSpan[];
  /** Fields to put in: name and JSON text. The body must not have them, or lose them by `removed`. */
  readonly added?: readonly (readonly [name: string, json: string])[];
}

const COMMA = 44;

/** The edited body as pieces to write one after the other; nothing is copied. */
export function editFields(
  body: Buffer,
  walk: Pick<Walk & { ok: true }, 'start' | 'fieldCount'>,
  { replaced = [], removed = [], added = [] }: FieldEdits,
): Buffer[] {
  const edits: Edit[] = [...replaced];
  for (const { start, end } of removals(body, removed, walk.fieldCount)) edits.push({ start, end, text: '' });
  if (added.length > 0) {
    const text = added.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',');
    const at = walk.start + 1;
    edits.push({ start: at, end: at, text: walk.fieldCount > removed.length ? `${text},` : text });
  }
  return spliceValues(body, edits);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A field goes with the comma after it; the last ones, which have none, with the comma before them. */
function removals(body: Buffer, removed: readonly ValueSpan[], fieldCount: number): Range[] {
  const sorted = [...removed].sort((a, b) => a.start - b.start);
  const ranges: Range[] = [];
  let tail: Range | undefined;
  for (const { keyStart, end } of sorted.reverse()) {
    const after = skipSpace(body, end);
    if (body[after] !== COMMA) {
      tail = { start: keyStart, end };
      continue;
    }
    const next = skipSpace(body, after + 1);
    if (tail && next === tail.start) tail = { start: keyStart, end: tail.end };
    else ranges.push({ start: keyStart, end: next });
  }
  if (tail)
    ranges.push(
      sorted.length === fieldCount ? tail : { start: commaBefore(body, tail.start), end: tail.end },
    );
  return ranges;
}

/** A field that is kept stands before it, so there is one. */
function commaBefore(body: Buffer, start: number): number {
  return body.lastIndexOf(COMMA, start - 1);
}

/** Where in a chat a renderer is, and where it writes down what it could not carry. */
import type { Extra, FormatId, Warning } from './chat.ts';

export interface Place {
  readonly path: string;
  readonly warnings: Warning[];
  /** The chat was parsed from this format: everything goes back as it was, nothing is repaired. */
  readonly isOwn: boolean;
}

/** The path of something inside the place. */
export function pathBelow({ path }: Place, inner: string): string {
  if (inner === '') return path;
  return path === '' || inner.startsWith('[') ? path + inner : `${path}.${inner}`;
}

/** Notes that something is not carried over; `path` is relative to the place, '' for the place itself. */
export function drop(place: Place, path: string, note: string): void {
  place.warnings.push({ kind: 'dropped', path: pathBelow(place, path), note });
}

/** Notes that something is carried over as something near it. */
export function approximate(place: Place, path: string, note: string): void {
  place.warnings.push({ kind: 'approximated', path: pathBelow(place, path), note });
}

/** One warning for each field that only another format than `own` understands. */
export function dropForeign(extra: Extra | undefined, own: FormatId, place: Place): void {
  if (!extra || extra.format === own) return;
  for (const key of Object.keys(extra.fields)) {
    drop(place, `extra.${key}`, `${extra.format} field without an equivalent`);
  }
}

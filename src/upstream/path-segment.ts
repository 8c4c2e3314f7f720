/** Model ids in paths: one segment each, whatever stands in them. */

/**
 * Percent-encoded so that no character of it parts a path, a query or a method (`:generateContent`); `@` stays, as
 * Google writes versions with it. Undefined = it would not be a segment of its own (empty, `.`, `..`, half a
 * character).
 */
export function pathSegment(text: string): string | undefined {
  if (text === '' || text === '.' || text === '..' || !text.isWellFormed()) return undefined;
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%40', '@');
}

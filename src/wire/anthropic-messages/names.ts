/**
 * Tool names and call ids under Anthropic's alphabet. A name with other characters (`mcp.fs:read`) is written
 * as `mcp-x2e-fs-x3a-read` and read back, so that a reply, which knows nothing of its request, still names the
 * client's own tool, and a call id means the same upstream and downstream.
 *
 * `readName(writeName(x)) = x` for every text, and `writeName(readName(y)) = y` for every name the wire allows.
 */

/** Anthropic's limit for tool names; ids have none. */
export const MAX_NAME_CHARS = 128;
const HASH_CHARS = 8;

const ESCAPE = /-x([0-9a-f]*)-/g;
/** Foreign characters, and a hyphen that would begin an escape once the name is written: it would be misread. */
const NEEDS_ESCAPE = /[^a-zA-Z0-9_-]|-(?=x[0-9a-f]*[^a-zA-Z0-9_])/gu;
const PLAIN = /^[a-zA-Z0-9_-]+$/;
const EMPTY = '-x-';

/** The text within the wire's alphabet; plain texts stay as they are. */
export function writeName(name: string): string {
  if (name === '') return EMPTY;
  if (PLAIN.test(name) && !name.includes('-x')) return name;
  return name.replace(NEEDS_ESCAPE, (character) => `-x${character.codePointAt(0)!.toString(16)}-`);
}

/** What `writeName` was given; a name it would not have written stays as it is. */
export function readName(written: string): string {
  if (!written.includes('-x')) return written;
  if (written === EMPTY) return '';
  const name = written.replace(ESCAPE, (whole, hex: string) => characterOf(hex) ?? whole);
  return writeName(name) === written ? name : written;
}

function characterOf(hex: string): string | undefined {
  const code = hex.length > 0 && hex.length <= 6 ? Number.parseInt(hex, 16) : Number.NaN;
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** A tool name too long for the wire, cut with a hash of the whole at its end. It cannot be read back. */
export function shortenName(written: string): string {
  return `${written.slice(0, MAX_NAME_CHARS - HASH_CHARS - 1)}_${hashText(written)}`;
}

/** FNV-1a, 32 bit, as eight hex digits: spreads names, keeps no secret. */
function hashText(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(HASH_CHARS, '0');
}

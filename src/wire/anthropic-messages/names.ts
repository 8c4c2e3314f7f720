/**
 * Tool names and call ids under Anthropic's alphabet. A name with other characters (`mcp.fs:read`) is written
 * as `mcp-x2e-fs-x3a-read` and read back, so that a reply, which knows nothing of its request, still names the
 * client's own tool, and a call id means the same upstream and downstream.
 *
 * The two are a bijection: `readName(writeName(x)) = x` for every text and `writeName(readName(y)) = y` for
 * every name of the alphabet. So a good name stays as it is, unless it looks exactly like a written one.
 */

import type { ChatTool } from '../chat.ts';
import { HASH_CHARS, hashText } from '../hash-text.ts';
import { restoreNames } from '../name-restorer.ts';

/** Anthropic's limit for tool names; ids have none. */
export const MAX_NAME_CHARS = 128;
/** Longer texts are no names of anybody's and are not looked into: the work grows with the square. */
const MAX_WRITTEN_CHARS = 4_096;

const PLAIN = /^[a-zA-Z0-9_-]+$/;
const ESCAPE = /-x([0-9a-f]{1,6})-/g;
/** Foreign characters, and a hyphen that would begin an escape once the name is written. */
const NEEDS_ESCAPE = /[^a-zA-Z0-9_-]|-(?=x[0-9a-f]*[^a-zA-Z0-9_])/gu;
/** The empty name, written. */
const EMPTY = '-x-';

/** The text within the wire's alphabet. */
export function writeName(name: string): string {
  return mustEscape(name) ? escapeAll(name) : name;
}

/** What `writeName` was given. */
export function readName(written: string): string {
  return isWritten(written) ? unescapeAll(written) : written;
}

function mustEscape(name: string): boolean {
  return !PLAIN.test(name) || isWritten(name);
}

/** Ends because unescaping makes the name shorter. */
function isWritten(name: string): boolean {
  if (name.length > MAX_WRITTEN_CHARS || !name.includes('-x')) return false;
  const read = unescapeAll(name);
  return read !== name && escapeAll(read) === name && mustEscape(read);
}

function escapeAll(name: string): string {
  if (name === '') return EMPTY;
  return name.replace(NEEDS_ESCAPE, (character) => `-x${character.codePointAt(0)!.toString(16)}-`);
}

function unescapeAll(written: string): string {
  if (written === EMPTY) return '';
  return written.replace(ESCAPE, (whole, hex: string) => characterOf(Number.parseInt(hex, 16)) ?? whole);
}

function characterOf(code: number): string | undefined {
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** A tool name within the alphabet and the limit: a long one is cut, with a hash of the whole at its end. */
export function fitName(name: string): string {
  const written = writeName(name);
  return written.length <= MAX_NAME_CHARS ? written : shortenName(written);
}

function shortenName(written: string): string {
  return `${written.slice(0, MAX_NAME_CHARS - HASH_CHARS - 1)}_${hashText(written)}`;
}

/** Names too long for the wire were cut. */
export function createNameRestorer(tools: readonly ChatTool[]): (name: string) => string {
  return restoreNames(tools, (name) => readName(fitName(name)));
}

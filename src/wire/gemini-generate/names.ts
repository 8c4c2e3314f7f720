/**
 * Tool names and call ids under Google's rules. Those of a Gemini client are its own affair; names of other clients are
 * changed where Google would refuse them, each time the same way, with a hash of the whole so that no two become one.
 */
import type { ChatTool } from '../chat.ts';
import { HASH_CHARS, hashText } from '../hash-text.ts';
import { restoreNames } from '../name-restorer.ts';

/** Google's documents say 64 in some places and 128 in others: 64 is taken everywhere. */
export const MAX_NAME_CHARS = 64;
const GOOD_NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;

/** A tool name as this wire takes it; good names stay. */
export function fitName(name: string): string {
  if (GOOD_NAME.test(name)) return name;
  const letters = name.replace(/[^a-zA-Z0-9_.:-]/g, '_').replace(/^(?=[^a-zA-Z_]|$)/, '_');
  return `${letters.slice(0, MAX_NAME_CHARS - HASH_CHARS - 1)}_${hashText(name)}`;
}

export function createNameRestorer(tools: readonly ChatTool[]): (name: string) => string {
  return restoreNames(tools, fitName);
}

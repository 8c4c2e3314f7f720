/**
 * Names and ids other formats allow and OpenAI's APIs refuse, mapped the same way each time, so that a conversation
 * keeps its names over all its turns.
 */
import type { ChatTool } from './chat.ts';
import { HASH_CHARS, hashText } from './hash-text.ts';
import { restoreNames } from './name-restorer.ts';

/** OpenAI's rule for names of functions and of schemas; compatible servers copied it. */
const GOOD_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const MAX_NAME_CHARS = 64;

/** The text, if longer than `most` cut, with a hash of the whole at its end: still the same for the same. */
export function shorten(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - HASH_CHARS - 1)}_${hashText(text)}`;
}

/** The name of a tool or a schema as OpenAI takes it; good names stay. */
export function fitName(name: string): string {
  if (GOOD_NAME.test(name)) return name;
  return `${name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_NAME_CHARS - HASH_CHARS - 1)}_${hashText(name)}`;
}

export function createNameRestorer(tools: readonly ChatTool[]): (name: string) => string {
  return restoreNames(tools, fitName);
}

/**
 * Names and ids another format allows and this one refuses, mapped the same way each time, so that a conversation
 * keeps its names over all its turns.
 */
import type { ChatTool } from '../chat.ts';
import { HASH_CHARS, hashText } from '../hash-text.ts';

/** OpenAI's rule for names of functions and of schemas. */
const GOOD_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const MAX_NAME_CHARS = 64;
/** OpenAI refuses longer ids of calls, and longer tags of end users. */
const MAX_ID_CHARS = 64;

function shorten(text: string): string {
  return `${text.slice(0, MAX_ID_CHARS - HASH_CHARS - 1)}_${hashText(text)}`;
}

/** The name of a tool or a schema as this wire takes it; good names stay. */
export function fitName(name: string): string {
  if (GOOD_NAME.test(name)) return name;
  return `${name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_NAME_CHARS - HASH_CHARS - 1)}_${hashText(name)}`;
}

/**
 * Turns the tool names of a reply back into those the client gave, where `fitName` changed them. For the translate
 * lane: the reply's parser does not know the request.
 */
export function createNameRestorer(tools: readonly ChatTool[]): (name: string) => string {
  const originals = new Map<string, string>();
  for (const { name } of tools) if (fitName(name) !== name) originals.set(fitName(name), name);
  return (name) => originals.get(name) ?? name;
}

/** The id of a call, or the tag of an end user, at a length this wire takes; still the same for the same. */
export function fitId(id: string): string {
  return id.length <= MAX_ID_CHARS ? id : shorten(id);
}

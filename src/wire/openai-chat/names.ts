/**
 * Names and ids another format allows and this one refuses, mapped the same way each time, so that a
 * conversation keeps its names over all its turns.
 */
import type { ChatTool } from '../chat.ts';
import { HASH_CHARS, hashText } from '../hash-text.ts';
import type { ModelTraits } from './models.ts';

/** OpenAI's rule for function names; compatible servers copied it. */
const GOOD_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const MAX_NAME_CHARS = 64;
const MAX_CALL_ID_CHARS = 40;
/** OpenAI refuses a longer `user`. */
const MAX_END_USER_CHARS = 64;

function shorten(text: string, most: number): string {
  return `${text.slice(0, most - HASH_CHARS - 1)}_${hashText(text)}`;
}

/** A tool name as this wire takes it; good names stay. */
export function fitToolName(name: string): string {
  if (GOOD_NAME.test(name)) return name;
  return `${name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_NAME_CHARS - HASH_CHARS - 1)}_${hashText(name)}`;
}

/**
 * Turns the tool names of a reply back into those the client gave, where `fitToolName` changed them. For the
 * translate lane: the reply's parser does not know the request.
 */
export function createNameRestorer(tools: readonly ChatTool[]): (name: string) => string {
  const originals = new Map<string, string>();
  for (const { name } of tools) if (fitToolName(name) !== name) originals.set(fitToolName(name), name);
  return (name) => originals.get(name) ?? name;
}

/** A tool call id as the model's server takes it. The id links a call with its result and means nothing else. */
export function fitCallId(id: string, rule: ModelTraits['callIds']): string {
  if (rule === 'nine')
    return /^[a-zA-Z0-9]{9}$/.test(id) ? id : `${hashText(id)}${hashText(id, 7).slice(-1)}`;
  return id.length <= MAX_CALL_ID_CHARS ? id : shorten(id, MAX_CALL_ID_CHARS);
}

/** An end-user tag of a length OpenAI takes; still the same tag for the same end user. */
export function fitEndUser(endUser: string): string {
  return endUser.length <= MAX_END_USER_CHARS ? endUser : shorten(endUser, MAX_END_USER_CHARS);
}

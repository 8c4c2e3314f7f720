/** Knows which prompt a request belongs to by the text in it, where no header says so. */
import type { PromptId } from '../base/prompt-id.ts';
import type { FormatId } from '../wire/chat.ts';
import type { ValueSpan } from '../wire/walk.ts';

export interface PromptFinder {
  /** No prompt is known by its text, so that nothing needs to be looked for. */
  readonly isEmpty: boolean;
  /** @param fields noted by the walk of the body, with `promptFields` among the wanted names */
  find(format: FormatId, body: Buffer, fields: ReadonlyMap<string, ValueSpan>): PromptId | undefined;
}

export const noPrompts: PromptFinder = { isEmpty: true, find: () => undefined };

/** Top-level fields that may hold a prompt's text. */
export function promptFields(_format: FormatId): readonly string[] {
  return [];
}

/** What the resource of prompts stands on. */
import type { Definitions } from '../agents/definition.ts';

export interface PromptFacts {
  readonly definitions: Definitions;
  /** Why requests are not known by the text of a prompt, by its id. */
  readonly left: ReadonlyMap<string, string>;
}

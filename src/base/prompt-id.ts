/** Ids of prompts: which agent, command, skill or hook a request belongs to. Written `agent:oss:code-reviewer`. */

export const PROMPT_KINDS = ['agent', 'command', 'skill', 'hook'] as const;
export type PromptKind = (typeof PROMPT_KINDS)[number];

export interface PromptId {
  readonly kind: PromptKind;
  /** As its file names it, with the namespace of its plugin where it has one: `oss:code-reviewer`. */
  readonly name: string;
}

/** Names are file names and titles; a longer text is a mistake. */
export const MAX_PROMPT_NAME = 200;

/** undefined = it is none. The kind may be in the plural, as in the configuration file: `agents:oss:code-reviewer`. */
export function parsePromptId(text: string): PromptId | undefined {
  const at = text.indexOf(':');
  const word = text.slice(0, at).trim().toLowerCase();
  const kind = PROMPT_KINDS.find((known) => word === known || word === `${known}s`);
  const name = at > 0 ? text.slice(at + 1).trim() : '';
  if (!kind || name === '' || name.length > MAX_PROMPT_NAME || !isPrintable(name)) return undefined;
  return { kind, name };
}

function isPrintable(name: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name);
}

export function promptIdText({ kind, name }: PromptId): string {
  return `${kind}:${name}`;
}

/**
 * The value of the dimension `agent` that its spend is booked under: an agent's own name, and for the other kinds
 * the whole id, so that a command's cost is told from an agent's of the same name.
 */
export function bookedAgent(id: PromptId): string {
  return id.kind === 'agent' ? id.name : promptIdText(id);
}

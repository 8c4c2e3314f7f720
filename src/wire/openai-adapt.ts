/** What both of OpenAI's APIs take of a chat from another format: tools, the choice among them, end user and tier. */
import type { ChatRequest, ChatTool, Extra } from './chat.ts';
import { fitName, shorten } from './openai-names.ts';
import type { Warn } from './own-extra.ts';

export interface ToolAdapter {
  /** Caching is asked for by a mark on the tool, or the reason why it cannot be. */
  readonly marks: 'kept' | { readonly note: string };
  warnExtra(extra: Extra | undefined, path: string, warn: Warn): void;
  readonly warn: Warn;
}

/** Tools without what only their own format knows, under names that are taken here. */
export function adaptTools(tools: readonly ChatTool[], adapter: ToolAdapter): ChatTool[] {
  return tools.flatMap((tool, index) => adaptTool(tool, `tools[${index}]`, adapter));
}

function adaptTool(tool: ChatTool, path: string, { marks, warnExtra, warn }: ToolAdapter): ChatTool[] {
  if (tool.builtin) {
    warn({ kind: 'dropped', path, note: `a built-in tool of ${tool.builtin.format}, not offered here` });
    return [];
  }
  const { cache, extra, ...rest } = tool;
  warnExtra(extra, `${path}.extra`, warn);
  if (cache && marks !== 'kept') warn({ kind: 'dropped', path: `${path}.cache`, note: marks.note });
  const name = fitName(tool.name);
  if (name !== tool.name) {
    warn({ kind: 'approximated', path: `${path}.name`, note: `renamed ${name}; see createNameRestorer` });
  }
  return [{ ...rest, name, ...(cache && marks === 'kept' && { cache }) }];
}

/** A choice among tools that are all gone would be refused. */
export function adaptToolChoice(
  choice: ChatRequest['toolChoice'],
  tools: readonly ChatTool[],
): ChatRequest['toolChoice'] {
  if (!choice || tools.length === 0) return undefined;
  if (choice.type !== 'tool') return choice;
  const name = fitName(choice.name);
  return tools.some((tool) => tool.name === name) ? { type: 'tool', name } : { type: 'required' };
}

/** True is the default, and the field is refused where there are no tools. */
export function adaptParallel(
  { parallelToolCalls }: ChatRequest,
  tools: readonly ChatTool[],
): false | undefined {
  return tools.length > 0 && parallelToolCalls === false ? false : undefined;
}

/** OpenAI refuses a longer tag. */
const MAX_END_USER_CHARS = 64;

export function adaptEndUser(endUser: string | undefined, warn: Warn): string | undefined {
  if (endUser === undefined) return undefined;
  const fitted = shorten(endUser, MAX_END_USER_CHARS);
  if (fitted !== endUser) {
    const note = 'too long for `user`: cut, with a hash of the whole';
    warn({ kind: 'approximated', path: 'endUser', note });
  }
  return fitted;
}

/** What other formats call the ordinary tier. `auto` is what happens without the field, so it is not sent. */
const ORDINARY: Readonly<Record<string, string | undefined>> = {
  auto: undefined,
  standard: 'default',
  standard_only: 'default',
  default: 'default',
};

/** @param tiers those that are to be had beside the ordinary one */
export function adaptServiceTier(
  tier: string | undefined,
  tiers: readonly string[],
  warn: Warn,
): string | undefined {
  if (tier === undefined || tiers.includes(tier)) return tier;
  if (Object.hasOwn(ORDINARY, tier)) return ORDINARY[tier];
  warn({ kind: 'dropped', path: 'serviceTier', note: `there is no service tier ${tier} here` });
  return undefined;
}

/** Parts of another format's reply as an OpenAI message can hold them. */
import type { ChatPart, FormatId, ImagePart, ThinkingPart, ToolCallPart } from '../chat.ts';
import { defined } from '../json.ts';
import type { Warn } from '../own-extra.ts';
import { shownId } from './call-state.ts';
import { warnExtra } from './own.ts';

/** @param maker whose model said it; stands for the signature of thoughts that have none */
export function adaptReplyParts(
  parts: readonly ChatPart[],
  maker: FormatId | undefined,
  warn: Warn,
): ChatPart[] {
  return parts.flatMap((part, index) => adaptPart(part, { path: `parts[${index}]`, maker, warn }));
}

interface At {
  readonly path: string;
  readonly maker: FormatId | undefined;
  readonly warn: Warn;
}

function adaptPart(part: ChatPart, { path, maker, warn }: At): ChatPart[] {
  if (part.type !== 'opaque') warnExtra(part.extra, `${path}.extra`, warn);
  const drop = (note: string): ChatPart[] => {
    warn({ kind: 'dropped', path, note });
    return [];
  };
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [{ type: part.type, text: part.text }];
    case 'thinking':
      return [adaptThinking(part, maker)];
    case 'tool-call':
      return [adaptCall(part)];
    case 'image':
      // OpenRouter's place for it; OpenAI's own models give none.
      warn({ kind: 'approximated', path, note: 'stands in `message.images`, as OpenRouter does it' });
      return [defined<ImagePart>({ type: 'image', source: part.source, detail: part.detail })];
    case 'opaque':
      return drop(`only ${part.format} knows this block`);
    case 'redacted-thinking':
      return [{ type: 'redacted-thinking', data: part.data }];
    case 'audio':
    case 'document':
    case 'tool-result':
      return drop(`a message has no place for a ${part.type}`);
    default:
      return part satisfies never;
  }
}

/** Shown where clients look for it, and sealed beside that: also a thought that only says whose it is not. */
function adaptThinking({ text, signature }: ThinkingPart, maker: FormatId | undefined): ThinkingPart {
  const state = signature ?? (maker && { format: maker, value: '' });
  return defined<ThinkingPart>({ type: 'thinking', text, signature: state });
}

/** Clients parse this text, also where nothing was given. */
function adaptCall({ id, name, arguments: text, signature }: ToolCallPart): ToolCallPart {
  const call = { type: 'tool-call', id: shownId(id, signature), name, signature } as const;
  return defined<ToolCallPart>({ ...call, arguments: text === '' ? '{}' : text });
}

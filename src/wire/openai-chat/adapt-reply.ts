/** Parts of another format's reply as an OpenAI message can hold them. */
import type { ChatPart, ImagePart, ThinkingPart } from '../chat.ts';
import { defined, FORMAT } from './loose.ts';
import { type Warn, warnExtra } from './warn.ts';

export function adaptReplyParts(parts: readonly ChatPart[], warn: Warn): ChatPart[] {
  return parts.flatMap((part, index) => adaptPart(part, `parts[${index}]`, warn));
}

function adaptPart(part: ChatPart, path: string, warn: Warn): ChatPart[] {
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
      return [adaptThinking(part, path, warn)];
    case 'tool-call':
      return [adaptCall(part)];
    case 'image':
      // OpenRouter's place for it; OpenAI's own models give none.
      warn({ kind: 'approximated', path, note: 'stands in `message.images`, as OpenRouter does it' });
      return [defined<ImagePart>({ type: 'image', source: part.source, detail: part.detail })];
    case 'opaque':
      return drop(`only ${part.format} knows this block`);
    case 'redacted-thinking':
      return drop('there is no field for sealed thinking');
    case 'audio':
    case 'document':
    case 'tool-result':
      return drop(`a message has no place for a ${part.type}`);
    default:
      return part satisfies never;
  }
}

/** The text is shown where clients look for it; the proof is lost, and with it the way back. */
function adaptThinking({ text, signature }: ThinkingPart, path: string, warn: Warn): ThinkingPart {
  if (signature !== undefined) {
    warn({
      kind: 'dropped',
      path: `${path}.signature`,
      note: 'there is no field for the proof of a thought',
    });
  }
  return {
    type: 'thinking',
    text,
    extra: { format: FORMAT, fields: {}, spelling: { field: 'reasoning_content' } },
  };
}

/** Clients parse this text, also where nothing was given. */
function adaptCall({ id, name, arguments: text }: ChatPart & { type: 'tool-call' }): ChatPart {
  return { type: 'tool-call', id, name, arguments: text === '' ? '{}' : text };
}

/** What of a turn may be sent to a server of this format: its own state, and none of another vendor's. */
import type { ChatPart, ChatTurn, Signature } from '../chat.ts';
import type { Warn } from '../own-extra.ts';
import { FORMAT } from './own.ts';

function isForeign(signature: Signature | undefined): boolean {
  return signature !== undefined && signature.format !== FORMAT;
}

/** The turn without the state of others, each named in a warning; the same object where there is none. */
export function withoutForeign(turn: ChatTurn, path = '', warn?: Warn): ChatTurn {
  if (turn.role !== 'assistant' || !turn.parts.some(holdsForeign)) return turn;
  const parts = turn.parts.flatMap((part, index): ChatPart[] => {
    if (!holdsForeign(part)) return [part];
    const at = `${path}.parts[${index}]`;
    if (part.type !== 'tool-call') {
      warn?.({ kind: 'dropped', path: at, note: "the thinking is another vendor's" });
      return [];
    }
    const { signature, ...call } = part;
    warn?.({ kind: 'dropped', path: `${at}.signature`, note: `only ${signature?.format} knows this state` });
    return [call];
  });
  return { ...turn, parts };
}

function holdsForeign(part: ChatPart): boolean {
  if (part.type === 'redacted-thinking') return isForeign(part.data);
  return (part.type === 'thinking' || part.type === 'tool-call') && isForeign(part.signature);
}

/** What of a turn may be sent to a server of this format: its own state, and none of another maker's. */
import type { ChatPart, ChatTurn, Signature } from '../chat.ts';
import type { Warn } from '../own-extra.ts';
import { isForeign } from './reasoning-item.ts';

/** The turns without the state of others, each named in a warning; the same objects where there is none. */
export function withoutForeign(turns: readonly ChatTurn[], warn: Warn): ChatTurn[] {
  return turns.map((turn, index) => {
    if (!turn.parts.some((part) => isForeign(stateOf(part)))) return turn;
    const parts = turn.parts.flatMap((part, place) => ownPart(part, `turns[${index}].parts[${place}]`, warn));
    return { ...turn, parts };
  });
}

function stateOf(part: ChatPart): Signature | undefined {
  if (part.type === 'redacted-thinking') return part.data;
  return part.type === 'thinking' || part.type === 'tool-call' ? part.signature : undefined;
}

function ownPart(part: ChatPart, path: string, warn: Warn): ChatPart[] {
  const state = stateOf(part);
  if (!isForeign(state)) return [part];
  if (part.type !== 'tool-call') {
    warn({ kind: 'dropped', path, note: 'the thinking is of another vendor’s model' });
    return [];
  }
  const { signature: _, ...call } = part;
  warn({ kind: 'dropped', path: `${path}.signature`, note: `only ${state.format} knows this state` });
  return [call];
}

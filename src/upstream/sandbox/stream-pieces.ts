/** A reply as chat events in the portions a model would send: an opening, about a word at a time, a closing. */
import type { ChatEvent, ChatPart, ChatReply, Signature, Usage } from '../../wire/chat.ts';
import { nextWordEnd } from './prose.ts';

/** Characters of a tool call's arguments per event; vendors cut them anywhere. */
const ARGUMENT_CHARS = 16;

/** The first frames. Input is known from the start (Anthropic reports it there). */
export function openingEvents(reply: ChatReply): ChatEvent[] {
  const { id, model, createdAtMs, usage } = reply;
  const start: ChatEvent = { type: 'start', id, model, ...(createdAtMs !== undefined && { createdAtMs }) };
  return usage ? [start, { type: 'usage', usage: startedUsage(usage) }] : [start];
}

function startedUsage(usage: Usage): Usage {
  const { reasoning: _reasoning, ...input } = usage;
  return { ...input, output: Math.min(usage.output ?? 0, 1) };
}

export function closingEvents(reply: ChatReply): ChatEvent[] {
  const usage: ChatEvent[] = reply.usage ? [{ type: 'usage', usage: reply.usage }] : [];
  return [...usage, { type: 'stop', stop: reply.stop }, { type: 'end' }];
}

/** One portion per word or fragment; a part's start comes with its first portion, its end with its last. */
export function* contentEvents(parts: readonly ChatPart[]): Generator<readonly ChatEvent[], void> {
  for (const [index, part] of parts.entries()) {
    switch (part.type) {
      case 'text':
        yield* textEvents('text', index, part.text);
        break;
      case 'refusal':
        yield* textEvents('refusal', index, part.text);
        break;
      case 'thinking':
        yield* textEvents('thinking', index, part.text, part.signature);
        break;
      case 'tool-call':
        yield [{ type: 'tool-call-start', index, id: part.id, name: part.name }];
        yield* argumentEvents(index, part.arguments);
        break;
      default:
        // The sandbox says nothing else.
        break;
    }
  }
}

function* textEvents(
  kind: 'text' | 'thinking' | 'refusal',
  index: number,
  text: string,
  signature?: Signature,
): Generator<ChatEvent[], void> {
  let events: ChatEvent[] = [{ type: `${kind}-start`, index }];
  let from = 0;
  let word = nextWordEnd(text, 0);
  while (from < text.length) {
    const next = word === -1 ? -1 : nextWordEnd(text, word);
    // White space after the last word goes with it.
    const end = next === -1 ? text.length : word;
    events.push({ type: `${kind}-delta`, index, text: text.slice(from, end) });
    from = end;
    word = next;
    if (from < text.length) {
      yield events;
      events = [];
    }
  }
  if (signature !== undefined) events.push({ type: 'thinking-signature', index, signature });
  events.push({ type: `${kind}-end`, index });
  yield events;
}

function* argumentEvents(index: number, text: string): Generator<ChatEvent[], void> {
  for (let from = 0; from < text.length; from += ARGUMENT_CHARS) {
    yield [{ type: 'tool-call-delta', index, arguments: text.slice(from, from + ARGUMENT_CHARS) }];
  }
  yield [{ type: 'tool-call-end', index }];
}

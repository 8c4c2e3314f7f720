/** A Messages answer and the chat's reply, both ways. */
import type { ChatPart, ChatReply, FormatId, JsonObject, Signature, Warning } from '../chat.ts';
import { type Rendered, type ReplyContext, WireError } from '../format.ts';
import { defined, isObject, without } from '../json.ts';
import type { Place } from '../place.ts';
import type { Rest } from '../rest.ts';
import { seal, sealId, writeSignature } from '../seal.ts';
import { readBlock } from './block-parse.ts';
import { leaveOut, renderPart } from './block-render.ts';
import { below, FORMAT, markExtra, restore } from './fields.ts';
import { readStop, renderStop } from './stop.ts';
import { readUsage, renderUsage } from './usage.ts';

/** Fields of an answer that the chat has a word for, or that are always the same. */
const KNOWN = ['id', 'type', 'role', 'model', 'content', 'stop_reason', 'stop_sequence', 'usage'];

/** What is left of a message once its known fields are taken. */
export function restOfMessage(message: JsonObject): Rest {
  return without(message, KNOWN);
}

/** @throws {WireError} when the body is no message. */
export function parseReply(body: JsonObject): ChatReply {
  const { content } = body;
  if (!Array.isArray(content))
    throw new WireError('the answer is no message: content must be a list', 'content');
  return defined<ChatReply>({
    id: typeof body.id === 'string' ? body.id : '',
    model: typeof body.model === 'string' ? body.model : '',
    parts: content.filter(isObject).map(readBlock),
    stop: readStop(body.stop_reason, body.stop_sequence),
    usage: readUsage(body.usage),
    extra: markExtra(restOfMessage(body)),
  });
}

export function renderReply(reply: ChatReply, context: ReplyContext): Rendered<JsonObject> {
  const warnings: Warning[] = [];
  const isOwn = reply.extra?.format === FORMAT;
  const place: Place = { path: '', warnings, isOwn };
  const maker = reply.extra?.format;
  const content = reply.parts.flatMap<JsonObject>(
    (part, index) => renderReplyPart(part, maker, below(place, `parts[${index}]`)) ?? [],
  );
  const told = {
    hasToolCalls: reply.parts.some((part) => part.type === 'tool-call'),
    hasRefusal: reply.parts.some((part) => part.type === 'refusal' && part.text !== ''),
  };
  const body: JsonObject = {
    id: reply.id || context.fallbackId,
    type: 'message',
    role: 'assistant',
    model: context.model,
    content,
    ...renderStop(reply.stop, isOwn, told),
    usage: renderUsage(reply.usage, isOwn),
  };
  return { body: restore(body, reply.extra, place), warnings };
}

/** Parts an assistant's message cannot hold. */
const NOT_IN_REPLIES: readonly ChatPart['type'][] = ['image', 'document', 'audio', 'tool-result'];

/**
 * The block of a reply's part; undefined when it is left out.
 * @param maker whose model said it; stands for the signature of thoughts that have none
 */
function renderReplyPart(part: ChatPart, maker: FormatId | undefined, place: Place): JsonObject | undefined {
  if (NOT_IN_REPLIES.includes(part.type))
    return leaveOut(place, `parts of type ${part.type} have no place in an answer`);
  // An answer may show unsigned or foreign thinking; only sending it back to Anthropic is refused.
  if (part.type === 'thinking') {
    const signature = writeProof(part.signature, maker);
    return restore({ type: 'thinking', thinking: part.text, signature }, part.extra, place);
  }
  if (part.type === 'redacted-thinking') {
    const data = writeSignature(part.data, FORMAT);
    return restore({ type: 'redacted_thinking', data }, part.extra, place);
  }
  if (part.type !== 'tool-call') return renderPart(part, place);
  const { signature, ...call } = part;
  const block = renderPart(call, place);
  return block && { ...block, id: sealId(String(block.id), signature) };
}

/** The signature of a thought in an answer. One that was not signed only says whose it is, if it is another's. */
export function writeProof(signature: Signature | undefined, maker: FormatId | undefined): string {
  if (signature) return writeSignature(signature, FORMAT);
  return maker && maker !== FORMAT ? seal({ format: maker, value: '' }) : '';
}

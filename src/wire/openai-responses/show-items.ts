/**
 * The parts of a reply as items for a client. State of other makers goes along sealed: a thought's in
 * `encrypted_content`, a call's at the end of its id, both of which clients send back.
 */
import type { ChatPart, ChatTool, JsonObject, RefusalPart, TextPart } from '../chat.ts';
import { objectsOf } from '../json.ts';
import type { Warn } from '../own-extra.ts';
import { sealId } from '../seal.ts';
import { shapeOf, writeCall, writeOwnCall } from './calls.ts';
import { writePart, writeRefusal } from './content.ts';
import { contentOf, isContent, messageOf, writeImageItem, writeMessage } from './items.ts';
import { FORMAT, ownFields, spelled, warnExtra } from './own.ts';
import { redactedSignature, showReasoning, writeOwnReasoning } from './reasoning-item.ts';

export interface Showing {
  /** Id of the reply, from which those of its items are made. */
  readonly id: string;
  /** The reply came from this format: it is shown as it came. */
  readonly isOwn: boolean;
  /** Tools of the request: a call of a custom tool is written as one. */
  readonly tools: readonly ChatTool[];
  readonly warn: Warn;
}

/** Beginnings OpenAI's item ids have; clients tell items apart by them. */
const ID_MARKS = {
  message: 'msg',
  reasoning: 'rs',
  function_call: 'fc',
  custom_tool_call: 'ctc',
  image: 'ig',
} as const;

/** OpenAI refuses item ids of more than 64 characters. */
const MAX_REPLY_ID_CHARS = 48;

/** An id for an item that has none: its place in the reply. */
export function itemId(kind: keyof typeof ID_MARKS, replyId: string, place: number): string {
  const plain = replyId.replace(/[^a-zA-Z0-9_-]/g, '').slice(-MAX_REPLY_ID_CHARS);
  return `${ID_MARKS[kind]}_${plain}_${place}`;
}

export function showParts(parts: readonly ChatPart[], showing: Showing): JsonObject[] {
  const items: JsonObject[] = [];
  let message: ChatPart[] = [];
  const closeMessage = (): void => {
    if (message.length > 0) items.push(showMessage(message, items.length, showing));
    message = [];
  };
  for (const [index, part] of parts.entries()) {
    const path = `parts[${index}]`;
    if (part.type !== 'opaque') warnExtra(part.extra, `${path}.extra`, showing.warn);
    if (isMessagePart(part, showing)) {
      if (messageOf(part)) closeMessage();
      message.push(part);
      continue;
    }
    const item = showItem(part, items.length + (message.length > 0 ? 1 : 0), path, showing);
    if (!item) continue;
    closeMessage();
    items.push(item);
  }
  closeMessage();
  return items;
}

/** A text of another format that says nothing is no content. */
function isMessagePart(part: ChatPart, { isOwn }: Showing): boolean {
  if (isOwn) return isContent(part);
  return (part.type === 'text' || part.type === 'refusal') && part.text !== '';
}

function showMessage(parts: readonly ChatPart[], place: number, { id, isOwn }: Showing): JsonObject {
  const was = isOwn ? messageOf(parts[0]!) : undefined;
  // A text where a list should be, or an empty list: one part stands for it.
  if (was && 'content' in was && objectsOf(was.content).length === 0) return writeMessage(was, parts);
  const content = parts.flatMap((part) => {
    if (part.type === 'opaque') return contentOf(part.value) ?? [];
    if (isOwn && spelled(part.extra, 'part')) return writePart(part, 'assistant') ?? [];
    return part.type === 'text' || part.type === 'refusal' ? showContent(part) : [];
  });
  const isWhole = was !== undefined && 'content' in was;
  return { ...(isWhole ? was : messageItem(itemId('message', id, place), was)), content };
}

/** A message without its content. */
export function messageItem(id: string, was: JsonObject | undefined): JsonObject {
  return { id, type: 'message', status: 'completed', role: 'assistant', ...was };
}

/** A content part with all fields clients expect. */
export function showContent(part: TextPart | RefusalPart): JsonObject {
  if (part.type === 'refusal') return writeRefusal(part);
  const { annotations = [], logprobs = [] } = ownFields(part.extra);
  return { type: 'output_text', text: part.text, annotations, logprobs };
}

function showItem(part: ChatPart, place: number, path: string, showing: Showing): JsonObject | undefined {
  const { id, isOwn, tools, warn } = showing;
  const drop = (note: string): undefined => {
    warn({ kind: 'dropped', path, note });
  };
  switch (part.type) {
    case 'tool-call': {
      const callId = sealId(part.id, part.signature);
      if (isOwn && spelled(part.extra, 'item')) return writeOwnCall(part, callId, tools);
      const shape = shapeOf(part, tools);
      // Clients parse this text, also where nothing was given.
      const text = part.arguments === '' && !isOwn ? '{}' : part.arguments;
      return { id: itemId(shape.type, id, place), status: 'completed', ...writeCall(shape, callId, text) };
    }
    case 'thinking':
      if (part.text === '' && !part.signature) return undefined;
      if (isOwn && part.signature?.format === FORMAT) return writeOwnReasoning(part.signature, part.text);
      return showReasoning({ text: part.text, signature: part.signature }, itemId('reasoning', id, place));
    case 'redacted-thinking': {
      const signature = redactedSignature(part.data);
      return showReasoning({ text: '', signature }, itemId('reasoning', id, place));
    }
    case 'image': {
      const item = writeImageItem(part);
      return item
        ? { id: itemId('image', id, place), ...item }
        : drop('an image is shown as its bytes alone');
    }
    case 'opaque':
      return part.format === FORMAT ? part.value : drop(`only ${part.format} knows this block`);
    case 'text':
    case 'refusal':
      return undefined;
    case 'audio':
    case 'document':
    case 'tool-result':
      return drop(`a reply has no place for a ${part.type}`);
    default:
      return part satisfies never;
  }
}

/** Messages of a stream. One stays open until something else begins, so that texts in a row are one message. */
import type { Extra, JsonObject, OpaquePart } from '../chat.ts';
import { objectsOf, without } from '../json.ts';
import { contentOf, messageOf } from './items.ts';
import { beginItem, deltaHead, finishItem, type Output, placeIn, writeItem } from './output.ts';
import { FORMAT, ownFields, spelled } from './own.ts';
import { itemId, messageItem, showContent } from './show-items.ts';

export interface TextState {
  message: OpenMessage | undefined;
  text: OpenText | undefined;
}
interface OpenMessage {
  readonly base: JsonObject;
  readonly content: JsonObject[];
}
interface OpenText {
  readonly type: 'text' | 'refusal';
  /** Of its pieces; known when the first goes out. */
  head: string;
  text: string;
  /** Annotations and log probabilities. */
  fields: JsonObject;
  sentAnnotations: number;
}

type TextOutput = Output & TextState;

/** A text of another format begins with its first piece, so that there are no empty ones. */
export function beginText(out: TextOutput, type: OpenText['type'], extra: Extra | undefined): string {
  const isNew = spelled(extra, 'item') !== undefined;
  const closed = isNew ? closeMessage(out) : '';
  out.text = { type, head: '', text: '', fields: ownFields(extra), sentAnnotations: 0 };
  return closed + (out.isOwn ? openText(out, out.text, spelled(extra, 'item')) : '');
}

/** Opens the message too, if none is open. */
function openText(out: TextOutput, text: OpenText, was: JsonObject | undefined): string {
  const { type } = text;
  const message = out.message ?? newMessage(out, was);
  const begun = out.message ? '' : beginMessage(out, message);
  out.message = message;
  text.head = headOf(out, message, type);
  return (
    begun + sendPart(out, message, 'response.content_part.added', { part: showContent({ type, text: '' }) })
  );
}

function headOf(out: TextOutput, message: OpenMessage, type: OpenText['type']): string {
  const place = partPlace(out, message);
  if (type === 'refusal') return deltaHead('response.refusal.delta', place);
  return deltaHead('response.output_text.delta', { ...place, logprobs: [] });
}

function newMessage(out: TextOutput, was: JsonObject | undefined): OpenMessage {
  const base = messageItem(itemId('message', out.id, placeIn(out)), was && without(was, ['content']));
  return { base, content: [] };
}

function beginMessage(out: TextOutput, { base }: OpenMessage): string {
  return beginItem(out, { ...base, status: 'in_progress', content: [] });
}

function partPlace(out: TextOutput, { base, content }: OpenMessage): JsonObject {
  return { item_id: base.id!, output_index: placeIn(out), content_index: content.length };
}

function sendPart(out: TextOutput, message: OpenMessage, type: string, fields: JsonObject): string {
  return out.send(type, { ...partPlace(out, message), ...fields });
}

export function growText(out: TextOutput, delta: string): string {
  const { text } = out;
  if (!text || delta === '') return '';
  const opened = text.text === '' && !out.isOwn ? openText(out, text, undefined) : '';
  text.text += delta;
  return opened + out.sendDelta(text.head, delta);
}

/** A fragment of this format: lists grow, other values are replaced. */
export function growFields(out: TextOutput, value: JsonObject): string {
  const { text, message } = out;
  if (!text || !message) return '';
  const fields = { ...text.fields };
  for (const [key, added] of Object.entries(value)) {
    const present = fields[key];
    fields[key] = Array.isArray(present) && Array.isArray(added) ? [...present, ...added] : added;
  }
  text.fields = fields;
  return sendAnnotations(out, message, text);
}

function sendAnnotations(out: TextOutput, message: OpenMessage, text: OpenText): string {
  let sent = '';
  for (const annotation of objectsOf(text.fields.annotations).slice(text.sentAnnotations)) {
    const fields = { annotation_index: text.sentAnnotations, annotation };
    sent += sendPart(out, message, 'response.output_text.annotation.added', fields);
    text.sentAnnotations += 1;
  }
  return sent;
}

export function endText(out: TextOutput): string {
  const { text, message } = out;
  out.text = undefined;
  if (!text || !message || (text.text === '' && !out.isOwn)) return '';
  const { type, text: said, fields } = text;
  const part = showContent({ type, text: said, extra: { format: FORMAT, fields } });
  const done =
    type === 'text'
      ? sendPart(out, message, 'response.output_text.done', { text: said, logprobs: part.logprobs! })
      : sendPart(out, message, 'response.refusal.done', { refusal: said });
  const sent = sendAnnotations(out, message, text) + done;
  const ended = sendPart(out, message, 'response.content_part.done', { part });
  message.content.push(part);
  return sent + ended;
}

/** @param isCut the reply ends here, before the model was done. */
export function closeMessage(out: TextOutput, isCut = false): string {
  const { message } = out;
  if (!message) return '';
  out.message = undefined;
  const cut = isCut && message.base.status !== undefined ? { status: 'incomplete' } : {};
  return finishItem(out, { ...message.base, ...cut, content: message.content });
}

/** A content part only this format understands goes into the message; anything else is an item. */
export function writeOpaque(out: TextOutput, part: OpaquePart): string {
  const content = contentOf(part.value);
  if (!content) return closeMessage(out) + writeItem(out, part.value);
  const was = messageOf(part);
  const closed = was ? closeMessage(out) : '';
  const message = out.message ?? newMessage(out, was);
  const begun = out.message ? '' : beginMessage(out, message);
  out.message = message;
  const sent =
    sendPart(out, message, 'response.content_part.added', { part: content }) +
    sendPart(out, message, 'response.content_part.done', { part: content });
  message.content.push(content);
  return closed + begun + sent;
}

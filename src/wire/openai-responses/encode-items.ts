/**
 * The items of a streamed output: added, told in pieces, done whole. One item is open at a time; a message stays
 * open until something else begins, so that texts in a row are one message.
 */
import type { ChatEvent, ChatTool, Extra, JsonObject, OpaquePart, Signature } from '../chat.ts';
import { sealId } from '../seal.ts';
import { type CallShape, customInput, shapeOf, writeCall } from './calls.ts';
import { contentOf, messageOf } from './items.ts';
import { asObjects, asText, FORMAT, ownFields, spelled, without } from './loose.ts';
import {
  PARAGRAPH,
  type ReasoningField,
  reasoningText,
  redactedSignature,
  showReasoning,
} from './reasoning-item.ts';
import { itemId, messageItem, showContent } from './show-items.ts';

type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>;

/** What the items need of the encoder around them. */
export interface Output {
  /** Writes one event; the sequence number is added. */
  readonly send: (type: string, fields: JsonObject) => string;
  readonly tools: readonly ChatTool[];
  /** Id of the reply. */
  id: string;
  isOwn: boolean;
  /** Items that are done, in order. */
  readonly items: JsonObject[];
  message: OpenMessage | undefined;
  text: OpenText | undefined;
  thought: OpenThought | undefined;
  call: OpenCall | undefined;
}

interface OpenMessage {
  readonly base: JsonObject;
  readonly content: JsonObject[];
}
interface OpenText {
  readonly type: 'text' | 'refusal';
  text: string;
  /** Annotations and log probabilities. */
  fields: JsonObject;
  sentAnnotations: number;
}
interface OpenThought {
  readonly id: string;
  readonly field: ReasoningField;
  /** Text before the paragraph that is open, its separator included. */
  before: string;
  paragraph: string;
  paragraphs: number;
  isParagraphOpen: boolean;
  signature: Signature | undefined;
}
interface OpenCall {
  readonly id: string;
  readonly shape: CallShape;
  readonly callId: string;
  readonly base: JsonObject;
  text: string;
}

/** Index of the item that is open, or of the next. */
function place(out: Output): number {
  return out.items.length;
}

function finishItem(out: Output, item: JsonObject): string {
  const sent = out.send('response.output_item.done', { output_index: place(out), item });
  out.items.push(item);
  return sent;
}

// Messages

/** A text of another format begins with its first piece, so that there are no empty ones. */
export function beginText(out: Output, type: OpenText['type'], extra: Extra | undefined): string {
  const isNew = spelled(extra, 'item') !== undefined;
  const closed = isNew ? closeMessage(out) : '';
  out.text = { type, text: '', fields: ownFields(extra), sentAnnotations: 0 };
  return closed + (out.isOwn ? openText(out, extra) : '');
}

/** Opens the message too, if none is open. */
function openText(out: Output, extra: Extra | undefined): string {
  const added = out.message ? '' : openMessage(out, spelled(extra, 'item'));
  return (
    added +
    sendContent(out, 'response.content_part.added', { part: showContent({ type: out.text!.type, text: '' }) })
  );
}

function openMessage(out: Output, was: JsonObject | undefined): string {
  const base = messageItem(itemId('message', out.id, place(out)), was && without(was, ['content']));
  out.message = { base, content: [] };
  const item = { ...base, status: 'in_progress', content: [] };
  return out.send('response.output_item.added', { output_index: place(out), item });
}

function sendContent(out: Output, type: string, fields: JsonObject): string {
  const { base, content } = out.message!;
  const head = { item_id: base.id!, output_index: place(out), content_index: content.length };
  return out.send(type, { ...head, ...fields });
}

export function growText(out: Output, delta: string): string {
  const { text } = out;
  if (!text || delta === '') return '';
  const opened = text.text === '' && !out.isOwn ? openText(out, undefined) : '';
  text.text += delta;
  const isText = text.type === 'text';
  const type = isText ? 'response.output_text.delta' : 'response.refusal.delta';
  return opened + sendContent(out, type, isText ? { delta, logprobs: [] } : { delta });
}

/** A fragment of this format: lists grow, other values are replaced. */
export function growFields(out: Output, value: JsonObject): string {
  const { text } = out;
  if (!text || !out.message) return '';
  const fields = { ...text.fields };
  for (const [key, added] of Object.entries(value)) {
    const present = fields[key];
    fields[key] = Array.isArray(present) && Array.isArray(added) ? [...present, ...added] : added;
  }
  text.fields = fields;
  return sendAnnotations(out, text);
}

function sendAnnotations(out: Output, text: OpenText): string {
  let sent = '';
  for (const annotation of asObjects(text.fields.annotations).slice(text.sentAnnotations)) {
    const fields = { annotation_index: text.sentAnnotations, annotation };
    sent += sendContent(out, 'response.output_text.annotation.added', fields);
    text.sentAnnotations += 1;
  }
  return sent;
}

export function endText(out: Output): string {
  const { text, message } = out;
  out.text = undefined;
  if (!text || !message || (text.text === '' && !out.isOwn)) return '';
  const part = showContent({
    type: text.type,
    text: text.text,
    extra: { format: FORMAT, fields: text.fields },
  });
  const isText = text.type === 'text';
  const sent =
    sendAnnotations(out, text) +
    (isText
      ? sendContent(out, 'response.output_text.done', { text: text.text, logprobs: part.logprobs! })
      : sendContent(out, 'response.refusal.done', { refusal: text.text })) +
    sendContent(out, 'response.content_part.done', { part });
  message.content.push(part);
  return sent;
}

/** @param isCut the reply ends here, before the model was done. */
export function closeMessage(out: Output, isCut = false): string {
  const { message } = out;
  if (!message) return '';
  out.message = undefined;
  const cut = isCut && message.base.status !== undefined ? { status: 'incomplete' } : {};
  return finishItem(out, { ...message.base, ...cut, content: message.content });
}

// Thoughts

/** Nothing is sent yet: a thought without text and state is none. */
export function beginThought(out: Output, extra: Extra | undefined): string {
  const known = spelled(extra, 'reasoning');
  const closed = closeMessage(out);
  out.thought = {
    id: asText(known?.id) ?? itemId('reasoning', out.id, place(out)),
    field: known?.field === 'content' ? 'content' : 'summary',
    before: '',
    paragraph: '',
    paragraphs: -1,
    isParagraphOpen: false,
    signature: undefined,
  };
  return closed;
}

function openThought(out: Output, thought: OpenThought): string {
  if (thought.paragraphs !== -1) return '';
  thought.paragraphs = 0;
  const item = { id: thought.id, type: 'reasoning', summary: [] };
  return out.send('response.output_item.added', { output_index: place(out), item });
}

export function growThought(out: Output, delta: string): string {
  const { thought } = out;
  if (!thought || delta === '') return '';
  const opened = openThought(out, thought);
  // The decoder of this format tells the end of a paragraph by this text alone.
  if (out.isOwn && delta === PARAGRAPH && thought.field === 'summary' && thought.isParagraphOpen) {
    const closed = endParagraph(out, thought);
    thought.before += PARAGRAPH;
    return opened + closed;
  }
  const begun = thought.isParagraphOpen ? '' : beginParagraph(out, thought);
  thought.paragraph += delta;
  const type =
    thought.field === 'summary' ? 'response.reasoning_summary_text.delta' : 'response.reasoning_text.delta';
  return opened + begun + sendThought(out, thought, type, { delta });
}

function sendThought(out: Output, thought: OpenThought, type: string, fields: JsonObject): string {
  const index = thought.field === 'summary' ? 'summary_index' : 'content_index';
  const head = { item_id: thought.id, output_index: place(out), [index]: thought.paragraphs };
  return out.send(type, { ...head, ...fields });
}

function beginParagraph(out: Output, thought: OpenThought): string {
  thought.isParagraphOpen = true;
  const type =
    thought.field === 'summary' ? 'response.reasoning_summary_part.added' : 'response.content_part.added';
  return sendThought(out, thought, type, { part: reasoningText(thought.field, '') });
}

function endParagraph(out: Output, thought: OpenThought): string {
  if (!thought.isParagraphOpen) return '';
  const { field, paragraph: text } = thought;
  const isSummary = field === 'summary';
  const sent =
    sendThought(
      out,
      thought,
      isSummary ? 'response.reasoning_summary_text.done' : 'response.reasoning_text.done',
      { text },
    ) +
    sendThought(
      out,
      thought,
      isSummary ? 'response.reasoning_summary_part.done' : 'response.content_part.done',
      {
        part: reasoningText(field, text),
      },
    );
  thought.before += text;
  thought.paragraph = '';
  thought.paragraphs += 1;
  thought.isParagraphOpen = false;
  return sent;
}

export function signThought(out: Output, signature: Signature): string {
  if (out.thought) out.thought.signature = signature;
  return '';
}

export function endThought(out: Output): string {
  const { thought } = out;
  out.thought = undefined;
  if (!thought) return '';
  const { signature, id, field } = thought;
  const isEmpty = thought.paragraphs === -1 && !signature;
  if (isEmpty) return '';
  const sent = openThought(out, thought) + endParagraph(out, thought);
  const text = thought.before;
  if (!signature && field === 'content') {
    return (
      sent + finishItem(out, { id, type: 'reasoning', summary: [], content: [reasoningText(field, text)] })
    );
  }
  return sent + finishItem(out, showReasoning({ text, signature }, id));
}

export function writeRedacted(out: Output, data: Signature): string {
  return (
    closeMessage(out) +
    writeWhole(
      out,
      showReasoning(
        { text: '', signature: redactedSignature(data) },
        itemId('reasoning', out.id, place(out)),
      ),
    )
  );
}

// Calls

export function beginCall(out: Output, event: EventOf<'tool-call-start'>): string {
  const closed = closeMessage(out);
  const was = spelled(event.extra, 'item');
  const shape = shapeOf(event, out.tools);
  const id = asText(was?.id) ?? itemId(shape.type, out.id, place(out));
  const base = { id, status: 'completed', ...(was && without(was, ['namespace', 'arguments', 'input'])) };
  out.call = { id, shape, callId: sealId(event.id, event.signature), base, text: '' };
  const item = { ...base, status: 'in_progress', ...writeCall(shape, out.call.callId, '') };
  return closed + out.send('response.output_item.added', { output_index: place(out), item });
}

/** A custom tool's text stands inside its arguments, and is known when they are whole. */
export function growCall(out: Output, delta: string): string {
  const { call } = out;
  if (!call || delta === '') return '';
  call.text += delta;
  return call.shape.type === 'custom_tool_call'
    ? ''
    : sendCall(out, call, 'response.function_call_arguments.delta', { delta });
}

function sendCall(out: Output, call: OpenCall, type: string, fields: JsonObject): string {
  return out.send(type, { item_id: call.id, output_index: place(out), ...fields });
}

export function endCall(out: Output): string {
  const { call } = out;
  if (!call) return '';
  const isCustom = call.shape.type === 'custom_tool_call';
  // Clients parse the arguments, also where a foreign call came without any.
  const filled = call.text === '' && !out.isOwn && !isCustom ? growCall(out, '{}') : '';
  out.call = undefined;
  const { shape, callId, text, base } = call;
  const item = { ...base, ...writeCall(shape, callId, text) };
  if (!isCustom) {
    const done = { arguments: text, name: shape.name };
    return (
      filled + sendCall(out, call, 'response.function_call_arguments.done', done) + finishItem(out, item)
    );
  }
  const input = customInput(text);
  const told =
    input === '' ? '' : sendCall(out, call, 'response.custom_tool_call_input.delta', { delta: input });
  return (
    told + sendCall(out, call, 'response.custom_tool_call_input.done', { input }) + finishItem(out, item)
  );
}

// Items that come whole

/** A content part only this format understands goes into the message; anything else is an item. */
export function writeOpaque(out: Output, part: OpaquePart): string {
  const content = contentOf(part.value);
  if (!content) return closeMessage(out) + writeWhole(out, part.value);
  const was = messageOf(part);
  const closed = was ? closeMessage(out) : '';
  const opened = out.message ? '' : openMessage(out, was);
  const sent =
    sendContent(out, 'response.content_part.added', { part: content }) +
    sendContent(out, 'response.content_part.done', { part: content });
  out.message!.content.push(content);
  return closed + opened + sent;
}

export function writeWhole(out: Output, item: JsonObject): string {
  const added = item.status === undefined ? item : { ...item, status: 'in_progress' };
  return (
    out.send('response.output_item.added', { output_index: place(out), item: added }) + finishItem(out, item)
  );
}

/** Reasoning items of a stream: a summary in paragraphs, or (open models) the thoughts themselves. */
import type { Extra, JsonObject, Signature } from '../chat.ts';
import { asText } from '../json.ts';
import { beginItem, deltaHead, finishItem, type Output, placeIn, writeItem } from './output.ts';
import { spelled } from './own.ts';
import {
  PARAGRAPH,
  type ReasoningField,
  reasoningText,
  redactedSignature,
  showReasoning,
} from './reasoning-item.ts';
import { itemId } from './show-items.ts';

export interface ThoughtState {
  thought: OpenThought | undefined;
}
interface OpenThought {
  id: string;
  readonly field: ReasoningField;
  /** Pieces of a thought whose item has an id that only its end tells; undefined: they go out as they come. */
  held: string[] | undefined;
  isBegun: boolean;
  /** Text before the paragraph that is open, with what separates them. */
  before: string;
  /** The paragraph that is open. */
  paragraph: string | undefined;
  /** Of its pieces. */
  head: string;
  /** Paragraphs that have ended. */
  count: number;
  signature: Signature | undefined;
}

type ThoughtOutput = Output & ThoughtState;

/** The events of one paragraph, and what they call its place. */
interface FieldEvents {
  readonly added: string;
  readonly delta: string;
  readonly done: string;
  readonly ended: string;
  readonly index: string;
}

const EVENTS: Readonly<Record<ReasoningField, FieldEvents>> = {
  summary: {
    added: 'response.reasoning_summary_part.added',
    delta: 'response.reasoning_summary_text.delta',
    done: 'response.reasoning_summary_text.done',
    ended: 'response.reasoning_summary_part.done',
    index: 'summary_index',
  },
  content: {
    added: 'response.content_part.added',
    delta: 'response.reasoning_text.delta',
    done: 'response.reasoning_text.done',
    ended: 'response.content_part.done',
    index: 'content_index',
  },
};

/** Nothing is sent yet: a thought without text and state is none. */
export function beginThought(out: ThoughtOutput, extra: Extra | undefined): void {
  const known = spelled(extra, 'reasoning');
  const id = asText(known?.id);
  out.thought = {
    id: id ?? itemId('reasoning', out.id, placeIn(out)),
    field: known?.field === 'content' ? 'content' : 'summary',
    held: out.isOwn && id === undefined ? [] : undefined,
    isBegun: false,
    before: '',
    paragraph: undefined,
    head: '',
    count: 0,
    signature: undefined,
  };
}

export function growThought(out: ThoughtOutput, delta: string): string {
  const { thought } = out;
  if (!thought || delta === '') return '';
  if (!thought.held) return sendPiece(out, thought, delta);
  thought.held.push(delta);
  return '';
}

function sendPiece(out: ThoughtOutput, thought: OpenThought, delta: string): string {
  const begun = beginOnce(out, thought);
  // The decoder of this format tells the end of a paragraph by this text alone.
  const isEnd = out.isOwn && delta === PARAGRAPH && thought.field === 'summary';
  if (isEnd && thought.paragraph !== undefined) {
    const ended = endParagraph(out, thought);
    thought.before += PARAGRAPH;
    return begun + ended;
  }
  const added = thought.paragraph === undefined ? beginParagraph(out, thought) : '';
  thought.paragraph = (thought.paragraph ?? '') + delta;
  return begun + added + out.sendDelta(thought.head, delta);
}

function beginParagraph(out: ThoughtOutput, thought: OpenThought): string {
  thought.head = deltaHead(EVENTS[thought.field].delta, placeOf(out, thought));
  return send(out, thought, 'added', { part: reasoningText(thought.field, '') });
}

function placeOf(out: ThoughtOutput, { id, field, count }: OpenThought): JsonObject {
  return { item_id: id, output_index: placeIn(out), [EVENTS[field].index]: count };
}

function beginOnce(out: ThoughtOutput, thought: OpenThought): string {
  if (thought.isBegun) return '';
  thought.isBegun = true;
  return beginItem(out, { id: thought.id, type: 'reasoning', summary: [] });
}

function send(
  out: ThoughtOutput,
  thought: OpenThought,
  event: 'added' | 'done' | 'ended',
  fields: JsonObject,
): string {
  return out.send(EVENTS[thought.field][event], { ...placeOf(out, thought), ...fields });
}

function endParagraph(out: ThoughtOutput, thought: OpenThought): string {
  const { field, paragraph: text } = thought;
  if (text === undefined) return '';
  const sent =
    send(out, thought, 'done', { text }) + send(out, thought, 'ended', { part: reasoningText(field, text) });
  thought.before += text;
  thought.paragraph = undefined;
  thought.count += 1;
  return sent;
}

export function signThought(out: ThoughtOutput, signature: Signature): void {
  if (out.thought) out.thought.signature = signature;
}

export function endThought(out: ThoughtOutput): string {
  const { thought } = out;
  out.thought = undefined;
  if (!thought) return '';
  const flushed = flush(out, thought);
  const { signature, field } = thought;
  if (!thought.isBegun && !signature) return '';
  const sent = flushed + beginOnce(out, thought) + endParagraph(out, thought);
  const { id, before: text } = thought;
  if (signature || field === 'summary')
    return sent + finishItem(out, showReasoning({ text, signature }, id, true));
  return (
    sent + finishItem(out, { id, type: 'reasoning', summary: [], content: [reasoningText(field, text)] })
  );
}

/** What was held, under the id that is known now. */
function flush(out: ThoughtOutput, thought: OpenThought): string {
  const pieces = thought.held ?? [];
  thought.held = undefined;
  if (out.isOwn) thought.id = asText(thought.signature?.fields?.id) ?? thought.id;
  return pieces.map((piece) => sendPiece(out, thought, piece)).join('');
}

export function writeRedacted(out: ThoughtOutput, data: Signature): string {
  const thought = { text: '', signature: redactedSignature(data) };
  return writeItem(out, showReasoning(thought, itemId('reasoning', out.id, placeIn(out))));
}

/** The output of a stream that is being written: what the writers of its items share. */
import type { ChatTool, JsonObject } from '../chat.ts';

export interface Output {
  /** Writes one event; the sequence number is added. */
  readonly send: (type: string, fields: JsonObject) => string;
  /** Writes one piece of text, behind a head made by `deltaHead`: most of a stream is these. */
  readonly sendDelta: (head: string, delta: string) => string;
  readonly tools: readonly ChatTool[];
  /** Id of the reply. */
  id: string;
  /** The events came from this format: they are written as they came. */
  isOwn: boolean;
  /** Items that are done, in order. */
  readonly items: JsonObject[];
}

/** An event as text up to its `delta`, which is all that differs between the pieces of one text. */
export function deltaHead(type: string, fields: JsonObject): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields }).slice(0, -1)},"delta":`;
}

/** Index of the item that is open, or of the next. */
export function placeIn(out: Output): number {
  return out.items.length;
}

export function beginItem(out: Output, item: JsonObject): string {
  return out.send('response.output_item.added', { output_index: placeIn(out), item });
}

export function finishItem(out: Output, item: JsonObject): string {
  const sent = out.send('response.output_item.done', { output_index: placeIn(out), item });
  out.items.push(item);
  return sent;
}

/** An item that comes in one piece. */
export function writeItem(out: Output, item: JsonObject): string {
  const begun = item.status === undefined ? item : { ...item, status: 'in_progress' };
  return beginItem(out, begun) + finishItem(out, item);
}

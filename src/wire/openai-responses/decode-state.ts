/** What the decoder of a stream remembers of the items that are open. */
import type { ChatEvent, JsonObject } from '../chat.ts';
import type { ReasoningField } from './reasoning-item.ts';

/** A content part of a message. */
export interface OpenText {
  readonly index: number;
  readonly kind: 'text' | 'refusal';
  /** Characters of it that went by. */
  chars: number;
  annotations: number;
  isEnded: boolean;
}
export interface OpenMessage {
  readonly kind: 'message';
  /** The item as it was added. */
  readonly value: JsonObject;
  /** By content index. */
  readonly texts: Map<number, OpenText>;
}
export interface OpenCall {
  readonly kind: 'call';
  readonly index: number;
  readonly isCustom: boolean;
  chars: number;
}
export interface OpenReasoning {
  readonly kind: 'reasoning';
  readonly value: JsonObject;
  /** Known when its first text comes. */
  begun: { readonly index: number; readonly field: ReasoningField } | undefined;
  /** Paragraph of the summary. */
  place: number;
  chars: number;
}
/** `whole`: told when it is done. */
export type OpenItem = OpenMessage | OpenCall | OpenReasoning | { readonly kind: 'whole' | 'ended' };

export interface ItemsState {
  /** Not handed on yet. */
  events: ChatEvent[];
  /** By output index. */
  readonly items: Map<number, OpenItem>;
  /** Index of the reply's next part. */
  nextIndex: number;
  hasCalls: boolean;
}

export function createItemsState(): ItemsState {
  return { events: [], items: new Map(), nextIndex: 0, hasCalls: false };
}

export function takeIndex(state: ItemsState): number {
  state.nextIndex += 1;
  return state.nextIndex - 1;
}

/** Where an event belongs; servers that forget it mean the last item. */
export function placeOf(state: ItemsState, data: JsonObject): number {
  if (typeof data.output_index === 'number') return data.output_index;
  return Math.max(0, ...state.items.keys());
}

/** The item an event belongs to; servers that forgot to add it mean this one. */
export function itemFor(state: ItemsState, data: JsonObject, unknown: OpenItem): OpenItem {
  const place = placeOf(state, data);
  const item = state.items.get(place) ?? unknown;
  state.items.set(place, item);
  return item;
}

/** An item as it will be when it is done. */
export function settled(item: JsonObject): JsonObject {
  return item.status === 'in_progress' ? { ...item, status: 'completed' } : item;
}

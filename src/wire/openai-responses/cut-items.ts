/** Items of a relayed stream as far as they came, and the events that end them. */
import type { JsonObject, JsonValue } from '../chat.ts';
import { asObject, asText, isObject, lookUp } from '../json.ts';

export interface KeptItem {
  item: JsonObject;
  /** Its parts that have begun and not ended: of the content or of the summary, by index. */
  readonly open: Set<string>;
  isDone: boolean;
}

type Items = Map<number, KeptItem>;
type Send = (type: string, fields: JsonObject) => string;

/** Lists of parts inside an item, and the field of the event that says which part is meant. */
const PLACES = { content: 'content_index', summary: 'summary_index' } as const;
type List = keyof typeof PLACES;

/** Notes what one event tells of the item at `place`; the characters it adds to what is kept. */
export function growItem(items: Items, type: string, place: number, data: JsonObject): number {
  if (type === 'response.output_item.added' || type === 'response.output_item.done') {
    const item = asObject(data.item);
    const isDone = type.endsWith('done');
    if (item) items.set(place, { item: { ...item }, open: new Set(), isDone });
    return 0;
  }
  const kept = items.get(place);
  const grow = kept && !kept.isDone ? lookUp(GROWERS, type) : undefined;
  return grow ? grow(kept!, data) : 0;
}

type Grow = (kept: KeptItem, data: JsonObject) => number;

const GROWERS: Readonly<Record<string, Grow>> = {
  'response.content_part.added': beginPart('content', 'part'),
  'response.content_part.done': endPart('content'),
  'response.output_text.delta': growPart('content', 'output_text', 'text'),
  'response.output_text.done': fillPart('content', 'text'),
  'response.refusal.delta': growPart('content', 'refusal', 'refusal'),
  'response.refusal.done': fillPart('content', 'refusal'),
  'response.output_text.annotation.added': addAnnotation,
  'response.reasoning_text.delta': growPart('content', 'reasoning_text', 'text'),
  'response.reasoning_text.done': fillPart('content', 'text'),
  'response.reasoning_summary_part.added': beginPart('summary', 'part'),
  'response.reasoning_summary_part.done': endPart('summary'),
  'response.reasoning_summary_text.delta': growPart('summary', 'summary_text', 'text'),
  'response.reasoning_summary_text.done': fillPart('summary', 'text'),
  'response.function_call_arguments.delta': growField('arguments'),
  'response.function_call_arguments.done': fillField('arguments'),
  'response.custom_tool_call_input.delta': growField('input'),
  'response.custom_tool_call_input.done': fillField('input'),
};

function growField(field: string): Grow {
  return ({ item }, data) => {
    const delta = asText(data.delta) ?? '';
    item[field] = (asText(item[field]) ?? '') + delta;
    return delta.length;
  };
}

function fillField(field: string): Grow {
  return ({ item }, data) => {
    item[field] = asText(data[field]) ?? item[field] ?? '';
    return 0;
  };
}

/** The list of parts, its own since the item was read. */
function listOf({ item }: KeptItem, list: List): JsonValue[] {
  const value = item[list];
  if (Array.isArray(value)) return value;
  const parts: JsonValue[] = [];
  item[list] = parts;
  return parts;
}

/** More parts than any item has: a place beyond is a mistake of its server and would make a long empty list. */
const MAX_PARTS = 10_000;

function placeIn(list: List, data: JsonObject): number {
  const place = data[PLACES[list]];
  return typeof place === 'number' && Number.isInteger(place) && place >= 0 && place < MAX_PARTS ? place : 0;
}

function beginPart(list: List, field: string): Grow {
  return (kept, data) => {
    const part = asObject(data[field]);
    const place = placeIn(list, data);
    if (!part) return 0;
    listOf(kept, list)[place] = { ...part };
    kept.open.add(`${list} ${place}`);
    return 0;
  };
}

function endPart(list: List): Grow {
  return (kept, data) => {
    const part = asObject(data.part);
    const place = placeIn(list, data);
    if (part) listOf(kept, list)[place] = part;
    kept.open.delete(`${list} ${place}`);
    return 0;
  };
}

/** The part an event adds to; servers that forgot to announce it mean an empty one. */
function partAt(kept: KeptItem, list: List, data: JsonObject, type: string): JsonObject {
  const parts = listOf(kept, list);
  const place = placeIn(list, data);
  const known = parts[place];
  if (isObject(known)) return known;
  const part: JsonObject = { type };
  parts[place] = part;
  kept.open.add(`${list} ${place}`);
  return part;
}

function growPart(list: List, type: string, field: string): Grow {
  return (kept, data) => {
    const delta = asText(data.delta) ?? '';
    const part = partAt(kept, list, data, type);
    part[field] = (asText(part[field]) ?? '') + delta;
    return delta.length;
  };
}

function fillPart(list: List, field: string): Grow {
  return (kept, data) => {
    const part = listOf(kept, list)[placeIn(list, data)];
    if (isObject(part)) part[field] = asText(data[field]) ?? part[field] ?? '';
    return 0;
  };
}

function addAnnotation(kept: KeptItem, data: JsonObject): number {
  const part = partAt(kept, 'content', data, 'output_text');
  const { annotation } = data;
  if (!isObject(annotation)) return 0;
  if (Array.isArray(part.annotations)) part.annotations.push(annotation);
  else part.annotations = [annotation];
  return JSON.stringify(annotation).length;
}

/** The events that end an item where it stands; none for one that is done. */
export function closeItem(kept: KeptItem, place: number, send: Send): string {
  if (kept.isDone) return '';
  const at = { item_id: kept.item.id ?? '', output_index: place };
  const told =
    [...kept.open].map((key) => closePart(kept, key, at, send)).join('') + closeFields(kept, at, send);
  kept.item = { ...withoutGaps(kept.item), status: 'incomplete' };
  kept.isDone = true;
  return told + send('response.output_item.done', { output_index: place, item: kept.item });
}

interface Ending {
  readonly text: string;
  readonly field: string;
  /** What ends the part after its text. */
  readonly part: string;
  readonly more?: JsonObject;
}

const PART_ENDINGS: Readonly<Record<string, Ending>> = {
  output_text: {
    text: 'response.output_text.done',
    field: 'text',
    part: 'response.content_part.done',
    more: { logprobs: [] },
  },
  refusal: { text: 'response.refusal.done', field: 'refusal', part: 'response.content_part.done' },
  reasoning_text: { text: 'response.reasoning_text.done', field: 'text', part: 'response.content_part.done' },
  summary_text: {
    text: 'response.reasoning_summary_text.done',
    field: 'text',
    part: 'response.reasoning_summary_part.done',
  },
};

function closePart(kept: KeptItem, key: string, at: JsonObject, send: Send): string {
  const [list, index] = key.split(' ') as [List, string];
  const place = Number(index);
  const part = asObject(listOf(kept, list)[place]);
  const ending = lookUp(PART_ENDINGS, part?.type);
  if (!part || !ending) return '';
  const where = { ...at, [PLACES[list]]: place };
  const text = { [ending.field]: asText(part[ending.field]) ?? '', ...ending.more };
  const done = send(ending.text, { ...where, ...text });
  return done + send(ending.part, { ...where, part });
}

function closeFields({ item }: KeptItem, at: JsonObject, send: Send): string {
  if (item.type === 'function_call') {
    const { name = '', arguments: said = '' } = item;
    return send('response.function_call_arguments.done', { ...at, name, arguments: said });
  }
  if (item.type !== 'custom_tool_call') return '';
  return send('response.custom_tool_call_input.done', { ...at, input: item.input ?? '' });
}

/** Parts that were never told leave holes, which JSON would show as null. */
function withoutGaps(item: JsonObject): JsonObject {
  const lists = (['content', 'summary'] as const).flatMap((list) => {
    const parts = item[list];
    return Array.isArray(parts) ? [[list, parts.filter((part) => isObject(part))] as const] : [];
  });
  return { ...item, ...Object.fromEntries(lists) };
}

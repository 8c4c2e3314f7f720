/**
 * Damages the usage reports inside finished bytes, as bad upstreams do: no encoder would write them. Knows the
 * names all formats give to usage, works on SSE frames, NDJSON lines and whole bodies alike.
 */
import type { JsonObject, JsonValue } from '../../wire/chat.ts';
import type { AnswerFault } from './fault.ts';

/** Objects that hold counts, and Ollama's counts that stand alone. */
const USAGE_OBJECTS = new Set(['usage', 'usageMetadata']);
const LONE_COUNTS = new Set(['prompt_eval_count', 'eval_count']);
/** A usage object stands at most two records deep (`message.usage`, `response.usage`). */
const MAX_DEPTH = 3;

type Damage = (holder: JsonObject, key: string) => void;

/** Made anew for each text, since one of them counts. */
const damages: Readonly<Partial<Record<AnswerFault, () => Damage>>> = {
  'no-usage': () => (holder, key) => {
    delete holder[key];
  },
  'zero-usage': () => (holder, key) => {
    holder[key] = mapCounts(holder[key]!, () => 0);
  },
  'absurd-usage': () => {
    let index = 0;
    return (holder, key) => {
      holder[key] = mapCounts(holder[key]!, () => ABSURD[index++ % ABSURD.length]!);
    };
  },
};

/** JSON has no NaN: null is what a careless upstream writes for it. 1e15 tokens fit no context. */
const ABSURD: readonly JsonValue[] = [-7, 'lots', 1e15, null];

/** Every number below, in order, replaced. */
function mapCounts(value: JsonValue, make: () => JsonValue): JsonValue {
  if (typeof value === 'number') return make();
  if (Array.isArray(value)) return value.map((item) => mapCounts(item, make));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapCounts(inner, make)]));
}

/** The text as the fault wants it; unchanged where it carries no usage or the fault is none of usage. */
export function damageUsage(text: string, fault: AnswerFault): string {
  if (fault === 'double-usage') return doubleUsage(text);
  const damage = damages[fault]?.();
  return damage ? editJson(text, (record) => visitUsage(record, damage)) : text;
}

/** Frames with a count appear twice, the first time with half of it: cumulative reports, never to be summed. */
function doubleUsage(text: string): string {
  return text
    .split(/(?<=\n\n)/)
    .map(doubleFrame)
    .join('');
}

function doubleFrame(frame: string): string {
  let hasCount = false;
  const half = editJson(frame, (record) => {
    visitUsage(record, (holder, key) => {
      if (holder[key] !== null) hasCount = true;
      holder[key] = mapNumbers(holder[key]!, (count) => Math.floor(count / 2));
    });
  });
  const isRepeatable = hasCount && frame.endsWith('\n\n') && !ONCE.test(frame);
  return isRepeatable ? half + frame : frame;
}

/** A start is a start once, and an end an end: in formats that report only there, nothing can be said twice. */
const ONCE = /"message_start"|"response\.\w+"|"finishReason"|"done":true/;

function mapNumbers(value: JsonValue, change: (count: number) => number): JsonValue {
  if (typeof value === 'number') return change(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapNumbers(inner, change)]));
}

function visitUsage(record: JsonObject, damage: Damage, depth = 0): void {
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (USAGE_OBJECTS.has(key) || LONE_COUNTS.has(key)) damage(record, key);
    else if (depth < MAX_DEPTH && typeof value === 'object' && value !== null && !Array.isArray(value))
      visitUsage(value, damage, depth + 1);
  }
}

/** Applies an edit to each JSON object that fills a line, `data:` before it or not. */
function editJson(text: string, edit: (record: JsonObject) => void): string {
  return text.replace(/^(data: )?(\{.*\})$/gm, (line, prefix: string | undefined, json: string) => {
    try {
      const record: JsonObject = JSON.parse(json);
      edit(record);
      return (prefix ?? '') + JSON.stringify(record);
    } catch {
      return line;
    }
  });
}

/** The text with the JSON of each frame cut short by its last brace. */
export function breakJson(text: string): string {
  return text.replace(/\}$/gm, '');
}

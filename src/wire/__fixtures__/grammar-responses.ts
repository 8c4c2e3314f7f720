/** What a stream and a request of OpenAI's Responses API must look like on the wire, whoever made them. */
import { expect } from 'vitest';
import type { JsonObject, JsonValue } from '../chat.ts';
import type { Frame } from '../frames.ts';

function object(value: JsonValue | undefined): JsonObject {
  expect(value).toBeTypeOf('object');
  expect(value).not.toBe(null);
  return value as JsonObject;
}

function list(value: JsonValue | undefined): JsonObject[] {
  expect(Array.isArray(value)).toBe(true);
  return value as JsonObject[];
}

const letters: Readonly<Record<string, string>> = {
  'response.created': 'C',
  'response.in_progress': 'I',
  'response.output_item.added': 'A',
  'response.output_item.done': 'D',
  'response.completed': 'Z',
  'response.incomplete': 'Z',
  error: 'X',
  'response.failed': 'F',
};
/** Created and in progress, items one after the other, the whole response; or an error at any place, and its failure. */
const stream = /^(?:CI(?:Ap*D)*Z|(?:CI(?:Ap*D)*(?:Ap*)?)?XF)$/;

/** Pieces of a part: the events that begin it, add to it, tell it whole and end it. */
interface PartRules {
  readonly added: string;
  readonly delta: string;
  readonly done: string;
  readonly ended: string;
  readonly index: 'content_index' | 'summary_index';
  readonly text: string;
}

const rulesOf: Readonly<Record<string, PartRules>> = {
  output_text: contentRules('output_text', 'text'),
  refusal: contentRules('refusal', 'refusal'),
  reasoning_text: contentRules('reasoning_text', 'text'),
  summary_text: {
    added: 'response.reasoning_summary_part.added',
    delta: 'response.reasoning_summary_text.delta',
    done: 'response.reasoning_summary_text.done',
    ended: 'response.reasoning_summary_part.done',
    index: 'summary_index',
    text: 'text',
  },
};

function contentRules(kind: string, text: string): PartRules {
  return {
    added: 'response.content_part.added',
    delta: `response.${kind}.delta`,
    done: `response.${kind}.done`,
    ended: 'response.content_part.done',
    index: 'content_index',
    text,
  };
}

export function checkResponsesStream(frames: readonly Frame[]): void {
  const sent = frames.map(({ event, data }, at) => {
    const value = JSON.parse(data) as JsonObject;
    expect(event, 'the event is named as its data says').toBe(value.type);
    expect(value.sequence_number, 'events are numbered without gaps').toBe(at);
    return value;
  });
  expect(sent.map(({ type }) => letters[String(type)] ?? 'p').join('')).toMatch(stream);
  const opened = sent[0]?.type === 'response.created' ? object(sent[0].response) : undefined;
  const items: JsonObject[] = [];
  for (const [at, event] of sent.entries()) {
    if (event.type !== 'response.output_item.added') continue;
    const end = sent.findIndex(({ type }, after) => after > at && letters[String(type)] !== undefined);
    const isDone = sent[end]?.type === 'response.output_item.done';
    checkItem(event, sent.slice(at + 1, end), isDone ? sent[end] : undefined, items.length);
    if (isDone) items.push(object(sent[end]!.item));
  }
  checkEnd(sent.at(-1)!, opened, items);
}

function checkEnd(last: JsonObject, opened: JsonObject | undefined, items: readonly JsonObject[]): void {
  const response = object(last.response);
  expect(response.object).toBe('response');
  expect(response.output, 'the response holds what was streamed').toEqual(items);
  if (opened) {
    expect(opened).toMatchObject({ status: 'in_progress', output: [] });
    expect([response.id, response.model]).toEqual([opened.id, opened.model]);
  }
  expect(response.created_at).toBeTypeOf('number');
  if (last.type === 'response.failed') {
    expect(response.status).toBe('failed');
    expect(object(response.error)).toEqual({ code: expect.any(String), message: expect.any(String) });
    return;
  }
  expect(`response.${String(response.status)}`).toBe(last.type);
  expect(response.incomplete_details !== null, 'says why').toBe(response.status === 'incomplete');
  if (response.usage !== null) {
    const { input_tokens: input, output_tokens: output, total_tokens: total } = object(response.usage);
    expect([typeof input, typeof output, total]).toEqual(['number', 'number', Number(input) + Number(output)]);
  }
}

function checkItem(
  added: JsonObject,
  pieces: readonly JsonObject[],
  done: JsonObject | undefined,
  place: number,
): void {
  const item = object(added.item);
  expect(item.id).toEqual(expect.stringMatching(/./));
  for (const { output_index: index } of [added, ...pieces, ...(done ? [done] : [])]) {
    expect(index, 'items are numbered without gaps').toBe(place);
  }
  for (const { item_id: id } of pieces) expect(id).toBe(item.id);
  const whole = done && object(done.item);
  if (whole) expect([whole.id, whole.type]).toEqual([item.id, item.type]);
  if (item.type === 'function_call') checkCall(item, pieces, whole);
  else if (item.type === 'message' || item.type === 'reasoning') checkParts(item, pieces, whole);
}

function checkCall(item: JsonObject, pieces: readonly JsonObject[], whole: JsonObject | undefined): void {
  expect([typeof item.call_id, typeof item.name, item.arguments]).toEqual(['string', 'string', '']);
  const deltas = pieces.filter(({ type }) => type === 'response.function_call_arguments.delta');
  const text = deltas.map(({ delta }) => delta).join('');
  if (!whole) return;
  expect(pieces.length, 'deltas, and the arguments once').toBe(deltas.length + 1);
  expect(pieces.at(-1)).toMatchObject({
    type: 'response.function_call_arguments.done',
    arguments: text,
    name: item.name,
  });
  expect(whole).toMatchObject({ call_id: item.call_id, name: item.name, arguments: text, status: 'completed' });
}

/** Parts one after the other, each begun, told in pieces, told whole and ended; the item holds them all. */
function checkParts(item: JsonObject, pieces: readonly JsonObject[], whole: JsonObject | undefined): void {
  const field = item.type === 'message' ? 'content' : 'summary';
  expect(item[field]).toEqual([]);
  const parts: JsonObject[] = [];
  let at = 0;
  while (at < pieces.length) {
    const kind = String(object(pieces[at]!.part).type);
    const rules = rulesOf[kind]!;
    expect(rules, kind).toBeDefined();
    const next = pieces.findIndex(({ type }, after) => after > at && type === rules.ended);
    const own = pieces.slice(at, next === -1 ? pieces.length : next + 1);
    checkPart(own, rules, parts.length, next !== -1);
    if (next === -1) break;
    parts.push(object(own.at(-1)!.part));
    at = next + 1;
  }
  if (!whole) return;
  if (item.type === 'message') expect(whole.content).toEqual(parts);
  else expect(list(whole.summary).length).toBe(parts.length);
}

function checkPart(own: readonly JsonObject[], rules: PartRules, place: number, isEnded: boolean): void {
  expect(own[0]!.type).toBe(rules.added);
  for (const piece of own) expect(piece[rules.index], 'parts are numbered without gaps').toBe(place);
  const deltas = own.filter(({ type }) => type === rules.delta);
  const text = deltas.map(({ delta }) => delta).join('');
  if (!isEnded) return;
  expect(own.filter(({ type }) => type === rules.done).map((done) => done[rules.text])).toEqual([text]);
  expect(object(own.at(-1)!.part)[rules.text]).toBe(text);
}

const contentOf: Readonly<Record<string, readonly string[]>> = {
  user: ['input_text', 'input_image', 'input_file'],
  system: ['input_text'],
  developer: ['input_text'],
  assistant: ['output_text', 'refusal'],
};

/** What OpenAI's API refuses with 400, as far as a body alone shows it. */
export function checkResponsesRequest(body: JsonObject): void {
  const items = typeof body.input === 'string' ? [] : list(body.input);
  if (typeof body.input !== 'string') expect(items.length).toBeGreaterThan(0);
  let waiting: (JsonValue | undefined)[] = [];
  const ids = new Set<JsonValue | undefined>();
  for (const [at, item] of items.entries()) {
    if (item.type === 'function_call_output') {
      expect(waiting, 'an output follows its call').toContain(item.call_id);
      waiting = waiting.filter((id) => id !== item.call_id);
      checkContent(item.output, contentOf.user!);
      continue;
    }
    if (item.type !== 'function_call') checkSpoken(item, items[at + 1], waiting);
    else {
      expect(ids.has(item.call_id), 'call ids occur once').toBe(false);
      expect(String(item.call_id).length).toBeLessThanOrEqual(64);
      expect(item.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(item.arguments).toBeTypeOf('string');
      ids.add(item.call_id);
      waiting.push(item.call_id);
    }
  }
  expect(waiting, 'no call is left open').toEqual([]);
  checkTools(body);
  expect(body.max_output_tokens === undefined || Number(body.max_output_tokens) >= 16).toBe(true);
}

function checkSpoken(item: JsonObject, next: JsonObject | undefined, waiting: readonly unknown[]): void {
  if (item.type === 'reasoning') {
    expect([typeof item.encrypted_content, Array.isArray(item.summary)]).toEqual(['string', true]);
    expect(next?.type ?? 'nothing', 'a thought is followed by what came of it').toMatch(/call|message|reasoning/);
    return;
  }
  expect(item.type).toBe('message');
  const allowed = contentOf[String(item.role)]!;
  expect(allowed, String(item.role)).toBeDefined();
  checkContent(item.content, allowed);
  if (item.role !== 'assistant') expect(waiting, 'outputs come before anybody speaks').toEqual([]);
}

function checkContent(content: JsonValue | undefined, allowed: readonly string[]): void {
  if (typeof content === 'string') return;
  for (const part of list(content)) expect(allowed).toContain(part.type);
}

function checkTools(body: JsonObject): void {
  if (body.tools === undefined) {
    expect([body.tool_choice, body.parallel_tool_calls]).toEqual([undefined, undefined]);
    return;
  }
  for (const tool of list(body.tools)) {
    if (tool.type !== 'function') continue;
    expect(tool.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(tool.strict, 'says whether it is strict').toBeTypeOf('boolean');
    expect('parameters' in tool).toBe(true);
  }
}

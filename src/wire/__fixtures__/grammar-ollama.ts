/** What a stream and a request of Ollama's API must look like on the wire, whoever made them. */
import { expect } from 'vitest';
import type { JsonObject, JsonValue } from '../chat.ts';
import type { Frame } from '../frames.ts';

function object(value: JsonValue | undefined): JsonObject {
  expect(value).toBeTypeOf('object');
  return value as JsonObject;
}

function list(value: JsonValue | undefined): JsonObject[] {
  expect(Array.isArray(value)).toBe(true);
  return value as JsonObject[];
}

/** Lines of one head; the last one says that it is, or is an error, and nothing else may be. */
export function checkOllamaStream(frames: readonly Frame[]): void {
  const lines = frames.map(({ event, data }) => {
    expect(event, 'lines have no names').toBeUndefined();
    return JSON.parse(data) as JsonObject;
  });
  expect(lines.length).toBeGreaterThan(0);
  const ids = new Set<JsonValue | undefined>();
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    if ('error' in line) {
      expect([isLast, typeof line.error], 'an error comes last').toEqual([true, 'string']);
      continue;
    }
    expect(line.done, 'the last line alone is done').toBe(isLast);
    expect([line.model, line.created_at]).toEqual([lines[0]!.model, lines[0]!.created_at]);
    expect(new Date(String(line.created_at)).toISOString()).toBe(line.created_at);
    checkMessage(object(line.message), ids);
    if (!isLast) continue;
    expect(line.done_reason).toMatch(/^(stop|length)$/);
    expect([typeof line.prompt_eval_count, typeof line.eval_count]).toEqual(['number', 'number']);
  }
}

function checkMessage(message: JsonObject, ids: Set<JsonValue | undefined>): void {
  expect(message.role).toBe('assistant');
  expect(message.content).toBeTypeOf('string');
  for (const call of list(message.tool_calls ?? [])) {
    const inner = object(call.function);
    expect(inner.index, 'calls are numbered without gaps').toBe(ids.size);
    expect(inner.name).toBeTypeOf('string');
    expect(Array.isArray(object(inner.arguments)), 'arguments are an object').toBe(false);
    expect(call.id).toBeTypeOf('string');
    expect(ids.has(call.id), 'call ids occur once').toBe(false);
    ids.add(call.id);
  }
}

/** What the server refuses or, worse, misunderstands without a word. */
export function checkOllamaRequest(body: JsonObject): void {
  expect(list(body.messages).length, 'without messages it would only load the model').toBeGreaterThan(0);
  let waiting: JsonObject[] = [];
  for (const message of list(body.messages)) {
    expect(message.content).toBeTypeOf('string');
    for (const image of list(message.images ?? [])) expect(String(image)).toMatch(/^[A-Za-z0-9+/=]+$/);
    if (message.role === 'tool') {
      const call = waiting.shift();
      expect(call, 'a result follows its call').toBeDefined();
      expect(message.tool_name, 'results stand in the order of their calls').toBe(object(call?.function).name);
      if (message.tool_call_id !== undefined) expect(message.tool_call_id).toBe(call?.id);
      continue;
    }
    expect(message.role).toMatch(/^(system|user|assistant)$/);
    expect(waiting, 'every call has its result before anything else').toEqual([]);
    waiting = [...list(message.tool_calls ?? [])];
    for (const call of waiting) {
      const { arguments: args } = object(call.function);
      expect(Array.isArray(object(args)), 'arguments are an object').toBe(false);
    }
  }
  expect(waiting, 'no call is left open').toEqual([]);
}

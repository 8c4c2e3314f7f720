/**
 * What a stream and a request of each format must look like on the wire, whoever made them: the rules that
 * official clients and servers rely on. Each check throws on the first breach.
 */
import { expect } from 'vitest';
import type { FormatId, JsonObject, JsonValue } from '../chat.ts';
import type { Frame } from '../frames.ts';
import { checkGeminiRequest, checkGeminiStream } from './grammar-gemini.ts';
import { checkOllamaRequest, checkOllamaStream } from './grammar-ollama.ts';
import { checkResponsesRequest, checkResponsesStream } from './grammar-responses.ts';

export interface Grammar {
  readonly checkStream: (frames: readonly Frame[]) => void;
  readonly checkRequest: (body: JsonObject) => void;
}

export const grammars: Partial<Record<FormatId, Grammar>> = {
  'anthropic-messages': { checkStream: checkAnthropicStream, checkRequest: checkAnthropicRequest },
  'openai-chat': { checkStream: checkOpenaiStream, checkRequest: checkOpenaiRequest },
  'openai-responses': { checkStream: checkResponsesStream, checkRequest: checkResponsesRequest },
  'gemini-generate': { checkStream: checkGeminiStream, checkRequest: checkGeminiRequest },
  'ollama-chat': { checkStream: checkOllamaStream, checkRequest: checkOllamaRequest },
};

type Wire = Record<string, never>;

function object(value: JsonValue | undefined): JsonObject {
  expect(value).toBeTypeOf('object');
  return value as JsonObject;
}

function list(value: JsonValue | undefined): JsonObject[] {
  expect(Array.isArray(value)).toBe(true);
  return value as JsonObject[];
}

const anthropicLetters: Readonly<Record<string, string>> = {
  ping: 'p',
  message_start: 'S',
  content_block_start: 'B',
  content_block_delta: 'd',
  content_block_stop: 'E',
  message_delta: 'M',
  message_stop: 'Z',
  error: 'X',
};
/** One message, blocks one after the other, then its end; or an error at any place, and nothing after it. */
const anthropicStream = /^p*(?:S(?:p|B[dp]*E)*Mp*Z|(?:S(?:p|B[dp]*E)*(?:B[dp]*)?)?X)$/;

const deltasOf: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta', 'citations_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
};

function checkAnthropicStream(frames: readonly Frame[]): void {
  const sent = frames.map((frame) => {
    const data = JSON.parse(frame.data) as JsonObject;
    expect(frame.event, 'the event is named as its data says').toBe(data.type);
    return data;
  });
  expect(sent.map(({ type }) => anthropicLetters[String(type)] ?? '?').join('')).toMatch(anthropicStream);
  let index = -1;
  let block = '';
  for (const data of sent) {
    if (data.type === 'content_block_start') {
      index += 1;
      block = String(object(data.content_block).type);
    }
    if (!String(data.type).startsWith('content_block')) continue;
    expect(data.index, 'blocks are numbered without gaps').toBe(index);
    const allowed = deltasOf[block];
    if (data.type === 'content_block_delta' && allowed) expect(allowed).toContain(object(data.delta).type);
  }
  checkAnthropicEnds(sent);
}

function checkAnthropicEnds(sent: readonly JsonObject[]): void {
  for (const data of sent) {
    if (data.type === 'message_start') {
      const message = object(data.message);
      expect(message).toMatchObject({ type: 'message', role: 'assistant', content: [], stop_reason: null });
      expect(message.id).not.toBe('');
      expect(object(message.usage).input_tokens).toBeTypeOf('number');
    }
    if (data.type !== 'message_delta') continue;
    expect(object(data.delta).stop_reason).toBeTypeOf('string');
    expect(object(data.usage).output_tokens).toBeTypeOf('number');
  }
}

/** Role first, then pieces, one finish reason, usage alone after it, then the terminal word; or an error last. */
const openaiStream = /^(?:Rc*FU?Z|(?:Rc*F?)?X)$/;

function checkOpenaiStream(frames: readonly Frame[]): void {
  const chunks = frames.map(({ event, data }) => {
    expect(event, 'OpenAI names no events').toBeUndefined();
    return data === '[DONE]' ? { done: true } : (JSON.parse(data) as JsonObject);
  });
  expect(chunks.map(openaiLetter).join('')).toMatch(openaiStream);
  const heads = chunks.filter((chunk) => 'choices' in chunk) as JsonObject[];
  for (const { id, object: kind, created, model } of heads) {
    expect({ id, kind, created, model }, 'one head throughout').toEqual({
      id: heads[0]!.id,
      kind: 'chat.completion.chunk',
      created: heads[0]!.created,
      model: heads[0]!.model,
    });
  }
  checkOpenaiCalls(heads);
}

function openaiLetter(chunk: JsonObject): string {
  if (chunk.done) return 'Z';
  if (chunk.error) return 'X';
  const [choice, ...more] = list(chunk.choices);
  expect(more).toEqual([]);
  if (!choice) return chunk.usage ? 'U' : '?';
  expect(choice.index).toBe(0);
  const { role } = object(choice.delta);
  if (choice.finish_reason !== null) return 'F';
  return role === undefined ? 'c' : 'R';
}

function checkOpenaiCalls(chunks: readonly JsonObject[]): void {
  const seen = new Set<number>();
  for (const chunk of chunks) {
    const delta = (list(chunk.choices)[0] as Wire | undefined)?.delta as JsonObject | undefined;
    for (const call of list(delta?.tool_calls ?? [])) {
      const index = call.index as number;
      const inner = object(call.function);
      expect(inner.arguments).toBeTypeOf('string');
      if (seen.has(index)) {
        expect([call.id, inner.name], 'id and name once').toEqual([undefined, undefined]);
        continue;
      }
      expect(index, 'calls are numbered without gaps').toBe(seen.size);
      seen.add(index);
      expect([typeof call.id, call.type, typeof inner.name]).toEqual(['string', 'function', 'string']);
    }
  }
}

/** What Anthropic's API refuses with 400, as far as a body alone shows it. */
function checkAnthropicRequest(body: JsonObject): void {
  const messages = list(body.messages);
  expect(body.max_tokens).toBeTypeOf('number');
  const roles = messages.map(({ role }) => role);
  expect(roles, 'speakers take turns, the user first').toEqual(
    roles.map((_, at) => (at % 2 ? 'assistant' : 'user')),
  );
  const ids = new Set<JsonValue | undefined>();
  let waiting: (JsonValue | undefined)[] = [];
  for (const message of messages) {
    const blocks =
      typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : list(message.content);
    expect(blocks.length).toBeGreaterThan(0);
    const answered = blocks.slice(0, waiting.length).map(({ tool_use_id: id }: JsonObject) => id);
    expect([...answered].sort(), 'results of all calls come first').toEqual([...waiting].sort());
    const rest: JsonObject[] = blocks.slice(waiting.length);
    expect(rest.filter(({ type }) => type === 'tool_result')).toEqual([]);
    for (const { type, text } of rest) if (type === 'text') expect(String(text).trim()).not.toBe('');
    waiting = rest.filter(({ type }) => type === 'tool_use').map(({ id }) => id);
    for (const id of waiting) {
      expect(ids.has(id), 'call ids occur once').toBe(false);
      expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
      ids.add(id);
    }
  }
  expect(waiting, 'no call is left open').toEqual([]);
}

/** What OpenAI's API refuses with 400, as far as a body alone shows it. */
function checkOpenaiRequest(body: JsonObject): void {
  let waiting: (JsonValue | undefined)[] = [];
  for (const message of list(body.messages)) {
    if (message.role === 'tool') {
      expect(waiting, 'a result follows its call').toContain(message.tool_call_id);
      waiting = waiting.filter((id) => id !== message.tool_call_id);
      continue;
    }
    expect(waiting, 'every call has its result before anything else').toEqual([]);
    if (message.role !== 'assistant') {
      expect(message.content).not.toBe(null);
      continue;
    }
    const calls = list(message.tool_calls ?? []);
    for (const call of calls) expect(object(call.function).arguments).toBeTypeOf('string');
    waiting = calls.map(({ id }) => id);
    const said = message.content ?? message.refusal ?? message.tool_calls ?? null;
    expect(said, 'says or calls something').not.toBe(null);
  }
  if (body.tools === undefined) {
    expect([body.tool_choice, body.parallel_tool_calls]).toEqual([undefined, undefined]);
  }
}

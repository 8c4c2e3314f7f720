/** What Gemini's streams and requests must look like on the wire. */
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

/** Pieces, and a last frame with the finish reason; or an error, and a frame for those who pass over errors. */
const stream = /^(?:p*F|p*XS)$/;

export function checkGeminiStream(frames: readonly Frame[]): void {
  const sent = frames.map(({ event, data }): JsonObject => {
    expect(event, 'Google names no events').toBeUndefined();
    expect(data, 'line ends that cut events in some clients are escaped').not.toMatch(/[\u2028\u2029]/);
    const body = JSON.parse(data) as JsonValue;
    return typeof body === 'string' ? { stumble: body } : (body as JsonObject);
  });
  expect(sent.map(letterOf).join('')).toMatch(stream);
  const bodies = sent.filter(({ error, stumble }) => error === undefined && stumble === undefined);
  for (const { modelVersion, responseId } of bodies) {
    expect([modelVersion, responseId], 'one head throughout').toEqual([
      bodies[0]!.modelVersion,
      bodies[0]!.responseId,
    ]);
    expect(responseId).not.toBe('');
  }
}

function letterOf(body: JsonObject): string {
  if (body.stumble !== undefined) return 'S';
  if (body.error !== undefined) {
    expect(object(body.error)).toMatchObject({ code: expect.any(Number), status: expect.any(String) });
    return 'X';
  }
  if (body.usageMetadata !== undefined) checkUsage(object(body.usageMetadata));
  const [candidate, ...more] = list(body.candidates);
  expect(more).toEqual([]);
  const { content, finishReason, index } = candidate!;
  expect(index).toBe(0);
  expect(object(content).role).toBe('model');
  const parts = list(object(content).parts);
  expect(parts.length, 'clients take a content without parts for broken').toBeGreaterThan(0);
  for (const part of parts) checkPart(part);
  return finishReason === undefined ? 'p' : 'F';
}

function checkUsage(usage: JsonObject): void {
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount = 0, totalTokenCount } = usage;
  expect(totalTokenCount).toBe(Number(promptTokenCount) + Number(candidatesTokenCount) + Number(thoughtsTokenCount));
}

const DATA = ['text', 'functionCall', 'functionResponse', 'inlineData', 'fileData'];

function checkPart(part: JsonObject): void {
  // Parts of kinds this version does not know have none of these.
  expect(DATA.filter((kind) => part[kind] !== undefined).length, JSON.stringify(part)).toBeLessThan(2);
  expect(Object.keys(part)).not.toEqual([]);
  if (part.thoughtSignature !== undefined) expect(part.thoughtSignature).toMatch(/./);
  if (part.functionCall === undefined) return;
  const { name, args } = object(part.functionCall);
  expect(name).toBeTypeOf('string');
  expect(Array.isArray(args) || typeof args !== 'object', 'arguments are an object').toBe(false);
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/;
const CONFIG =
  'candidateCount stopSequences maxOutputTokens temperature topP topK seed presencePenalty frequencyPenalty responseMimeType responseJsonSchema thinkingConfig'.split(
    ' ',
  );

/** What Google's API refuses with 400, as far as a body alone shows it. */
export function checkGeminiRequest(body: JsonObject): void {
  expect([body.model, body.stream], 'the path says both').toEqual([undefined, undefined]);
  checkContents(list(body.contents));
  if (body.systemInstruction !== undefined) {
    for (const part of list(object(body.systemInstruction).parts)) expect(Object.keys(part)).toEqual(['text']);
  }
  const functions = list(body.tools ?? []).flatMap(({ functionDeclarations }) => list(functionDeclarations ?? []));
  for (const { name, parametersJsonSchema, parameters } of functions) {
    expect(name).toMatch(NAME);
    expect(parameters, 'one kind of schema').toBeUndefined();
    if (parametersJsonSchema !== undefined) checkSchema(object(parametersJsonSchema));
  }
  if (functions.length === 0) expect(body.toolConfig).toBeUndefined();
  const config = object(body.generationConfig ?? {});
  expect(Object.keys(config).filter((key) => !CONFIG.includes(key))).toEqual([]);
  expect((config.stopSequences ?? ['']) as []).not.toHaveLength(0);
  if (config.responseJsonSchema !== undefined) {
    expect(config.responseMimeType).toBe('application/json');
    checkSchema(object(config.responseJsonSchema));
  }
}

function checkContents(contents: JsonObject[]): void {
  const roles = contents.map(({ role }) => role);
  expect(roles.length).toBeGreaterThan(0);
  expect(roles, 'speakers take turns, the user first').toEqual(roles.map((_, at) => (at % 2 ? 'model' : 'user')));
  let waiting: string[] = [];
  const ids = new Set<JsonValue>();
  for (const content of contents) {
    const parts = list(content.parts);
    expect(parts.length).toBeGreaterThan(0);
    const answered = parts.slice(0, waiting.length).map((part) => headOf(object(part.functionResponse)));
    expect(answered, 'the results of all calls come first, in their order').toEqual(waiting);
    const rest = parts.slice(waiting.length);
    expect(rest.filter((part) => part.functionResponse !== undefined)).toEqual([]);
    for (const part of rest) {
      checkPart(part);
      if (part.thoughtSignature === undefined) expect(part.text).not.toBe('');
    }
    const calls = rest.flatMap((part) => (part.functionCall === undefined ? [] : [object(part.functionCall)]));
    for (const { id, name } of calls) {
      expect(name).toMatch(NAME);
      if (id === undefined) continue;
      expect(ids.has(id), 'call ids occur once').toBe(false);
      ids.add(id);
    }
    waiting = calls.map(headOf);
  }
  expect(waiting, 'no call is left open').toEqual([]);
}

function headOf({ id, name }: JsonObject): string {
  return `${String(name)} ${String(id)}`;
}

const KEYWORDS =
  '$id $anchor $defs $ref type format title description enum items prefixItems minItems maxItems minimum maximum anyOf oneOf properties additionalProperties required propertyOrdering minLength maxLength minProperties maxProperties pattern nullable default'.split(
    ' ',
  );

function checkSchema(schema: JsonObject): void {
  expect(Object.keys(schema).filter((key) => !KEYWORDS.includes(key)), 'no unknown keywords').toEqual([]);
  const { properties = {}, items, additionalProperties } = schema;
  for (const one of Object.values(object(properties))) checkSchema(object(one));
  for (const one of [items, additionalProperties]) if (typeof one === 'object') checkSchema(object(one));
  for (const key of ['anyOf', 'oneOf', 'prefixItems']) for (const one of list(schema[key] ?? [])) checkSchema(one);
  for (const name of (schema.required ?? []) as string[]) expect(Object.keys(properties as object)).toContain(name);
}

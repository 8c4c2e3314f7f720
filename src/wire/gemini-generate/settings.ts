/** `generationConfig`: sampling, limits, thinking and the shape of the answer, both ways. */
import type { ChatRequest, JsonObject, JsonValue, OutputShape } from '../chat.ts';
import { WireError } from '../format.ts';
import { asObject, defined, isHollow, isSameJson, present } from '../json.ts';
import { approximate, drop } from '../place.ts';
import { type Rest, takeObject } from '../rest.ts';
import type { Place } from './fields.ts';
import { fitReasoning, readReasoning, writeReasoning } from './reasoning.ts';
import { fitSchema } from './schema-fit.ts';
import { readSchema } from './schema-read.ts';
import { GENERATION_CONFIG, withCamelNames } from './spelling.ts';

/** Settings that are one number in both vocabularies. */
const NUMBERS = [
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
] as const;

type Settings = Pick<ChatRequest, (typeof NUMBERS)[number] | 'stop' | 'reasoning' | 'output'>;

/** Values that say what holds anyway: another format that cannot say them loses nothing. */
const DEFAULTS: JsonObject = {
  candidateCount: 1,
  responseModalities: ['TEXT'],
  responseMimeType: 'text/plain',
};

export interface ReadConfig {
  readonly settings: Settings;
  /** What the chat has no word for. */
  readonly left: JsonObject;
}

/** @throws {WireError} */
export function readConfig(value: JsonObject): ReadConfig {
  const rest: Rest = { ...withCamelNames(value, GENERATION_CONFIG) };
  const numbers = NUMBERS.map((key) => [key, takeCount(rest, key)] as const);
  const stop = takeStops(rest);
  const thinking = asObject(rest.thinkingConfig);
  const reasoning = thinking && readReasoning(thinking);
  // Without a wish how much to think, the rest of it (`includeThoughts: false`) says nothing to others.
  delete rest.thinkingConfig;
  const output = takeOutput(rest);
  const left = Object.entries(rest).filter(([key, one]) => !isHollow(one) && !isSameJson(one, DEFAULTS[key]));
  return {
    settings: defined<Settings>({ ...Object.fromEntries(numbers), stop, reasoning, output }),
    left: Object.fromEntries(left),
  };
}

/** @throws {WireError} */
function takeCount(rest: Rest, key: string): number | undefined {
  const { [key]: value } = rest;
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number') {
    throw new WireError(`generationConfig.${key}: must be a number`, `generationConfig.${key}`);
  }
  delete rest[key];
  return value;
}

/** @throws {WireError} */
function takeStops(rest: Rest): string[] | undefined {
  const { stopSequences } = rest;
  if (stopSequences === undefined || stopSequences === null) return undefined;
  if (!Array.isArray(stopSequences) || !stopSequences.every((stop) => typeof stop === 'string')) {
    const param = 'generationConfig.stopSequences';
    throw new WireError(`${param}: must be a list of strings`, param);
  }
  delete rest.stopSequences;
  return stopSequences;
}

function takeOutput(rest: Rest): OutputShape | undefined {
  if (rest.responseMimeType !== 'application/json') return undefined;
  delete rest.responseMimeType;
  const schema = takeObject(rest, 'responseJsonSchema');
  if (schema) return { type: 'json-schema', schema };
  const own = takeObject(rest, 'responseSchema');
  return own ? { type: 'json-schema', schema: readSchema(own) } : { type: 'json' };
}

/** The wire's `generationConfig` of a chat of this format, without what it has no word for. */
export function writeConfig(chat: Settings): JsonObject {
  return present({
    ...Object.fromEntries(NUMBERS.map((key) => [key, chat[key]])),
    stopSequences: chat.stop && [...chat.stop],
    thinkingConfig: writeReasoning(chat.reasoning),
    ...writeOutput(chat.output),
  });
}

function writeOutput(output: OutputShape | undefined): { [key: string]: JsonValue | undefined } {
  if (!output || output.type === 'text') return {};
  const schema = output.type === 'json-schema' ? output.schema : undefined;
  return { responseMimeType: 'application/json', responseJsonSchema: schema };
}

/** Google takes no more. */
const MAX_STOPS = 5;

/** The wire's `generationConfig` for a chat of another format. */
export function fitConfig(chat: ChatRequest, place: Place): JsonObject {
  return present({
    ...Object.fromEntries(NUMBERS.map((key) => [key, fitNumber(chat, key, place)])),
    stopSequences: fitStops(chat.stop, place),
    thinkingConfig: fitReasoning(chat, { ...place, path: 'reasoning' }),
    ...writeOutput(fitOutput(chat.output, place)),
  });
}

function fitNumber(chat: ChatRequest, key: (typeof NUMBERS)[number], place: Place): number | undefined {
  const value = chat[key];
  const isPenalty = key === 'presencePenalty' || key === 'frequencyPenalty';
  if (!isPenalty || value === undefined || place.traits.takesPenalties) return value;
  if (value !== 0) drop(place, key, 'this model refuses penalties');
  return undefined;
}

function fitStops(stops: ChatRequest['stop'], place: Place): string[] | undefined {
  const kept = stops?.filter((stop) => stop !== '').slice(0, MAX_STOPS);
  if (!stops || !kept || kept.length === 0) return undefined;
  if (kept.length < stops.length)
    approximate(place, 'stop', `only ${kept.length} of ${stops.length} are sent`);
  return kept;
}

function fitOutput(output: OutputShape | undefined, place: Place): OutputShape | undefined {
  if (output?.type !== 'json-schema') return output;
  if (output.description !== undefined)
    drop(place, 'output.description', 'a schema has no description of its own');
  if (output.strict === false) approximate(place, 'output.strict', 'Gemini always holds to the schema');
  const { schema, changes } = fitSchema(output.schema);
  if (changes.length > 0) {
    approximate(place, 'output.schema', `Gemini takes a subset of JSON Schema: ${changes.join('; ')}`);
  }
  return { type: 'json-schema', schema };
}

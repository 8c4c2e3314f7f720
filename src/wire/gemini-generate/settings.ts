/** `generationConfig`: sampling, limits, thinking and the shape of the answer, both ways. */
import type { ChatRequest, JsonObject, JsonValue, OutputShape } from '../chat.ts';
import { WireError } from '../format.ts';
import { isHollow, isObject, isSameJson, present, setField } from '../json.ts';
import { approximate, drop } from '../place.ts';
import type { Place } from './fields.ts';
import { fitReasoning, readReasoning, writeReasoning } from './reasoning.ts';
import { fitSchema } from './schema-fit.ts';
import { readSchema } from './schema-read.ts';
import { GENERATION_CONFIG, withCamelNames } from './spelling.ts';

/** Settings that are one number in both vocabularies. */
const NUMBERS: ReadonlySet<string> = new Set([
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
] satisfies readonly (keyof ChatRequest)[]);

type Settings = Pick<
  ChatRequest,
  | 'maxOutputTokens'
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'seed'
  | 'presencePenalty'
  | 'frequencyPenalty'
  | 'stop'
  | 'reasoning'
  | 'output'
>;

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
  const config = withCamelNames(value, GENERATION_CONFIG);
  const { output, fields: said } = readOutput(config);
  const settings: Record<string, unknown> = output ? { output } : {};
  const left: JsonObject = {};
  for (const key in config) {
    const one = config[key]!;
    if (NUMBERS.has(key)) readNumber(settings, key, one);
    else if (key === 'stopSequences') readStops(settings, one);
    else if (key === 'thinkingConfig') readThinking(settings, one);
    else if (!said.includes(key) && !isHollow(one) && !isDefault(key, one)) setField(left, key, one);
  }
  return { settings: settings as Settings, left };
}

function isDefault(key: string, value: JsonValue): boolean {
  return Object.hasOwn(DEFAULTS, key) && isSameJson(DEFAULTS[key], value);
}

/** @throws {WireError} */
function readNumber(settings: Record<string, unknown>, key: string, value: JsonValue): void {
  if (value === null) return;
  if (typeof value !== 'number') {
    throw new WireError(`generationConfig.${key}: must be a number`, `generationConfig.${key}`);
  }
  settings[key] = value;
}

/** @throws {WireError} */
function readStops(settings: Record<string, unknown>, value: JsonValue): void {
  if (value === null) return;
  if (!Array.isArray(value) || !value.every((stop) => typeof stop === 'string')) {
    const param = 'generationConfig.stopSequences';
    throw new WireError(`${param}: must be a list of strings`, param);
  }
  settings.stop = value;
}

/** Without a wish how much to think, the rest of it (`includeThoughts: false`) says nothing to others. */
function readThinking(settings: Record<string, unknown>, value: JsonValue): void {
  const reasoning = isObject(value) ? readReasoning(value) : undefined;
  if (reasoning) settings.reasoning = reasoning;
}

/** The shape of the answer, and the fields that say it. */
function readOutput(config: JsonObject): { output?: OutputShape; fields: readonly string[] } {
  if (config.responseMimeType !== 'application/json') return { fields: [] };
  const field = isObject(config.responseJsonSchema) ? 'responseJsonSchema' : 'responseSchema';
  const schema = config[field];
  if (!isObject(schema)) return { output: { type: 'json' }, fields: ['responseMimeType'] };
  const said = field === 'responseSchema' ? readSchema(schema) : schema;
  return { output: { type: 'json-schema', schema: said }, fields: ['responseMimeType', field] };
}

/** The wire's `generationConfig` of a chat of this format, without what it has no word for. */
export function writeConfig(chat: Settings): JsonObject {
  return present({
    maxOutputTokens: chat.maxOutputTokens,
    temperature: chat.temperature,
    topP: chat.topP,
    topK: chat.topK,
    seed: chat.seed,
    presencePenalty: chat.presencePenalty,
    frequencyPenalty: chat.frequencyPenalty,
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
    maxOutputTokens: chat.maxOutputTokens,
    temperature: chat.temperature,
    topP: chat.topP,
    topK: chat.topK,
    seed: chat.seed,
    presencePenalty: fitPenalty(chat, 'presencePenalty', place),
    frequencyPenalty: fitPenalty(chat, 'frequencyPenalty', place),
    stopSequences: fitStops(chat.stop, place),
    thinkingConfig: chat.reasoning && fitReasoning(chat, { ...place, path: 'reasoning' }),
    ...(chat.output && writeOutput(fitOutput(chat.output, place))),
  });
}

function fitPenalty(
  chat: ChatRequest,
  key: 'presencePenalty' | 'frequencyPenalty',
  place: Place,
): number | undefined {
  const value = chat[key];
  if (value === undefined || place.traits.takesPenalties) return value;
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

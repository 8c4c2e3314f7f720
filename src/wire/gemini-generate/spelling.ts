/**
 * Google reads each field under two names, `maxOutputTokens` and `max_output_tokens`, and clients send both. Parsers
 * here know the first only: these tables tell where names stand, so that nothing a user wrote (arguments, labels,
 * properties of a schema) is taken for one.
 */
import type { JsonObject, JsonValue } from '../chat.ts';
import { isObject, setField } from '../json.ts';

/** Fields of a message by their camel-case names; those that are messages themselves with their own fields. */
export type Shape = ReadonlyMap<string, Shape>;

const LEAF: Shape = new Map();

function shape(names: string, inner: { readonly [name: string]: Shape } = {}): Shape {
  return new Map([...names.split(' ').map((name) => [name, LEAF] as const), ...Object.entries(inner)]);
}

const blob = shape('mimeType data displayName');
const file = shape('fileUri mimeType displayName');

export const PART = shape(
  'text thought thoughtSignature executableCode codeExecutionResult toolCall toolResponse mediaResolution partMetadata mediaProcessing speechMetadata audioTranscription',
  {
    inlineData: blob,
    fileData: file,
    videoMetadata: shape('startOffset endOffset fps'),
    functionCall: shape('id name args willContinue', {
      partialArgs: shape('jsonPath stringValue numberValue boolValue nullValue willContinue'),
    }),
    functionResponse: shape('id name response willContinue scheduling', {
      parts: shape('mediaProcessing', { inlineData: blob, fileData: file }),
    }),
  },
);

export const CONTENT = shape('role', { parts: PART });

export const TOOL = shape(
  'googleSearch googleSearchRetrieval codeExecution urlContext googleMaps computerUse fileSearch enterpriseWebSearch retrieval mcpServers',
  {
    functionDeclarations: shape(
      'name description behavior parameters parametersJsonSchema response responseJsonSchema',
    ),
  },
);

export const TOOL_CONFIG = shape('retrievalConfig includeServerSideToolInvocations', {
  functionCallingConfig: shape('mode allowedFunctionNames streamFunctionCallArguments'),
});

export const GENERATION_CONFIG = shape(
  'candidateCount stopSequences maxOutputTokens temperature topP topK seed presencePenalty frequencyPenalty responseMimeType responseSchema responseJsonSchema responseModalities responseLogprobs logprobs speechConfig imageConfig mediaResolution enableEnhancedCivicAnswers audioTimestamp routingConfig modelSelectionConfig responseFormat',
  { thinkingConfig: shape('thinkingBudget thinkingLevel includeThoughts') },
);

/** Top of a request. What is inside is opened field by field. */
export const REQUEST = shape(
  'contents systemInstruction tools toolConfig safetySettings generationConfig cachedContent serviceTier labels store model modelArmorConfig continuationToken generateContentRequest',
);

/** The schema of `parameters` and `responseSchema`. */
export const SCHEMA = shape(
  'type format title description nullable enum maxItems minItems properties required minProperties maxProperties minLength maxLength pattern example anyOf propertyOrdering default items minimum maximum additionalProperties defs ref',
);

function camelOf(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_whole, letter: string) => letter.toUpperCase());
}

/** The object with its known fields under their camel-case names; the very same where none has another. */
export function withCamelNames(value: JsonObject, fields: Shape): JsonObject {
  let renamed: JsonObject | undefined;
  for (const key in value) {
    const inner = value[key]!;
    const name = knownName(key, value, fields);
    const known = fields.get(name);
    const read = known ? readInside(inner, known) : inner;
    if (!renamed && (name !== key || read !== inner)) renamed = fieldsBefore(key, value);
    if (renamed) setField(renamed, name, read);
  }
  return renamed ?? value;
}

function fieldsBefore(end: string, value: JsonObject): JsonObject {
  const fields: JsonObject = {};
  for (const key in value) {
    if (key === end) break;
    setField(fields, key, value[key]!);
  }
  return fields;
}

/** Where both names are given, the other one stays what it is: unknown. */
function knownName(key: string, value: JsonObject, fields: Shape): string {
  if (!key.includes('_')) return key;
  const camel = camelOf(key);
  return fields.has(camel) && !Object.hasOwn(value, camel) ? camel : key;
}

function readInside(value: JsonValue, fields: Shape): JsonValue {
  if (fields === LEAF) return value;
  if (isObject(value)) return withCamelNames(value, fields);
  if (!Array.isArray(value)) return value;
  const items = value.map((item) => (isObject(item) ? withCamelNames(item, fields) : item));
  return items.every((item, index) => item === value[index]) ? value : items;
}

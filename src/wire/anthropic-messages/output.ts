/** The shape of the answer: structured output under its present and its former name, both ways. */
import type { JsonObject, JsonValue, OutputShape } from '../chat.ts';
import { isObject } from '../json.ts';
import { approximate, drop, type Place } from '../place.ts';
import { openObject, type Rest, takeObject, takeText } from '../rest.ts';

export interface OutputConfig {
  readonly effort?: string;
  readonly output?: OutputShape;
  /** The former name `output_format` was used. */
  readonly isFormer: boolean;
}

/** As a spelling: the schema stood under the former name. */
export const FORMER_OUTPUT = { type: 'json_schema' };

/** Takes effort and schema out of `output_config`, or the schema out of the former `output_format`. */
export function takeOutputConfig(rest: Rest): OutputConfig {
  let effort: string | undefined;
  const present = openObject(rest, 'output_config', (inner) => {
    effort = takeText(inner, 'effort');
    return takeSchema(inner, 'format');
  });
  const former = present ? undefined : takeSchema(rest, 'output_format');
  const schema = present ?? former;
  return {
    isFormer: former !== undefined,
    ...(effort === undefined ? {} : { effort }),
    ...(schema ? { output: { type: 'json-schema', schema } } : {}),
  };
}

function takeSchema(rest: Rest, key: string): JsonObject | undefined {
  const format = rest[key];
  if (!isObject(format) || format.type !== 'json_schema' || !isObject(format.schema)) return undefined;
  return openObject(rest, key, (inner) => {
    delete inner.type;
    return takeObject(inner, 'schema');
  });
}

/** The wire's `format` object of a chat of this format. */
export function renderOwnOutput(output: OutputShape | undefined): JsonObject | undefined {
  return output?.type === 'json-schema' ? { type: 'json_schema', schema: output.schema } : undefined;
}

/** The wire's `format` object for a chat of another format; undefined when the answer is free text. */
export function fitOutput(output: OutputShape | undefined, place: Place): JsonObject | undefined {
  if (!output || output.type === 'text') return undefined;
  if (output.type === 'json') {
    drop(place, 'output', 'Anthropic has no JSON mode without a schema');
    return undefined;
  }
  if (output.description !== undefined)
    drop(place, 'output.description', 'a schema has no description of its own');
  if (output.strict === false) approximate(place, 'output.strict', 'Anthropic always holds to the schema');
  const schema = closeObjects(output.schema);
  if (schema !== output.schema) {
    approximate(place, 'output.schema', 'objects are closed: Anthropic demands additionalProperties: false');
  }
  return { type: 'json_schema', schema };
}

/** The schema with `additionalProperties: false` on each object; the very same object when nothing was missing. */
function closeObjects<T extends JsonValue>(schema: T): T {
  if (Array.isArray(schema)) {
    const items = schema.map((item) => closeObjects(item));
    return items.every((item, index) => item === schema[index]) ? schema : (items as JsonValue as T);
  }
  if (!isObject(schema)) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, closeObjects(value)] as const);
  const isOpen =
    isObject(schema.properties) && schema.type === 'object' && schema.additionalProperties !== false;
  if (!isOpen && entries.every(([key, value]) => value === schema[key])) return schema;
  const closed: JsonObject = Object.fromEntries(entries);
  if (isOpen) closed.additionalProperties = false;
  return closed as JsonValue as T;
}

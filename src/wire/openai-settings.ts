/** Fields of a request that both of OpenAI's APIs have, some of them in another place. */
import type { JsonObject, JsonValue, OutputShape } from './chat.ts';
import { WireError } from './format.ts';
import { asObject, asText, defined, present } from './json.ts';

/** Null means "your default" all over these wires, so it reads as absent. @throws {WireError} */
export function readScalar<T>(
  wire: JsonObject,
  field: string,
  type: 'number' | 'boolean' | 'string',
): T | undefined {
  const value = wire[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== type) throw new WireError(`\`${field}\` must be a ${type}`, field);
  return value as T;
}

/** The end user under either of its names, the newer one first. @throws {WireError} */
export function readEndUser(wire: JsonObject): string | undefined {
  return (
    readScalar<string>(wire, 'safety_identifier', 'string') ?? readScalar<string>(wire, 'user', 'string')
  );
}

/** Schemas have names here; this one stands where the source format has none. */
const DEFAULT_SCHEMA_NAME = 'output';

/**
 * The shape of the answer; undefined = of a kind nobody knows.
 * @param inner where the schema and what is said of it stand
 */
export function readOutputShape(
  type: JsonValue | undefined,
  inner: JsonObject | undefined,
): OutputShape | undefined {
  if (type === 'text') return { type: 'text' };
  if (type === 'json_object') return { type: 'json' };
  const schema = asObject(inner?.schema);
  if (type !== 'json_schema' || !inner || !schema) return undefined;
  return defined<OutputShape & { type: 'json-schema' }>({
    type: 'json-schema',
    schema,
    name: asText(inner.name),
    description: asText(inner.description),
    strict: typeof inner.strict === 'boolean' ? inner.strict : undefined,
  });
}

/** A shape of the answer without a schema, or what is said of the schema, to be put where it stands. */
export function writeOutputShape(output: OutputShape, place: (schema: JsonObject) => JsonObject): JsonObject {
  if (output.type === 'text') return { type: 'text' };
  if (output.type === 'json') return { type: 'json_object' };
  const { name = DEFAULT_SCHEMA_NAME, description, schema, strict } = output;
  return { type: 'json_schema', ...place(present({ name, description, schema, strict })) };
}

/** The choices among tools that are one word. */
export const CHOICE_WORDS = {
  auto: { type: 'auto' },
  none: { type: 'none' },
  required: { type: 'required' },
} as const;

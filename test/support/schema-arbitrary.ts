/** Values for a JSON Schema, as the admin API's document has them: most fit it, and some are wrong in one place. */
import fc from 'fast-check';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly example?: unknown;
  readonly default?: unknown;
}

/** Named schemas of the document. */
export type Named = Readonly<Record<string, Schema>>;

/** Texts that have broken parsers, queries, pages and logs before. */
const NASTY = [
  '',
  ' ',
  "' or 1=1 --",
  '%%%%%%',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '<img src=x onerror=alert(1)>',
  '=cmd()',
  'a\r\nX-Evil: 1',
  '\u0000',
  '\ud800',
  '\u202e\u{e0041}',
  '{{7*7}}\u0024{7*7}',
  '1e400',
  'x'.repeat(10_000),
];
const nastyText = fc.constantFrom(...NASTY);

const anything: fc.Arbitrary<unknown> = fc.oneof(
  nastyText,
  fc.constantFrom(null, true, [], {}, [[[[]]]], {
    __proto__: 1,
    constructor: { prototype: { role: 'admin' } },
  }),
  fc.constantFrom(-1, 0, 0.5, 1e300, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER),
);

/** How deep schemas that hold themselves are followed. */
const MAX_DEPTH = 6;

export function valueFor(schema: Schema, named: Named, depth = 0): fc.Arbitrary<unknown> {
  const fitting = fittingValue(schema, named, depth);
  return fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: anything });
}

function fittingValue(schema: Schema, named: Named, depth: number): fc.Arbitrary<unknown> {
  if (depth > MAX_DEPTH) return fc.constant(null);
  if (schema.$ref !== undefined) {
    const target = named[schema.$ref.replace('#/components/schemas/', '')];
    return target ? fittingValue(target, named, depth + 1) : anything;
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((one) => fittingValue(one, named, depth + 1)));
  if (schema.allOf) return allOf(schema.allOf, named, depth);
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['any']);
  return fc.oneof(...types.map((type) => ofType(type, schema, named, depth)));
}

function allOf(parts: readonly Schema[], named: Named, depth: number): fc.Arbitrary<unknown> {
  return fc
    .tuple(...parts.map((part) => fittingValue(part, named, depth + 1)))
    .map((values) => Object.assign({}, ...values));
}

function ofType(type: string, schema: Schema, named: Named, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? -5, -1e9),
        max: Math.min(schema.maximum ?? 1e6, 1e9),
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
    case 'array':
      return fc.array(valueFor(schema.items ?? {}, named, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'object':
      return ofObject(schema, named, depth);
    case 'string':
      return ofText(schema);
    default:
      return anything;
  }
}

function ofObject(schema: Schema, named: Named, depth: number): fc.Arbitrary<unknown> {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, part]) => [name, valueFor(part, named, depth + 1)] as const,
  );
  const required = (schema.required ?? []).filter((name) => Object.hasOwn(schema.properties ?? {}, name));
  const known = fc.record(Object.fromEntries(fields), { requiredKeys: required });
  const more = fc.dictionary(
    nastyText.filter((name) => name.length < 100),
    anything,
    { maxKeys: 1 },
  );
  return fc.oneof(
    { weight: 9, arbitrary: known },
    { weight: 1, arbitrary: fc.tuple(known, more).map(([fit, odd]) => ({ ...fit, ...odd })) },
  );
}

function ofText({ pattern, minLength = 0, maxLength = 40, format, example }: Schema): fc.Arbitrary<unknown> {
  const kinds: fc.Arbitrary<unknown>[] = [nastyText];
  if (typeof example === 'string') kinds.push(fc.constant(example));
  if (format === 'date-time') kinds.push(fc.constant('2026-11-22T00:00:00.000Z'));
  if (pattern !== undefined)
    kinds.push(fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, 200)));
  else kinds.push(fc.string({ minLength, maxLength: Math.min(Math.max(maxLength, minLength), 60) }));
  return fc.oneof(...kinds);
}

/**
 * References inside a schema. Google follows `#/$defs/…`, if nothing stands beside it and nothing required refers to
 * itself. Any other schema with references is written out, a circle a few times round.
 */
import type { JsonObject, JsonValue } from '../chat.ts';
import { isObject } from '../json.ts';

/** How often a schema that refers to itself is written out inside itself; what is deeper may be anything. */
export const MAX_ROUNDS = 3;
/** Schemas written out; a few that refer to each other twice each would otherwise fill the memory. */
export const MAX_INLINED = 500;

const FOLLOWED = /^#\/\$defs\/[^/]+$/;

/** Whether the schema has references that Google could not follow. */
export function mustInline(schema: JsonObject): boolean {
  const references = referencesIn(schema);
  if (references.length === 0) return false;
  return references.some((node) => !isFollowed(node)) || hasCircle(schema);
}

function isFollowed(node: JsonObject): boolean {
  const isAlone = Object.keys(node).every((key) => key.startsWith('$'));
  return isAlone && FOLLOWED.test(String(node.$ref));
}

/** Not by recursion: nobody limits how deep a client's schema is. */
function referencesIn(value: JsonValue): JsonObject[] {
  const found: JsonObject[] = [];
  const stack: JsonValue[] = [value];
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
    if (typeof one !== 'object' || one === null) continue;
    if (Array.isArray(one)) {
      for (const inner of one) stack.push(inner);
      continue;
    }
    if (typeof one.$ref === 'string') found.push(one);
    for (const key in one) if (typeof one[key] === 'object') stack.push(one[key]!);
  }
  return found;
}

function hasCircle(root: JsonObject): boolean {
  const isOpen = new Set<string>();
  const isSafe = new Set<string>();
  const goesRound = (value: JsonValue): boolean => {
    for (const node of referencesIn(value)) {
      const name = String(node.$ref);
      if (isOpen.has(name)) return true;
      const target = resolve(root, name);
      if (isSafe.has(name) || target === undefined) continue;
      isOpen.add(name);
      if (goesRound(target)) return true;
      isOpen.delete(name);
      isSafe.add(name);
    }
    return false;
  };
  const { $defs: _defs, ...rest } = root;
  return goesRound(rest);
}

/** What a reference within the document points at. */
function resolve(root: JsonObject, reference: string): JsonValue | undefined {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  let value: JsonValue | undefined = root;
  for (const step of reference.slice(2).split('/')) {
    const name = decodeStep(step);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as JsonObject)[name];
  }
  return value;
}

function decodeStep(step: string): string {
  const plain = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

interface Inlining {
  readonly root: JsonObject;
  /** How often each reference is open around the current place. */
  readonly rounds: Map<string, number>;
  count: number;
}

/** The schema with each reference replaced by what it points at; what stood beside it wins. */
export function inlineReferences(schema: JsonObject): JsonObject {
  const { $defs: _defs, definitions: _definitions, ...rest } = schema;
  return inline(rest, { root: schema, rounds: new Map(), count: 0 }) as JsonObject;
}

function inline(value: JsonValue, state: Inlining): JsonValue {
  if (Array.isArray(value)) return value.map((item) => inline(item, state));
  if (!isObject(value)) return value;
  const { $ref: reference, ...beside } = value;
  const entries = Object.entries(typeof reference === 'string' ? beside : value);
  const own = Object.fromEntries(entries.map(([key, one]) => [key, inline(one, state)]));
  return typeof reference === 'string' ? { ...follow(reference, state), ...own } : own;
}

function follow(reference: string, state: Inlining): JsonObject {
  const target = resolve(state.root, reference);
  const round = state.rounds.get(reference) ?? 0;
  state.count += 1;
  // Outside the document, one round too many, or far too much altogether: anything goes.
  if (!isObject(target) || round >= MAX_ROUNDS || state.count > MAX_INLINED) return {};
  state.rounds.set(reference, round + 1);
  const { $defs: _defs, definitions: _definitions, ...rest } = target;
  const inlined = inline(rest, state) as JsonObject;
  state.rounds.set(reference, round);
  return inlined;
}

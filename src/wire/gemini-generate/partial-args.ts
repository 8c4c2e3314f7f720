/**
 * Arguments of a function call that Vertex AI streams piece by piece: each piece names a place by a path
 * (`$.recipe.steps[2]`) and brings a value for it, or more of a text. They are put together as they come and handed on
 * whole, since the places may come in any order.
 */
import type { JsonObject, JsonValue } from '../chat.ts';
import { isObject, objectsOf } from '../json.ts';

/** Text kept for one call. As much as one frame may hold. */
export const MAX_ARGUMENT_CHARS = 16 * 1024 * 1024;
/** A longer list is none; an index beyond it would fill the memory with nothing. */
const MAX_ITEMS = 10_000;
/** Deeper paths are no arguments of any tool. */
const MAX_STEPS = 64;

export interface PartialArgs {
  readonly args: JsonObject;
  /** Characters of the pieces so far, paths included. */
  chars: number;
}

/** @param args what the call began with */
export function createPartialArgs(args: JsonValue | undefined): PartialArgs {
  return { args: isObject(args) ? { ...args } : {}, chars: 0 };
}

/** Puts the pieces of one frame in. Pieces without a place are passed over. */
export function addPieces(state: PartialArgs, pieces: JsonValue | undefined): void {
  for (const piece of objectsOf(pieces)) {
    state.chars += JSON.stringify(piece).length;
    const steps = stepsOf(String(piece.jsonPath ?? ''));
    if (steps && steps.length > 0) setPiece(state.args, steps, piece);
  }
}

type Step = string | number;

/** `$.a[0]['b c'].d`; undefined for what is no path. An empty pair of brackets ends a list and is left out. */
function stepsOf(path: string): Step[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: Step[] = [];
  const pattern = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\[\]/gy;
  pattern.lastIndex = 1;
  while (pattern.lastIndex < path.length) {
    const match = pattern.exec(path);
    if (!match || steps.length > MAX_STEPS) return undefined;
    const name = match[1] ?? match[3]?.replace(/\\(.)/g, '$1');
    if (name !== undefined) steps.push(name);
    else if (match[2] !== undefined) steps.push(Number(match[2]));
    else if (pattern.lastIndex === path.length) steps.push('');
  }
  return steps;
}

function setPiece(args: JsonObject, steps: readonly Step[], piece: JsonObject): void {
  // `$.list[]` says that the list is whole: nothing more than that there is one.
  const isListEnd = steps.at(-1) === '';
  const path = isListEnd ? steps.slice(0, -1) : steps;
  const last = path.at(-1);
  if (last === undefined) return;
  let holder: JsonObject | JsonValue[] = args;
  for (const [at, step] of path.slice(0, -1).entries()) {
    const next = enter(holder, step, typeof path[at + 1] === 'number');
    if (!next) return;
    holder = next;
  }
  const before = valueAt(holder, last);
  const brought = broughtValue(piece, before);
  const empty = isListEnd ? [] : {};
  const value = brought === undefined && before === undefined ? empty : brought;
  if (value !== undefined) setAt(holder, last, value);
}

function enter(
  holder: JsonObject | JsonValue[],
  step: Step,
  isList: boolean,
): JsonObject | JsonValue[] | undefined {
  const there = valueAt(holder, step);
  if (Array.isArray(there) || isObject(there)) return there;
  const made = isList ? [] : {};
  return setAt(holder, step, made) ? made : undefined;
}

function valueAt(holder: JsonObject | JsonValue[], step: Step): JsonValue | undefined {
  return Object.hasOwn(holder, step) ? (holder as JsonObject)[step] : undefined;
}

function setAt(holder: JsonObject | JsonValue[], step: Step, value: JsonValue): boolean {
  const isList = Array.isArray(holder);
  if (isList !== (typeof step === 'number') || (isList && Number(step) >= MAX_ITEMS)) return false;
  // Not by assignment: a name that came over the wire may be `__proto__`.
  Object.defineProperty(holder, step, { value, enumerable: true, configurable: true, writable: true });
  return true;
}

/** What the piece brings; a text goes on where one is already. Undefined where it brings nothing. */
function broughtValue(piece: JsonObject, before: JsonValue | undefined): JsonValue | undefined {
  const { stringValue, numberValue, boolValue, nullValue } = piece;
  if (typeof stringValue === 'string') return typeof before === 'string' ? before + stringValue : stringValue;
  if (typeof numberValue === 'number') return numberValue;
  if (typeof boolValue === 'boolean') return boolValue;
  return nullValue === undefined ? undefined : null;
}

/**
 * Sets the output limit of a request body in its bytes: limits that are higher are replaced, a missing one is put in,
 * and a thinking budget that would leave no room for an answer is lowered with it. All else stays as it came.
 */
import { editFields, type FieldEdits } from './edit-fields.ts';
import { hasQuoted } from './find-names.ts';
import type { RequestPlaces } from './format.ts';
import { decodeJsonString, type Edit, insertField, type ValueSpan, type Walk, walkTopLevel } from './walk.ts';

/** What a format says of its limits, of all that `Format.places` says. */
export type LimitPlaces = Pick<
  RequestPlaces,
  'outputLimit' | 'thinkingBudget' | 'addedLimit' | 'isOpenBelowOne'
>;

export interface LimitOptions {
  /** The model as its upstream calls it; absent = the one named in the body. */
  readonly model?: string;
  /** Name of the field to put in where none is there, on the word of one who knows the upstream. */
  readonly field?: string;
}

/** The edits of a body and what `editFields` needs beside them. */
export interface LimitEdits extends Required<Pick<FieldEdits, 'replaced' | 'added'>> {
  readonly walk: Pick<Walk & { ok: true }, 'start' | 'fieldCount'>;
}

/** Room for the answer beside the thinking: the same as the floor of a clamped reply. */
export const MIN_ANSWER_TOKENS = 1_024;

/**
 * The body with no output limit above `limit`, as pieces to write one after the other; undefined = it cannot be
 * written there (no place for it, no object, a field of a wrong type or there twice, no room for the least thinking budget).
 * @param limit in tokens, from 1
 */
export function withOutputLimit(
  places: LimitPlaces,
  body: Buffer,
  limit: number,
  options: LimitOptions = {},
): readonly Uint8Array[] | undefined {
  const edits = outputLimitEdits(places, body, limit, options);
  return edits && editFields(body, edits.walk, edits);
}

/** The same as edits, for those who edit other fields of the body too. None = it holds no higher limit already. */
export function outputLimitEdits(
  places: LimitPlaces,
  body: Buffer,
  limit: number,
  { model, field }: LimitOptions = {},
): LimitEdits | undefined {
  if (places.outputLimit.length === 0) return undefined;
  const budgets = places.thinkingBudget?.places ?? [];
  const isModelAsked = places.addedLimit !== undefined && model === undefined;
  const tree = treeOf([...places.outputLimit, ...budgets, ...(isModelAsked ? [['model']] : [])]);
  const root = readObject(body, { start: 0, end: body.length }, tree);
  if (!root) return undefined;
  const preferred = field ?? places.addedLimit?.(model ?? modelIn(body, root) ?? '');
  const writing: Writing = { body, root, limit, replaced: [], added: [] };
  const wasLowered = writeLimits(writing, places, preferred);
  if (wasLowered === undefined) return undefined;
  if (wasLowered && !lowerBudgets(writing, places)) return undefined;
  return { walk: root.walk, replaced: writing.replaced, added: writing.added };
}

/**
 * The smallest output limit that a request with a thinking budget can have and still answer, in tokens; 0 = it has no
 * such budget. Bodies without the field cost one native search for its name.
 */
export function thinkingFloor(places: LimitPlaces, body: Buffer): number {
  const { thinkingBudget } = places;
  if (!thinkingBudget) return 0;
  const { places: paths, least } = thinkingBudget;
  const isNamed = (path: readonly string[]): boolean => path.every((name) => hasQuoted(body, name));
  if (!paths.some(isNamed)) return 0;
  const root = readObject(body, { start: 0, end: body.length }, treeOf(paths));
  const budgets = root ? paths.flatMap((path) => budgetAt(body, root, path)?.tokens ?? []) : [];
  return budgets.length === 0 ? 0 : Math.min(least, Math.max(...budgets)) + MIN_ANSWER_TOKENS;
}

interface Writing {
  readonly body: Buffer;
  readonly root: ReadObject;
  readonly limit: number;
  readonly replaced: Edit[];
  readonly added: (readonly [string, string])[];
}

/** Names to look for, by the name of the object they are in. */
type Tree = Map<string, Tree>;

/** An object of the body as far as its fields are looked for; offsets count from the begin of the body. */
interface ReadObject {
  readonly walk: Walk & { ok: true };
  readonly fields: ReadonlyMap<string, ValueSpan>;
  readonly objects: ReadonlyMap<string, ReadObject>;
}

function treeOf(paths: readonly (readonly string[])[]): Tree {
  const tree: Tree = new Map();
  for (const path of paths) {
    let inside = tree;
    for (const name of path) {
      const next: Tree = inside.get(name) ?? new Map();
      inside.set(name, next);
      inside = next;
    }
  }
  return tree;
}

/** undefined = no object, or one in which a field stands twice or in other letter case: servers differ on which counts. */
function readObject(
  body: Buffer,
  { start, end }: Pick<ValueSpan, 'start' | 'end'>,
  tree: Tree,
): ReadObject | undefined {
  const walk = walkTopLevel(body.subarray(start, end), [...tree.keys()]);
  if (!walk.ok || walk.duplicates.length > 0 || walk.lookalikes.length > 0) return undefined;
  const fields = new Map<string, ValueSpan>();
  const objects = new Map<string, ReadObject>();
  for (const [name, span] of walk.fields) {
    const moved = {
      ...span,
      start: span.start + start,
      end: span.end + start,
      keyStart: span.keyStart + start,
    };
    fields.set(name, moved);
    const inside = tree.get(name)!;
    if (inside.size === 0 || span.kind === 'null') continue;
    const inner = readObject(body, moved, inside);
    if (!inner) return undefined;
    objects.set(name, inner);
  }
  return { walk: { ...walk, start: walk.start + start }, fields, objects };
}

function modelIn(body: Buffer, { fields }: ReadObject): string | undefined {
  const span = fields.get('model');
  return span?.kind === 'string' ? decodeJsonString(body, span) : undefined;
}

function objectAt(root: ReadObject, path: readonly string[]): ReadObject | undefined {
  return path.reduce<ReadObject | undefined>((object, name) => object?.objects.get(name), root);
}

/** Whether a limit came down or in; undefined = one of them is no number. */
function writeLimits(
  writing: Writing,
  places: LimitPlaces,
  preferred: string | undefined,
): boolean | undefined {
  let wasLowered = false;
  let hasHolder = false;
  for (const [holder, names] of holdersOf(places.outputLimit)) {
    const object = objectAt(writing.root, holder);
    if (!object) continue;
    hasHolder = true;
    const result = writeInto(writing, object, names, preferred, places.isOpenBelowOne === true);
    if (result === undefined) return undefined;
    wasLowered ||= result;
  }
  if (hasHolder) return wasLowered;
  addHolder(writing, places.outputLimit[0]!);
  return true;
}

/** The objects that limits stand in, each with the limits' names. */
function holdersOf(
  paths: LimitPlaces['outputLimit'],
): readonly (readonly [readonly string[], readonly string[]])[] {
  const holders = new Map<string, [readonly string[], string[]]>();
  for (const path of paths) {
    const holder = path.slice(0, -1);
    const key = holder.join('.');
    const known = holders.get(key) ?? [holder, []];
    known[1].push(path.at(-1)!);
    holders.set(key, known);
  }
  return [...holders.values()];
}

function writeInto(
  writing: Writing,
  object: ReadObject,
  names: readonly string[],
  preferred: string | undefined,
  isOpenBelowOne: boolean,
): boolean | undefined {
  const { body, limit, replaced } = writing;
  let wasLowered = false;
  let hasLimit = false;
  for (const name of names) {
    const span = object.fields.get(name);
    if (!span || span.kind === 'null') continue;
    if (span.kind !== 'number') return undefined;
    hasLimit = true;
    const value = numberAt(body, span);
    if (value <= limit && !(isOpenBelowOne && value < 1)) continue;
    replaced.push({ start: span.start, end: span.end, text: String(limit) });
    wasLowered = true;
  }
  if (!hasLimit) addLimit(writing, object, preferred ?? names[0]!);
  return wasLowered || !hasLimit;
}

function addLimit(writing: Writing, object: ReadObject, name: string): void {
  const text = String(writing.limit);
  const blank = object.fields.get(name);
  if (blank) writing.replaced.push({ start: blank.start, end: blank.end, text });
  else if (object === writing.root) writing.added.push([name, text]);
  else writing.replaced.push(insertField(object.walk, name, text));
}

/** The object that the limit belongs into is not there, or null. */
function addHolder(writing: Writing, path: readonly string[]): void {
  const [first, ...inner] = path;
  const json = inner.reduceRight((text, name) => `{${JSON.stringify(name)}:${text}}`, String(writing.limit));
  const blank = writing.root.fields.get(first!);
  if (blank) writing.replaced.push({ start: blank.start, end: blank.end, text: json });
  else writing.added.push([first!, json]);
}

interface Budget {
  readonly span: ValueSpan;
  readonly tokens: number;
}

/** A budget that is a number of tokens: 0 means no thinking and less leaves it to the model. */
function budgetAt(body: Buffer, root: ReadObject, path: readonly string[]): Budget | undefined {
  const span = objectAt(root, path.slice(0, -1))?.fields.get(path.at(-1)!);
  if (span?.kind !== 'number') return undefined;
  const tokens = numberAt(body, span);
  return tokens > 0 ? { span, tokens } : undefined;
}

/** False: not even the least budget is below the limit. */
function lowerBudgets({ body, root, limit, replaced }: Writing, places: LimitPlaces): boolean {
  const { thinkingBudget } = places;
  for (const path of thinkingBudget?.places ?? []) {
    const budget = budgetAt(body, root, path);
    if (!budget || budget.tokens <= limit - MIN_ANSWER_TOKENS) continue;
    const least = Math.min(thinkingBudget!.least, budget.tokens);
    const tokens = Math.min(budget.tokens, Math.max(least, limit - MIN_ANSWER_TOKENS));
    if (tokens >= limit && thinkingBudget!.isBelowLimit) return false;
    if (tokens !== budget.tokens)
      replaced.push({ start: budget.span.start, end: budget.span.end, text: String(tokens) });
  }
  return true;
}

function numberAt(body: Buffer, { start, end }: ValueSpan): number {
  return Number(body.toString('latin1', start, end));
}

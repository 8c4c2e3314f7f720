/** Reads of single fields that the shapes have in common, and the warnings for what a shape has no place for. */
import type { JsonObject, JsonValue, Usage } from '../chat.ts';
import { WireError } from '../format.ts';
import type {
  EmbeddingExtra,
  EmbeddingInput,
  EmbeddingRequest,
  EmbeddingShape,
  EmbeddingShapeId,
  EmbeddingVector,
  Warn,
} from './embedding.ts';

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null counts as absent. @throws {WireError} */
export function optionalText(body: JsonObject, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new WireError(`${name} must be text`, name);
}

/** @throws {WireError} */
export function requiredText(body: JsonObject, name: string): string {
  const value = optionalText(body, name);
  if (value === undefined || value === '') throw new WireError(`${name} is missing`, name);
  return value;
}

/** @throws {WireError} when it is there and no count of numbers a vector could have. */
export function optionalDimensions(value: JsonValue | undefined, param: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= MAX_DIMENSIONS)
    return value;
  throw new WireError(`${param} must be a whole number from 1 to ${MAX_DIMENSIONS}`, param);
}

/** Ten times the longest vectors sold (4,096). */
const MAX_DIMENSIONS = 40_960;

/** Fields that have no word in the canonical request; blank ones say nothing. */
export function unknownFields(body: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  const rest = Object.entries(body).filter(([name, value]) => !known.has(name) && !isBlank(value));
  return rest.length === 0 ? undefined : Object.fromEntries(rest);
}

function isBlank(value: JsonValue): boolean {
  if (value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** As the part of a request or an input that it becomes: none when there is nothing in it. */
export function extraOf(
  shape: EmbeddingShapeId,
  fields: JsonObject | undefined,
): { readonly extra?: EmbeddingExtra } {
  return fields ? { extra: { shape, fields } } : {};
}

/** Fields of one's own shapes come back as they were; another shape's are named. */
export function ownExtra(
  { extra }: { readonly extra?: EmbeddingExtra },
  path: string,
  shapes: readonly EmbeddingShapeId[],
  warn: Warn,
): JsonObject {
  if (!extra) return {};
  if (shapes.includes(extra.shape)) return extra.fields;
  for (const name of Object.keys(extra.fields))
    warn({ kind: 'dropped', path: `${path}${name}`, note: `only ${extra.shape} knows this field` });
  return {};
}

/** Token ids mean nothing to another model, and guessing the text behind them would embed something else. @throws {WireError} */
export function textOf(input: EmbeddingInput, index: number, warn: Warn): string {
  if (typeof input.content !== 'string') {
    const message =
      'this provider takes texts only: token ids cannot be turned back into the text they stand for';
    throw new WireError(message, `input[${index}]`);
  }
  if (input.isJoined)
    warn({
      kind: 'approximated',
      path: `inputs[${index}]`,
      note: 'several parts were put together as one text',
    });
  return input.content;
}

/** Names what a shape whose inputs are bare texts leaves out of them. */
export function warnPurposes(request: EmbeddingRequest, warn: Warn): void {
  for (const [index, input] of request.inputs.entries()) {
    const { taskType, title } = input;
    const path = `inputs[${index}]`;
    ownExtra(input, `${path}.extra.`, [], warn);
    if (taskType !== undefined)
      warn({ kind: 'dropped', path: `${path}.taskType`, note: 'this wire has no task types' });
    if (title !== undefined)
      warn({ kind: 'dropped', path: `${path}.title`, note: 'this wire has no titles' });
  }
}

export function warnEndUser({ endUser }: EmbeddingRequest, warn: Warn): void {
  if (endUser !== undefined) warn({ kind: 'dropped', path: 'endUser', note: 'this wire has no end user' });
}

export function warnTruncate({ truncate }: EmbeddingRequest, warn: Warn): void {
  if (truncate !== undefined)
    warn({ kind: 'dropped', path: 'truncate', note: 'this wire does not say what becomes of long inputs' });
}

/** @throws {WireError} */
export function readNumbers(value: JsonValue | undefined): EmbeddingVector {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number'))
    return { encoding: 'float', values: value as number[] };
  throw new WireError('an embedding is not a list of numbers');
}

/** Input tokens under this name; absent stays absent, and what is no number is NaN, for the ledger to judge. */
export function usageFrom(
  raw: JsonObject | undefined,
  name: string,
  more: Partial<Usage> = {},
): Usage | undefined {
  const value = raw?.[name] ?? undefined;
  if (!raw || value === undefined) return undefined;
  return { ...more, input: typeof value === 'number' ? value : Number.NaN, raw };
}

/** Input tokens to tell a client: what was reported, else our own count, and that it is ours. */
export function tellInput(usage: Usage | undefined, inputEstimate: number, warn: Warn): number {
  const parts = [usage?.input, usage?.cacheRead, usage?.audioInput].filter((part) => part !== undefined);
  const sum = parts.reduce((total, part) => total + part, 0);
  if (parts.length > 0 && Number.isFinite(sum)) return sum;
  warn({ kind: 'approximated', path: 'usage', note: 'the provider reported none; the count is an estimate' });
  return inputEstimate;
}

/** Of shapes that know no base64. */
export const onlyNumbers: Pick<EmbeddingShape, 'readEncoding' | 'recode'> = {
  readEncoding: () => 'float',
  recode: (body) => body,
};

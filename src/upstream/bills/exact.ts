/** Numbers of a bill, read from its text: money never passes through a float. */
import { BillError } from './bill.ts';

/** A number as it was written. Text in quotes stays a string. */
export interface Numeral {
  readonly numeral: string;
}

export type ExactJson = null | boolean | string | Numeral | readonly ExactJson[] | ExactObject;
export interface ExactObject {
  readonly [name: string]: ExactJson;
}

/** Strings are passed over whole, so that digits in them are left alone. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON whose numbers come back as their own text. @throws {SyntaxError} */
export function parseExactJson(text: string): ExactJson {
  const quoted = text.replace(STRING_OR_NUMBER, (found) =>
    found.startsWith('"') ? found : `{"numeral":"${found}"}`,
  );
  return JSON.parse(quoted) as ExactJson;
}

export function isObject(value: ExactJson | undefined): value is ExactObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !isNumeral(value);
}

/** An object of the provider's with that one field looks the same, and is as good as a number. */
function isNumeral(value: ExactJson): value is Numeral {
  return (
    value !== null && typeof value === 'object' && 'numeral' in value && typeof value.numeral === 'string'
  );
}

function textOf(value: ExactJson | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return value !== undefined && isNumeral(value) ? value.numeral : undefined;
}

/** Digits of an exponent or a fraction beyond these are no money. */
const DECIMAL = /^(-?)(\d{1,18})(?:\.(\d{1,60}))?(?:[eE]([+-]?\d{1,2}))?$/;

/**
 * Decimal text times 10^`scale`, rounded half away from zero to a whole number. Written as a number or a string.
 * undefined = not a decimal.
 */
export function readDecimal(value: ExactJson | undefined, scale: number): bigint | undefined {
  const match = DECIMAL.exec(textOf(value)?.trim() ?? '');
  if (!match) return undefined;
  const fraction = match[3] ?? '';
  const shift = scale + Number(match[4] ?? 0) - fraction.length;
  const digits = BigInt(match[2]! + fraction);
  const size = shift >= 0 ? digits * 10n ** BigInt(shift) : roundAt(digits, 10n ** BigInt(-shift));
  return match[1] ? -size : size;
}

function roundAt(digits: bigint, unit: bigint): bigint {
  return (digits * 2n + unit) / (unit * 2n);
}

/** A token count: 0 where it is absent or null. @throws {BillError} for anything but a whole number from 0 up */
export function readCount(row: ExactObject, name: string): number {
  const value = row[name];
  if (value === undefined || value === null) return 0;
  const text = textOf(value) ?? '';
  const count = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(count)) return count;
  throw new BillError('unreadable', `the bill's ${name} is no count: ${show(value)}`);
}

/** undefined where it is absent, null or empty. */
export function readText(row: ExactObject, name: string): string | undefined {
  const value = row[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @throws {BillError} when there is no list of that name */
export function readList(row: ExactObject, name: string): readonly ExactObject[] {
  const value = row[name];
  if (Array.isArray(value) && value.every(isObject)) return value as readonly ExactObject[];
  throw new BillError('unreadable', `the bill has no list "${name}"`);
}

const MAX_SHOWN = 60;

export function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, MAX_SHOWN);
}

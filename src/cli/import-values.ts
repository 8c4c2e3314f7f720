/** Values of other gateways' files, read with care: what is of another shape than expected counts as absent. */
import type { Draft, Fields } from './import-draft.ts';

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Texts and numbers of a list, as texts. */
export function wordsOf(value: unknown): string[] {
  return listOf(value).flatMap((one) =>
    (typeof one === 'string' && one.trim() !== '') || typeof one === 'number' ? [String(one).trim()] : [],
  );
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** Of a number, or of its text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
}

/** Names every field that nothing was made of. */
export function leaveOthers(draft: Draft, place: string, fields: Fields, known: readonly string[]): void {
  for (const [name, value] of Object.entries(fields))
    if (!known.includes(name) && value !== null) draft.leave(place === '' ? name : `${place}.${name}`);
}

const HOURS: Readonly<Record<string, number>> = { s: 1 / 3600, m: 1 / 60, h: 1, d: 24, w: 168 };
const MAX_ROLLING_HOURS = 744;
const PERIODS: Readonly<Record<number, string>> = { 24: 'day', 168: 'week', 720: 'month' };

/** `30d` and its like as a period of ours; undefined = there is none like it. */
export function budgetPeriod(draft: Draft, duration: string | undefined, place: string): string | undefined {
  if (duration === undefined) return 'total';
  if (/^1?mo$/.test(duration) || duration === 'monthly') return 'month';
  const [, digits, unit] = /^(\d+)\s*([smhdw])$/.exec(duration) ?? [];
  const hours = unit === undefined ? undefined : Number(digits) * HOURS[unit]!;
  if (hours === undefined || hours > MAX_ROLLING_HOURS || hours === 0) {
    draft.leave(place, `there is no period of ${duration}; its budget is left out`);
    return undefined;
  }
  const period = PERIODS[hours];
  if (period !== undefined) return period;
  const whole = Math.max(1, Math.round(hours));
  draft.note(`${place}: ${duration} is the last ${whole} h at any moment here (rolling:${whole}).`);
  return `rolling:${whole}`;
}

/** Dollars per token as dollars per million, exactly; undefined = no such amount. */
export function perMillion(value: unknown): string | undefined {
  const [, whole = '', part = '', exponent = '0'] =
    /^(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(wordsOf([value])[0] ?? '') ?? [];
  if (whole + part === '') return undefined;
  const shift = Number(exponent) + 6;
  const digits = whole + part;
  const point = whole.length + shift;
  if (Math.abs(point) > 40) return undefined;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const text = `${padded.slice(0, at)}.${padded.slice(at)}`.replace(/^0+(?=\d)/, '').replace(/\.?0*$/, '');
  return /^\d+(\.\d{1,6})?$/.test(text) ? text : undefined;
}

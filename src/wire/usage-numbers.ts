/** Numbers of usage reports: read as they are, and added up for a report of our own. */
import type { JsonValue } from './chat.ts';

/** Absent stays absent; what is there and is no number is NaN. */
export function count(value: JsonValue | undefined): number | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' ? value : Number.NaN;
}

/** Undefined when no class was reported. JSON has no NaN, so what is no number counts nothing. */
export function sum(...values: readonly (number | undefined)[]): number | undefined {
  let total: number | undefined;
  for (const value of values) {
    if (value !== undefined && Number.isFinite(value)) total = (total ?? 0) + value;
  }
  return total;
}

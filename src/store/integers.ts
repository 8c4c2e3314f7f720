/** How integers leave the database: money as a bigint, any other as a number that holds it exactly. */

/** Changes the row in place. Throws `RangeError` for a whole number beyond 2^53 in a column that is not money. */
export function widen(row: Record<string, unknown>): void {
  for (const name in row) {
    const value = row[name];
    if (typeof value !== 'bigint' || name.endsWith('_nano')) continue;
    const number = Number(value);
    if (!Number.isSafeInteger(number))
      throw new RangeError(`${name} is ${value}: no number holds that exactly`);
    row[name] = number;
  }
}

/** Rows as the one JSON text that a function of PostgreSQL takes them in. */

/** What JSON says of characters that a text of PostgreSQL cannot hold: NUL, and halves of surrogate pairs. */
const UNTEXT = /\\u(0000|d[89a-f])/;

/** null = there are none. Money, a bigint, goes as text, which a column of 64 bits reads exactly. */
export function rowsToJson(rows: readonly object[]): string | null {
  if (rows.length === 0) return null;
  const text = JSON.stringify(rows, bigintAsText);
  // Rare, so that it may cost: clients choose some of the texts.
  return UNTEXT.test(text) ? JSON.stringify(rows, cleanText) : text;
}

function bigintAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

function cleanText(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\u0000', '\uFFFD');
  return bigintAsText(_name, value);
}

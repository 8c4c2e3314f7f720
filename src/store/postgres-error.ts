/** What an error of PostgreSQL means: whether it can be waited for, and whether the connection is still good. */

/**
 * `busy`: rolled back because of others, soon it will work. `rejected`: these values can never be stored.
 * `unavailable`: the server is gone, full, or not what we need; with a lost connection nobody knows what was done.
 */
export type PostgresTrouble = 'busy' | 'rejected' | 'unavailable';

/** Serialization failure, deadlock, a lock that was not had in time. */
const busyCodes: readonly string[] = ['40001', '40P01', '55P03'];
/** Classes: data exception, integrity constraint, program limit. */
const rejectedCodes = /^(22|23|54)/;
const SQLSTATE = /^[0-9A-Z]{5}$/;

export function judgePostgresError(error: unknown): PostgresTrouble {
  const code = codeOf(error);
  if (busyCodes.includes(code)) return 'busy';
  return SQLSTATE.test(code) && rejectedCodes.test(code) ? 'rejected' : 'unavailable';
}

/** False = the server has answered with an error and goes on with the next statement. */
export function breaksConnection(error: unknown): boolean {
  const { severity } = error as { severity?: unknown };
  return !SQLSTATE.test(codeOf(error)) || severity === 'FATAL' || severity === 'PANIC';
}

/** With the code in front, as operators look it up. */
export function describePostgresError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Of several addresses tried, the errors are inside.
  const inner = error instanceof AggregateError ? error.errors.map(String).join('; ') : '';
  return [codeOf(error), message || inner].filter((part) => part !== '').join(' ');
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

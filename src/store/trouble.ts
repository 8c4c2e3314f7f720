/** Which errors of a database are its state, and not a mistake in what was asked of it. */
import { StoreError } from './store-error.ts';

/** Locked, full, broken, gone, or not to be written. */
const sqliteCodes =
  /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM|PERM|AUTH|PROTOCOL)/;
/** Classes: connection, rolled back for others, resources, operator's intervention, system; and a standby. */
const postgresCodes = /^(08|40|53|57|58)...$|^(55P03|25006|28P01|28000)$/;
const socketCodes =
  /^(ECONNREFUSED|ECONNRESET|ENOENT|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EACCES)$/;
/** Of the driver of libSQL: of the server, of its protocol, and of a quota that is used up. */
const libsqlCodes = /^(SERVER_ERROR|HRANA_|TRANSACTION_|STREAM_EXPIRED|BLOCKED)/;
/** The drivers' own words, where they give no code. */
const driverWords =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|database connection is not open|fetch failed|aborted due to timeout/;

/** True: the same statement may work later, or on a database that has been mended. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (error instanceof StoreError) return error.code === 'unreachable' || error.code === 'locked';
  if (error instanceof AggregateError) return error.errors.some(isDatabaseTrouble);
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string') return driverWords.test(error.message);
  if (socketCodes.test(code)) return syscall !== 'open';
  return sqliteCodes.test(code) || postgresCodes.test(code) || libsqlCodes.test(code);
}

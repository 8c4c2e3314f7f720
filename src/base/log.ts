/** The process log: JSON lines by pino on a pipe, short coloured lines on a terminal. Secrets are never passed in. */
import pino from 'pino';

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export function createLog(level: string): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** For tests and for tools that must not speak. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** The process log: JSON lines by pino on a pipe, short coloured lines on a terminal. Secrets are never passed in; should one be, it is taken out. */
import pino from 'pino';
import { createLineCleaner } from './clean-line.ts';
import type { Secret } from './secret.ts';

export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** What is never to be written from now on, in place of what was said before. */
  hide?(secrets: Iterable<Secret>): void;
}

export function createLog(level: string): Log {
  const destination = pino.destination({ fd: 2, sync: true });
  const cleaner = createLineCleaner();
  const stream = { write: (line: string) => void destination.write(cleaner.clean(line)) };
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    hide: (secrets) => cleaner.hide(secrets),
  };
}

/** For tests and for tools that must not speak. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

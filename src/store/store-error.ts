/** The one error the store throws on purpose: something about the database that the operator can mend. */

export type StoreErrorCode =
  | 'locked'
  | 'location'
  | 'no_wal'
  | 'schema_newer'
  /** Nobody answers, or not to us. */
  | 'unreachable'
  /** The server lacks what we need. */
  | 'unsuitable'
  /** A read took too long, found too much, or waited behind too many others. */
  | 'read_limit';

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

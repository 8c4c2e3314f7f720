/** Everything a command touches outside itself, in one record: so that a test can hand in its own world. */
import type { Config } from '../config.ts';

export interface Output {
  write(text: string): void;
  /** Resolves when what was written has been taken, so that memory does not fill. Absent = it always has. */
  drained?(): Promise<void>;
  readonly isTerminal: boolean;
  /** Width in columns; undefined = unknown, so nothing is cut. */
  readonly columns: number | undefined;
}

/** The admin application without a server: same API, the database held under its lock until `close`. */
export interface Offline {
  fetch(request: Request): Response | Promise<Response>;
  close(): Promise<void>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: {
    readonly isTerminal: boolean;
    /** @throws {CliError} when there is more than the limit */
    readAll(limitBytes: number): Promise<string>;
  };
  readonly env: Environment;
  readonly cwd: string;
  /** Epoch milliseconds. */
  now(): number;
  sleep(ms: number): Promise<void>;
  fetch(request: Request): Promise<Response>;
  openOffline(config: Config): Promise<Offline>;
  /** What the database is, in words; undefined = not there yet. Changes nothing. Rejects with what is wrong with it. */
  probeDatabase(config: Config): Promise<string | undefined>;
  /** Asks on the terminal; false also when the question was abandoned. */
  confirm(question: string): Promise<boolean>;
  /** Asks on the terminal without showing what is typed; undefined when the question was abandoned. */
  askSecret(question: string): Promise<string | undefined>;
  /** Runs a program on our terminal, passes signals on, and resolves with its exit code. */
  start(command: string, args: readonly string[], env: Environment): Promise<number>;
  /** First line a program prints; undefined when it fails or takes too long. */
  firstLine(command: string, args: readonly string[]): Promise<string | undefined>;
  /** Calls back on SIGINT and SIGTERM until the returned function is called. */
  onStop(handler: () => void): () => void;
  /** Calls back on SIGHUP, where no terminal is left behind by it, until the returned function is called. */
  onHangup(handler: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** What a command ends with: 0 ok, 1 failed, 2 wrongly called. */
export type ExitCode = number;

/** A command that cannot be carried out: what, and how to mend it. Shown without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly fix: string | undefined;
  readonly exitCode: ExitCode;
  constructor(message: string, fix?: string, exitCode: ExitCode = 1) {
    super(message);
    this.fix = fix;
    this.exitCode = exitCode;
  }
}

/** The caller's mistake on the command line. */
export function usageError(message: string, fix?: string): CliError {
  return new CliError(message, fix, 2);
}

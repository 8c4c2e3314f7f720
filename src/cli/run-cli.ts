/** One call of the command line, from its words to its exit code. */
import { type Command, CommanderError } from 'commander';
import { CliError, type ExitCode, type Io } from './io.ts';
import { paintFor, printLine } from './print.ts';
import { buildProgram } from './program.ts';

/** `words` are what stands after the program's name. Never rejects. */
export async function runCli(given: readonly string[], process: Io): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const { words, workspace } = takeWorkspace(given);
  const io =
    workspace === undefined
      ? process
      : { ...process, env: { ...process.env, TURNPIKE_WORKSPACE: workspace } };
  const program = buildProgram(io, async (code) => {
    exitCode = await code;
  });
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((noun) => noun.commands),
  ]) {
    command.exitOverride().showHelpAfterError(`Help: ${wordsOf(command)} --help`);
    command.configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  try {
    await program.parseAsync(defaultToServe(words), { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, io, words.includes('--json'));
  }
}

/** `turnpike keys list` */
function wordsOf(command: Command): string {
  return command.parent ? `${wordsOf(command.parent)} ${command.name()}` : command.name();
}

interface Taken {
  readonly words: readonly string[];
  readonly workspace: string | undefined;
}

/** It may stand behind any command. What is behind `--` is another program's. */
function takeWorkspace(given: readonly string[]): Taken {
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  const at = given.findIndex((word, index) => index < end && /^--workspace(=|$)/.test(word));
  if (at === -1) return { words: given, workspace: undefined };
  const [, written] = /^--workspace=(.*)$/s.exec(given[at]!) ?? [];
  // Without a value it stays where it is: the program says what is missing.
  if (written === undefined && at + 1 >= end) return { words: given, workspace: undefined };
  const workspace = written ?? given[at + 1]!;
  return { words: given.toSpliced(at, written === undefined ? 2 : 1), workspace };
}

/** Nothing, or options alone, mean `serve`; but for those of the program itself. */
function defaultToServe(words: readonly string[]): string[] {
  const [first] = words;
  const isOwn = first !== undefined && ['-h', '--help', '-V', '--version'].includes(first);
  return first === undefined || (first.startsWith('-') && !isOwn) ? ['serve', ...words] : [...words];
}

function explain(error: unknown, io: Io, isJson: boolean): ExitCode {
  // Commander has printed its own message: help and version are no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const { message, fix, exitCode } = describe(error);
  if (isJson) {
    printLine(io.stderr, JSON.stringify({ error: { message, fix: fix ?? null } }));
    return exitCode;
  }
  const paint = paintFor(io.stderr, io.env);
  printLine(io.stderr, `${paint.red('✗')} ${message}`);
  if (fix !== undefined) printLine(io.stderr, `  ${fix}`);
  if (io.env.LOG_LEVEL === 'debug' && error instanceof Error)
    printLine(io.stderr, paint.dim(error.stack ?? ''));
  return exitCode;
}

function describe(error: unknown): { message: string; fix: string | undefined; exitCode: ExitCode } {
  if (error instanceof CliError) return error;
  const message = error instanceof Error ? error.message : String(error);
  // By name: the class lives in a module that most commands never load.
  const isOperators = error instanceof Error && ['ConfigError', 'StoreError'].includes(error.name);
  if (isOperators) return { message, fix: undefined, exitCode: 1 };
  return { message, fix: 'Run it again with LOG_LEVEL=debug to see where this comes from.', exitCode: 1 };
}

/** `turnpike config status` and `config reload`: what the running server has read of its files, and reading them now. */
import type { ConfigurationBody } from '../admin/configuration.ts';
import { withServer } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { paintFor, printJson, printLine } from './print.ts';

interface JsonOption {
  readonly json?: boolean;
}

/** Exit code 1 where the files could not be taken. */
export async function showStatus(io: Io, options: JsonOption): Promise<ExitCode> {
  const configuration = await withServer(io, (client) => client.configuration());
  if (options.json) printJson(io, configuration);
  else printStatus(io, configuration);
  return configuration.problem === null ? 0 : 1;
}

export async function reload(io: Io, options: JsonOption): Promise<ExitCode> {
  const { configuration, ...changes } = await withServer(io, (client) => client.reloadConfiguration());
  if (options.json) {
    printJson(io, { ...changes, configuration });
    return 0;
  }
  const paint = paintFor(io.stdout, io.env);
  const what = changes.isChanged
    ? `Read and in force, as revision ${configuration.revision}.`
    : 'Read; nothing has changed.';
  printLine(io.stdout, `${paint.green('✓')} ${what}`);
  for (const name of changes.added) printLine(io.stdout, `  ${paint.green('+')} ${name}`);
  for (const name of changes.changed) printLine(io.stdout, `  ${paint.yellow('~')} ${name}`);
  for (const name of changes.removed) printLine(io.stdout, `  ${paint.red('-')} ${name}`);
  printOpen(io, configuration);
  return 0;
}

function printStatus(io: Io, configuration: ConfigurationBody): void {
  const { revision, files, loadedAt, problem } = configuration;
  const paint = paintFor(io.stdout, io.env);
  printLine(io.stdout, `revision  ${revision}`);
  printLine(io.stdout, `files     ${files.length > 0 ? files.join(', ') : 'none; defaults'}`);
  printLine(io.stdout, `in force  since ${loadedAt}`);
  if (problem !== null) {
    printLine(io.stdout, `${paint.red('✗')} not taken at ${problem.at}: ${problem.message}`);
    printLine(
      io.stdout,
      paint.dim('    The last good state serves on. Correct the file; it is read again by itself.'),
    );
  }
  printOpen(io, configuration);
}

/** What the reader has to do something about. */
function printOpen(io: Io, { pendingRestart, warnings }: ConfigurationBody): void {
  const mark = paintFor(io.stdout, io.env).yellow('!');
  if (pendingRestart.length > 0)
    printLine(io.stdout, `${mark} from the next start: ${pendingRestart.join(', ')}`);
  for (const warning of warnings) printLine(io.stdout, `${mark} ${warning}`);
}

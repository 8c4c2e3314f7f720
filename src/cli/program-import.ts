/** The commands that take over the configuration of another gateway. */
import type { Command } from 'commander';
import type { ExitCode, Io } from './io.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

export function defineImport(program: Command, io: Io, run: Run): void {
  const imports = program
    .command('import')
    .description('turn the configuration of another gateway into a turnpike.yaml; keys become variables');
  const define = (gateway: 'litellm' | 'ccr', what: string) =>
    imports
      .command(`${gateway} [file]`)
      .description(what)
      .option('--write <file>', 'write it there instead of to stdout')
      .option('--force', 'write over a file that is there')
      .option('--json', 'print JSON')
      .action(async (file, options) =>
        run((await import('./import.ts')).importFrom(io, gateway, file, options)),
      );
  define('litellm', 'the config.yaml of a LiteLLM proxy (default: ./config.yaml)');
  define('ccr', 'the config.json of claude-code-router (default: ~/.claude-code-router/config.json)');
}

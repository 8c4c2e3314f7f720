/** The commands that explain: a request that was made, and one that is not. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ExitCode, Io } from './io.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

export function defineExplain(program: Command, io: Io, run: Run): void {
  withRequest(program.command('explain [exchange-or-ref]'))
    .description('why a request went as it did (x-turnpike-exchange-id), or would go: nothing is sent then')
    .option('--content', 'what was said and answered too, where that is kept')
    .option('--dry-run', 'explain a request that is not sent (what a model ref alone means too)')
    .action(async (what, options) => run((await import('./explain.ts')).explain(io, what, options)));
}

/** The same among the commands of models: what a prompt, or a ref, would get. */
export function defineModelsExplain(models: Command, io: Io, run: Run): void {
  withRequest(models.command('explain [prompt-or-ref]'))
    .description('which model a prompt (agent:…, command:…) or a ref would get, and why; nothing is sent')
    .action(async (what, options) =>
      run((await import('./explain.ts')).explain(io, what, { ...options, dryRun: true })),
    );
}

function withRequest(command: Command): Command {
  return command
    .option('--json', 'print JSON')
    .option('--model <ref>', 'model that is asked for explicitly')
    .option('--request-model <ref>', 'model that the request itself names')
    .option('--agent <name>', 'agent it belongs to')
    .option('--prompt <id>', 'prompt it belongs to: agent:…, command:…, skill:… or hook:…')
    .option('--pipeline <name>', 'pipeline it belongs to')
    .option('--step <step>', 'its step, by number from 1 or by name')
    .option('--for-key <key>', 'key it comes with, by id or name (default: one without limits)')
    .option('--session <name>', 'what the strategy sticky goes by')
    .option('--tokens <number>', 'tokens of its input', readTokens)
    .option(
      '--needs <list>',
      'comma-separated: tools, vision, documents, audio, thinking, structured-output',
      readNeeds,
    );
}

function readTokens(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number.');
}

function readNeeds(text: string): string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.every((item) => item !== '')) return items;
  throw new InvalidArgumentError('Separate them by single commas.');
}

/** Every command with its options. What a command does is loaded only when it runs, so that help is quick. */
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode, Io } from './io.ts';
import { defineAgents } from './program-agents.ts';
import { defineAlerts } from './program-alerts.ts';
import { defineAudit } from './program-audit.ts';
import { defineCredentials } from './program-credentials.ts';
import { defineDeclared } from './program-declared.ts';
import { defineExplain } from './program-explain.ts';
import { defineHealth } from './program-health.ts';
import { defineImport } from './program-import.ts';
import { defineInit } from './program-init.ts';
import { defineKeys } from './program-keys.ts';
import { defineMembers } from './program-members.ts';
import { defineModels } from './program-models.ts';
import { definePrices } from './program-prices.ts';
import { definePrivacy } from './program-privacy.ts';
import { defineUsage } from './program-usage.ts';
import { defineVault } from './program-vault.ts';
import { readVersion } from './version.ts';

type Run = (code: Promise<ExitCode>) => Promise<void>;

/** `run` takes the exit code of the one command that was called. */
export function buildProgram(io: Io, run: Run): Command {
  const program = new Command('turnpike')
    .description('Self-hosted AI gateway: one port for every model call, every cent in a ledger.')
    .version(readVersion(), '-V, --version')
    .option(
      '--workspace <workspace>',
      'id or name of the workspace to act in, behind any command (or TURNPIKE_WORKSPACE; default: the first)',
    )
    .configureHelp({ showGlobalOptions: false })
    // An option after the name of a command belongs to it, whatever the commands above it have.
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\nWithout a command it serves. Errors say how to mend them; every command has --json.',
    );
  defineServe(program, io, run);
  defineRun(program, io, run);
  defineAsk(program, io, run);
  defineInit(program, io, run);
  defineModels(program, io, run);
  defineCredentials(program, io, run);
  defineDeclared(program, io, run);
  defineVault(program, io, run);
  defineMembers(program, io, run);
  defineKeys(program, io, run);
  defineAgents(program, io, run);
  defineBudgets(program, io, run);
  defineLimits(program, io, run);
  defineAlerts(program, io, run);
  defineAudit(program, io, run);
  definePrivacy(program, io, run);
  defineHealth(program, io, run);
  definePrices(program, io, run);
  defineUsage(program, io, run);
  defineExplain(program, io, run);
  defineLedger(program, io, run);
  defineConfig(program, io, run);
  defineImport(program, io, run);
  defineDoctor(program, io, run);
  return program;
}

function withJson(command: Command): Command {
  return command.option('--json', 'print JSON');
}

function defineServe(program: Command, io: Io, run: Run): void {
  program
    .command('serve')
    .description('run the gateway (what `turnpike` alone does)')
    .option('--host <address>', 'address to listen at (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen at (default: 8642)', readPort)
    .option('--config <file>', 'configuration file instead of the nearest turnpike.yaml')
    .addOption(
      new Option(
        '--durability <level>',
        'what a recorded cent survives: a power cut, or the process only',
      ).choices(['power', 'process']),
    )
    .addOption(
      new Option('--log-level <level>', 'least important lines to log').choices([
        'debug',
        'info',
        'warn',
        'error',
        'silent',
      ]),
    )
    .action(async (options) => run((await import('./serve.ts')).serve(io, options)));
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.');
}

function defineRun(program: Command, io: Io, run: Run): void {
  withJson(program.command('run <client> [arguments...]'))
    .description('start claude, codex, opencode or gemini through Turnpike; its own arguments after --')
    .option('--model <ref>', 'model for every call of the session, whatever else is declared')
    .option('--agent <name>', 'run as this agent: its model, its budget')
    .option('--print', 'only print what would be set')
    .option('--show-key', 'print the key unmasked')
    .action(async (client, args, options) =>
      run((await import('./run.ts')).runClient(io, client, args, options)),
    );
}

function defineAsk(program: Command, io: Io, run: Run): void {
  withJson(program.command('ask [question]'))
    .description('ask one question (or pipe it in); answer on stdout, cost on stderr')
    .option('--model <ref>', 'model to ask, whatever else is declared')
    .option('--agent <name>', 'ask as this agent: its text, its model, its budget')
    .option('--prompt <file>', 'ask with this prompt file')
    .option('--command <name>', 'ask this command; the question stands for its $ARGUMENTS')
    .option('--skill <name>', 'ask with this skill')
    .option('--system <text>', 'system prompt, in the place of any other')
    .action(async (question, options) => run((await import('./ask.ts')).ask(io, question, options)));
}

function defineBudgets(program: Command, io: Io, run: Run): void {
  const budgets = program.command('budgets').description('limits on spend');
  withJson(budgets.command('list'))
    .description('every budget, what is spent of it and what is left')
    .option('--archived', 'archived ones too')
    .action(async (options) => run((await import('./budgets.ts')).listBudgets(io, options)));
  withJson(budgets.command('show <budget>'))
    .description('one budget, by id or name, with its open windows')
    .action(async (budget, options) => run((await import('./budgets.ts')).showBudget(io, budget, options)));
  withBudgetOptions(budgets.command('create [name]'))
    .description('make a budget')
    .requiredOption(
      '--scope <scope>',
      'workspace, or kind:id or kind:*, such as agent:coder, key:*, model:openai/gpt-4o',
    )
    .requiredOption('--period <period>', 'day, week, month, total or rolling:<hours>')
    .requiredOption('--limit <usd>', 'limit in US dollars')
    .option('--output-cap <tokens>', 'output to ask for where the client names no limit', readWhole)
    .action(async (name, options) => run((await import('./budgets.ts')).createBudget(io, name, options)));
  withBudgetOptions(budgets.command('change <budget>'))
    .description('change a budget, by id or name; its scope and period cannot be')
    .option('--name <name>', 'another name')
    .option('--limit <usd>', 'limit in US dollars')
    .option(
      '--output-cap <tokens>',
      'output to ask for where the client names no limit; none = the policy',
      readCap,
    )
    .action(async (budget, options) => run((await import('./budgets.ts')).changeBudget(io, budget, options)));
  withJson(budgets.command('archive <budget>'))
    .description('end a budget, by id or name; cannot be undone')
    .option('--yes', 'do not ask')
    .action(async (budget, options) =>
      run((await import('./budgets.ts')).archiveBudget(io, budget, options)),
    );
}

function withBudgetOptions(command: Command): Command {
  return withJson(command)
    .addOption(
      new Option('--action <what>', 'at the limit: send nothing more, or only tell').choices([
        'block',
        'warn',
      ]),
    )
    .option(
      '--alerts <percents>',
      'comma-separated per cents of the limit to tell of; none = never',
      readPercents,
    )
    .option('--time-zone <name>', 'where days, weeks and months begin, such as Europe/Berlin')
    .option('--anchor-day <day>', 'day on which months begin, 1 to 28', readWhole)
    .option('--queue-ms <ms>', 'how long a request may wait for what others hold', readWhole)
    .addOption(
      new Option('--mode <mode>', 'what is held of a stream').choices(['worst-case', 'incremental']),
    );
}

function defineLimits(program: Command, io: Io, run: Run): void {
  const limits = program.command('limits').description('limits on requests and tokens per minute');
  withJson(limits.command('list'))
    .description('every rate limit, and what is used of it now')
    .action(async (options) => run((await import('./limits.ts')).listLimits(io, options)));
  withJson(limits.command('set <scope>'))
    .description(
      'limit workspace, or kind:id or kind:* (each for itself), such as key:*, agent:coder, deployment:openai/gpt-4o; what is not named stays as it is',
    )
    .option('--requests <number>', 'requests per minute; none = not limited', readCap)
    .option('--input-tokens <number>', 'input tokens per minute; none = not limited', readCap)
    .option('--output-tokens <number>', 'output tokens per minute; none = not limited', readCap)
    .option('--concurrent <number>', 'requests at once; none = not limited', readCap)
    .option('--burst <seconds>', 'how much of a rate may come at once (default: 60)', readWhole)
    .action(async (scope, options) => run((await import('./limits.ts')).setLimit(io, scope, options)));
  withJson(limits.command('remove <limit>'))
    .description('end a rate limit, by scope or id')
    .action(async (limit, options) => run((await import('./limits.ts')).removeLimit(io, limit, options)));
}

function readWhole(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number.');
}

function readCap(text: string): number | 'none' {
  return text === 'none' ? text : readWhole(text);
}

function readPercents(text: string): number[] {
  return text === 'none' ? [] : text.split(',').map((percent) => readWhole(percent.trim()));
}

function defineLedger(program: Command, io: Io, run: Run): void {
  const ledger = program.command('ledger').description('the books');
  withJson(ledger.command('verify'))
    .description('add everything up anew and compare; exit code 1 when it differs')
    .action(async (options) => run((await import('./ledger.ts')).verifyLedger(io, options)));
  defineReconcile(ledger, io, run);
  withJson(ledger.command('export'))
    .description('every entry, as CSV or JSON lines')
    .addOption(new Option('--format <format>', 'csv, or jsonl as with --json').choices(['csv', 'jsonl']))
    .option('--since <moment>', 'from: 24h, 7d, 2026-11-01, … (default: the first)')
    .option('--until <moment>', 'up to (default: now)')
    .action(async (options) => run((await import('./ledger.ts')).exportLedger(io, options)));
}

function defineReconcile(ledger: Command, io: Io, run: Run): void {
  withJson(ledger.command('reconcile'))
    .description("compare with the providers' bills; exit code 1 when they differ by more than 1 % and $1")
    .option('--provider <name>', 'only this one')
    .option('--since <moment>', 'from: 7d, 2026-11-01, …', '7d')
    .option('--until <moment>', 'up to (default: now)')
    .addOption(
      new Option('--by <width>', 'whole days with money, or hours of tokens')
        .choices(['day', 'hour'])
        .default('day'),
    )
    .action(async (options) => run((await import('./reconcile.ts')).reconcile(io, options)));
  withJson(ledger.command('proposals'))
    .description('adjustments that a reconciliation has proposed')
    .addOption(
      new Option('--state <state>', 'which').choices(['open', 'accepted', 'dismissed']).default('open'),
    )
    .action(async (options) => run((await import('./reconcile.ts')).listProposals(io, options)));
  withJson(ledger.command('accept <proposal>'))
    .description('book a proposed adjustment; a second time changes nothing')
    .action(async (id, options) =>
      run((await import('./reconcile.ts')).decideProposal(io, id, 'accept', options)),
    );
  withJson(ledger.command('dismiss <proposal>'))
    .description('set a proposed adjustment aside')
    .action(async (id, options) =>
      run((await import('./reconcile.ts')).decideProposal(io, id, 'dismiss', options)),
    );
}

function defineConfig(program: Command, io: Io, run: Run): void {
  const config = program.command('config').description('settings of this process');
  withJson(config.command('print'))
    .description('every setting, its value and where it came from')
    .option('--config <file>', 'configuration file instead of the nearest turnpike.yaml')
    .action(async (options) => run((await import('./config.ts')).printConfig(io, options)));
  withJson(config.command('status'))
    .description('what the running server has read of its files, and what is wrong with them')
    .action(async (options) => run((await import('./config-reload.ts')).showStatus(io, options)));
  withJson(config.command('reload'))
    .description('have the running server read its files now; it does so by itself when they change')
    .action(async (options) => run((await import('./config-reload.ts')).reload(io, options)));
}

function defineDoctor(program: Command, io: Io, run: Run): void {
  withJson(program.command('doctor'))
    .description('look for what commonly goes wrong, and how to mend it')
    .action(async (options) => run((await import('./doctor.ts')).examine(io, options)));
}

/** `turnpike doctor`: looks at everything that commonly goes wrong and says how to mend it. Changes nothing. */

import type { Installation } from '../admin/installation.ts';
import type { PriceListBody } from '../admin/price-fields.ts';
import type { VaultBody } from '../admin/vault.ts';
import type { Config } from '../config.ts';
import type { AdminClient } from './client.ts';
import { judgeConfiguration } from './doctor-configuration.ts';
import type { Finding } from './doctor-finding.ts';
import { checkClientFile, checkHome, checkNode } from './doctor-machine.ts';
import { checkServer } from './doctor-server.ts';
import { findProgram } from './find-program.ts';
import type { ExitCode, Io } from './io.ts';
import { paintFor, printJson, printLine } from './print.ts';
import { runClients } from './run-clients.ts';

/** Exit code 1 when something fails; warnings alone are 0. */
export async function examine(io: Io, options: { readonly json?: boolean }): Promise<ExitCode> {
  const findings: Finding[] = [];
  const note = (...found: readonly Finding[]): void => {
    findings.push(...found);
    if (!options.json) for (const finding of found) printFinding(io, finding);
  };
  note(checkNode(process.versions.node));
  const { finding, warnings, config } = await checkConfig(io);
  note(finding, ...warnings);
  note(checkHome(io), checkClientFile(io));
  await checkServer(io, config, note, (client) => checkBooks(client, note));
  for (const client of await checkClients(io)) note(client);
  if (options.json) printJson(io, { findings });
  return findings.some(({ state }) => state === 'fail') ? 1 : 0;
}

function printFinding(io: Io, { check, state, detail, fix }: Finding): void {
  const paint = paintFor(io.stdout, io.env);
  const mark = { ok: paint.green('✓'), warn: paint.yellow('!'), fail: paint.red('✗'), absent: '·' }[state];
  printLine(io.stdout, `${mark} ${check}: ${detail}`);
  if (fix !== undefined && state !== 'ok') printLine(io.stdout, `    ${paint.dim(fix)}`);
}

interface ConfigCheck {
  readonly finding: Finding;
  readonly warnings: readonly Finding[];
  /** undefined = it cannot be read. */
  readonly config: Config | undefined;
}

async function checkConfig(io: Io): Promise<ConfigCheck> {
  const check = 'configuration';
  const { loadConfig } = await import('../config.ts');
  try {
    const config = loadConfig({ flags: {}, env: io.env, cwd: io.cwd });
    const detail = config.files.length > 0 ? config.files.join(', ') : 'defaults; no file';
    const warnings = config.warnings.map((text): Finding => ({ check, state: 'warn', detail: text }));
    return { finding: { check, state: 'ok', detail }, warnings, config };
  } catch (error) {
    const detail = (error as Error).message;
    const finding: Finding = { check, state: 'fail', detail, fix: 'Correct the place named above.' };
    return { finding, warnings: [], config: undefined };
  }
}

/** What only the books know, read from the server or from the database itself. */
async function checkBooks(
  client: AdminClient,
  note: (...findings: readonly Finding[]) => void,
): Promise<void> {
  note(judgeLedger(await client.installation()), judgeConfiguration(await client.configuration()));
  note(judgeVault(await client.vault.show()));
  note(judgePriceList((await client.prices(false)).list));
  for (const { source, ref, problem } of (await client.routing.config()).problems)
    note({ check: 'models', state: 'warn', detail: `${source}: ${ref}: ${problem}` });
  const { providers } = await client.providers();
  for (const { name, isReady, credentialSource, kind } of providers) {
    const check = `provider ${name}`;
    if (isReady) note({ check, state: 'ok', detail: credentialSource ?? 'ready' });
    else {
      const fix = `Save one with \`turnpike credentials set ${name}\`, or put it into the environment of the server.`;
      note({ check, state: 'warn', detail: `no credential (kind ${kind})`, fix });
    }
  }
}

/** Of a server that is stopped it says how a start from here would find it. */
function judgeVault({ state, place, secrets }: VaultBody): Finding {
  const check = 'vault';
  if (state === 'empty') return { check, state: 'ok', detail: 'nothing is sealed yet' };
  if (state !== 'closed') return { check, state: 'ok', detail: `${place} opens all that is sealed` };
  const detail = `${place} does not open the ${secrets === 1 ? 'secret' : `${secrets} secrets`} in it`;
  const fix =
    'Put the master key back; where it is lost, see `turnpike vault recover` and `turnpike vault forget`.';
  return { check, state: 'fail', detail, fix };
}

function judgeLedger({ ledger, durability, database }: Installation): Finding {
  const check = 'ledger';
  if (ledger.isWritable) return { check, state: 'ok', detail: `writable, durability ${durability}` };
  const waits = `${ledger.pendingSettles} ${ledger.pendingSettles === 1 ? 'entry waits' : 'entries wait'}`;
  const why = ledger.lastError === undefined ? '' : ` (${ledger.lastError})`;
  const mend = database.startsWith('file:')
    ? 'Free disk space, end what has locked the database, and check the permissions of the data folder'
    : 'Start the server of the database, or mend the way to it';
  return {
    check,
    state: 'fail',
    detail: `${database} cannot be written${why}; ${waits}`,
    fix: `${mend}; nothing is lost while this server runs.`,
  };
}

function judgePriceList({ source, asOf, ageDays, isStale, problem }: PriceListBody): Finding {
  const check = 'prices';
  const detail = `${source} as of ${asOf}, ${ageDays} days old`;
  const fix = 'Name a newer list under prices.refresh in turnpike.yaml, or use a newer version.';
  if (problem !== null)
    return { check, state: 'warn', detail: `${detail}; the list was not read: ${problem}`, fix };
  return isStale ? { check, state: 'warn', detail, fix } : { check, state: 'ok', detail };
}

async function checkClients(io: Io): Promise<Finding[]> {
  return Promise.all(
    Object.values(runClients).map(async ({ command, name, install }): Promise<Finding> => {
      const path = findProgram(command, io.env);
      if (!path) return { check: name, state: 'absent', detail: `not installed (${install})` };
      const version = await io.firstLine(path, ['--version']);
      if (version !== undefined) return { check: name, state: 'ok', detail: `${version} at ${path}` };
      return {
        check: name,
        state: 'warn',
        detail: `${path} does not tell its version`,
        fix: `Install it anew: ${install}`,
      };
    }),
  );
}

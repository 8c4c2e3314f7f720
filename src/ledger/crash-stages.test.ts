/** Row 38 of the fault matrix on SQLite: `kill -9` at each of thirteen places in the life of an attempt. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { judgeCrash } from '../../test/support/judge-crash.ts';
import { killStages } from '../../test/support/victim-stages.ts';
import { systemClock } from '../base/clock.ts';
import { silentLog } from '../base/log.ts';
import { openSqlite } from '../store/sqlite.ts';
import { recoverLedger } from './recover.ts';
import { createSqliteLedgerStore } from './sqlite-ledger-store.ts';

const victim = fileURLToPath(new URL('../../test/support/ledger-victim.ts', import.meta.url));
/** How many times a stage is reached: late enough that attempts are at every other stage meanwhile. */
const NTH = 40;
/** Alerts are few: each of them is a threshold. */
const NTH_ALERT = 2;
/** Starting a process takes seconds on a machine that is busy with others. */
const PATIENCE_MS = 60_000;

async function dieAt(path: string, stage: string, nth: number): Promise<NodeJS.Signals | null> {
  const args = ['--import', 'tsx', victim, path, 'power', '0', stage, String(nth)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return signal;
}

describe('row 38: a process killed at a stage of an attempt', () => {
  it.each(killStages)(
    'leaves books that the next process makes whole: %s',
    async (stage) => {
      const folder = mkdtempSync(join(tmpdir(), 'turnpike-stages-'));
      const path = join(folder, 'turnpike.db');
      expect(await dieAt(path, stage, stage === 'alert written' ? NTH_ALERT : NTH)).toBe('SIGKILL');
      const store = await openSqlite(path, { durability: 'power', log: silentLog });
      const ledgerStore = createSqliteLedgerStore(store, systemClock);
      await recoverLedger({ store: ledgerStore, clock: systemClock, log: silentLog });
      expect((await judgeCrash(store, path)).length).toBeGreaterThan(0);
      await store.close();
      rmSync(folder, { recursive: true });
    },
    PATIENCE_MS,
  );
});

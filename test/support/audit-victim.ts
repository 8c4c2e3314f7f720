/**
 * A process that tells of one change after another and links what it finds, as fast as it can, beside others of its kind.
 * Arguments: URL of the database, workspace, a prefix of its actions, how many.
 */

import { silentLog } from '../../src/base/log.ts';
import { linkAudit } from '../../src/registry/audit-chain.ts';
import { recordAudit } from '../../src/registry/audit-events.ts';
import { openPostgres } from '../../src/store/postgres.ts';

const [url = '', workspace = '', prefix = '', count = '0'] = process.argv.slice(2);
const store = await openPostgres(url, { durability: 'power', log: silentLog });
const actor = { id: prefix, name: prefix, via: 'system' } as const;
const told: Promise<void>[] = [];
for (let n = 0; n < Number(count); n += 1) {
  const event = { workspaceId: `ws_${workspace}`, actor, action: `${prefix}.${n}`, outcome: 'done' } as const;
  told.push(recordAudit(store, event, Date.now()));
  if (n % 5 !== 4) continue;
  await Promise.all(told.splice(0));
  await linkAudit(store);
}
await Promise.all(told);
await linkAudit(store);
await store.close();

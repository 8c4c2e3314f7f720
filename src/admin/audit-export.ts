/** The audit as text for other programs: JSON lines from which its chain can be proven anew, CSV for spreadsheets. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { csvCell } from '../ledger/export.ts';
import { type AuditEvent, type AuditQuery, listAudit } from '../registry/audit-events.ts';
import type { Store } from '../store/store.ts';
import type { AuditFormat } from './deps-audit.ts';
import { iso } from './fields.ts';

/** Events read in one go. */
const PAGE = 500;

/** Columns in their order. docs/guide/audit.md names them, held equal by a test. */
const columns: Readonly<Record<string, (event: AuditEvent) => string | number | null>> = {
  id: ({ id }) => id,
  at: ({ atMs }) => iso(atMs),
  workspace: ({ workspaceId }) => workspaceId,
  actor: ({ actor }) => actor.id,
  actor_name: ({ actor }) => actor.name,
  actor_role: ({ actor }) => actor.role ?? null,
  via: ({ actor }) => actor.via,
  address: ({ actor }) => actor.address ?? null,
  action: ({ action }) => action,
  target: ({ target }) => target ?? null,
  outcome: ({ outcome }) => outcome,
  detail: ({ detail }) => JSON.stringify(detail),
  position: ({ link }) => link?.position ?? null,
  prev_hash: ({ link }) => link?.prevHash ?? null,
  hash: ({ link }) => link?.hash ?? null,
};

export const auditColumns: readonly string[] = Object.keys(columns);

/** The head line of CSV first, then oldest first. */
export async function* exportAudit(
  store: Store,
  query: Omit<AuditQuery, 'limit' | 'after'>,
  format: AuditFormat,
): AsyncIterable<string> {
  if (format === 'csv') yield `${auditColumns.join(',')}\r\n`;
  for (let after: string | undefined; ; ) {
    const events = await listAudit(store, { ...query, after, limit: PAGE }, 'asc');
    if (events.length > 0) yield events.map(format === 'csv' ? csvLine : jsonLine).join('');
    if (events.length < PAGE) return;
    after = events.at(-1)!.id;
    await nextTurn();
  }
}

/** Everything that the hash is over, under the names of the columns. */
function jsonLine(event: AuditEvent): string {
  const cells = Object.entries(columns).map(([name, read]) => [name, read(event)]);
  return `${JSON.stringify({ ...Object.fromEntries(cells), detail: event.detail })}\n`;
}

/** What callers chose never becomes a formula. */
function csvLine(event: AuditEvent): string {
  return `${Object.values(columns)
    .map((read) => csvCell(read(event)))
    .join(',')}\r\n`;
}

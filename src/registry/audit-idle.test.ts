/** Writes that find no row: nothing is told as done, on every store. */
import { sql } from 'kysely';
import { afterAll, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import { listAudit } from './audit-events.ts';
import { audited, createScope, inScope } from './audit-scope.ts';
import { createWorkspace } from './workspaces.ts';

const NOW = 1_795_219_200_000;
const stores = storesUnderTest().filter(({ name }) => !name.endsWith('power'));

describe.each(stores)('audit on $name', ({ open, remove }) => {
  afterAll(() => remove());

  it('nothing is told, and no revision made, of what no row is there for', async () => {
    const raw = (await open()).store;
    const store = audited(raw, { now: () => NOW, onEvent: () => undefined });
    const ws = (await createWorkspace(raw, 'one', NOW)).id;
    const actor = { id: 'mem_ada', name: 'Ada', via: 'session' } as const;
    const draft = { workspaceId: ws, actor, action: 'workspaces.change' };
    const events = () => listAudit(raw, { workspaceId: ws, limit: 100 }, 'asc');
    const before = raw.revision.current();
    const lock = raw.kysely
      .updateTable('workspaces')
      .set({ changes: sql<number>`changes + 1` })
      .where('id', '=', ws);
    const nobody = raw.kysely.updateTable('workspaces').set({ name: 'new' }).where('id', '=', 'ws_nobody');
    const scope = createScope(draft);
    await inScope(scope, async () => {
      expect(await store.change([lock, nobody])).toEqual([0, 0]);
      expect(await store.write([raw.kysely.deleteFrom('budgets').where('id', '=', 'bud_x')])).toEqual([0]);
    });
    expect([await events(), scope.state, raw.revision.current()]).toEqual([[], 'open', before]);
    await inScope(createScope(draft), () => store.change([lock, nobody.clearWhere()]));
    expect(await events()).toMatchObject([{ outcome: 'done' }]);
    // A change of nothing is asked for its revision: files were read anew, say.
    const revision = raw.revision.current();
    await inScope(createScope(draft), () => store.change([]));
    expect(raw.revision.current()).toBe(revision + 1);
    await raw.close();
  });
});

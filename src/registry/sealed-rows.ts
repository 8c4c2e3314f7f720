/** Everything that the vault has sealed, wherever it lies: credentials of providers, and the keys that contents are sealed with. */
import { type Compilable, sql } from 'kysely';
import type { Id, WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import type { Belonging } from './vault.ts';
import type { VaultKey } from './vault-key.ts';

export interface SealedRow {
  readonly id: string;
  readonly sealed: string;
  readonly belonging: Belonging;
}

/** One table with something sealed in it. */
export interface SealedTable {
  readonly name: 'credentials' | 'content_keys' | 'people_secrets';
  /** In the order of their ids, those that another key than `to` has sealed, and those of the first version. */
  othersThan(store: Store, to: VaultKey, after: string, limit: number): Promise<readonly SealedRow[]>;
  /** As it was read: what came in between is newer. */
  replace(store: Store, row: SealedRow, sealed: string): Compilable;
  remove(store: Store, row: SealedRow): Compilable;
}

/** What the vault binds a content key to. @param id of the key @param owner whose contents it seals */
export function contentKeyBelonging(
  id: Id<'ckey'>,
  { workspaceId, memberId }: { readonly workspaceId: WorkspaceId; readonly memberId: string | undefined },
): Belonging {
  // No provider is called so.
  return { workspaceId, memberId, provider: '(content)', credentialId: id };
}

const credentials: SealedTable = {
  name: 'credentials',
  async othersThan({ kysely }, to, after, limit) {
    const rows = await kysely
      .selectFrom('credentials')
      .select(['id', 'sealed', 'workspace_id', 'member_id', 'provider'])
      .where('sealed', 'not like', sealedBy(to))
      .where(sql<boolean>`id > ${after}`)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ id, sealed, workspace_id: workspaceId, member_id: memberId, provider }) => ({
      ...{ id, sealed },
      belonging: { workspaceId, memberId: memberId ?? undefined, provider, credentialId: id },
    }));
  },
  replace: ({ kysely }, row, sealed) => kysely.updateTable('credentials').set({ sealed }).where(isRow(row)),
  remove: ({ kysely }, row) => kysely.deleteFrom('credentials').where(isRow(row)),
};

const contentKeys: SealedTable = {
  name: 'content_keys',
  async othersThan({ kysely }, to, after, limit) {
    const rows = await kysely
      .selectFrom('content_keys')
      .select(['id', 'sealed', 'workspace_id', 'member_id'])
      .where('sealed', 'not like', sealedBy(to))
      .where(sql<boolean>`id > ${after}`)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ id, sealed, workspace_id: workspaceId, member_id: memberId }) => ({
      ...{ id, sealed },
      belonging: contentKeyBelonging(id, { workspaceId, memberId: memberId ?? undefined }),
    }));
  },
  replace: ({ kysely }, row, sealed) => kysely.updateTable('content_keys').set({ sealed }).where(isRow(row)),
  remove: ({ kysely }, row) => kysely.deleteFrom('content_keys').where(isRow(row)),
};

/** What the vault binds the secret of signing in to. */
export function peopleSecretBelonging(id: Id<'psec'>): Belonging {
  return { workspaceId: 'ws_of-all', memberId: undefined, provider: '(people)', credentialId: id };
}

const peopleSecrets: SealedTable = {
  name: 'people_secrets',
  async othersThan({ kysely }, to, after, limit) {
    const rows = await kysely
      .selectFrom('people_secrets')
      .select(['id', 'sealed'])
      .where('sealed', 'not like', sealedBy(to))
      .where(sql<boolean>`id > ${after}`)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...row, belonging: peopleSecretBelonging(row.id) }));
  },
  replace: ({ kysely }, row, sealed) =>
    kysely.updateTable('people_secrets').set({ sealed }).where(isRow(row)),
  remove: ({ kysely }, row) => kysely.deleteFrom('people_secrets').where(isRow(row)),
};

/** Whoever seals in another table adds it here: a change of master keys passes over what is not listed. */
export const sealedTables: readonly SealedTable[] = [credentials, contentKeys, peopleSecrets];

/** Rows by the name of the key that has sealed them: behind `v2.` 16 digits, or whatever somebody has put there. */
export async function countSealed(store: Store): Promise<ReadonlyMap<string, number>> {
  const counted = await Promise.all(
    sealedTables.map(({ name }) =>
      store.kysely
        .selectFrom(name)
        .select((select) => [
          sql<string>`substr(sealed, 4, 16)`.as('key'),
          select.fn.countAll<number>().as('rows'),
        ])
        .groupBy(sql`substr(sealed, 4, 16)`)
        .execute(),
    ),
  );
  const rows = new Map<string, number>();
  for (const one of counted.flat()) rows.set(one.key, (rows.get(one.key) ?? 0) + Number(one.rows));
  return rows;
}

function sealedBy({ name }: VaultKey): string {
  return `v2.${name}.%`;
}

function isRow({ id, sealed }: SealedRow) {
  return sql<boolean>`id = ${id} and sealed = ${sealed}`;
}

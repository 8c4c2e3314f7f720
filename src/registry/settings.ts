/** Single facts of the installation, by name. */
import type { Compilable } from 'kysely';
import type { Store } from '../store/store.ts';

/** undefined = never set. */
export async function readSetting(store: Store, key: string): Promise<string | undefined> {
  const row = await store.kysely
    .selectFrom('settings')
    .select('value')
    .where('key', '=', key)
    .executeTakeFirst();
  return row?.value;
}

export async function writeSetting(store: Store, key: string, value: string): Promise<void> {
  await store.change([settingQuery(store, key, value)]);
}

/** Part of a larger change. */
export function settingQuery(store: Store, key: string, value: string): Compilable {
  return store.kysely
    .insertInto('settings')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }));
}

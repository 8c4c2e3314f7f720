/** Single facts of the installation, by name. */
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
  await store.change([
    store.kysely
      .insertInto('settings')
      .values({ key, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
  ]);
}

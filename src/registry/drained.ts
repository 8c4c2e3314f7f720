/** Providers that operators have taken out of use: a row each, so that every process of the database knows, and forgets nothing. */
import type { Store } from '../store/store.ts';

/** What the names of these settings begin with. */
const PREFIX = 'drained:';

export async function listDrained({ kysely }: Store): Promise<ReadonlySet<string>> {
  const rows = await kysely.selectFrom('settings').select('key').where('key', 'like', `${PREFIX}%`).execute();
  return new Set(rows.map(({ key }) => key.slice(PREFIX.length)));
}

/** Twice changes nothing. The revision grows, by which others hear of it. */
export async function setDrained(store: Store, provider: string, isDraining: boolean): Promise<void> {
  const { kysely } = store;
  const key = `${PREFIX}${provider}`;
  const query = isDraining
    ? kysely
        .insertInto('settings')
        .values({ key, value: '1' })
        .onConflict((conflict) => conflict.doNothing())
    : kysely.deleteFrom('settings').where('key', '=', key);
  await store.change([query]);
}

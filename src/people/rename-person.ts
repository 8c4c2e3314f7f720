/** What people call themselves; it needs nothing of what they sign in with. */
import type { PersonId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';

/** false = there is no such person. */
export async function renamePerson(
  store: Store,
  id: PersonId,
  name: string,
  nowMs: number,
): Promise<boolean> {
  const [changed] = await store.write([
    store.kysely.updateTable('persons').set({ name, updated_at: nowMs }).where('id', '=', id),
  ]);
  return changed === 1;
}

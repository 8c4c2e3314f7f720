/** One after the other: what is sealed, and what the database says of the key that seals, must not cross. */
import type { Store } from '../store/store.ts';

const turns = new WeakMap<Store, Promise<unknown>>();

/** One after the other, in this process and among all that share the database. */
export function inVaultTurn<T>(store: Store, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(store) ?? Promise.resolve()).then(() => store.alone(work));
  turns.set(
    store,
    turn.catch(() => undefined),
  );
  return turn;
}

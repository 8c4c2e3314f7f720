/** Codes of authenticators that were used: whoever reads one over a shoulder must not sign in with it again. */
import { hash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { Store } from '../store/store.ts';
import { USED_CODE_MS } from './lifetimes.ts';

/** false = it was used a moment ago. Of several who bring the same at once, one may go on. */
export async function takeCode(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  email: string,
  code: string,
): Promise<boolean> {
  const nowMs = clock.now();
  const id = `code_${hash('sha256', `${email} ${code}`, 'hex')}`;
  const { kysely } = store;
  const [, taken] = await store.write([
    kysely.deleteFrom('verifications').where('id', '=', id).where('expires_at', '<=', nowMs),
    kysely
      .insertInto('verifications')
      .values({
        id,
        identifier: id,
        value: '',
        created_at: nowMs,
        updated_at: nowMs,
        expires_at: nowMs + USED_CODE_MS,
      })
      .onConflict((conflict) => conflict.column('id').doNothing()),
  ]);
  return taken === 1;
}

/** The secret that the secrets of people's authenticators are encrypted with; itself sealed by the vault. */
import type { Id } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import type { Store } from '../store/store.ts';
import type { Random } from './seal-bytes.ts';
import { peopleSecretBelonging } from './sealed-rows.ts';
import type { Vault } from './vault.ts';
import { sealInTurn } from './vault-state.ts';

/** There is one: of those who make it at once, the first has made it. */
const ONLY: Id<'psec'> = 'psec_only';
const SECRET_BYTES = 32;

/** 32 random bytes in base64url. undefined = the master keys at hand are not those of what is sealed. */
export async function ensurePeopleSecret(
  store: Store,
  vault: Vault,
  { nowMs, random }: { readonly nowMs: number; readonly random: Random },
): Promise<Secret | undefined> {
  if (!(await readSealed(store))) {
    const secret = new Secret(random(SECRET_BYTES).toString('base64url'));
    await sealInTurn(
      store,
      vault,
      async (by) => {
        const sealed = vault.seal(secret, peopleSecretBelonging(ONLY), by);
        const row = { id: ONLY, sealed, created_at: nowMs };
        return [
          store.kysely
            .insertInto('people_secrets')
            .values(row)
            .onConflict((conflict) => conflict.column('id').doNothing()),
        ];
      },
      'write',
    );
  }
  const sealed = await readSealed(store);
  const opened = sealed === undefined ? undefined : vault.open(sealed, peopleSecretBelonging(ONLY));
  return opened?.ok ? opened.secret : undefined;
}

async function readSealed({ kysely }: Store): Promise<string | undefined> {
  const row = await kysely
    .selectFrom('people_secrets')
    .select('sealed')
    .where('id', '=', ONLY)
    .executeTakeFirst();
  return row?.sealed;
}

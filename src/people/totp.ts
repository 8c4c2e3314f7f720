/** Authenticators: switching them on, proving them, switching them off. */

import type { PersonId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import type { Desk } from './desk.ts';
import { sessionCookies } from './library.ts';
import { asSignedIn } from './password-sign-in.ts';
import type { From, TotpOutcome, TotpStart } from './people.ts';

export async function startTotp(
  desk: Desk,
  headers: Headers,
  password: string,
  from: From,
): Promise<TotpStart> {
  const outcome = await asSignedIn(desk, headers, from, async (library, _signedIn, ours) => {
    const answer = await library.api.enableTwoFactor({ body: { password, method: 'totp' }, headers: ours });
    if (answer.method !== 'totp') throw new Error('the library switched on another second factor');
    return { kind: 'done', uri: answer.totpURI, recoveryCodes: answer.backupCodes } as const;
  });
  if (outcome.kind !== 'refused') return outcome;
  return { kind: outcome.code === 'TOTP_ALREADY_ENABLED' ? 'already_on' : 'wrong' };
}

export async function confirmTotp(
  desk: Desk,
  headers: Headers,
  code: string,
  from: From,
): Promise<TotpOutcome> {
  const outcome = await asSignedIn(desk, headers, from, async (library, { personId }, ours) => {
    if ((await stateOf(desk.store, personId)) !== 'begun') return { kind: 'not_on' } as const;
    const answer = await library.api.verifyTOTP({ body: { code }, headers: ours, returnHeaders: true });
    return { kind: 'done', setCookies: sessionCookies(answer.headers) } as const;
  });
  return outcome.kind === 'refused' ? { kind: 'wrong' } : outcome;
}

export async function stopTotp(
  desk: Desk,
  headers: Headers,
  password: string,
  from: From,
): Promise<TotpOutcome> {
  const outcome = await asSignedIn(desk, headers, from, async (library, { personId }, ours) => {
    if ((await stateOf(desk.store, personId)) === undefined) return { kind: 'not_on' } as const;
    const answer = await library.api.disableTwoFactor({
      body: { password },
      headers: ours,
      returnHeaders: true,
    });
    return { kind: 'done', setCookies: sessionCookies(answer.headers) } as const;
  });
  return outcome.kind === 'refused' ? { kind: 'wrong' } : outcome;
}

/** undefined = there is none. */
async function stateOf(store: Store, personId: PersonId): Promise<'begun' | 'on' | undefined> {
  const row = await store.kysely
    .selectFrom('two_factors')
    .select('verified')
    .where('person_id', '=', personId)
    .executeTakeFirst();
  return row && (row.verified === 1 ? 'on' : 'begun');
}

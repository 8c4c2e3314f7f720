/** The people of the installation: their secret out of the vault, and where they become members. */
import { randomBytes } from 'node:crypto';
import type { SignInDesk } from './admin/deps-sign-in.ts';
import type { Clock } from './base/clock.ts';
import type { PersonId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import type { Role } from './base/role.ts';
import type { Secret } from './base/secret.ts';
import type { Config } from './config.ts';
import { openPeople } from './people/open-people.ts';
import type { Joins } from './people/people.ts';
import { ensureMember } from './registry/members.ts';
import { ensurePeopleSecret } from './registry/people-secret.ts';
import { listWorkspaces } from './registry/workspaces.ts';
import type { VaultKeeper } from './server-vault.ts';
import type { Store } from './store/store.ts';

export interface SignInInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly keeper: Pick<VaultKeeper, 'ensureVault'>;
  /** As the files say it now. */
  config(): Config;
}

/** 24 characters: more than a password needs, and still read out over a telephone. */
const NEW_PASSWORD_BYTES = 18;

export function openSignIn(input: SignInInput): SignInDesk {
  const { store, clock, log, config } = input;
  return {
    people: openPeople({
      ...{ store, clock, log, fetch },
      secret: keepSecret(input),
      settings: () => config().signIn,
    }),
    publicUrl: () => config().publicUrl,
    newPassword: () => randomBytes(NEW_PASSWORD_BYTES).toString('base64url'),
    join: (personId, joins) => join(input, personId, joins),
  };
}

/** Opened once: it stays the same, whichever master key seals it. */
function keepSecret({ store, clock, keeper }: SignInInput): () => Promise<Secret> {
  let known: Secret | undefined;
  return async () => {
    const vault = known ? undefined : await keeper.ensureVault();
    if (vault) known = await ensurePeopleSecret(store, vault, { nowMs: clock.now(), random: randomBytes });
    if (!known)
      throw new Error('nobody can sign in while the vault is closed: its master key is not at hand');
    return known;
  };
}

async function join({ store, clock, log }: SignInInput, personId: PersonId, joins: Joins): Promise<void> {
  const workspaces = await listWorkspaces(store);
  const workspace =
    workspaces.find(({ id }) => id === joins.workspace) ??
    workspaces.find(({ name }) => name.toLowerCase() === joins.workspace.toLowerCase());
  if (!workspace) {
    log.error({ workspace: joins.workspace }, 'the workspace of an issuer under sign_in.oidc is not there');
    return;
  }
  await ensureMember(store, personId, joins.role as Role, { workspaceId: workspace.id, nowMs: clock.now() });
}

/**
 * Calls whose answers are what an account at the provider holds: files, batches, cached contents. Whoever has the
 * account's key can list all of them, whoever has put them there, so no two workspaces may reach one account by them.
 */
import type { Exchange } from './exchange.ts';
import type { RelayOnlyCall } from './relay-only-calls.ts';
import type { Deployment } from './snapshot.ts';

/** Responses are not among them: they are in no list, and nobody guesses their ids. */
const HELD_BY_ACCOUNT = /(^|\/)(files|batches|cachedContents)(\/|$)/;

/**
 * The deployments as the caller may ask them for what their accounts hold. The installation's own workspace has the keys
 * of the environment and the files for itself; others have what they saved in the vault, and the providers they declared.
 */
export function withOwnAccounts(
  { key, snapshot }: Pick<Exchange, 'key' | 'snapshot'>,
  { relayPath }: RelayOnlyCall,
  attempts: readonly Deployment[],
): readonly Deployment[] {
  const { homeId } = snapshot;
  const isHome = homeId === undefined || key?.workspaceId === homeId;
  return isHome || !HELD_BY_ACCOUNT.test(relayPath) ? attempts : attempts.flatMap(ownOf);
}

function ownOf(deployment: Deployment): readonly Deployment[] {
  if (deployment.provider.ownerId !== undefined) return [deployment];
  const siblings: Deployment[] = [];
  for (const one of deployment.siblings)
    if (
      one.provider.credentials.length > 0 &&
      one.provider.credentials.every(({ source }) => source === 'vault')
    )
      siblings.push({ ...one, siblings });
  return siblings.slice(0, 1);
}

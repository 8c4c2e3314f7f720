/** What stands between the master keys at hand and what the database holds: what it is, and how to mend it. */
import type { VaultStanding } from './registry/vault-state.ts';
import type { MasterKeys } from './server-master-key.ts';

/** undefined = nothing does. @param hasRecovery a recovery key was made */
export function describeStanding(
  standing: VaultStanding,
  keys: Pick<MasterKeys, 'kind' | 'place'>,
  hasRecovery: boolean,
): string | undefined {
  switch (standing.kind) {
    case 'empty':
    case 'fits':
      return undefined;
    case 'missing': {
      const it = standing.sealed === 1 ? 'it' : 'them';
      return `${holds(standing.sealed)}, but there is no master key to open ${it} with. ${putBack(keys)} ${ifLost(hasRecovery)}`;
    }
    case 'other':
      return (
        `${holds(standing.sealed)}, sealed with another master key than the one in ${keys.place}. ` +
        `Put back the key it was sealed with, or, to change keys, name that one in ${FORMER}. ${ifLost(hasRecovery)}`
      );
    case 'partly':
      return (
        `${holds(standing.sealed)}, of which ${standing.left} still ${standing.left === 1 ? 'needs' : 'need'} the former master key ${standing.former}: ` +
        `a change of keys was interrupted. Name the former key in ${FORMER} until the change is through. ${ifLost(hasRecovery)}`
      );
    default:
      return standing satisfies never;
  }
}

const FORMER = 'TURNPIKE_MASTER_KEY_PREVIOUS';

function holds(sealed: number): string {
  return `The vault holds ${sealed === 1 ? 'a secret' : `${sealed} secrets`}`;
}

function putBack({ kind, place }: Pick<MasterKeys, 'kind' | 'place'>): string {
  if (kind === 'file') return `Set TURNPIKE_MASTER_KEY, or put the file back to ${place}.`;
  if (kind === 'keychain') return `Put it back into ${place}, or set TURNPIKE_MASTER_KEY.`;
  return `Set ${place}.`;
}

function ifLost(hasRecovery: boolean): string {
  return hasRecovery
    ? 'If that key is lost, `turnpike vault recover` sets a new one with the recovery key, while the server is stopped.'
    : 'If that key is lost, so is what was sealed with it: take it out with `turnpike vault forget`, which works while ' +
        'the server is stopped, and save the credentials anew.';
}

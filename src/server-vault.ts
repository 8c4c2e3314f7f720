/** The vault of this installation: opened with the master keys that are at hand, and changed to others while it serves. */
import { randomBytes } from 'node:crypto';
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import { MASTER_KEY_BYTES, writeMasterKey } from './base/master-key.ts';
import { type Config, ConfigError } from './config.ts';
import { createVault, type Vault } from './registry/vault.ts';
import type { VaultKey } from './registry/vault-key.ts';
import { readRecovery } from './registry/vault-recovery.ts';
import { beginRotation } from './registry/vault-rotation.ts';
import {
  judgeFacts,
  liveReplicas,
  noteHeldKeys,
  readVaultFacts,
  replicasWithout,
  type VaultFacts,
  type VaultStanding,
} from './registry/vault-state.ts';
import type { LoadKeychain } from './server-keychain.ts';
import { type FoundKeys, findMasterKeys, type MasterKeys } from './server-master-key.ts';
import { describeStanding } from './server-vault-problems.ts';
import { finishRotation } from './server-vault-rotation.ts';
import type { Store } from './store/store.ts';

export interface VaultKeeper {
  readonly keys: MasterKeys;
  /** What to open with; undefined = no master key is at hand. */
  vault(): Vault | undefined;
  /** What to seal with: a key is made where nothing was ever sealed. undefined = none is at hand. */
  ensureVault(): Promise<Vault | undefined>;
  found(): FoundKeys;
  /** Reads the keys anew, some of which were just made. */
  reload(): Promise<Vault | undefined>;
  /** All that a change of keys has left is done when it resolves; one at a time. False = it was stopped. */
  finish(to: VaultKey, vault: Vault): Promise<boolean>;
  /** Begins the change to a key that is at hand, and brings it to its end. */
  changeTo(to: VaultKey): Promise<'done' | 'closed'>;
  stop(): Promise<void>;
}

export interface VaultInput {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Where several processes share the database. */
  readonly replicaId?: string | undefined;
  /** False = only to look: what is sealed may stay so. */
  readonly isServing: boolean;
  readonly loadKeychain?: LoadKeychain;
}

/** How often it is looked whether a change of keys can begin, or is left to be finished. */
const LOOK_MS = 15_000;

/** @throws {ConfigError} when it is to serve, and what the vault holds cannot be opened */
export async function openVault(input: VaultInput): Promise<VaultKeeper> {
  const { store, log, isServing, replicaId } = input;
  const keys = findMasterKeys(input);
  let found: FoundKeys = isServing ? await keys.read() : await orNone(keys);
  let vault = vaultOf(found);
  if (isServing) await refuseClosed(store, keys, vault);
  let isStopped = false;
  let running: Promise<boolean> = Promise.resolve(true);

  const take = async (next: FoundKeys): Promise<Vault | undefined> => {
    found = next;
    vault = vaultOf(next);
    if (isServing && replicaId !== undefined) await noteHeldKeys(store, replicaId, vault);
    return vault;
  };
  const keeper: VaultKeeper = {
    keys,
    vault: () => vault,
    found: () => found,
    reload: async () => take(await keys.read()),
    async ensureVault() {
      if (found.main || !keys.slots) return vault;
      if (judgeFacts(await readVaultFacts(store), vault).kind !== 'empty') return vault;
      await keys.slots.create('main', newKeyText());
      return keeper.reload();
    },
    finish(to, by) {
      running = running
        .catch(() => false)
        .then(() => finishRotation(input, by, to, () => isStopped))
        .then(async (isDone) => {
          if (isDone && keys.slots && found.next?.name === to.name) {
            await keys.slots.promote();
            await keeper.reload();
          }
          return isDone;
        });
      return running;
    },
    async changeTo(to) {
      if (!vault) return 'closed';
      const begun = await beginRotation(store, vault, to, { nowMs: input.clock.now(), random: randomBytes });
      if (begun.kind === 'closed') return 'closed';
      if (begun.kind === 'done' && !begun.isRecoveryKept)
        log.error({ event: 'vault_integrity' }, 'what the database says of the recovery key was changed');
      await keeper.finish(to, vault);
      return 'done';
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running.catch(() => undefined);
    },
  };
  await take(found);
  const look = () =>
    goOn(keeper, store).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'the change of master keys could not go on; it is tried again');
    });
  const timer = setInterval(() => isServing && void look(), LOOK_MS).unref();
  if (isServing) void look();
  return keeper;
}

/** Finishes what was begun, and begins what all replicas are ready for. */
async function goOn(keeper: VaultKeeper, store: Store): Promise<void> {
  const vault = keeper.vault();
  const facts = await readVaultFacts(store);
  const standing = judgeFacts(facts, vault);
  if (!vault || standing.kind !== 'fits') return;
  // The second: killed when the database had heard of the end, and the place of the key had not.
  if (isRotating(facts) || standing.key.name === keeper.found().next?.name) {
    await keeper.finish(standing.key, vault);
    return;
  }
  const next = waitingKey(keeper.found(), standing);
  if (next && (await replicasWithout(store, next)).length === 0) await keeper.changeTo(next);
}

export function isRotating({ rotation }: VaultFacts): boolean {
  return rotation !== undefined && rotation.endedAtMs === undefined;
}

/** The key that people want to seal with, where another one does. */
export function waitingKey({ main, next }: FoundKeys, standing: VaultStanding): VaultKey | undefined {
  if (standing.kind !== 'fits' || !main || main.name === standing.key.name) return undefined;
  // A change to it goes on, and it takes the main one's place in the end.
  return standing.key.name === next?.name ? undefined : main;
}

/** Whether a key that is made here is known to all that serve. */
export async function isAlone(store: Store): Promise<boolean> {
  return (await liveReplicas(store)).length <= 1;
}

export function newKeyText(): string {
  const bytes = randomBytes(MASTER_KEY_BYTES);
  const text = writeMasterKey(bytes);
  bytes.fill(0);
  return text;
}

async function refuseClosed(store: Store, keys: MasterKeys, vault: Vault | undefined): Promise<void> {
  const standing = judgeFacts(await readVaultFacts(store), vault);
  const problem = describeStanding(standing, keys, (await readRecovery(store)) !== undefined);
  if (problem !== undefined) throw new ConfigError(problem);
}

/** The main key first: where nothing is sealed yet, it is the one that seals. */
function vaultOf({ main, next, previous }: FoundKeys): Vault | undefined {
  const all = [main, next, ...previous].filter((key) => key !== undefined);
  const byName = new Map(all.toReversed().map((key) => [key.name, key]));
  const keys = [...byName.values()].toReversed();
  return keys.length === 0 ? undefined : createVault(keys, randomBytes);
}

/** Whoever only looks must be able to, also to take out what a lost key has sealed. */
async function orNone(keys: MasterKeys): Promise<FoundKeys> {
  try {
    return await keys.read();
  } catch (error) {
    if (error instanceof ConfigError) return { main: undefined, next: undefined, previous: [] };
    throw error;
  }
}

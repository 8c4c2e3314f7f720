/** The vault as operators see it: where it stands, a change of its master key, and what to do when that is lost. */
import { randomBytes } from 'node:crypto';
import type { MadeRecoveryKey, VaultAnswer, VaultDesk, VaultFacts } from './admin/deps-vault.ts';
import type { Clock } from './base/clock.ts';
import type { Secret } from './base/secret.ts';
import { ConfigError } from './config.ts';
import {
  fingerprintOf,
  makeRecoveryKey,
  openFromRecovery,
  readRecoveryKey,
} from './registry/recovery-key.ts';
import { createVault, type Vault } from './registry/vault.ts';
import type { VaultKey } from './registry/vault-key.ts';
import {
  isVouchedFor,
  type RecoveryRecord,
  readRecovery,
  recoveryQuery,
  startRecovery,
} from './registry/vault-recovery.ts';
import { beginRecovery, forgetUnreadable } from './registry/vault-rotation.ts';
import { judgeFacts, readVaultFacts, replicasWithout, type VaultStanding } from './registry/vault-state.ts';
import { inVaultTurn } from './registry/vault-turn.ts';
import { isAlone, isRotating, newKeyText, type VaultKeeper, waitingKey } from './server-vault.ts';
import { describeStanding } from './server-vault-problems.ts';
import type { Store } from './store/store.ts';

interface DeskInput {
  readonly keeper: VaultKeeper;
  readonly store: Store;
  readonly clock: Clock;
  /** What the registry holds by now serves when this resolves. */
  recompile(): Promise<void>;
}

export function createVaultDesk(input: DeskInput): VaultDesk {
  return {
    describe: () => describe(input),
    rotate: () => orSayWhy(() => rotate(input)),
    makeRecoveryKey: () => orSayWhy(() => renewRecoveryKey(input)),
    recover: (recoveryKey) => orSayWhy(() => recover(input, recoveryKey)),
    async forget() {
      const forgotten = await forgetUnreadable(input.store, input.keeper.vault());
      await input.recompile();
      return { forgotten, facts: await describe(input) };
    },
  };
}

/** A key that cannot be read or written is the operator's to mend, not a fault. */
async function orSayWhy<T>(work: () => Promise<T>): Promise<T | { kind: 'refused'; message: string }> {
  try {
    return await work();
  } catch (error) {
    const isOfFiles = error instanceof Error && 'syscall' in error && 'path' in error;
    if (!(error instanceof ConfigError) && !isOfFiles) throw error;
    return { kind: 'refused', message: error.message };
  }
}

async function describe({ keeper, store }: DeskInput): Promise<VaultFacts> {
  const vault = keeper.vault();
  const [facts, recovery] = await Promise.all([readVaultFacts(store), readRecovery(store)]);
  const standing = judgeFacts(facts, vault);
  const key =
    standing.kind === 'fits' ? standing.key : standing.kind === 'empty' ? vault?.keys[0] : undefined;
  const waiting = waitingKey(keeper.found(), standing);
  const state = stateOf(standing, isRotating(facts), waiting !== undefined);
  return {
    ...{ kind: keeper.keys.kind, place: keeper.keys.place, state, secrets: facts.sealed },
    rows: [...facts.rows].map(([name, secrets]) => ({
      ...{ key: name, secrets },
      isAtHand: vault?.keys.some((one) => one.name === name) ?? false,
    })),
    waitsFor: waiting && state === 'waiting' ? await replicasWithout(store, waiting) : [],
    ...(key && { key: key.name }),
    ...(facts.rotation && { rotation: facts.rotation }),
    // Where nothing is sealed, one that another key has vouched for is of a time that was forgotten.
    ...(recovery &&
      (standing.kind !== 'empty' || (key && isVouchedFor(recovery, key))) && {
        recoveryKey: describeRecovery(recovery, key),
      }),
  };
}

function stateOf({ kind }: VaultStanding, isChanging: boolean, isWaiting: boolean): VaultFacts['state'] {
  if (kind === 'empty') return 'empty';
  if (kind !== 'fits') return 'closed';
  if (isChanging) return 'rotating';
  return isWaiting ? 'waiting' : 'open';
}

function describeRecovery(recovery: RecoveryRecord, key: VaultKey | undefined) {
  const { publicKey, madeAtMs } = recovery;
  // Without a key there is nothing to judge it by; who has the recovery key will see.
  return { fingerprint: fingerprintOf(publicKey), madeAtMs, isGood: !key || isVouchedFor(recovery, key) };
}

async function rotate(input: DeskInput): Promise<VaultAnswer> {
  const { keeper, store } = input;
  const facts = await readVaultFacts(store);
  const standing = judgeFacts(facts, keeper.vault());
  if (standing.kind === 'empty') return refused('nothing is sealed yet, so there is nothing to take over');
  const vault = keeper.vault();
  if (standing.kind !== 'fits' || !vault) return closed(keeper, standing);
  if (isRotating(facts)) {
    await keeper.finish(standing.key, vault);
    return { kind: 'done', facts: await describe(input) };
  }
  if (standing.key.name === keeper.found().next?.name) await keeper.finish(standing.key, vault);
  const next = waitingKey(keeper.found(), standing) ?? (await makeNext(input));
  if ('kind' in next) return next;
  const lagging = await replicasWithout(store, next);
  if (lagging.length > 0)
    return refused(`these replicas have not got the new master key yet: ${lagging.join(', ')}`);
  if ((await keeper.changeTo(next)) === 'closed') return closed(keeper, standing);
  return { kind: 'done', facts: await describe(input) };
}

/** A new key where Turnpike keeps them. */
async function makeNext({
  keeper,
  store,
}: DeskInput): Promise<VaultKey | Extract<VaultAnswer, { kind: 'refused' }>> {
  const { slots, place } = keeper.keys;
  if (!slots)
    return refused(
      `the master key is in ${place}, where Turnpike cannot change it: set a new one there, with the former one in TURNPIKE_MASTER_${keeper.keys.kind === 'passphrase' ? 'PASSPHRASE' : 'KEY'}_PREVIOUS, and start again; it takes over by itself`,
    );
  if (!(await isAlone(store)))
    return refused(
      'several replicas serve, and a key that is made here would be known to this one alone: set TURNPIKE_MASTER_KEY to a new one for all of them, with the former one in TURNPIKE_MASTER_KEY_PREVIOUS',
    );
  const slot = keeper.found().main ? 'next' : 'main';
  await slots.create(slot, newKeyText());
  await keeper.reload();
  const made = keeper.found()[slot];
  if (!made) throw new ConfigError(`The new master key could not be kept in ${place}.`);
  return made;
}

async function renewRecoveryKey(input: DeskInput): Promise<MadeRecoveryKey> {
  const { keeper, store, clock } = input;
  const vault = await keeper.ensureVault();
  const made = makeRecoveryKey(randomBytes);
  const standing = await inVaultTurn(store, async () => {
    const now = judgeFacts(await readVaultFacts(store), vault);
    if (vault && (now.kind === 'fits' || now.kind === 'empty'))
      await store.write([
        recoveryQuery(store, startRecovery(made.publicKey, vault.keys, clock.now(), randomBytes)),
      ]);
    return now;
  });
  if (!vault) return refused('there is no master key yet: set one, or save a credential');
  if (standing.kind !== 'fits' && standing.kind !== 'empty') return closed(keeper, standing);
  return { kind: 'done', recoveryKey: made.text, facts: await describe(input) };
}

async function recover(input: DeskInput, text: Secret): Promise<VaultAnswer> {
  const { keeper, store, clock } = input;
  const facts = await readVaultFacts(store);
  const standing = judgeFacts(facts, keeper.vault());
  if (standing.kind === 'fits' || standing.kind === 'empty')
    return refused('the master key is not lost: what the vault holds opens with it');
  const record = await readRecovery(store);
  if (!record) return refused('no recovery key was ever made for this vault');
  const recoveryKey = readRecoveryKey(text);
  if (!recoveryKey) return { kind: 'wrong_key', message: 'that is no recovery key, or it is mistyped' };
  if (recoveryKey.publicKey !== record.publicKey)
    return {
      kind: 'wrong_key',
      message: `that is not the recovery key of this vault, which has the fingerprint ${fingerprintOf(record.publicKey)}`,
    };
  const recovered = record.wraps
    .map(({ name, sealed }) => openFromRecovery(name, sealed, recoveryKey))
    .filter((key) => key !== undefined)
    .filter(({ name }) => (facts.rows.get(name) ?? 0) > 0);
  const [from] = recovered;
  if (!from) return refused('the recovery key opens no key that anything was sealed with');
  const main = await ensureMain(keeper);
  if (!main)
    return refused(
      `set a new master key in ${keeper.keys.place} first; \`openssl rand -base64 32\` makes one`,
    );
  const others = keeper.vault()?.keys ?? [];
  const vault: Vault = createVault(
    [main, ...recovered, ...others.filter(({ name }) => name !== main.name)],
    randomBytes,
  );
  await beginRecovery(
    store,
    { from: from.name, to: main, record },
    { nowMs: clock.now(), random: randomBytes },
  );
  await keeper.finish(main, vault);
  await input.recompile();
  return { kind: 'done', facts: await describe(input) };
}

/** The key that takes the lost one's place: what is there is used, and what is there and no key is set aside. */
async function ensureMain(keeper: VaultKeeper): Promise<VaultKey | undefined> {
  const { slots } = keeper.keys;
  try {
    await keeper.reload();
  } catch (error) {
    if (!slots || !(error instanceof ConfigError)) throw error;
    await slots.setAside();
  }
  if (!keeper.found().main && slots) {
    await slots.create('main', newKeyText());
    await keeper.reload();
  }
  return keeper.found().main;
}

function refused(message: string) {
  return { kind: 'refused', message } as const;
}

function closed({ keys }: VaultKeeper, standing: VaultStanding) {
  const message = describeStanding(standing, keys, true) ?? 'another process changes the master key just now';
  return { kind: 'closed', message } as const;
}

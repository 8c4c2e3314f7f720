/** A vault behind the admin API that holds still: one master key in a file, no recovery key yet. */
import type { VaultDesk, VaultFacts } from '../../src/admin/deps-vault.ts';
import { Secret } from '../../src/base/secret.ts';

const KEY = 'a23fca98ab51d165';
const NEXT = 'b51d165a23fca98a';
/** Reads as one, and opens nothing. */
export const RECOVERY_KEY = `TPR1${'-7777'.repeat(14)}`;

/** `made` collects what it was told. A recovery key that does not begin with `TPR1` is wrong. */
export function fakeVaultDesk(made: unknown[], nowMs: number): VaultDesk {
  let facts: VaultFacts = {
    kind: 'file',
    place: '/data/turnpike/master.key',
    state: 'open',
    key: KEY,
    secrets: 3,
    rows: [{ key: KEY, secrets: 3, isAtHand: true }],
    waitsFor: [],
  };
  const startedAtMs = nowMs - 60_000;
  return {
    describe: async () => facts,
    async rotate() {
      made.push('rotate');
      if (facts.rotation)
        return { kind: 'refused', message: 'the master key is in TURNPIKE_MASTER_KEY: set a new one there' };
      const rotation = { from: KEY, to: NEXT, startedAtMs, endedAtMs: startedAtMs + 500 };
      facts = { ...facts, key: NEXT, rows: [{ key: NEXT, secrets: 3, isAtHand: true }], rotation };
      return { kind: 'done', facts };
    },
    async makeRecoveryKey() {
      made.push('recovery-key');
      const recoveryKey = { fingerprint: '0123456789abcdef', madeAtMs: startedAtMs, isGood: true };
      facts = { ...facts, recoveryKey };
      return { kind: 'done', recoveryKey: new Secret(RECOVERY_KEY), facts };
    },
    async recover(recoveryKey) {
      made.push(['recover', recoveryKey.reveal()]);
      return recoveryKey.reveal().startsWith('TPR1')
        ? { kind: 'done', facts }
        : { kind: 'wrong_key', message: 'that is no recovery key, or it is mistyped' };
    },
    async forget() {
      made.push('forget');
      return { forgotten: 2, facts };
    },
  };
}

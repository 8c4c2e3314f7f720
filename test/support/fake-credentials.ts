/** Credentials behind the admin API that hold still: one of the vault, one of the environment. */
import type { CredentialDesk, CredentialFacts, SavedCredential } from '../../src/admin/credentials-desk.ts';

const good = { kind: 'good', message: 'the provider takes it' } as const;

function vaultedAt(nowMs: number): CredentialFacts {
  return {
    id: 'cred_1',
    provider: 'anthropic',
    label: 'team',
    source: 'vault',
    holder: 'workspace',
    preview: 'sk-ant-…wxyz',
    weight: 2,
    rank: 1,
    state: 'active',
    createdAtMs: nowMs - 86_400_000,
    validatedAtMs: nowMs - 86_400_000,
    lastUsedAtMs: nowMs - 60_000,
  };
}

const fromEnv: CredentialFacts = {
  id: 'env:ANTHROPIC_API_KEY',
  provider: 'anthropic',
  label: 'ANTHROPIC_API_KEY',
  source: 'env ANTHROPIC_API_KEY',
  holder: 'installation',
  preview: 'sk-ant-…0123',
  weight: 1,
  rank: 0,
  state: 'active',
};

/**
 * `made` collects what it was told. A secret that begins with `bad` is refused, with `dark` cannot be tried, with
 * `full` finds no room, with `closed` no master key; of `nobody` there is no provider.
 */
export function fakeCredentialDesk(made: unknown[], nowMs: number): CredentialDesk {
  const vaulted = vaultedAt(nowMs);
  return {
    list: async () => [fromEnv, vaulted],
    async save(by, { secret, ...rest }) {
      const text = secret.reveal();
      made.push({ ...rest, secret: text });
      const memberId = rest.holder === 'me' ? by.memberId : undefined;
      if (rest.holder === 'me' && memberId === undefined)
        return { kind: 'no_member', message: 'only members' };
      if (rest.provider === 'nobody') return { kind: 'no_provider', message: 'there is no provider nobody' };
      if (text.startsWith('closed'))
        return { kind: 'vault_closed', message: 'sealed with another master key' };
      if (text.startsWith('full')) return { kind: 'vault_full' };
      const trial = trialOf(text);
      if (trial.kind !== 'good' && !rest.isForced) return { kind: 'not_proven', trial };
      const { provider, label, weight } = rest;
      const credential = { ...vaulted, provider, label, weight, preview: secret.masked() };
      return { kind: 'done', credential, isReplaced: label === 'team', trial };
    },
    async change(_by, id, change) {
      made.push([id, change]);
      if (id !== vaulted.id) return { kind: 'unknown' };
      const state = change.isDisabled ? 'disabled' : 'active';
      return { kind: 'done', credential: { ...vaulted, weight: change.weight ?? vaulted.weight, state } };
    },
    async remove(_by, id) {
      made.push(id);
      return id === vaulted.id ? { kind: 'done', credential: vaulted } : { kind: 'unknown' };
    },
    async test(_by, provider, id) {
      made.push([provider, id]);
      if (provider !== 'anthropic') return undefined;
      const refused = { kind: 'refused', message: 'the provider answered 401: no such key' } as const;
      const all = [
        { id: fromEnv.id, label: fromEnv.label, source: fromEnv.source, trial: refused },
        { id: vaulted.id, label: vaulted.label, source: vaulted.source, trial: good },
      ];
      return all.filter((one) => id === undefined || one.id === id);
    },
  };
}

function trialOf(text: string): Extract<SavedCredential, { kind: 'done' }>['trial'] {
  if (text.startsWith('bad')) return { kind: 'refused', message: 'the provider answered 401: no such key' };
  if (text.startsWith('dark')) return { kind: 'unclear', message: 'nobody listens at 127.0.0.1:9' };
  return good;
}

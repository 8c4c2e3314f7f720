// Where the master key is looked for: said by a file, and by the environment before it.
import { describe, expect, it } from 'vitest';
import { vaultSchema, vaultSettingsOf } from './config-vault.ts';

const settings = (vault: object | undefined, env: Record<string, string> = {}) => {
  const sources: Record<string, string> = {};
  const files = [
    { path: '/etc/turnpike/turnpike.yaml', content: { vault: vault && vaultSchema.parse(vault) } },
  ];
  return { settings: vaultSettingsOf(files, sources, { env, cwd: '/srv' }), sources };
};

describe('the vault in the configuration', () => {
  it('says nothing of itself', () => {
    expect(settings(undefined)).toEqual({
      settings: { masterKey: undefined, keyFile: undefined, passphraseFile: undefined },
      sources: {
        'vault.masterKey': 'default',
        'vault.keyFile': 'default',
        'vault.passphraseFile': 'default',
      },
    });
  });
  it('names a place and files beside its own', () => {
    const said = settings({ master_key: 'file', key_file: 'keys/vault.key' });
    expect(said.settings).toEqual({
      masterKey: 'file',
      keyFile: '/etc/turnpike/keys/vault.key',
      passphraseFile: undefined,
    });
    expect(said.sources['vault.keyFile']).toBe('/etc/turnpike/turnpike.yaml');
  });
  it('is overruled by the environment', () => {
    const env = { TURNPIKE_MASTER_KEY_FILE: 'k', TURNPIKE_MASTER_PASSPHRASE_FILE: '/run/secrets/p' };
    const said = settings({ key_file: 'other' }, env);
    expect(said.settings).toMatchObject({ keyFile: '/srv/k', passphraseFile: '/run/secrets/p' });
    expect(said.sources['vault.keyFile']).toBe('env TURNPIKE_MASTER_KEY_FILE');
  });
  it.each([{ master_key: 'kms' }, { key: 'x' }, { key_file: '' }])('takes no %j', (vault) => {
    expect(vaultSchema.safeParse(vault).success).toBe(false);
  });
});

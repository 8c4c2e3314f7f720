/** Where the master key of the vault is kept: as configuration files say it. The key itself is in none of them. */
import { dirname, resolve } from 'node:path';
import { z } from 'zod';

export const MASTER_KEY_PLACES = ['environment', 'file', 'keychain', 'passphrase'] as const;
export type MasterKeyPlace = (typeof MASTER_KEY_PLACES)[number];

export interface VaultSettings {
  /** undefined = the environment where it names one, else a file. */
  readonly masterKey: MasterKeyPlace | undefined;
  /** Absolute; undefined = `master.key` in the data folder. */
  readonly keyFile: string | undefined;
  /** Absolute; undefined = the passphrase is in the environment. */
  readonly passphraseFile: string | undefined;
}

const path = (description: string) => z.string().min(1).max(4000).meta({ description }).optional();

export const vaultSchema = z.strictObject({
  master_key: z
    .enum(MASTER_KEY_PLACES)
    .meta({
      description:
        'Where the master key is: `environment` (`TURNPIKE_MASTER_KEY`), `file`, `keychain` (that of the operating system) or `passphrase`. Default: what a variable names, else `file`.',
    })
    .optional(),
  key_file: path(
    'The file with the master key, relative to the file this stands in. Default: `master.key` in the data folder, which is made when it is needed.',
  ),
  passphrase_file: path(
    'The file with the passphrase, relative to the file this stands in. Default: `TURNPIKE_MASTER_PASSPHRASE`.',
  ),
});

interface File {
  readonly path: string;
  readonly content: { readonly vault?: z.infer<typeof vaultSchema> | undefined };
}

/** The environment before the files. Of several files the last one that has a `vault` counts, as a whole. */
export function vaultSettingsOf(
  files: readonly File[],
  sources: Record<string, string>,
  { env, cwd }: { readonly env: Readonly<Record<string, string | undefined>>; readonly cwd: string },
): VaultSettings {
  const file = files.findLast(({ content }) => content.vault !== undefined);
  const said = file?.content.vault;
  const pathOf = (setting: string, variable: string, text: string | undefined): string | undefined => {
    const named = env[variable];
    sources[`vault.${setting}`] = named ? `env ${variable}` : (text && file?.path) || 'default';
    if (named) return resolve(cwd, named);
    return text === undefined || !file ? undefined : resolve(dirname(file.path), text);
  };
  sources['vault.masterKey'] = said?.master_key === undefined ? 'default' : file!.path;
  return {
    masterKey: said?.master_key,
    keyFile: pathOf('keyFile', 'TURNPIKE_MASTER_KEY_FILE', said?.key_file),
    passphraseFile: pathOf('passphraseFile', 'TURNPIKE_MASTER_PASSPHRASE_FILE', said?.passphrase_file),
  };
}

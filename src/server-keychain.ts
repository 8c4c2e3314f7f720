/** The keychain of the operating system as a place of master keys: optional, loaded when it is asked for. */
import { ConfigError } from './config.ts';
import type { KeySlots } from './server-key-slots.ts';

/** One entry of a keychain. */
export interface KeychainEntry {
  getPassword(): Promise<string | null | undefined>;
  setPassword(text: string): Promise<void>;
  deletePassword(): Promise<unknown>;
}

/** Loads the keychain; entries are told apart by their account. */
export type LoadKeychain = () => Promise<(account: string) => KeychainEntry>;

const SERVICE = 'turnpike';

export const loadSystemKeychain: LoadKeychain = async () => {
  const { AsyncEntry } = await import('@napi-rs/keyring');
  // Without a store named it falls back to the keyring of the kernel, which a restart of the machine empties: the key
  // would be lost, and with it all that it has sealed.
  const options = { linux: { store: 'secret-service' } } as const;
  return (account) => new AsyncEntry(SERVICE, account, options);
};

/** @param home tells the keys of one data folder from those of another */
export function openKeychainSlots(home: string, load: LoadKeychain): KeySlots {
  const accountOf = { main: `master key of ${home}`, next: `next master key of ${home}` } as const;
  let loaded: Promise<(account: string) => KeychainEntry> | undefined;
  const withEntry = async <T>(account: string, use: (entry: KeychainEntry) => Promise<T>): Promise<T> => {
    try {
      loaded ??= load();
      return await use((await loaded)(account));
    } catch (error) {
      loaded = undefined;
      throw new ConfigError(describeTrouble(error));
    }
  };
  const read = async (account: string): Promise<string | undefined> =>
    (await withEntry(account, (entry) => entry.getPassword())) ?? undefined;
  const move = async (from: string, to: string): Promise<void> => {
    const text = await read(from);
    if (text === undefined) return;
    await withEntry(to, (entry) => entry.setPassword(text));
    await withEntry(from, (entry) => entry.deletePassword());
  };
  return {
    read: (slot) => read(accountOf[slot]),
    async create(slot, text) {
      if ((await read(accountOf[slot])) !== undefined) return;
      await withEntry(accountOf[slot], (entry) => entry.setPassword(text));
    },
    promote: () => move(accountOf.next, accountOf.main),
    setAside: () => move(accountOf.main, `${accountOf.main}, set aside`),
  };
}

/** The library says where it stopped, never what is kept. */
function describeTrouble(error: unknown): string {
  const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  return (
    `The keychain of this machine, where vault.master_key says that the master key is, cannot be used (${why}). ` +
    'A service without a desktop session has none: keep the key in a file (`vault: { master_key: file }`), ' +
    'or set TURNPIKE_MASTER_KEY.'
  );
}

// The keychain as a place of master keys: what is there stays, the next one takes its place, and trouble is told.
import { describe, expect, it } from 'vitest';
import { ConfigError } from './config.ts';
import { type LoadKeychain, loadSystemKeychain, openKeychainSlots } from './server-keychain.ts';

function fakeKeychain() {
  const entries = new Map<string, string>();
  const load: LoadKeychain = async () => (account) => ({
    getPassword: async () => entries.get(account) ?? null,
    async setPassword(text) {
      entries.set(account, text);
    },
    deletePassword: async () => entries.delete(account),
  });
  return { entries, load };
}

describe('a keychain', () => {
  it('keeps a key for each data folder', async () => {
    const { entries, load } = fakeKeychain();
    const [one, two] = [openKeychainSlots('/a', load), openKeychainSlots('/b', load)];
    expect(await one.read('main')).toBeUndefined();
    await one.create('main', 'first');
    await one.create('main', 'another');
    expect([await one.read('main'), await two.read('main')]).toEqual(['first', undefined]);
    expect([...entries.keys()]).toEqual(['master key of /a']);
  });
  it('has the next one take its place', async () => {
    const { entries, load } = fakeKeychain();
    const slots = openKeychainSlots('/a', load);
    await slots.create('main', 'first');
    await slots.create('next', 'second');
    await slots.promote();
    expect([await slots.read('main'), await slots.read('next')]).toEqual(['second', undefined]);
    // A second time, after a crash: there is nothing to do.
    await slots.promote();
    expect(entries).toEqual(new Map([['master key of /a', 'second']]));
  });
  it('sets aside what is no key', async () => {
    const { entries, load } = fakeKeychain();
    const slots = openKeychainSlots('/a', load);
    await slots.create('main', 'spoilt');
    await slots.setAside();
    expect(await slots.read('main')).toBeUndefined();
    expect([...entries.values()]).toEqual(['spoilt']);
  });
  it('that cannot be used is told with the mend, and asked again the next time', async () => {
    const { load } = fakeKeychain();
    let isThere = false;
    const slots = openKeychainSlots('/a', async () => {
      if (!isThere) throw new Error('AccessDenied: no D-Bus session\nat frame 0');
      return load();
    });
    const error = await slots.read('main').catch((one: unknown) => one);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(
      /cannot be used \(AccessDenied: no D-Bus session\).*master_key: file/,
    );
    isThere = true;
    expect(await slots.read('main')).toBeUndefined();
  });
  it('of this machine is used, or said to be none', async () => {
    const slots = openKeychainSlots('/turnpike-test-of-no-data-folder', loadSystemKeychain);
    const read = await slots.read('main').catch((error: unknown) => error);
    expect(read === undefined || read instanceof ConfigError).toBe(true);
  });
});

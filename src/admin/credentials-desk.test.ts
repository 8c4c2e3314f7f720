// Whose credential it is decides who sees it, who changes it, and whom it serves.
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { type LoadedCredential, loadAllCredentials } from '../registry/credentials.ts';
import { createVault } from '../registry/vault.ts';
import { createWorkspace, ensureFirstWorkspace } from '../registry/workspaces.ts';
import type { Store } from '../store/store.ts';
import type { Provider, ProviderCredential } from '../upstream/provider.ts';
import { type CredentialDesk, type CredentialUser, createCredentialDesk } from './credentials-desk.ts';

const under = storesUnderTest().find(({ name }) => name.startsWith('SQLite'))!;
const ada: CredentialUser = { memberId: 'mem_ada', isAdmin: false };
const bob: CredentialUser = { memberId: 'mem_bob', isAdmin: false };
const chief: CredentialUser = { memberId: 'mem_chief', isAdmin: true };
const operator: CredentialUser = { isAdmin: true };
const stranger: CredentialUser = { isAdmin: false };
const vault = createVault(randomBytes(32), randomBytes);

describe.runIf(under)('credentials of members and of the workspace', () => {
  let store: Store;
  let desk: CredentialDesk;
  let other: CredentialDesk;
  let tried: string[];
  /** What serves a member, as the registry has it now. */
  let serving: Map<string, ProviderCredential[]>;

  beforeEach(async () => {
    store = (await under.open()).store;
    tried = [];
    serving = new Map();
    desk = deskOf((await ensureFirstWorkspace(store, 1)).id);
    other = deskOf((await createWorkspace(store, 'other', 2)).id);
  });
  afterEach(async () => {
    await store.close();
    await under.remove();
  });

  function deskOf(workspaceId: WorkspaceId): CredentialDesk {
    return createCredentialDesk({
      ...{ store, workspaceId, clock: { now: () => 10, monotonic: () => 10 } },
      vault: () => vault,
      ensureVault: async () => vault,
      providers: (memberId = '') =>
        new Map([
          ['openai', { name: 'openai', credentials: serving.get(memberId) ?? [] } as unknown as Provider],
        ]),
      candidateOf: (_provider, secret) => ({ ok: true, provider: { name: secret.reveal() } as Provider }),
      async tryOut({ name }) {
        tried.push(name);
        return { kind: 'good', message: 'taken' };
      },
      async settle() {
        const all = (await loadAllCredentials(store, vault)).filter(
          ({ credential }) => credential.workspaceId === workspaceId,
        );
        for (const memberId of ['', 'mem_ada', 'mem_bob', 'mem_chief']) {
          const mine = all.filter((one) => (one.credential.memberId ?? '') === memberId);
          const theirs = memberId === '' ? [] : all.filter((one) => one.credential.memberId === undefined);
          const tiers = [mine, theirs].filter(({ length }) => length > 0);
          serving.set(
            memberId,
            tiers.flatMap((tier, rank) => tier.map((one) => served(one, rank))),
          );
        }
      },
    });
  }
  const served = (one: LoadedCredential, rank: number): ProviderCredential => {
    if (!one.ok) throw new Error(one.reason);
    const { id, label } = one.credential;
    return { ...{ id, label, rank, weight: 1 }, secret: one.secret, source: 'vault' };
  };
  const save = async (by: CredentialUser, holder: 'me' | 'workspace', secret: string, at = desk) => {
    const wanted = { provider: 'openai', label: 'default', secret: new Secret(secret), weight: 1 };
    const saved = await at.save(by, { ...wanted, isForced: false, holder });
    return saved.kind === 'done' ? saved.credential : saved.kind;
  };
  const made = async (by: CredentialUser, holder: 'me' | 'workspace', secret: string) => {
    const saved = await save(by, holder, secret);
    if (typeof saved === 'string') throw new Error(saved);
    return saved;
  };
  const labels = async (by: CredentialUser, at = desk) =>
    (await at.list(by)).map(({ holder, memberId }) => memberId ?? holder).toSorted();

  it('are saved by members for themselves, and by admins for all', async () => {
    expect(await save(ada, 'me', 'sk-ada')).toMatchObject({ holder: 'member', memberId: 'mem_ada', rank: 0 });
    expect(await save(ada, 'workspace', 'sk-all')).toBe('not_allowed');
    expect(await save(operator, 'me', 'sk-op')).toBe('no_member');
    expect(await save(stranger, 'me', 'sk-op')).toBe('no_member');
    expect(await save(stranger, 'workspace', 'sk-op')).toBe('not_allowed');
    expect(await save(operator, 'workspace', 'sk-all')).toMatchObject({ holder: 'workspace', rank: 0 });
    expect(tried).toEqual(['sk-ada', 'sk-all']);
    // The same provider and label: each holder has its own.
    expect(await labels(chief)).toEqual(['mem_ada', 'workspace']);
  });
  it('come before those of the workspace for their member, and serve nobody else', async () => {
    await made(chief, 'workspace', 'sk-all');
    await made(ada, 'me', 'sk-ada');
    const ranks = async (by: CredentialUser) =>
      Object.fromEntries((await desk.list(by)).map(({ holder, rank }) => [holder, rank]));
    expect(await ranks(ada)).toEqual({ member: 0, workspace: 1 });
    expect(await ranks(bob)).toEqual({ workspace: 0 });
    // An admin sees of the other's how it serves him.
    expect(await ranks(chief)).toEqual({ member: 0, workspace: 0 });
  });
  it('are seen by their member and by admins, masked', async () => {
    await made(ada, 'me', 'sk-ada-0123456789abcdefghijklmnopqrstuvw');
    await made(chief, 'workspace', 'sk-all');
    expect(await labels(ada)).toEqual(['mem_ada', 'workspace']);
    expect(await labels(bob)).toEqual(['workspace']);
    expect(await labels(stranger)).toEqual(['workspace']);
    expect(await labels(chief, other)).toEqual([]);
    const [one] = (await desk.list(chief)).filter(({ memberId }) => memberId === 'mem_ada');
    expect(one?.preview).toBe('sk-ada-…tuvw');
    expect(JSON.stringify(await desk.list(chief))).not.toContain('0123456789');
  });
  it.each<[string, CredentialUser, string, string]>([
    ['their member', ada, 'done', 'not_allowed'],
    ['another member', bob, 'unknown', 'not_allowed'],
    ['an admin', chief, 'not_allowed', 'done'],
    ['the operator', operator, 'not_allowed', 'done'],
    ['a viewer', stranger, 'unknown', 'not_allowed'],
  ])('are changed, tried and removed as they may be by %s', async (_name, by, ofAda, ofAll) => {
    const own = await made(ada, 'me', 'sk-ada');
    const all = await made(chief, 'workspace', 'sk-all');
    tried = [];
    for (const [{ id }, kind] of [[own, ofAda] as const, [all, ofAll] as const]) {
      expect((await desk.change(by, id, { weight: 3 })).kind).toBe(kind);
      expect((await desk.test(by, 'openai', id))?.length).toBe(kind === 'done' ? 1 : undefined);
      expect((await other.change(by, id, { weight: 3 })).kind).toBe('unknown');
      expect((await other.remove(by, id)).kind).toBe('unknown');
      expect((await desk.remove(by, id)).kind).toBe(kind);
    }
    expect(tried).toHaveLength([ofAda, ofAll].filter((kind) => kind === 'done').length);
  });
  it('are tried together: a member his own, an admin what serves him', async () => {
    await made(ada, 'me', 'sk-ada');
    await made(chief, 'workspace', 'sk-all');
    tried = [];
    await desk.test(ada, 'openai');
    expect(tried).toEqual(['sk-ada']);
    expect(await desk.test(bob, 'openai')).toBeUndefined();
    await desk.test(chief, 'openai');
    expect(tried).toEqual(['sk-ada', 'sk-all']);
  });
});

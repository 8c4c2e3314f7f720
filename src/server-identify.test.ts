/** Who calls: the membership of the person is read from the registry for each request. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../test/support/stores.ts';
import type { WorkspaceId } from './base/ids.ts';
import type { ServiceIdentity } from './people/service-token.ts';
import {
  changeRole,
  ensureMember,
  findMembership,
  type Member,
  removeMember,
  suspendMember,
} from './registry/members.ts';
import {
  createWorkspace,
  deleteWorkspace,
  ensureFirstWorkspace,
  resumeWorkspace,
  suspendWorkspace,
} from './registry/workspaces.ts';
import { createIdentify } from './server-identify.ts';
import type { Store } from './store/store.ts';

const JWT = 'eyJhbGciOiJFUzI1NiJ9.e30.sig';

describe.each(storesUnderTest())('on $name', ({ open, remove }) => {
  let store: Store;
  let first: WorkspaceId;
  let other: WorkspaceId;
  let service: ServiceIdentity;
  beforeEach(async () => {
    ({ store } = await open());
    first = (await ensureFirstWorkspace(store, 1)).id;
    other = (await createWorkspace(store, 'Other', 2)).id;
  });
  afterEach(() => store.close());
  afterAll(remove);

  const ask = (headers: Record<string, string>, wanted?: string) =>
    createIdentify({
      store,
      clock: { now: () => 1_000_000, monotonic: () => 0 },
      firstWorkspaceId: first,
      people: {
        sessionOf: async (sent) => {
          const name = sent.get('cookie');
          return name === null
            ? undefined
            : { sessionId: 'ses_1', personId: `per_${name}`, name, email: `${name}@x` };
        },
      },
      services: { verify: async () => service },
    })({ method: 'GET', url: 'http://localhost/', headers: new Headers(headers) }, wanted);
  const as = (name: string, wanted?: string) => ask({ cookie: name }, wanted);
  const join = (name: string, role: Member['role'], workspaceId: WorkspaceId) =>
    ensureMember(store, `per_${name}`, role, { workspaceId, nowMs: 10 });
  const operator = (workspaceId: WorkspaceId) => ({ workspaceId, nowMs: 20, by: { role: 'owner' as const } });

  it('is nobody without a session, and left to others with another token', async () => {
    expect(await ask({})).toBeUndefined();
    expect(await ask({ cookie: 'ada', authorization: 'Bearer tpo-x' })).toBeUndefined();
    expect(await ask({ authorization: `Basic ${JWT}` })).toBeUndefined();
  });

  it('is a member with its role as it is now', async () => {
    const ada = await join('ada', 'admin', first);
    expect(await as('ada')).toEqual({
      ok: true,
      caller: {
        id: ada.id,
        name: 'ada',
        personId: 'per_ada',
        memberId: ada.id,
        workspaceId: first,
        role: 'admin',
        isOperator: true,
        isByCookie: true,
      },
    });
    await changeRole(store, ada.id, 'viewer', operator(first));
    expect(await as('ada')).toMatchObject({ caller: { role: 'viewer', isOperator: false } });
    await removeMember(store, ada.id, operator(first));
    expect(await as('ada')).toEqual({
      ok: true,
      caller: {
        id: 'per_ada',
        name: 'ada',
        personId: 'per_ada',
        workspaceId: first,
        role: undefined,
        isOperator: false,
        isByCookie: true,
      },
    });
  });

  it('administers the installation from the first workspace alone', async () => {
    await join('ada', 'owner', first);
    await join('ada', 'owner', other);
    expect(await as('ada', first)).toMatchObject({ caller: { isOperator: true } });
    expect(await as('ada', other)).toMatchObject({ caller: { isOperator: false, workspaceId: other } });
  });

  it('acts where it says, and next time begins there', async () => {
    await join('ada', 'member', first);
    await join('ada', 'viewer', other);
    expect(await as('ada')).toMatchObject({ caller: { workspaceId: first } });
    expect(await as('ada', other)).toMatchObject({ caller: { workspaceId: other, role: 'viewer' } });
    expect(await as('ada')).toMatchObject({ caller: { workspaceId: other } });
  });

  it('gets the same answer for a workspace that is not its own and for none', async () => {
    await join('ada', 'owner', first);
    for (const wanted of [other, 'ws_none', "' or 1=1"]) {
      expect(await as('ada', wanted)).toEqual({
        ok: false,
        refusal: { code: 'record_unknown', message: `there is no workspace ${wanted}` },
      });
    }
    await deleteWorkspace(store, other, 5);
    expect(await as('ada', other)).toMatchObject({ refusal: { code: 'record_unknown' } });
  });

  it('is refused while it or its workspace is suspended, and begins elsewhere', async () => {
    const ada = await join('ada', 'owner', other);
    await join('keeper', 'owner', other);
    await suspendWorkspace(store, other, 5);
    expect(await as('ada')).toMatchObject({ ok: false, refusal: { code: 'workspace_suspended' } });
    await resumeWorkspace(store, other);
    expect(await as('ada')).toMatchObject({ ok: true });
    await suspendMember(store, ada.id, operator(other));
    expect(await as('ada', other)).toMatchObject({ ok: false, refusal: { code: 'member_suspended' } });
    await join('ada', 'viewer', first);
    expect(await as('ada')).toMatchObject({ ok: true, caller: { workspaceId: first } });
    expect((await findMembership(store, 'per_ada', other))?.suspendedAtMs).toBe(20);
  });

  it('may be a service of one workspace, whose token goes before a cookie', async () => {
    const settings = {
      issuer: 'https://i',
      audience: 'a',
      keys: { kind: 'pem', pem: '' } as const,
      workspace: 'OTHER',
      role: 'admin' as const,
      subjects: undefined,
    };
    service = { ok: true, settings, subject: 'nightly' };
    await join('ada', 'owner', first);
    const asService = (wanted?: string) => ask({ cookie: 'ada', authorization: `Bearer ${JWT}` }, wanted);
    expect(await asService()).toEqual({
      ok: true,
      caller: {
        id: 'service:https://i/nightly',
        name: 'nightly',
        workspaceId: other,
        role: 'admin',
        isOperator: false,
      },
    });
    expect(await asService(first)).toMatchObject({ refusal: { code: 'record_unknown' } });
    await suspendWorkspace(store, other, 5);
    expect(await asService()).toMatchObject({ refusal: { code: 'workspace_suspended' } });
    service = { ok: true, settings: { ...settings, workspace: first }, subject: 'nightly' };
    expect(await asService()).toMatchObject({ caller: { workspaceId: first, isOperator: true } });
    service = { ok: true, settings: { ...settings, workspace: 'gone' }, subject: 'nightly' };
    expect(await asService()).toMatchObject({ refusal: { code: 'service_token_invalid' } });
    service = { ok: false, message: 'no' };
    expect(await asService()).toEqual({
      ok: false,
      refusal: { code: 'service_token_invalid', message: 'no' },
    });
  });
});

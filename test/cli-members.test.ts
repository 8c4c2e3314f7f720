/** `turnpike workspaces`, `members`, `invitations` and `console`: what is asked of the admin API, and what is shown. */
import { describe, expect, it } from 'vitest';
import { createAdmin } from '../src/admin/app.ts';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';
import { INVITATION_TOKEN } from './support/fake-members.ts';

resetBehind();

const LINK = `http://127.0.0.1:8642/console/sign-up?token=${INVITATION_TOKEN}`;

describe('workspaces', () => {
  it('are listed', async () => {
    const { code, out, err } = await turnpike('workspaces list');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatchInlineSnapshot(`
      "name     id    state   created
      default  ws_1  in use  2026-11-21 11:58  current
      "
    `);
    expect(JSON.parse((await turnpike('workspaces list --json')).out).workspaces).toHaveLength(1);
  });

  it('are made, suspended and resumed, by name or id', async () => {
    expect((await turnpike('workspaces create research')).out).toContain(
      '✓ Workspace research (ws_2). Invite its owner with `turnpike --workspace ws_2 members invite',
    );
    expect((await turnpike('workspaces suspend DEFAULT')).out).toContain('suspended: nobody gets in');
    expect((await turnpike('workspaces resume ws_1')).out).toContain('in use');
    expect(behind.house.made).toEqual([
      ['create', 'research', undefined],
      ['suspend', 'ws_1'],
      ['resume', 'ws_1'],
    ]);
  });

  it.each([
    ['workspaces create taken', 'another workspace is called "taken"'],
    ['workspaces suspend nowhere', 'there is no workspace nowhere'],
  ])('%s fails', async (words, message) => {
    const { code, out, err } = await turnpike(words);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
  });
});

describe('members', () => {
  it('are listed', async () => {
    const { code, out, err } = await turnpike('members list');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatchInlineSnapshot(`
      "name  e-mail           role   id     state   signed in
      Ada   ada@example.com  owner  mem_1  active
      "
    `);
    behind.house.deps = {
      ...behind.house.deps,
      members: { ...behind.house.deps.members, list: async () => [] },
    };
    expect((await turnpike('members list')).out).toContain(
      'No members. `turnpike console` makes the first owner',
    );
  });

  it('are invited by a link that stands alone on stdout', async () => {
    const { code, out, err } = await turnpike('members invite bob@example.com --role admin');
    expect([code, out]).toEqual([0, `${LINK}\n`]);
    expect(err).toContain('bob@example.com may become admin by this link until 2026-11-21 12:01');
    expect(JSON.parse((await turnpike('members invite bob@example.com --json')).out)).toMatchObject({
      link: LINK,
      invitation: { role: 'member' },
    });
    expect((await turnpike('members invite ada@example.com')).err).toContain('is a member already');
  });

  it.each(['mem_1', 'ada@example.com', 'ADA'])('get another role: %s', async (which) => {
    expect((await turnpike(`members role ${which} admin`)).code).toBe(0);
    expect(behind.house.made).toEqual([['role', 'admin', 'mem_1']]);
  });

  it('are removed when somebody has said so', async () => {
    expect((await turnpike('members remove ada', { stdin: '' })).code).toBe(2);
    expect((await turnpike('members remove ada', { confirms: false })).code).toBe(1);
    expect(behind.house.made).toEqual([]);
    expect((await turnpike('members remove ada --yes')).out).toContain('✓ Removed Ada (mem_1)');
    expect(behind.house.made).toEqual([['remove', 'mem_1']]);
  });

  it.each([
    ['members role nobody admin', 1, 'there is no member nobody'],
    ['members role ada god', 2, 'Allowed choices are viewer'],
    ['members invite bob@example.com --role god', 2, 'Allowed choices are viewer'],
    ['members invite', 2, 'missing required argument'],
  ])('%s fails', async (words, expected, message) => {
    const { code, err } = await turnpike(words);
    expect(code).toBe(expected);
    expect(err).toContain(message);
  });
});

describe('invitations', () => {
  it('are listed without their links', async () => {
    const { code, out } = await turnpike('invitations list');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "e-mail           role    state  id     ends
      bob@example.com  member  open   inv_1  2026-11-21 12:01
      "
    `);
    expect((await turnpike('invitations list --json')).out).not.toContain(INVITATION_TOKEN);
  });

  it.each(['inv_1', 'Bob@example.com'])('are taken back: %s', async (which) => {
    expect((await turnpike(`invitations revoke ${which}`)).out).toContain('is good no more');
    expect(behind.house.made).toEqual([['revoke', 'inv_1']]);
  });

  it('are not taken back where there is none', async () => {
    const { code, err } = await turnpike('invitations revoke eve@example.com');
    expect(code).toBe(1);
    expect(err).toContain('there is no open invitation of eve@example.com');
  });
});

describe('console', () => {
  it('is where people sign in, and the link to the first owner while there is none', async () => {
    expect((await turnpike('console')).out).toBe('http://127.0.0.1:8642/console/sign-in\n');
    const { invitations } = behind.house.deps;
    const ownerLink = async () => ({ token: INVITATION_TOKEN, expiresAtMs: Date.parse('2026-11-22T12:00Z') });
    behind.house.deps = { ...behind.house.deps, invitations: { ...invitations, ownerLink } };
    const { code, out, err } = await turnpike('console');
    expect([code, out]).toEqual([0, `${LINK}\n`]);
    expect(err).toContain('become the owner. Good once, until 2026-11-22 12:00');
    expect(JSON.parse((await turnpike('console --json')).out)).toMatchObject({ ownerLink: LINK });
  });
});

describe('the workspace to act in', () => {
  it.each<[string, string, object, string | null]>([
    ['none', 'keys list', {}, null],
    ['of the environment', 'keys list', { env: { TURNPIKE_WORKSPACE: 'research' } }, 'research'],
    ['behind a command', 'keys list --workspace ws_2', { env: { TURNPIKE_WORKSPACE: 'x' } }, 'ws_2'],
    ['with an equals sign', 'keys list --workspace=ws_2 --json', {}, 'ws_2'],
    ['before it', '--workspace ws_2 keys list', {}, 'ws_2'],
  ])('%s', async (_what, words, options, expected) => {
    const sent: (string | null)[] = [];
    const fetch = async (request: Request) => {
      sent.push(request.headers.get('x-turnpike-workspace'));
      const named = { ...behind.house.deps, findWorkspace: async () => 'ws_1' as const };
      return createAdmin(named).fetch(request);
    };
    expect((await turnpike(words, { fetch, ...options })).code).toBe(0);
    expect(new Set(sent)).toEqual(new Set([expected]));
  });

  it.each([
    ['keys list --workspace', 2, "unknown option '--workspace'"],
    ['keys list --workspace nowhere', 1, 'there is no workspace nowhere'],
    ['keys list --workspace f\u00fcnf', 2, 'cannot be named so'],
  ])('%s fails', async (words, expected, message) => {
    const { code, err } = await turnpike(words);
    expect(err).toContain(message);
    expect(code).toBe(expected);
  });
});

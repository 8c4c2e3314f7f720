/** Who may call which route: made from the routes themselves, so that one without a policy, or with another, fails here. */
import { describe, expect, it } from 'vitest';
import { fakeHouse } from '../../test/support/fake-house.ts';
import { isRoleAtLeast, NEEDS, type Need, ROLES, type Role } from '../base/role.ts';
import { createAdmin, createApp } from './app.ts';
import type { Caller } from './caller.ts';
import { NEEDS_FIELD } from './route.ts';

interface Declared {
  readonly method: string;
  readonly path: string;
  readonly needs: unknown;
}

/** Parts of paths that stand for anything. */
const app = createApp(fakeHouse().deps);
const declared: Declared[] = app.openAPIRegistry.definitions.flatMap((definition) => {
  if (definition.type !== 'route') return [];
  const { method, path } = definition.route;
  return [{ method: method.toUpperCase(), path, needs: (definition.route as never)[NEEDS_FIELD] }];
});

/** Routes of the application that are in no document, and why each needs no policy of its own. */
const BESIDE: readonly RegExp[] = [
  // Checked where it is made.
  /^GET \/api\/v1\/openapi\.json$/,
  // A page without a fact of this installation: its script asks for the document as whoever opens it.
  /^GET \/api\/v1\/reference$/,
  // Asks again, as the declared route of the same path with its slashes encoded.
  /\/:first\/:rest\{\.\+\}$/,
];

describe('the table of routes', () => {
  it('says of each what it needs', () => {
    expect(declared.length).toBeGreaterThan(60);
    expect(declared.filter(({ needs }) => !NEEDS.includes(needs as Need))).toEqual([]);
  });

  it('has all that the application answers', () => {
    const known = new Set(
      declared.map(({ method, path }) => `${method} /api/v1${path.replaceAll(/\{(.+?)\}/g, ':$1')}`),
    );
    const others = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => !known.has(route) && !BESIDE.some((pattern) => pattern.test(route)));
    expect([...new Set(others)]).toEqual([]);
  });

  it('lets only operators change what all workspaces share', () => {
    const shared = declared.filter(
      ({ method, path }) => method !== 'GET' && /^\/(config|health|ledger|prices\/refresh)/.test(path),
    );
    expect(shared.filter(({ needs }) => needs !== 'operator')).toEqual([]);
  });

  it('lets no viewer change anything', () => {
    const changes = declared.filter(({ method }) => method !== 'GET');
    expect(changes.filter(({ needs }) => needs === 'viewer')).toEqual([]);
  });
});

/** Who is somebody, by the least role first; `nobody` is not signed in, `stranger` is no member of the workspace. */
const callers: Readonly<Record<string, Caller | undefined>> = {
  nobody: undefined,
  stranger: callerWith(undefined),
  ...Object.fromEntries(ROLES.map((role) => [role, callerWith(role)])),
  operator: { ...callerWith('owner'), isOperator: true },
};

function callerWith(role: Role | undefined): Caller {
  return { id: 'mem_1', name: 'Ada', workspaceId: 'ws_1', role, isOperator: false, memberId: 'mem_1' };
}

function mayCall(caller: Caller | undefined, needs: Need): boolean {
  if (needs === 'anyone') return true;
  if (!caller) return false;
  if (needs === 'person') return true;
  if (needs === 'operator') return caller.isOperator;
  return caller.role !== undefined && isRoleAtLeast(caller.role, needs);
}

const cases = declared.flatMap(({ method, path, needs }) =>
  Object.entries(callers)
    .filter(([, caller]) => !mayCall(caller, needs as Need))
    .map(([name, caller]) => [name, method, path, caller] as const),
);

describe('MASS-03: who may not', () => {
  it.each(cases)('%s: %s %s', async (_name, method, path, caller) => {
    const { deps, made, asked } = fakeHouse();
    const identify = async () => (caller ? ({ ok: true, caller } as const) : undefined);
    const body = method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } };
    const url = `http://localhost/api/v1${path.replaceAll(/\{.+?\}/g, 'x')}`;
    const answer = await createAdmin({ ...deps, identify }).fetch(new Request(url, { method, ...body }));
    expect(answer.status).toBe(caller ? 403 : 401);
    expect(await answer.json()).toMatchObject({
      error: { code: caller ? 'role_insufficient' : 'operator_token_missing' },
    });
    expect([...made, ...asked]).toEqual([]);
  });
});

describe('who is in no document', () => {
  it.each(['/nowhere', '/openapi.json', '/keys/../config', '//keys', '/KEYS', '/keys;/', '/keys%2f..'])(
    'nobody learns what is at %s',
    async (path) => {
      const { deps } = fakeHouse();
      const answer = await createAdmin(deps).fetch(new Request(`http://localhost/api/v1${path}`));
      expect(answer.status).toBe(401);
    },
  );
});

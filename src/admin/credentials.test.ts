/** The admin API of credentials: what it takes, what it refuses, and that a secret goes in and never out. */
import { beforeEach, describe, expect, it } from 'vitest';
import { type FakeHouse, fakeHouse, TOKEN } from '../../test/support/fake-house.ts';
import { type Admin, createAdmin } from './app.ts';

let fake: FakeHouse;
let admin: Admin;
beforeEach(() => {
  fake = fakeHouse();
  admin = createAdmin(fake.deps);
});

async function call(method: string, path: string, body?: unknown) {
  const request = new Request(`http://localhost/api/v1/credentials${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const response = await admin.fetch(request);
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text), text };
}

const SECRET = 'sk-ant-api03-0123456789abcdefghijklmnopqrstuv';
const wanted = { provider: 'anthropic', secret: SECRET };

it('lists what is in use, masked, in the order of use', async () => {
  const { status, body } = await call('GET', '');
  expect(status).toBe(200);
  expect(body.credentials).toEqual([
    expect.objectContaining({ id: 'env:ANTHROPIC_API_KEY', rank: 0, createdAt: null, lastUsedAt: null }),
    {
      id: 'cred_1',
      provider: 'anthropic',
      label: 'team',
      source: 'vault',
      holder: 'workspace',
      memberId: null,
      preview: 'sk-ant-…wxyz',
      weight: 2,
      rank: 1,
      state: 'active',
      createdAt: expect.stringMatching(/Z$/),
      validatedAt: expect.stringMatching(/Z$/),
      lastUsedAt: expect.stringMatching(/Z$/),
    },
  ]);
});

describe('saving', () => {
  it('takes a secret, and says what its provider said', async () => {
    const { status, body, text } = await call('POST', '', { ...wanted, label: 'team', weight: 3 });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      credential: { provider: 'anthropic', label: 'team', weight: 3, preview: 'sk-ant-…stuv' },
      isReplaced: true,
      trial: { kind: 'good' },
    });
    expect(text).not.toContain(SECRET.slice(8, 20));
    expect(fake.made).toEqual([
      {
        provider: 'anthropic',
        label: 'team',
        secret: SECRET,
        weight: 3,
        isForced: false,
        holder: 'workspace',
      },
    ]);
  });
  it.each([
    ['a service account', '{\n  "type": "service_account",\n  "private_key": "-----BEGIN…\\n"\n}'],
    ['blanks around it', `  ${SECRET}\n`],
  ])('takes %s', async (_name, secret) => {
    expect((await call('POST', '', { ...wanted, secret })).status).toBe(201);
    expect(fake.made).toMatchObject([{ secret: secret.trim(), label: 'default', weight: 1 }]);
  });
  it.each([
    ['refused', 'bad-key', 'anthropic refuses the key: the provider answered 401: no such key'],
    ['that nobody could try', 'dark-key', 'the key could not be tried at anthropic: nobody listens'],
  ])('does not keep one that is %s, unless it is forced', async (_name, secret, message) => {
    const refused = await call('POST', '', { ...wanted, secret });
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'credential_not_proven' } } });
    expect(refused.body.error.message).toContain(message);
    const forced = await call('POST', '', { ...wanted, secret, isForced: true });
    expect(forced.status).toBe(201);
    expect(forced.body.trial.kind).not.toBe('good');
  });
  it.each([
    ['closed-vault', 409, 'vault_closed'],
    ['full-vault', 400, 'body_invalid'],
  ])('says of %s that it cannot', async (secret, status, code) => {
    expect(await call('POST', '', { ...wanted, secret })).toMatchObject({
      status,
      body: { error: { code } },
    });
  });
  it('knows no provider of a name that nobody has', async () => {
    expect(await call('POST', '', { ...wanted, provider: 'nobody' })).toMatchObject({
      status: 404,
      body: { error: { code: 'record_unknown' } },
    });
  });
  it.each([
    ['no secret', { provider: 'anthropic' }],
    ['an empty one', { ...wanted, secret: '  ' }],
    ['two lines', { ...wanted, secret: `${SECRET}\nx-evil: 1` }],
    ['a space', { ...wanted, secret: `${SECRET} and more` }],
    ['a control character', { ...wanted, secret: `${SECRET}\u0000` }],
    ['other letters', { ...wanted, secret: `${SECRET}…` }],
    ['broken JSON', { ...wanted, secret: `{"private_key": "${SECRET}"` }],
    ['too long a secret', { ...wanted, secret: SECRET.repeat(400) }],
    ['an odd provider', { ...wanted, provider: '../x' }],
    ['an odd label', { ...wanted, label: 'a b' }],
    ['no weight', { ...wanted, weight: 0 }],
    ['an unknown field', { ...wanted, id: 'cred_mine' }],
    ['a workspace', { ...wanted, workspaceId: 'ws_other' }],
    ['an address', { ...wanted, baseUrl: 'http://169.254.169.254' }],
    ['no JSON', `{"secret": "${SECRET}"`],
  ])('refuses %s without quoting it', async (_name, body) => {
    const { status, text } = await call('POST', '', body);
    expect(status).toBe(400);
    expect(text).not.toContain(SECRET.slice(0, 12));
    expect(fake.made).toEqual([]);
    expect(JSON.stringify(fake.logged)).not.toContain(SECRET.slice(0, 12));
  });
});

describe('what is in the vault', () => {
  it('is changed and removed by its id', async () => {
    const changed = await call('PATCH', '/cred_1', { weight: 7, isDisabled: true });
    expect(changed).toMatchObject({ status: 200, body: { weight: 7, state: 'disabled' } });
    expect((await call('DELETE', '/cred_1')).body).toMatchObject({ id: 'cred_1', preview: 'sk-ant-…wxyz' });
    expect(fake.made).toEqual([['cred_1', { weight: 7, isDisabled: true }], 'cred_1']);
  });
  it.each([
    ['PATCH', '/cred_2', {}],
    ['DELETE', '/cred_2', undefined],
    ['DELETE', '/env:ANTHROPIC_API_KEY', undefined],
  ])('is all that is: %s %s', async (method, path, body) => {
    expect((await call(method, path, body)).status).toBe(404);
  });
  it.each([{ weight: 0 }, { isDisabled: 'yes' }, { secret: SECRET }, { label: 'x' }])(
    'is not changed to %j',
    async (body) => {
      expect((await call('PATCH', '/cred_1', body)).status).toBe(400);
    },
  );
});

describe('testing', () => {
  it('says what each showed', async () => {
    const { status, body } = await call('POST', '/test', { provider: 'anthropic' });
    expect(status).toBe(200);
    expect(body.tested.map((one: { trial: { kind: string } }) => one.trial.kind)).toEqual([
      'refused',
      'good',
    ]);
    const one = await call('POST', '/test', { provider: 'anthropic', id: 'cred_1' });
    expect(one.body.tested).toHaveLength(1);
  });
  it('needs something to test', async () => {
    expect((await call('POST', '/test', { provider: 'nobody' })).status).toBe(404);
    expect((await call('POST', '/test', {})).status).toBe(400);
  });
});

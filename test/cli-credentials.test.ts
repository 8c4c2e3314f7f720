/** `turnpike credentials` and `turnpike models keys`: where a secret may come from, what is asked of the admin API, and what is shown. */
import { describe, expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';
import { fakeCredentialDesk } from './support/fake-credentials.ts';

resetBehind();

const SECRET = 'sk-ant-api03-0123456789abcdefghijklmnopqrstuv';

it('lists every key in the order of use, masked', async () => {
  const { code, out, err } = await turnpike('credentials list', { columns: 200 });
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "provider   label              from                   of            key           order  weight  state   tried             used              id
    anthropic  ANTHROPIC_API_KEY  env ANTHROPIC_API_KEY  installation  sk-ant-…0123  1      1       active
    anthropic  team               vault                  workspace     sk-ant-…wxyz  2      2       active  2026-11-20 12:00  2026-11-21 11:59  cred_1
    "
  `);
  expect((await turnpike('models keys list', { columns: 200 })).out).toBe(out);
  expect(JSON.parse((await turnpike('credentials list --json')).out).credentials).toHaveLength(2);
});

it('says that there are none', async () => {
  const credentials = { ...fakeCredentialDesk([], 0), list: async () => [] };
  behind.house.deps = { ...behind.house.deps, credentials };
  const { out } = await turnpike('credentials list');
  expect(out).toBe('No provider has a key. Save one with `turnpike credentials set <provider>`.\n');
});

describe('set', () => {
  it.each([
    ['stdin', { stdin: `${SECRET}\n` }],
    ['a hidden prompt', { typed: SECRET }],
  ])('takes the key from %s', async (_name, options) => {
    const { code, out, err } = await turnpike('credentials set anthropic', options);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe('✓ Saved anthropic default (sk-ant-…stuv): the provider takes it.\n');
    expect(behind.house.made).toEqual([
      {
        provider: 'anthropic',
        label: 'default',
        secret: SECRET,
        weight: 1,
        isForced: false,
        holder: 'workspace',
      },
    ]);
  });
  it('has two names, and takes a label and a weight', async () => {
    const { out } = await turnpike('models keys set anthropic --label team --weight 3 --json', {
      stdin: SECRET,
    });
    expect(JSON.parse(out)).toMatchObject({ isReplaced: true, trial: { kind: 'good' } });
    expect(out).not.toContain(SECRET.slice(8, 20));
    expect(behind.house.made).toMatchObject([{ label: 'team', weight: 3 }]);
  });
  it('does not keep what its provider refuses', async () => {
    const { code, out, err } = await turnpike('credentials set anthropic', { stdin: 'bad-key' });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('anthropic refuses the key: the provider answered 401: no such key');
    expect(err).toContain('--force');
  });
  it('keeps it all the same when it must', async () => {
    const { code, out } = await turnpike('credentials set anthropic --force', { stdin: 'dark-key' });
    expect(code).toBe(0);
    expect(out).toBe('! Saved anthropic default (••••): nobody listens at 127.0.0.1:9.\n');
  });
  it.each([
    `credentials set anthropic ${SECRET}`,
    `credentials set ${SECRET}`,
    `credentials set anthropic --key ${SECRET}`,
    `credentials set anthropic --api-key=${SECRET}`,
    `credentials set anthropic --secret ${SECRET}`,
    `credentials set anthropic --label ${SECRET}`,
    'credentials set anthropic hunter2',
    `models keys set openai ${SECRET} --force`,
  ])('refuses a key among the arguments: %s', async (words) => {
    const { code, out, err } = await turnpike(words, { stdin: SECRET });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('a key on the command line can be read by every program');
    expect(err).not.toContain(SECRET);
    expect(behind.house.made).toEqual([]);
  });
  it.each([
    ['an empty stdin', { stdin: ' \n' }],
    ['an abandoned prompt', {}],
  ])('needs a key: %s', async (_name, options) => {
    const { code, err } = await turnpike('credentials set anthropic', options);
    expect([code, err.includes('no key was given')]).toEqual([2, true]);
  });
  it.each(['0', '1.5', 'x', '1001'])('takes no weight of %s', async (weight) => {
    expect((await turnpike(`credentials set a --weight ${weight}`, { stdin: SECRET })).code).toBe(2);
  });
});

describe('test', () => {
  it('tells what each showed', async () => {
    const { code, out } = await turnpike('credentials test anthropic');
    expect(code).toBe(1);
    expect(out).toBe(
      '✗ ANTHROPIC_API_KEY (env ANTHROPIC_API_KEY): the provider answered 401: no such key\n✓ team: the provider takes it\n',
    );
  });
  it('tries one alone', async () => {
    expect(await turnpike('credentials test anthropic --label team')).toMatchObject({
      code: 0,
      out: '✓ team: the provider takes it\n',
    });
    const { code, err } = await turnpike('credentials test anthropic --label other');
    expect([code, err.includes('anthropic has no credential other')]).toEqual([1, true]);
  });
});

describe('change and remove', () => {
  it.each(['cred_1', 'anthropic/team', 'anthropic'])('find %s', async (name) => {
    const changed = await turnpike(`credentials change ${name} --weight 5 --disable`);
    expect(changed.out).toBe('✓ Changed anthropic team: weight 5, disabled.\n');
    const removed = await turnpike(`credentials remove ${name} --yes`);
    expect(removed.out).toBe('✓ Removed anthropic team (sk-ant-…wxyz).\n');
    expect(behind.house.made).toEqual([['cred_1', { weight: 5, isDisabled: true }], 'cred_1']);
  });
  it('find nothing by another name', async () => {
    const { code, err } = await turnpike('credentials remove openai --yes');
    expect([code, err.includes('the vault has no credential openai')]).toEqual([1, true]);
    const other = await turnpike('credentials remove env:ANTHROPIC_API_KEY --yes');
    expect(other.err).toContain('is changed where it stands');
  });
  it('ask first', async () => {
    expect((await turnpike('credentials remove cred_1', { stdin: '' })).code).toBe(2);
    expect(await turnpike('credentials remove cred_1')).toMatchObject({ code: 1, out: '' });
    expect((await turnpike('credentials remove cred_1', { confirms: true })).code).toBe(0);
  });
  it.each(['', '--enable --disable'])('need one thing to do: %s', async (words) => {
    expect((await turnpike(`credentials change cred_1 ${words}`.trim())).code).toBe(2);
  });
});

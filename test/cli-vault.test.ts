/** `turnpike vault`: what is shown of it, and that its recovery key comes and goes where it may. */
import { describe, expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';
import { RECOVERY_KEY } from './support/fake-vault.ts';

resetBehind();

describe('status', () => {
  it('shows the key by name', async () => {
    const { code, out } = await turnpike('vault status');
    expect([code, out]).toEqual([
      0,
      'master key    a23fca98ab51d165 (file: /data/turnpike/master.key): opens all that is sealed\n' +
        'sealed        3 with a23fca98ab51d165\n' +
        'recovery key  none: a master key that is lost cannot be replaced\n',
    ]);
    expect(JSON.parse((await turnpike('vault status --json')).out)).toMatchObject({
      kind: 'file',
      state: 'open',
      secrets: 3,
      rotation: null,
      recoveryKey: null,
    });
  });
  it('fails where something is amiss', async () => {
    const { vault } = behind.house.deps;
    const facts = await vault.describe();
    const rows = [...facts.rows, { key: 'ffff', secrets: 1, isAtHand: false }];
    const describeAmiss = async () => ({ ...facts, state: 'waiting' as const, rows, waitsFor: ['b', 'c'] });
    behind.house.deps = { ...behind.house.deps, vault: { ...vault, describe: describeAmiss } };
    const { code, out } = await turnpike('vault status');
    expect(code).toBe(1);
    expect(out).toContain('sealed        1 with ffff, which is not at hand\nwaits for     b, c\n');
  });
});

it('rotate says which key has taken over', async () => {
  const { code, out } = await turnpike('vault rotate');
  expect(code).toBe(0);
  expect(out).toContain('✓ The master key b51d165a23fca98a has taken over 3 secrets');
  expect((await turnpike('vault status')).out).toContain(
    'last change   from a23fca98ab51d165 to b51d165a23fca98a',
  );
  const again = await turnpike('vault rotate');
  expect([again.code, again.err.includes('set a new one there')]).toEqual([1, true]);
});

it('recovery-key prints it alone to stdout, once', async () => {
  const { code, out, err } = await turnpike('vault recovery-key');
  expect([code, out]).toEqual([0, `${RECOVERY_KEY}\n`]);
  expect(err).toContain('fingerprint 0123456789abcdef');
  expect((await turnpike('vault status')).out).not.toContain('7777');
});

describe('recover', () => {
  it.each([
    ['stdin', { stdin: `${RECOVERY_KEY}\n` }],
    ['a hidden prompt', { typed: RECOVERY_KEY }],
  ])('takes the recovery key from %s', async (_name, options) => {
    const { code, out } = await turnpike('vault recover', options);
    expect([code, out.includes('has taken over 3 secrets')]).toEqual([0, true]);
    expect(out).not.toContain('7777');
    expect(behind.house.made).toEqual([['recover', RECOVERY_KEY]]);
  });
  it('refuses one among the arguments', async () => {
    const { code, err } = await turnpike(`vault recover ${RECOVERY_KEY}`, { stdin: RECOVERY_KEY });
    expect([code, err.includes('7777'), behind.house.made]).toEqual([2, false, []]);
  });
  it.each([
    ['an empty stdin', { stdin: ' \n' }],
    ['an abandoned prompt', {}],
  ])('needs one: %s', async (_name, options) => {
    const { code, err } = await turnpike('vault recover', options);
    expect([code, err.includes('no recovery key was given')]).toEqual([2, true]);
  });
  it('says what is wrong with it, and not what it was', async () => {
    const { code, err } = await turnpike('vault recover', { stdin: 'hunter2-hunter2' });
    expect([code, err.includes('mistyped'), err.includes('hunter2')]).toEqual([1, true, false]);
  });
});

it('forget asks first', async () => {
  expect((await turnpike('vault forget', { stdin: '' })).code).toBe(2);
  expect(await turnpike('vault forget')).toMatchObject({ code: 1, out: '' });
  expect(behind.house.made).toEqual([]);
  const { code, out } = await turnpike('vault forget', { confirms: true });
  expect([code, out]).toEqual([0, '✓ Forgot 2 secrets that no master key at hand opens; 3 left.\n']);
  expect((await turnpike('vault forget --yes --json')).code).toBe(0);
});

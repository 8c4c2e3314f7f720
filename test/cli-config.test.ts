/** `turnpike config status` and `config reload`: what is shown of the files that the server has read. */
import { expect, it } from 'vitest';
import { serve } from '../src/cli/serve.ts';
import { behind, fakeServer, resetBehind, turnpike } from './support/cli-harness.ts';
import { fakeConfigurationDesk } from './support/fake-configuration.ts';
import { NOW } from './support/fake-house.ts';
import { createFakeIo, FAKE_URL } from './support/fake-io.ts';

resetBehind();

function have(
  ...facts: Parameters<typeof fakeConfigurationDesk> extends [unknown, unknown, ...infer Rest] ? Rest : never
) {
  const configuration = fakeConfigurationDesk(behind.house.asked, NOW, ...facts);
  behind.house.deps = { ...behind.house.deps, configuration };
}

it('shows files and revision', async () => {
  const { code, out, err } = await turnpike('config status');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "revision  7
    files     /home/ada/.turnpike/config.yaml, /home/ada/shop/turnpike.yaml
    in force  since 2026-11-21T11:59:00.000Z
    "
  `);
});

it('shows what is not in force, and why', async () => {
  have({
    problem: { message: '/home/ada/shop/turnpike.yaml: line 3: a stands here twice', atMs: NOW },
    pendingRestart: ['port', 'limits.exchanges'],
    warnings: ['turnpike.yaml: guards: requests are not scanned by this version'],
  });
  const { code, out } = await turnpike('config status');
  expect(code).toBe(1);
  expect(out).toMatchInlineSnapshot(`
    "revision  7
    files     /home/ada/.turnpike/config.yaml, /home/ada/shop/turnpike.yaml
    in force  since 2026-11-21T11:59:00.000Z
    ✗ not taken at 2026-11-21T12:00:00.000Z: /home/ada/shop/turnpike.yaml: line 3: a stands here twice
        The last good state serves on. Correct the file; it is read again by itself.
    ! from the next start: port, limits.exchanges
    ! turnpike.yaml: guards: requests are not scanned by this version
    "
  `);
});

it('reads the files now, and names what has changed', async () => {
  have({ pendingRestart: ['port'] });
  const { code, out } = await turnpike('config reload');
  expect(code).toBe(0);
  expect(out).toMatchInlineSnapshot(`
    "✓ Read and in force, as revision 7.
      + aliases.fast
      ~ routes.team
      - budgets.old
    ! from the next start: port
    "
  `);
  expect(behind.house.asked).toEqual([{ kind: 'reload' }]);
});

it('says that nothing has changed, and what is wrong', async () => {
  have({}, { kind: 'unchanged' });
  expect((await turnpike('config reload')).out).toBe('✓ Read; nothing has changed.\n');
  have({}, { kind: 'failed', message: 'turnpike.yaml: line 3: no' });
  const { code, err } = await turnpike('config reload');
  expect(code).toBe(1);
  expect(err).toContain('turnpike.yaml: line 3: no');
  expect(err).toContain('the last good state serves on');
});

it('has both as JSON', async () => {
  expect(JSON.parse((await turnpike('config status --json')).out)).toMatchObject({
    revision: 7,
    problem: null,
  });
  expect(JSON.parse((await turnpike('config reload --json')).out)).toMatchObject({
    isChanged: true,
    added: ['aliases.fast'],
    configuration: { revision: 7 },
  });
});

it('reads them on SIGHUP while it serves', async () => {
  let reloads = 0;
  const fake = createFakeIo({ fetch: fakeServer });
  const ended = serve(fake.io, {}, async () => ({
    url: FAKE_URL,
    port: 8642,
    problems: [],
    reload: async () => {
      reloads += 1;
    },
    close: async () => {},
  }));
  await expect.poll(fake.out, { interval: 5 }).not.toBe('');
  fake.hangUp();
  fake.hangUp();
  expect(reloads).toBe(2);
  fake.stop();
  expect(await ended).toBe(0);
});

it.each([
  [
    { problem: { message: 'turnpike.yaml: line 3: no', atMs: NOW } },
    1,
    '✗ configuration in force: the files could not be taken at 2026-11-21T12:00:00.000Z: turnpike.yaml: line 3: no',
  ],
  [{ pendingRestart: ['port'] }, 0, '! configuration in force: changed, but not before the next start: port'],
])('is among what the doctor looks at', async (facts, exitCode, line) => {
  have(facts);
  const { code, out } = await turnpike('doctor');
  expect(code).toBe(exitCode);
  expect(out).toContain(line);
});

/** What the admin API says of the configuration files, and what reading them now is answered with. */
import { expect, it } from 'vitest';
import { fakeConfigurationDesk } from '../../test/support/fake-configuration.ts';
import { fakeHouse, NOW, TOKEN } from '../../test/support/fake-house.ts';
import { createAdmin } from './app.ts';
import type { ConfigurationFacts, ReloadAnswer } from './deps-configuration.ts';

async function call(
  method: string,
  path: string,
  facts: Partial<ConfigurationFacts> = {},
  answer?: ReloadAnswer,
): Promise<{ status: number; body: unknown }> {
  const { deps } = fakeHouse();
  const admin = createAdmin({ ...deps, configuration: fakeConfigurationDesk([], NOW, facts, answer) });
  const response = await admin.fetch(
    new Request(`http://x/api/v1${path}`, { method, headers: { authorization: `Bearer ${TOKEN}` } }),
  );
  return { status: response.status, body: await response.json() };
}

const sound = {
  revision: 7,
  files: ['/home/ada/.turnpike/config.yaml', '/home/ada/shop/turnpike.yaml'],
  loadedAt: '2026-11-21T11:59:00.000Z',
  problem: null,
  pendingRestart: [],
  warnings: [],
  reloads: { done: 2, failed: 1 },
};

it.each<[string, Partial<ConfigurationFacts>, object]>([
  ['in order', {}, sound],
  [
    'not taken',
    { problem: { message: 'turnpike.yaml: line 3: …', atMs: NOW } },
    { ...sound, problem: { message: 'turnpike.yaml: line 3: …', at: '2026-11-21T12:00:00.000Z' } },
  ],
  [
    'waiting for a start',
    { pendingRestart: ['port'], warnings: ['w'] },
    { ...sound, pendingRestart: ['port'], warnings: ['w'] },
  ],
])('shows files that are %s', async (_, facts, body) => {
  expect(await call('GET', '/config', facts)).toEqual({ status: 200, body });
});

it.each<[string, ReloadAnswer, number, object]>([
  [
    'what has changed',
    { kind: 'done', added: ['aliases.a'], changed: [], removed: ['routes.b'] },
    200,
    { isChanged: true, added: ['aliases.a'], changed: [], removed: ['routes.b'], configuration: sound },
  ],
  [
    'nothing',
    { kind: 'unchanged' },
    200,
    { isChanged: false, added: [], changed: [], removed: [], configuration: sound },
  ],
  [
    'what is wrong',
    { kind: 'failed', message: 'turnpike.yaml: line 3: no' },
    422,
    {
      error: {
        code: 'config_not_taken',
        message: 'turnpike.yaml: line 3: no',
        fix: 'Correct what the message names; the last good state serves on.',
      },
    },
  ],
])('answers a reload with %s', async (_, answer, status, body) => {
  expect(await call('POST', '/config/reload', {}, answer)).toEqual({ status, body });
});

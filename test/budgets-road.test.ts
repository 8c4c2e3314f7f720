/** Budgets of a file, from a server that starts with it to one that starts without. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BudgetList } from '../src/admin/budgets.ts';
import { loadConfig } from '../src/config.ts';
import { openOffline, startServer } from '../src/server.ts';
import { openDesk } from './support/open-house.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './support/turnpike-process.ts';

let home: string;
beforeEach(() => {
  home = newHome();
});
afterEach(() => removeHome(home));

const configOf = (file: string) => {
  writeFileSync(join(home, 'config.yaml'), file);
  const env = { TURNPIKE_HOME: home, TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY, LOG_LEVEL: 'silent' };
  return loadConfig({ flags: { port: 0 }, env, cwd: home });
};

/** Runs `use` against a server that starts with this file. */
async function serve<T>(file: string, use: (desk: ReturnType<typeof openDesk>) => Promise<T>): Promise<T> {
  const server = await startServer(configOf(file));
  try {
    return await use(openDesk(server.url, home));
  } finally {
    await server.close();
  }
}

const listed = async (desk: ReturnType<typeof openDesk>): Promise<string[]> => {
  const { budgets } = await desk.admin<BudgetList>('GET', '/budgets');
  return budgets.map(({ name, source, limitUsd, version }) => `${name} ${source} ${limitUsd} ${version}`);
};

const budget = (limit: number) => `{ name: house, scope: workspace, period: month, limit_usd: ${limit} }`;
const coders = '{ name: coders, scope: "agent:*", period: day, limit_usd: 1 }';

it('is held equal to the file at each start', async () => {
  expect(configOf(`budgets: [ ${budget(25)} ]`).warnings).toEqual([]);
  expect(await serve(`budgets: [ ${budget(25)}, ${coders} ]`, listed)).toEqual([
    'coders file 1.00 1',
    'house file 25.00 1',
  ]);
  expect(await serve(`budgets: [ ${budget(30)} ]`, listed)).toEqual(['house file 30.00 2']);
  expect(await serve('{}', listed)).toEqual([]);
});

it('is left alone by a command that opens the books without the file', async () => {
  await serve(`budgets: [ ${budget(25)} ]`, listed);
  const offline = await openOffline(configOf('{}'));
  await offline.close();
  const { budgets } = await serve(`budgets: [ ${budget(25)} ]`, (desk) =>
    desk.admin<BudgetList>('GET', '/budgets'),
  );
  expect(budgets).toMatchObject([{ name: 'house', version: 1 }]);
});

it('refuses to start where the API has made one of the name', async () => {
  await serve('{}', (desk) =>
    desk.admin('POST', '/budgets', { name: 'house', scope: 'workspace', period: 'day', limitUsd: '5' }),
  );
  await expect(serve(`budgets: [ ${budget(25)} ]`, listed)).rejects.toThrow(
    /config\.yaml: the budget "house" was made by the admin API already/,
  );
  expect(await serve('{}', listed)).toEqual(['house api 5.00 1']);
});

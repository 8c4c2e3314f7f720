/** Looking at a database without changing it. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFakeTurso, TURSO_TOKEN } from '../../test/support/fake-turso.ts';
import { freshPostgres, hasPostgres } from '../../test/support/postgres.ts';
import { silentLog } from '../base/log.ts';
import { probeDatabase } from './probe.ts';
import { openSqlite } from './sqlite.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-probe-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('SQLite', () => {
  it('is not made by being looked at', async () => {
    const path = join(folder, 'turnpike.db');
    expect(await probeDatabase(`file:${path}`)).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  });
  it('is described, also while another connection serves from it', async () => {
    const path = join(folder, 'turnpike.db');
    const store = await openSqlite(path, { durability: 'power', log: silentLog });
    expect(await probeDatabase(`file:${path}`)).toMatch(/^SQLite 3\.\d+\.\d+, \d+\.\d MiB$/);
    await store.close();
  });
  it('is told from what is none', async () => {
    writeFileSync(join(folder, 'turnpike.db'), 'no database at all, but a text of some length');
    await expect(probeDatabase(`file:${folder}/turnpike.db`)).rejects.toThrow(/not a database/);
  });
});

describe('libSQL', () => {
  it('is described, and nothing is made in it', async () => {
    const server = await startFakeTurso();
    expect(await probeDatabase(server.url, TURSO_TOKEN)).toMatch(/^libSQL \(SQLite 3\.\d+/);
    expect(server.database.prepare('select count(*) from sqlite_schema').pluck().get()).toBe(0);
    await expect(probeDatabase(server.url, 'wrong')).rejects.toThrow(/cannot be used: .*401/);
    await server.close();
  });
});

describe.runIf(hasPostgres)('PostgreSQL', () => {
  it('is described, and nothing is made in it', async () => {
    const url = await freshPostgres();
    expect(await probeDatabase(url)).toMatch(/^PostgreSQL \d+/);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(
      `select from information_schema.tables where table_schema = 'public'`,
    );
    await client.end();
    expect(rows).toEqual([]);
  });
  it('says why it cannot be used, without its password', async () => {
    const url = new URL(await freshPostgres());
    url.pathname = '/no-such-database';
    const looked = probeDatabase(url.href);
    await expect(looked).rejects.toThrow(/cannot be used: 3D000/);
    await expect(looked).rejects.not.toThrow(/postgres:postgres/);
  });
});

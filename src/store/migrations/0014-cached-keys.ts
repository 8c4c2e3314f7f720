/** How old an answer may be that a key's requests are given again. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const whole = { sqlite: sql`integer`, postgres: sql`bigint` } as const;

export function cachedKeys(dialect: Dialect): Migration {
  return {
    async up(db) {
      await db.schema.alterTable('keys').addColumn('cache_ttl_ms', whole[dialect]).execute();
    },
    async down(db) {
      await db.schema.alterTable('keys').dropColumn('cache_ttl_ms').execute();
    },
  };
}

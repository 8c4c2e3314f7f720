/** Which member has drawn the token of a key: a member's own credentials count for nobody else who may know it. */
import { type Migration, sql } from 'kysely';
import type { Dialect } from '../store.ts';

const texts = { sqlite: sql`text`, postgres: sql`text collate "C"` } as const;

export function drawnTokens(dialect: Dialect): Migration {
  return {
    async up(db) {
      await db.schema.alterTable('keys').addColumn('drawn_by', texts[dialect]).execute();
    },
    async down(db) {
      await db.schema.alterTable('keys').dropColumn('drawn_by').execute();
    },
  };
}

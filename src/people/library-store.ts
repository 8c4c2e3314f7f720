/** Our database as the library of signing in wants to see it: its four tables, each write a transaction of its own. */
import type { CleanedWhere, CustomAdapter, DBAdapterFactoryConfig } from 'better-auth/adapters';
import type { ExpressionBuilder, ExpressionWrapper, Kysely, SqlBool } from 'kysely';
import { canonicalAddress } from '../base/client-address.ts';
import type { Store } from '../store/store.ts';
import { hashOfToken } from './cookie.ts';

type Row = Record<string, unknown>;
/** Which table is meant is known at run time alone: the library names it. */
type AnyTables = Record<string, Row>;
type Where = readonly CleanedWhere[];

/** Its names for our tables and columns; what it has no name for here it never gets to see. */
export const TABLES = {
  user: {
    modelName: 'persons',
    fields: {
      emailVerified: 'email_verified',
      twoFactorEnabled: 'two_factor_enabled',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  account: {
    modelName: 'sign_ins',
    fields: {
      userId: 'person_id',
      providerId: 'issuer',
      accountId: 'subject',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
    },
  },
  session: {
    modelName: 'sessions',
    fields: {
      userId: 'person_id',
      token: 'token_hash',
      ipAddress: 'address',
      userAgent: 'user_agent',
      createdAt: 'created_at',
      updatedAt: 'updated_at',
      expiresAt: 'expires_at',
    },
  },
  verification: {
    modelName: 'verifications',
    fields: { createdAt: 'created_at', updatedAt: 'updated_at', expiresAt: 'expires_at' },
  },
  twoFactor: {
    modelName: 'two_factors',
    fields: {
      userId: 'person_id',
      backupCodes: 'recovery_codes',
      failedVerificationCount: 'failures',
      lockedUntil: 'locked_until',
    },
  },
} as const;

/** How its values become ours: times are whole milliseconds, booleans 0 and 1. */
export const STORE_CONFIG: DBAdapterFactoryConfig = {
  adapterId: 'turnpike',
  supportsDates: true,
  supportsBooleans: false,
  supportsJSON: false,
  transaction: false,
  customTransformInput({ data, field, model }) {
    if (data instanceof Date) return data.getTime();
    if (model === 'sessions') {
      if (field === 'address') return canonicalAddress(String(data)) ?? null;
      if (field === 'user_agent') return String(data).slice(0, MAX_USER_AGENT_LENGTH) || null;
    }
    return data;
  },
  customTransformOutput({ data, fieldAttributes }) {
    return fieldAttributes.type === 'date' && typeof data === 'number' ? new Date(data) : data;
  },
};

/** Long enough to tell one's browsers apart. */
const MAX_USER_AGENT_LENGTH = 300;

export function createLibraryStore(store: Store): CustomAdapter {
  const table = createTable(store);
  const { first, select, change, remove, kysely } = table;
  return {
    async create({ model, data }) {
      await store.write([kysely.insertInto(model).values(withHash(data))]);
      return data;
    },
    async findOne<T>({ model, where }: Asked) {
      return ((await first(model, where)) ?? null) as T | null;
    },
    findMany: async <T>({ model, where = [], limit }: AskedMany) =>
      (await select(model, where, limit)) as T[],
    async count({ model, where = [] }) {
      const { count } = await kysely
        .selectFrom(model)
        .select((eb) => eb.fn.countAll().as('count'))
        .where((eb) => conditions(eb, where))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async update<T>({ model, where, update }: Asked & { update: T }) {
      const known = await first(model, where);
      if (!known || (await change(model, idOf(known), update as Row)) === 0) return null;
      return ((await first(model, idOf(known))) ?? null) as T | null;
    },
    updateMany: ({ model, where, update }) => change(model, where, update),
    async delete({ model, where }) {
      await remove(model, where);
    },
    deleteMany: ({ model, where }) => remove(model, where),
    /** Of those who ask at once for the same row, the one whose delete finds it has it. */
    async consumeOne<T>({ model, where }: Asked) {
      const known = await first(model, where);
      return (known && (await remove(model, idOf(known))) === 1 ? known : null) as T | null;
    },
    async incrementOne<T>(asked: Increment) {
      return ((await increment(store, table, asked)) ?? null) as T | null;
    },
  };
}

interface Asked {
  readonly model: string;
  readonly where: Where;
}

interface AskedMany {
  readonly model: string;
  readonly where?: Where | undefined;
  readonly limit: number;
}

type Table = ReturnType<typeof createTable>;

function createTable(store: Store) {
  const kysely = store.kysely as unknown as Kysely<AnyTables>;
  const select = async (model: string, where: Where, limit: number): Promise<Row[]> => {
    const rows = await kysely
      .selectFrom(model)
      .selectAll()
      .where((eb) => conditions(eb, where))
      .limit(limit)
      .execute();
    // Who asked by the token knows it, and goes on with it.
    const token = where.find(({ field }) => field === TOKEN)?.value;
    return typeof token === 'string' ? rows.map((row) => ({ ...row, [TOKEN]: token })) : rows;
  };
  return {
    kysely,
    select,
    first: async (model: string, where: Where) => (await select(model, where, 1))[0],
    async change(model: string, where: Where, values: Row): Promise<number> {
      const query = kysely
        .updateTable(model)
        .set(values)
        .where((eb) => conditions(eb, where));
      return (await store.write([query]))[0] ?? 0;
    },
    async remove(model: string, where: Where): Promise<number> {
      const query = kysely.deleteFrom(model).where((eb) => conditions(eb, where));
      return (await store.write([query]))[0] ?? 0;
    },
  };
}

/** The row as it is then; undefined = there is none of which all that was asked holds. */
async function increment(store: Store, { first, kysely }: Table, asked: Increment): Promise<Row | undefined> {
  const { model, where, increment: by, set = {} } = asked;
  const known = await first(model, where);
  if (!known) return undefined;
  const query = kysely
    .updateTable(model)
    .set((eb) => {
      const sums = Object.entries(by).map(([name, more]) => [name, eb(name as never, '+', more as never)]);
      return { ...set, ...Object.fromEntries(sums) };
    })
    .where((eb) => conditions(eb, [...where, ...idOf(known)]));
  return (await store.write([query]))[0] === 1 ? first(model, idOf(known)) : undefined;
}

/** The library has tokens of sessions; the database has their hashes. */
const TOKEN = 'token_hash';

const hashOf = (token: unknown): string => hashOfToken(String(token));

function withHash(row: Row): Row {
  return TOKEN in row ? { ...row, [TOKEN]: hashOf(row[TOKEN]) } : row;
}

interface Increment {
  readonly model: string;
  readonly where: CleanedWhere[];
  readonly increment: Record<string, number>;
  readonly set?: Record<string, unknown> | undefined;
}

function idOf(row: Row): CleanedWhere[] {
  return [{ field: 'id', operator: 'eq', value: String(row.id), connector: 'AND', mode: 'sensitive' }];
}

const OPERATORS = { eq: '=', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=', in: 'in' } as const;

type Builder = ExpressionBuilder<AnyTables, string>;

/** All of them together: nothing that we ask the library for needs another way. */
function conditions(eb: Builder, where: Where): ExpressionWrapper<AnyTables, string, SqlBool> {
  return eb.and(
    where.map(({ field, operator, value, connector }) => {
      const sign = OPERATORS[operator as keyof typeof OPERATORS];
      if (sign === undefined || connector !== 'AND')
        throw new Error(`the library asked for ${connector} ${operator}, which is not served`);
      if (value === null) return eb(field as never, sign === '=' ? 'is' : 'is not', null as never);
      const asked = field !== TOKEN ? value : Array.isArray(value) ? value.map(hashOf) : hashOf(value);
      return eb(field as never, sign, asked as never);
    }),
  );
}

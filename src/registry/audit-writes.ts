/** What a statement will change, read off the statement itself: so that no place that writes has to say it again. */
import {
  ColumnNode,
  type Compilable,
  createQueryId,
  DeleteQueryNode,
  FromNode,
  InsertQueryNode,
  LimitNode,
  type OperationNode,
  type OperationNodeSource,
  SelectionNode,
  type SelectQueryNode,
  TableNode,
  UpdateQueryNode,
  ValueNode,
} from 'kysely';
import { isSameValue } from '../base/same-value.ts';
import type { Store } from '../store/store.ts';

/** One statement of a change. Values are as they stand in the columns, secrets included: scrub before showing. */
export interface Written {
  readonly kind: 'insert' | 'update' | 'delete' | 'other';
  readonly table: string;
  /** Of updates: the columns that are changed, as they were. Of deletes: the row. Only where it is one row. */
  readonly before?: Readonly<Record<string, unknown>>;
  /** Of inserts: the first row. Of updates: the columns as they become, where the statement says it. */
  readonly after?: Readonly<Record<string, unknown>>;
}

type Row = Record<string, unknown>;

/** Whose rows say nothing by themselves, or are secrets: the installation's single facts. */
const UNTOLD = new Set(['settings']);
/** Statements of one transaction that are told with their values; a file may declare thousands. */
const MAX_TOLD = 20;

export interface Description {
  /** Of the first statements. */
  readonly writes: readonly Written[];
  /** There is no row that any of them would change; where that cannot be seen, false. */
  readonly isIdle: boolean;
}

/** Reads each row that is about to change, right before it does. */
export async function describeWrites(store: Store, queries: readonly Compilable[]): Promise<Description> {
  const writes: Written[] = [];
  // Who changes nothing at all wants a revision of its own.
  let isIdle = queries.length > 0 && queries.length <= MAX_TOLD;
  for (const query of queries.slice(0, MAX_TOLD)) {
    const node = nodeOf(query);
    const { written, matches } = await describe(store, node);
    writes.push(written);
    isIdle &&= matches === 0 || isLock(node);
  }
  return { writes, isIdle };
}

/** It changes a number that nobody reads, so that others wait: see `lockMembers`. */
function isLock(node: OperationNode): boolean {
  return (
    UpdateQueryNode.is(node) &&
    tableOf(node.table) === 'workspaces' &&
    Object.keys(newValues(node)).join() === 'changes'
  );
}

/** Whether one of them adds a row to the table. */
export function insertsInto(queries: readonly Compilable[], table: string): boolean {
  return queries.some((query) => {
    const node = nodeOf(query);
    return InsertQueryNode.is(node) && tableOf(node.into) === table;
  });
}

/** Whether they touch these tables and no other. */
export function isAllIn(queries: readonly Compilable[], tables: ReadonlySet<string>): boolean {
  return queries.length > 0 && queries.every((query) => tables.has(targetOf(nodeOf(query))));
}

function targetOf(node: OperationNode): string {
  if (InsertQueryNode.is(node)) return tableOf(node.into);
  if (UpdateQueryNode.is(node)) return tableOf(node.table);
  return DeleteQueryNode.is(node) ? tableOf(node.from.froms[0]) : '';
}

/** The statement as a tree: builders give it without making its text. */
function nodeOf(query: Compilable & Partial<OperationNodeSource>): OperationNode {
  return query.toOperationNode?.() ?? query.compile().query;
}

/** @returns `matches`: rows that it would change, up to two; undefined = that was not looked for */
async function describe(
  store: Store,
  node: OperationNode,
): Promise<{ readonly written: Written; readonly matches?: number | undefined }> {
  if (InsertQueryNode.is(node)) {
    const table = tableOf(node.into);
    const after = UNTOLD.has(table) ? undefined : firstRow(node);
    return { written: { kind: 'insert', table, ...(after && { after }) } };
  }
  if (UpdateQueryNode.is(node)) {
    const table = tableOf(node.table);
    if (UNTOLD.has(table)) return { written: { kind: 'update', table } };
    const rows = await readRows(store, node.table, node);
    const change = changeOf(onlyOne(rows), newValues(node));
    return { written: { kind: 'update', table, ...change }, matches: rows?.length };
  }
  if (DeleteQueryNode.is(node)) {
    const source = node.from.froms[0];
    const table = tableOf(source);
    if (UNTOLD.has(table)) return { written: { kind: 'delete', table } };
    const rows = await readRows(store, source, node);
    const before = onlyOne(rows);
    return { written: { kind: 'delete', table, ...(before && { before }) }, matches: rows?.length };
  }
  return { written: { kind: 'other', table: '' } };
}

function tableOf(node: OperationNode | undefined): string {
  return node && TableNode.is(node) ? node.table.identifier.name : '';
}

function firstRow({ columns, values }: InsertQueryNode): Row | undefined {
  const first = (values as { values?: readonly OperationNode[] } | undefined)?.values?.[0];
  if (!columns || !first) return undefined;
  const items = (first as unknown as { values: readonly unknown[] }).values;
  const row: Row = {};
  for (const [at, column] of columns.entries()) {
    const value = plain(items[at]);
    if (value !== undefined && value !== null) row[column.column.name] = value;
  }
  return row;
}

/** A value, in a node or plainly; undefined = it is made by the database. */
function plain(value: unknown): unknown {
  const isNode = typeof value === 'object' && value !== null && 'kind' in value;
  if (!isNode) return value;
  return ValueNode.is(value as OperationNode) ? (value as ValueNode).value : undefined;
}

function newValues({ updates = [] }: UpdateQueryNode): Row {
  const row: Row = {};
  for (const { column, value } of updates) if (ColumnNode.is(column)) row[column.column.name] = plain(value);
  return row;
}

/** Only what becomes another. */
function changeOf(row: Row | undefined, next: Row): Pick<Written, 'before' | 'after'> {
  const names = Object.keys(next).filter((name) => !row || !isSameValue(row[name], next[name]));
  const after = Object.fromEntries(names.flatMap((n) => (next[n] === undefined ? [] : [[n, next[n]]])));
  if (!row) return { after };
  return { before: Object.fromEntries(names.map((name) => [name, row[name]])), after };
}

const onlyOne = (rows: readonly Row[] | undefined): Row | undefined =>
  rows?.length === 1 ? rows[0] : undefined;

/** Up to two that it is about; undefined = of all, or of more than its own table says. */
async function readRows(
  { kysely }: Store,
  source: OperationNode | undefined,
  { where, with: named, joins, ...node }: UpdateQueryNode | DeleteQueryNode,
): Promise<readonly Row[] | undefined> {
  const others = node.kind === 'UpdateQueryNode' ? node.from : node.using;
  const hasMore = named !== undefined || joins !== undefined || others !== undefined;
  if (!source || !where || hasMore) return undefined;
  const select: SelectQueryNode = {
    kind: 'SelectQueryNode',
    from: FromNode.create([source]),
    selections: [SelectionNode.createSelectAll()],
    where,
    limit: LimitNode.create(ValueNode.create(2)),
  };
  const compiled = kysely.getExecutor().compileQuery(select, createQueryId());
  const { rows } = await kysely.executeQuery<Row>(compiled);
  return rows;
}

/** Trouble of the database is told apart from mistakes. */
import { expect, it } from 'vitest';
import { StoreError } from './store-error.ts';
import { isDatabaseTrouble } from './trouble.ts';

const coded = (code: string, more: object = {}) => Object.assign(new Error('e'), { code, ...more });

it.each([
  ['a full disk', coded('SQLITE_FULL'), true],
  ['a lock', coded('SQLITE_BUSY_SNAPSHOT'), true],
  ['a broken disk', coded('SQLITE_IOERR_WRITE'), true],
  ['a constraint', coded('SQLITE_CONSTRAINT_UNIQUE'), false],
  ['a mistake in SQL', coded('SQLITE_ERROR'), false],
  ['a server that ends', coded('57P01'), true],
  ['a server out of space', coded('53100'), true],
  ['a lock of PostgreSQL', coded('55P03'), true],
  ['a value too large', coded('22003'), false],
  ['an unknown column', coded('42703'), false],
  ['nobody listens', coded('ECONNREFUSED', { syscall: 'connect' }), true],
  ['several addresses where nobody listens', new AggregateError([coded('ECONNREFUSED')]), true],
  ['a file that is not there', coded('ENOENT', { syscall: 'open' }), false],
  ['a socket that is not there', coded('ENOENT', { syscall: 'connect' }), true],
  ['a connection that broke', new Error('Connection terminated unexpectedly'), true],
  ['a server that is unreachable', new StoreError('unreachable', 'm'), true],
  ['a libSQL server that fails', coded('SERVER_ERROR'), true],
  ['a libSQL server that is not reached', new TypeError('fetch failed'), true],
  ['a database that is newer', new StoreError('schema_newer', 'm'), false],
  ['a mistake of ours', new TypeError('x is not a function'), false],
  ['no error at all', 'text', false],
])('%s: %s', (_name, error, isTrouble) => {
  expect(isDatabaseTrouble(error)).toBe(isTrouble);
});

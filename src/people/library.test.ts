// What signing in stands on is loaded when somebody signs in: not at the start, on the road or in the CLI.
import { expect, it } from 'vitest';
import { type Import, readImports, readSources, type SourceFile } from '../../test/support/source-tree.ts';

const LATE = /^(better-auth|@node-rs\/argon2|jose)(\/|$)/;

it('is imported for its types alone, or where it is used', () => {
  const found = readSources(['src'])
    .filter(({ path }) => !path.endsWith('.test.ts'))
    .flatMap((file) => readImports(file).map((one) => ({ file, one })))
    .filter(({ one }) => LATE.test(one.specifier) && !one.isTypeOnly);
  expect(found.length).toBeGreaterThan(5);
  expect(found.filter(isEarly).map(({ file, one }) => `${file.path}:${one.line}`)).toEqual([]);
});

/** It stands on a line of its own at the left, and not in a function that asks for it. */
function isEarly({ file, one }: { file: SourceFile; one: Import }): boolean {
  return /^(import|export)\b(?!\()/.test(file.text.split('\n')[one.line - 1] ?? '');
}

/** A change of keys that is not counted is not seen by processes that run: whoever writes them has to count. */
import { expect, it } from 'vitest';
import { readSources } from './support/source-tree.ts';

it('each file that writes keys draws their version', () => {
  const writers = readSources(['src']).filter(
    ({ path, text }) =>
      !path.includes('.test.') && /(?:updateTable|insertInto|deleteFrom)\('keys'\)/.test(text),
  );
  expect(writers.map(({ path }) => path)).toContain('src/registry/keys.ts');
  const forgetful = writers.filter(({ text }) => !text.includes('keysVersion()'));
  expect(forgetful.map(({ path }) => path)).toEqual([]);
});

/** Streams. */
import { describe, it } from 'vitest';
import { checkStream, fixtures } from './__fixtures__/laws.ts';

const streams = fixtures('streams');
const HAVE_ERROR: readonly string[] = [
  'error-first',
  'error-later',
  'truncated',
  'array-truncated',
  'array-error',
  'array-error-first',
];
describe.each(streams)('$name', ({ name, bytes }) => {
  it('keeps the laws', () => {
    checkStream(bytes, { hasError: HAVE_ERROR.includes(name) });
  });
});

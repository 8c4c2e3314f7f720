// Where a browser is sent after signing in: here, whatever was asked for.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOME_PATH, safeNext } from './next-path.ts';

describe('the way on', () => {
  it.each(['/console', '/console/sign-up?token=abc', '/a/b#c', '/%2F%2Fevil', '/a?next=//evil.example'])(
    'goes to %s',
    (path) => expect(safeNext(path)).toBe(path),
  );

  it.each([
    undefined,
    '',
    'console',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n//evil.example',
    '/..//evil.example',
    '/.//evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    ' /console',
    '/\u202econsole',
    `/${'a'.repeat(2000)}`,
  ])('does not go to %j', (path) => expect(safeNext(path)).toBe(HOME_PATH));

  it('stays here whatever is asked', () => {
    const part = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '//',
      'evil.example',
      ':',
      '@',
      '?',
      '#',
      '%2f',
      '\t',
      'a',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const next = new URL(safeNext(parts.join('')), 'https://turnpike.example/');
        expect(next.origin).toBe('https://turnpike.example');
        // And for who takes it apart once more.
        expect(new URL(`${next.pathname}${next.search}`, 'https://turnpike.example/').origin).toBe(
          next.origin,
        );
      }),
      { numRuns: 500 },
    );
  });
});

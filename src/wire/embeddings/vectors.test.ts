/** Vectors there and back: what float32 holds survives every way, and what is no vector is said to be none. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from '../format.ts';
import { vectorBase64, vectorNumbers } from './vectors.ts';

const floats = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 64 });

describe('vectors', () => {
  it('are little-endian float32 in base64', () => {
    expect(vectorBase64({ encoding: 'float', values: [1, -2, 0.5] })).toBe('AACAPwAAAMAAAAA/');
    expect(vectorNumbers({ encoding: 'base64', data: 'AACAPwAAAMAAAAA/' })).toEqual([1, -2, 0.5]);
  });
  it('come back from base64 as they went in', () => {
    fc.assert(
      fc.property(floats, (values) => {
        const data = vectorBase64({ encoding: 'float', values });
        expect(vectorNumbers({ encoding: 'base64', data })).toEqual(values);
      }),
    );
  });
  it('round to float32 and nothing coarser', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1, max: 1 }), { minLength: 1 }), (values) => {
        const data = vectorBase64({ encoding: 'float', values });
        expect(vectorNumbers({ encoding: 'base64', data })).toEqual(values.map(Math.fround));
      }),
    );
  });
  it('are passed on as they came when nobody needs the other form', () => {
    expect(vectorBase64({ encoding: 'base64', data: 'not looked at' })).toBe('not looked at');
    const values = [0.1];
    expect(vectorNumbers({ encoding: 'float', values })).toBe(values);
  });
  it.each(['', 'AAA=', 'AACAPwA=', 'AACAfw==', 'AADAfw=='])('%j is no vector', (data) => {
    expect(() => vectorNumbers({ encoding: 'base64', data })).toThrow(WireError);
  });
});

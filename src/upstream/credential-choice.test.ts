// Which credential is picked: by weight, among the usable ones that come first in the order of use.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../base/secret.ts';
import { pickCredential } from './credential-choice.ts';
import type { ProviderCredential } from './provider.ts';

function credential(id: string, weight = 1, rank = 0): ProviderCredential {
  return { id, secret: new Secret(id), weight, rank, source: 'file', label: id };
}

const all = () => true;

describe('pickCredential', () => {
  const team = [credential('a', 1), credential('b', 2), credential('c', 1)];
  it.each<[number, string]>([
    [0, 'a'],
    [0.2499, 'a'],
    [0.25, 'b'],
    [0.7499, 'b'],
    [0.75, 'c'],
    [0.9999, 'c'],
  ])('draws %d as %s of weights 1, 2 and 1', (drawn, id) => {
    expect(pickCredential(team, all, () => drawn)?.id).toBe(id);
  });
  it('shares what one cannot take among the others', () => {
    const ids = [0, 0.49, 0.51, 0.99].map(
      (drawn) =>
        pickCredential(
          team,
          (id) => id !== 'b',
          () => drawn,
        )?.id,
    );
    expect(ids).toEqual(['a', 'a', 'c', 'c']);
  });
  it('takes the next rank only when the one before has none left', () => {
    const ranked = [credential('first', 1, 0), credential('spare', 100, 1), credential('last', 100, 2)];
    const pick = (bad: readonly string[]) =>
      pickCredential(
        ranked,
        (id) => !bad.includes(id),
        () => 0.99,
      )?.id;
    expect(pick([])).toBe('first');
    expect(pick(['spare'])).toBe('first');
    expect(pick(['first'])).toBe('spare');
    expect(pick(['first', 'spare'])).toBe('last');
    expect(pick(['first', 'spare', 'last'])).toBeUndefined();
  });
  it('finds none where there is none', () => {
    expect(pickCredential([], all, () => 0.5)).toBeUndefined();
  });
  it('always picks one of those that are usable and of the lowest rank among them', () => {
    const rows = fc.array(
      fc.record({ weight: fc.integer({ min: 1, max: 1000 }), rank: fc.nat(2), isUsable: fc.boolean() }),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(rows, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (input, drawn) => {
        const list = input.map(({ weight, rank }, index) => credential(String(index), weight, rank));
        const isUsable = (id: string) => input[Number(id)]!.isUsable;
        const picked = pickCredential(list, isUsable, () => drawn);
        const usable = list.filter(({ id }) => isUsable(id));
        if (usable.length === 0) return picked === undefined;
        return usable.includes(picked!) && usable.every(({ rank }) => picked!.rank <= rank);
      }),
      { numRuns: 300 },
    );
  });
});

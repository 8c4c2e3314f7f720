/** What must hold of the order of any tree of candidates, of draws in great number, and of sessions that stay. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  factsOf,
  input,
  type Known,
  leaf,
  modelsOf,
  rates,
  route,
  seeded,
  times,
  wants,
} from '../../test/support/candidate-trees.ts';
import type { Candidates } from './ref.ts';
import { STRATEGIES } from './route-rule.ts';
import { EXPLORE_SHARE, orderCandidates } from './strategies.ts';

describe('laws', () => {
  const letters = ['a', 'b', 'c', 'd', 'e', 'f'];
  const { tree: anyTree } = fc.letrec<{ tree: Candidates }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc
        .record({ model: fc.constantFrom(...letters), weight: fc.constantFrom(0, 0.5, 1, 3) })
        .map(({ model, weight }): Candidates => leaf(model, weight)),
      fc
        .record({
          strategy: fc.constantFrom(...STRATEGIES),
          members: fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
          needsTools: fc.boolean(),
        })
        .map(({ strategy, members, needsTools }) =>
          route(strategy, members, needsTools ? { filter: wants({ capabilities: ['tools'] }) } : {}),
        ),
    ),
  }));
  const leaves = (tree: Candidates): string[] =>
    tree.kind === 'target' ? [`p/${tree.target.model}`] : tree.members.flatMap(leaves);

  it('gives each target once, in the order or among the skipped', () => {
    const world = fc.record({
      has: fc.subarray(letters),
      lacks: fc.subarray(letters),
      seed: fc.integer(),
      session: fc.option(fc.string(), { nil: undefined }),
      isWell: fc.func(fc.boolean()),
    });
    fc.assert(
      fc.property(anyTree, world, (tree, { has, lacks, seed, session, isWell }) => {
        const facts = factsOf(
          Object.fromEntries(
            letters.map((model, index) => [
              model,
              {
                ...(index % 2 === 0 && rates(index, index)),
                has: has.includes(model) ? ['tools'] : [],
                lacks: lacks.includes(model) ? ['vision'] : [],
              } satisfies Known,
            ]),
          ),
        );
        const request = input({
          factsOf: facts,
          random: seeded(seed),
          session,
          isWell,
          needs: { inputTokens: 1, outputTokens: 1, capabilities: ['vision'] },
        });
        const { ordered, skipped } = orderCandidates(tree, request);
        const refs = [...ordered, ...skipped].map(({ ref }) => ref);
        expect(refs.toSorted()).toEqual([...new Set(leaves(tree))].toSorted());
      }),
      { numRuns: 500 },
    );
  });

  it('draws by weight', () => {
    const weights = { a: 1, b: 2, c: 5 };
    const tree = route(
      'weighted',
      Object.entries(weights).map(([model, weight]) => leaf(model, weight)),
    );
    const random = seeded(1);
    const counts = new Map<string, number>();
    const rounds = 20_000;
    for (let round = 0; round < rounds; round += 1) {
      const order = modelsOf(tree, { random });
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    // Drawn one after the other, without putting back: 5/8 for c, then 1/3 for a.
    const share = (order: string) => (counts.get(order) ?? 0) / rounds;
    expect(share('c b a')).toBeCloseTo((5 / 8) * (2 / 3), 1.7);
    expect(share('c a b')).toBeCloseTo((5 / 8) * (1 / 3), 1.7);
    expect(share('a c b')).toBeCloseTo((1 / 8) * (5 / 7), 1.7);
    expect(share('b a c')).toBeCloseTo((2 / 8) * (1 / 6), 1.7);
  });

  it('explores as often as it says', () => {
    const tree = route('fastest', ['a', 'x']);
    const random = seeded(2);
    const rounds = 20_000;
    let explored = 0;
    for (let round = 0; round < rounds; round += 1) {
      if (modelsOf(tree, { random, firstByteMs: (ref) => times[ref] }) === 'x a') explored += 1;
    }
    expect(explored / rounds).toBeCloseTo(EXPLORE_SHARE, 2);
  });

  const sessions = Array.from({ length: 2000 }, (_, index) => `session-${index}`);

  it('spreads sessions over sticky members by their weight', () => {
    const tree = route('sticky', [leaf('a'), leaf('b'), leaf('c', 2), leaf('d', 0)]);
    const first = sessions.map((session) => modelsOf(tree, { session })[0]);
    const share = (model: string) => first.filter((one) => one === model).length / sessions.length;
    expect(share('a')).toBeCloseTo(0.25, 1.4);
    expect(share('b')).toBeCloseTo(0.25, 1.4);
    expect(share('c')).toBeCloseTo(0.5, 1.4);
    expect(share('d')).toBe(0);
  });

  it('keeps a session where it is, also for another process', () => {
    const tree = route('sticky', ['a', 'b', 'c', 'd']);
    expect(sessions.slice(0, 6).map((session) => modelsOf(tree, { session }))).toMatchInlineSnapshot(`
      [
        "d c a b",
        "a b d c",
        "a d c b",
        "d b a c",
        "d b a c",
        "d c b a",
      ]
    `);
  });

  it('moves only the sessions of a sticky member that leaves, or is unwell', () => {
    const all = route('sticky', ['a', 'b', 'c', 'd']);
    const fewer = route('sticky', ['a', 'b', 'd']);
    for (const session of sessions) {
      const before = modelsOf(all, { session }).split(' ');
      const rest = before.filter((model) => model !== 'c').join(' ');
      expect(modelsOf(fewer, { session })).toBe(rest);
      expect(modelsOf(all, { session, isWell: (ref) => ref !== 'p/c' })).toBe(`${rest} c`);
    }
  });
});

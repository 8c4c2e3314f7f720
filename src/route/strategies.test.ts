/** The order of candidates: each strategy, routes inside routes, filters, and needs. The laws are in a file of their own. */
import { describe, expect, it } from 'vitest';
import {
  draws,
  factsOf,
  input,
  type Known,
  leaf,
  modelsOf,
  rates,
  route,
  times,
  wants,
} from '../../test/support/candidate-trees.ts';
import type { Candidates } from './ref.ts';
import type { RouteFilter } from './route-rule.ts';
import {
  compileOrder,
  EXPLORE_SHARE,
  type OrderInput,
  orderCandidates,
  orderCompiled,
  REMEASURE_SHARE,
} from './strategies.ts';

describe('the order of each strategy', () => {
  const cases: [string, Candidates, Partial<OrderInput>, string][] = [
    ['a target', leaf('a'), {}, 'a'],
    ['as written', route('ordered', ['b', 'a', 'c']), {}, 'b a c'],
    ['each once', route('ordered', ['b', 'a', 'b', 'a']), {}, 'b a'],
    [
      'cheapest by the worst case: input counts more here',
      route('cheapest', ['a', 'b', 'c']),
      { factsOf: factsOf({ a: rates(3e9, 1e9), b: rates(1e9, 9e9), c: rates(2e9, 2e9) }) },
      'b c a',
    ],
    [
      'cheapest by the worst case: output counts more here',
      route('cheapest', ['a', 'b', 'c']),
      {
        factsOf: factsOf({ a: rates(3e9, 1e9), b: rates(1e9, 9e9), c: rates(2e9, 2e9) }),
        needs: { inputTokens: 10, outputTokens: 4000, capabilities: [] },
      },
      'a c b',
    ],
    [
      'cheapest with unknown prices last, free ones first, ties as written',
      route('cheapest', ['x', 'b', 'a', 'y', 'free']),
      { factsOf: factsOf({ a: rates(1, 1), b: rates(1, 1), free: rates(0, 0), y: { inputRate: 1 } }) },
      'free b a x y',
    ],
    ['fastest', route('fastest', ['a', 'b', 'c']), { firstByteMs: (ref) => times[ref] }, 'b c a'],
    [
      'fastest with those never seen last',
      route('fastest', ['x', 'a', 'b']),
      { firstByteMs: (ref) => times[ref] },
      'b a x',
    ],
    [
      'fastest begins with one never seen now and then',
      route('fastest', ['a', 'x', 'b', 'y']),
      { firstByteMs: (ref) => times[ref], random: () => EXPLORE_SHARE * 0.75 },
      'y b a x',
    ],
    [
      'fastest tries nobody out who is unwell',
      route('fastest', ['a', 'x', 'b', 'y']),
      {
        firstByteMs: (ref) => times[ref],
        isWell: (ref) => ref !== 'p/y',
        random: () => EXPLORE_SHARE * 0.75,
      },
      'x b a y',
    ],
    [
      'fastest times a slower one again, seldom',
      route('fastest', ['a', 'b', 'c']),
      { firstByteMs: (ref) => times[ref], random: () => REMEASURE_SHARE * 0.75 },
      'a b c',
    ],
    [
      'fastest without anything to try out',
      route('fastest', ['a', 'b']),
      { firstByteMs: (ref) => times[ref], isWell: (ref) => ref === 'p/b', random: () => 0 },
      'b a',
    ],
    ['sticky without a session', route('sticky', ['c', 'a', 'b']), {}, 'c a b'],
    [
      'weighted by what is drawn',
      route('weighted', [leaf('a', 1), leaf('b', 1), leaf('c', 1)]),
      { random: draws(0.9, 0.1, 0.5) },
      'b c a',
    ],
    [
      'weight 0 comes last, as written',
      route('weighted', [leaf('z', 0), leaf('a', 1), leaf('y', 0), leaf('b', 5)]),
      { random: draws(0, 0.9, 0, 0.9) },
      'b a z y',
    ],
  ];
  it.each(cases)('%s', (_, tree, overrides, expected) => {
    expect(modelsOf(tree, overrides)).toBe(expected);
  });

  const nested: [string, Candidates, Partial<OrderInput>, string][] = [
    [
      'a route stands as a block',
      route('ordered', ['a', route('cheapest', ['b', 'c']), 'd']),
      { factsOf: factsOf({ b: rates(2, 2), c: rates(1, 1) }) },
      'a c b d',
    ],
    [
      'and is as cheap as the one it would try first',
      route('cheapest', ['a', route('ordered', ['b', 'c'])]),
      { factsOf: factsOf({ a: rates(2, 2), b: rates(3, 3), c: rates(1, 1) }) },
      'a b c',
    ],
    [
      'and as fast',
      route('fastest', ['a', route('fastest', ['x', 'b'])]),
      { firstByteMs: (ref) => times[ref] },
      'b x a',
    ],
    ['each target once', route('ordered', ['a', route('ordered', ['b', 'a']), 'b', 'c']), {}, 'a b c'],
    [
      'each target once, where the order is drawn too',
      route('weighted', [route('weighted', ['a', 'b']), route('weighted', ['b', 'a'])]),
      { random: draws(0.9, 0.1, 0.8, 0.3, 0.1, 0.2) },
      'b a',
    ],
  ];
  it.each(nested)('routes in routes: %s', (_, tree, overrides, expected) => {
    expect(modelsOf(tree, overrides)).toBe(expected);
  });

  it('names the innermost route, and none for what was asked for itself', () => {
    const tree = route('ordered', ['a', route('ordered', ['b'], { name: 'inner' })], { name: 'outer' });
    expect(orderCandidates(tree, input()).ordered.map((one) => one.route)).toEqual(['outer', 'inner']);
    expect(orderCandidates(leaf('a'), input()).ordered[0]!.route).toBeUndefined();
  });
});

describe('a filter of a route', () => {
  const cases: [string, Partial<RouteFilter>, Known, string | undefined][] = [
    ['capability it has', { capabilities: ['tools'] }, { has: ['tools'] }, undefined],
    ['capability it lacks', { capabilities: ['tools'] }, { lacks: ['tools'] }, 'it does not have tools'],
    ['capability not known', { capabilities: ['vision'] }, {}, 'it is not known to have vision'],
    ['window long enough', { contextWindow: 1000 }, { contextWindow: 1000 }, undefined],
    [
      'window too short',
      { contextWindow: 1001 },
      { contextWindow: 1000 },
      'its context window is 1000 tokens, at least 1001 are wanted',
    ],
    ['window not known', { contextWindow: 1 }, {}, 'its context window is not known'],
    ['region', { region: 'EU' }, { region: 'eu' }, undefined],
    ['other region', { region: 'eu' }, { region: 'us' }, 'its region is us, eu is wanted'],
    ['no region', { region: 'eu' }, {}, 'its provider declares no region'],
    ['price', { maxInputRate: 3e9, maxOutputRate: 15e9 }, rates(3e9, 15e9), undefined],
    [
      'dear input',
      { maxInputRate: 3e9 },
      rates(3e9 + 1, 0),
      'its input price is $3.000000001 per million tokens, at most $3.00 per million tokens is wanted',
    ],
    [
      'dear output',
      { maxOutputRate: 1e9 },
      rates(0, 2e9),
      'its output price is $2.00 per million tokens, at most $1.00 per million tokens is wanted',
    ],
    ['price not known', { maxOutputRate: 1e9 }, { inputRate: 1 }, 'its output price is not known'],
  ];
  it.each(cases)('%s', (_, filter, known, problem) => {
    const tree = route('ordered', ['a'], { filter: wants(filter), name: 'picky' });
    const order = orderCandidates(tree, input({ factsOf: factsOf({ a: known }) }));
    expect(order.ordered.map(({ ref }) => ref)).toEqual(problem === undefined ? ['p/a'] : []);
    const note = `route picky leaves p/a out: ${problem}`;
    expect(order.skipped).toEqual(
      problem === undefined ? [] : [{ ref: 'p/a', reason: 'route_filter', note }],
    );
  });

  it('holds for routes inside too, and only there for the inner one', () => {
    const filter = wants({ capabilities: ['tools'] });
    const facts = factsOf({ a: { has: ['tools'] }, b: { lacks: ['tools'] }, c: { has: ['tools'] } });
    const outer = route('ordered', ['a', route('ordered', ['b', 'c'])], { filter });
    expect(modelsOf(outer, { factsOf: facts })).toBe('a c');
    const inner = route('ordered', [route('ordered', ['b', 'c'], { filter }), 'b']);
    const order = orderCandidates(inner, input({ factsOf: facts }));
    expect(order.ordered.map(({ target }) => target.model)).toEqual(['c', 'b']);
    expect(order.skipped).toEqual([]);
  });

  it('says of each whom nobody serves', () => {
    const lost: Candidates = { kind: 'target', target: { provider: 'q', model: 'm' }, weight: 1 };
    expect(orderCandidates(route('weighted', [lost, lost]), input())).toEqual({
      ordered: [],
      skipped: [{ ref: 'q/m', reason: 'no_provider', note: 'no configured provider serves q/m' }],
    });
  });
});

describe('what the request needs', () => {
  const needs = { inputTokens: 10_000, outputTokens: 100, capabilities: ['tools', 'vision'] as const };
  const cases: [string, Readonly<Record<string, Known>>, string, string[]][] = [
    ['nothing is known', {}, 'a b c', []],
    ['one lacks it', { a: { lacks: ['vision'] } }, 'b c', ['p/a lacks_vision']],
    [
      'one lacks something else',
      { a: { lacks: ['structured-output', 'thinking'], has: ['tools', 'vision'] } },
      'a b c',
      [],
    ],
    [
      'all but one lack it',
      { a: { lacks: ['vision'] }, c: { lacks: ['tools', 'vision'] } },
      'b',
      ['p/a lacks_vision', 'p/c lacks_tools'],
    ],
    [
      'all lack it',
      { a: { lacks: ['vision'] }, b: { contextWindow: 10 }, c: { lacks: ['tools'] } },
      'a b c',
      [],
    ],
    [
      'it is too long for one',
      { a: { contextWindow: 8192 }, b: { contextWindow: 128_000 } },
      'b c',
      ['p/a context_too_long'],
    ],
    ['no room is left for an answer', { b: { contextWindow: 10_000 } }, 'a c', ['p/b context_too_long']],
  ];
  it.each(cases)('%s', (_, known, models, skipped) => {
    const tree = route('ordered', ['a', 'b', 'c']);
    const order = orderCandidates(tree, input({ factsOf: factsOf(known), needs }));
    expect(order.ordered.map(({ target }) => target.model).join(' ')).toBe(models);
    expect(order.skipped.map(({ ref, reason }) => `${ref} ${reason}`)).toEqual(skipped);
  });

  it('leads to a fallback with a longer window', () => {
    const facts = factsOf({ a: { contextWindow: 8192 }, b: { contextWindow: 128_000 } });
    const order = orderCompiled(compileOrder(route('ordered', ['a', 'b']), facts), input({ needs }));
    expect(order.ordered.map(({ ref }) => ref)).toEqual(['p/b']);
    expect(order.skipped).toEqual([
      {
        ref: 'p/a',
        reason: 'context_too_long',
        note: 'the request has about 10000 tokens, p/a reads 8192',
      },
    ]);
  });

  it('is looked for only where somebody lacks it', () => {
    const facts = factsOf({ a: { lacks: ['vision'] }, b: { lacks: ['audio'], has: ['vision'] } });
    const filter = wants({ capabilities: ['vision'] });
    expect(compileOrder(route('ordered', ['a', 'b']), facts).lacking).toEqual(['vision', 'audio']);
    expect(compileOrder(route('ordered', ['a', 'b'], { filter }), facts).lacking).toEqual(['audio']);
  });

  it('does not stop the only candidate', () => {
    const facts = factsOf({ a: { contextWindow: 10, lacks: ['tools'] } });
    expect(modelsOf(leaf('a'), { factsOf: facts, needs })).toBe('a');
  });
});

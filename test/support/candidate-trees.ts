/** Trees of candidates and facts of their models, as tests of the order write them. All models are of the provider `p`. */
import type { Capability } from '../../src/catalog/model.ts';
import type { Candidates, Target } from '../../src/route/ref.ts';
import type { RouteFilter, Strategy } from '../../src/route/route-rule.ts';
import { type CandidateFacts, type OrderInput, orderCandidates } from '../../src/route/strategies.ts';

export const leaf = (model: string, weight = 1): Candidates => ({
  kind: 'target',
  target: { provider: 'p', model },
  weight,
});

/** Absent = weight 1, no filter, named as its strategy. */
export interface RouteOptions {
  readonly weight?: number;
  readonly filter?: RouteFilter;
  readonly name?: string;
}

/** Texts are models of weight 1. */
export function route(
  strategy: Strategy,
  members: readonly (string | Candidates)[],
  options: RouteOptions = {},
) {
  const { weight = 1, filter, name = strategy } = options;
  return {
    kind: 'route',
    name,
    rule: { strategy, targets: [], filter },
    members: members.map((member) => (typeof member === 'string' ? leaf(member) : member)),
    weight,
  } satisfies Candidates;
}

/** What is known of a model; the rest is not. */
export type Known = Partial<Omit<CandidateFacts, 'can'>> & {
  readonly has?: readonly Capability[];
  readonly lacks?: readonly Capability[];
};

/** By model; of others nothing is known, and other providers do not exist. */
export function factsOf(known: Readonly<Record<string, Known>> = {}) {
  return (target: Target): CandidateFacts | undefined => {
    if (target.provider !== 'p') return undefined;
    const { has = [], lacks = [], ...facts } = known[target.model] ?? {};
    return {
      target,
      ref: `p/${target.model}`,
      inputRate: undefined,
      outputRate: undefined,
      contextWindow: undefined,
      maxOutputTokens: undefined,
      region: undefined,
      can: (capability) => (has.includes(capability) ? true : lacks.includes(capability) ? false : undefined),
      ...facts,
    };
  };
}

/** All are well, none is timed, and a die that always falls in the middle. */
export function input(overrides: Partial<OrderInput> = {}): OrderInput {
  return {
    factsOf: factsOf(),
    firstByteMs: () => undefined,
    isWell: () => true,
    needs: { inputTokens: 1000, outputTokens: 100, capabilities: [] },
    random: () => 0.5,
    session: undefined,
    ...overrides,
  };
}

/** The order, as text. */
export function modelsOf(tree: Candidates, overrides: Partial<OrderInput> = {}): string {
  return orderCandidates(tree, input(overrides))
    .ordered.map(({ target }) => target.model)
    .join(' ');
}

/** Draws in turn. */
export const draws = (...values: number[]) => {
  let at = 0;
  return () => values[at++ % values.length]!;
};

/** A small generator with a seed, so that frequencies are the same in every run. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Nano-dollars per million tokens. */
export const rates = (inputRate: number, outputRate: number): Known => ({ inputRate, outputRate });

/** To the first byte, in milliseconds. */
export const times: Readonly<Record<string, number>> = { 'p/a': 900, 'p/b': 300, 'p/c': 600 };

/** A filter of so much. */
export const wants = (filter: Partial<RouteFilter>): RouteFilter => ({ capabilities: [], ...filter });

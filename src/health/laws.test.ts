/** Laws that hold whatever is admitted, observed, probed or waited for, in any order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBoard } from './board.ts';
import type { HealthBoard, HealthEvent, HealthState, Observation, Place, Trial } from './health.ts';
import { createRetryBudget } from './retry-budget.ts';
import { defaultHealthSettings } from './settings.ts';

/** Two models of one credential, another credential of the same, and a peer elsewhere. */
const places: readonly Place[] = [
  { ref: 'a/opus', provider: 'a', credential: '' },
  { ref: 'a/haiku', provider: 'a', credential: '' },
  { ref: 'a/opus', provider: 'a', credential: 'second' },
  { ref: 'b/opus', provider: 'b', credential: '' },
];

/** Where a state may go. What is not here may not happen. */
const edges: Readonly<Record<HealthState, readonly HealthState[]>> = {
  healthy: ['degraded', 'open', 'limited', 'disabled', 'draining'],
  degraded: ['healthy', 'open', 'limited', 'disabled', 'draining'],
  open: ['half-open', 'limited', 'disabled', 'draining'],
  'half-open': ['healthy', 'degraded', 'open', 'limited', 'disabled', 'draining'],
  limited: ['healthy', 'degraded', 'open', 'half-open', 'disabled', 'draining'],
  disabled: ['half-open', 'open', 'limited', 'draining'],
  draining: ['healthy', 'degraded', 'open', 'half-open', 'limited', 'disabled'],
};

type Step =
  | { readonly kind: 'admit'; readonly place: number; readonly isPanic: boolean }
  /** Admitted, answered and over at once, some times. */
  | {
      readonly kind: 'send';
      readonly place: number;
      readonly times: number;
      readonly observation: Observation;
    }
  | { readonly kind: 'observe'; readonly trial: number; readonly observation: Observation }
  | { readonly kind: 'end'; readonly trial: number }
  | {
      readonly kind: 'probe';
      readonly place: number;
      readonly isReachable: boolean;
      readonly isGood: boolean;
    }
  | { readonly kind: 'drain'; readonly provider: number; readonly isDraining: boolean }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'review' };

const index = fc.nat({ max: places.length - 1 });
const observations = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Observation>({ kind: 'down', reason: 'status 529' }) },
  { weight: 12, arbitrary: fc.constant<Observation>({ kind: 'ok' }) },
  fc.constant<Observation>({ kind: 'neutral' }),
  fc.boolean().map<Observation>((isOfModel) => ({ kind: 'credential', reason: 'status 403', isOfModel })),
  fc
    .option(fc.integer({ min: -5, max: 100_000 }), { nil: undefined })
    .map<Observation>((retryAfterMs) => ({ kind: 'limited', retryAfterMs })),
  fc.nat({ max: 20_000 }).map<Observation>((firstByteMs) => ({ kind: 'first-byte', firstByteMs })),
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('admit' as const), place: index, isPanic: fc.boolean() }),
  },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      place: index,
      times: fc.integer({ min: 1, max: 3 }),
      observation: observations,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('observe' as const),
      trial: fc.nat({ max: 5 }),
      observation: observations,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('end' as const), trial: fc.nat({ max: 5 }) }) },
  fc.record({
    kind: fc.constant('probe' as const),
    place: index,
    isReachable: fc.boolean(),
    isGood: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('drain' as const),
    provider: fc.nat({ max: 1 }),
    isDraining: fc.boolean(),
  }),
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat({ max: 120_000 }) }),
  },
  fc.constant<Step>({ kind: 'review' }),
);

interface Sent {
  readonly place: Place;
  readonly trial: Trial;
  isEnded: boolean;
}

/** A board in the middle of a life, and what was let through so far. */
interface Life {
  readonly board: HealthBoard;
  readonly sent: Sent[];
  pass(ms: number): void;
}

type StepOf<K extends Step['kind']> = Extract<Step, { kind: K }>;

/** What each step does, and what must hold of it. */
const acts: { readonly [K in Step['kind']]: (life: Life, step: StepOf<K>) => void } = {
  admit({ board, sent }, { place: at, isPanic }) {
    const place = places[at]!;
    const { state } = board.standing(place);
    const trial = board.admit(place, isPanic);
    if (!trial) return expect(['healthy', 'degraded']).not.toContain(state);
    expect(['limited', 'disabled', 'draining']).not.toContain(state);
    if (!isPanic) expect(state).not.toBe('open');
    sent.push({ place, trial, isEnded: false });
    if (state === 'half-open' && !isPanic) expect(board.admit(place)).toBeUndefined();
  },
  send({ board }, { place, times, observation }) {
    for (let time = 0; time < times; time += 1) {
      const trial = board.admit(places[place]!);
      trial?.observe(observation);
      trial?.end();
    }
  },
  observe({ sent }, { trial, observation }) {
    sent.at(-1 - trial)?.trial.observe(observation);
  },
  end({ sent }, { trial }) {
    const one = sent.at(-1 - trial);
    if (one) one.isEnded = true;
    one?.trial.end();
  },
  probe({ board }, { place: at, isReachable, isGood }) {
    const place = places[at]!;
    const wasWell = ['healthy', 'degraded'].includes(board.standing(place).state);
    board.probed(place, { isReachable, isCredentialGood: isGood });
    if (!wasWell) expect(['healthy', 'degraded']).not.toContain(board.standing(place).state);
  },
  drain: ({ board }, { provider, isDraining }) => board.drain(['a', 'b'][provider]!, isDraining),
  pass: (life, { ms }) => life.pass(ms),
  review: ({ board }) => board.review(),
};

/** Plays the steps on a board of few failures, and holds the laws after each. */
function play(steps: readonly Step[], chance: number): readonly HealthEvent[] {
  let nowMono = 0;
  const told = new Map<Place, HealthState>();
  const events: HealthEvent[] = [];
  const board = createBoard({
    clock: { now: () => nowMono, monotonic: () => nowMono },
    random: () => chance,
    settings: { failuresInRow: 2, minFirstBytes: 2, windowSamples: 4, panicAtOnce: 2 },
    onEvent(event) {
      if (told.has(event.place)) expect(event.from).toBe(told.get(event.place));
      expect(edges[event.from]).toContain(event.to);
      told.set(event.place, event.to);
      events.push(event);
    },
  });
  const life: Life = {
    board,
    sent: [],
    pass: (ms) => {
      nowMono += ms;
    },
  };
  for (const step of steps) {
    (acts[step.kind] as (life: Life, step: Step) => void)(life, step);
    for (const place of places) {
      const running = life.sent.filter((one) => one.place === place && !one.isEnded).length;
      expect(board.standing(place).inFlight).toBe(running);
    }
  }
  for (const { trial } of life.sent) {
    trial.end();
    trial.end();
  }
  for (const { standing } of board.list()) expect(standing.inFlight).toBe(0);
  return events;
}

describe('any life of a board', () => {
  it('counts what is in flight, goes only where it may, and lets nothing through that is barred', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(steps, { maxLength: 120, size: 'max' }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (life, chance) => {
          for (const { from, to } of play(life, chance)) seen.add(`${from} > ${to}`);
        },
      ),
      { numRuns: 200 },
    );
    // Lives in which nothing happens would hold every law.
    for (const edge of [
      'healthy > open',
      'open > half-open',
      'half-open > healthy',
      'half-open > open',
      'healthy > limited',
      'limited > healthy',
      'healthy > disabled',
      'disabled > half-open',
      'healthy > draining',
    ])
      expect(seen).toContain(edge);
  });

  it('never asks what is open before its time, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (waits, chance) => {
          let nowMono = 0;
          const clock = { now: () => nowMono, monotonic: () => nowMono };
          const board = createBoard({ clock, random: () => chance });
          const place = places[0]!;
          for (let time = 0; time < 5; time += 1) {
            board.admit(place)?.observe({ kind: 'down', reason: 'status 529' });
          }
          const { openMs, openJitter } = defaultHealthSettings;
          for (const wait of waits) {
            nowMono += wait;
            const isLetThrough = board.admit(place) !== undefined;
            if (nowMono < openMs * (1 - openJitter)) expect(isLetThrough).toBe(false);
            if (isLetThrough) return;
          }
          if (nowMono >= openMs * (1 + openJitter)) expect.unreachable('it was kept out for too long');
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('the retry budget', () => {
  it('is never drawn beyond its share of the requests of its window', () => {
    const share = 0.2;
    const floor = 3;
    const windowMs = 10_000;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 3_000 }), fc.nat({ max: 20 }), fc.nat({ max: 10 })), {
          maxLength: 40,
        }),
        (turns) => {
          let nowMono = 0;
          const budget = createRetryBudget(() => nowMono, { share, floor, windowMs });
          const requests: number[] = [];
          const drawn: number[] = [];
          for (const [wait, asked, retries] of turns) {
            nowMono += wait;
            for (let at = 0; at < asked; at += 1) {
              budget.noteRequest();
              requests.push(nowMono);
            }
            for (let at = 0; at < retries; at += 1) {
              const left = budget.left();
              const isDrawn = budget.draw();
              expect(isDrawn).toBe(left >= 1);
              if (!isDrawn) continue;
              drawn.push(nowMono);
              // The window moves by tenths, of which the oldest may be gone already.
              const since = (part: number) => (atMono: number) => atMono > nowMono - windowMs * part;
              const most = floor + share * requests.filter(since(1)).length;
              expect(drawn.filter(since(0.9)).length).toBeLessThanOrEqual(most + 1e-9);
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has its floor again once the window has passed', () => {
    let nowMono = 0;
    const budget = createRetryBudget(() => nowMono, { share: 0.2, floor: 1, windowMs: 10_000 });
    expect([budget.draw(), budget.draw()]).toEqual([true, false]);
    nowMono = 10_000;
    expect([budget.draw(), budget.draw()]).toEqual([true, false]);
  });
});

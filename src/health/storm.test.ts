/**
 * Storms, played in simulated time over the board with the road's own order: the first that is let through, then the
 * next; where none is, the least recently failed in a panic, as far as the retry budget goes.
 */
import { describe, expect, it } from 'vitest';
import { createBoard } from './board.ts';
import type { HealthBoard, Observation, Place } from './health.ts';

/** What a place answers, and after how many milliseconds. */
type Answer = { readonly afterMs: number; readonly observation: Observation };
type Upstream = (nowMs: number, random: () => number) => Answer;

interface Storm {
  readonly upstreams: readonly Upstream[];
  readonly perSecond: number;
  readonly seconds: number;
  /** What happens before is not counted: breakers have yet to see it. */
  readonly countFromMs?: number;
}

interface Tally {
  requests: number;
  good: number;
  attempts: number;
  /** Of the good ones. */
  readonly latencies: number[];
}

const MAX_SENDS = 3;

const good = (afterMs: number): Answer => ({ afterMs, observation: { kind: 'ok' } });
const overloaded: Answer = { afterMs: 100, observation: { kind: 'down', reason: 'status 529' } };
/** It hangs: nothing comes within the time for the first byte. */
const hanging: Answer = { afterMs: 15_000, observation: { kind: 'down', reason: 'first-byte-timeout' } };

/** Small and fast, and the same everywhere: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Events in the order of their time; of one time, in the order they came. */
function createAgenda() {
  const events: { atMs: number; number: number; run: () => void }[] = [];
  let number = 0;
  return {
    at(atMs: number, run: () => void): void {
      number += 1;
      const event = { atMs, number, run };
      let place = events.length;
      while (place > 0 && events[place - 1]!.atMs <= atMs) place -= 1;
      events.splice(place, 0, event);
    },
    next: () => events.pop(),
  };
}

function play({ upstreams, perSecond, seconds, countFromMs = 0 }: Storm, seed: number): Tally {
  const random = seeded(seed);
  let nowMs = 0;
  const board = createBoard({ clock: { now: () => nowMs, monotonic: () => nowMs }, random });
  const places = upstreams.map((_, at): Place => ({ ref: `p${at}/m`, provider: `p${at}`, credential: '' }));
  const agenda = createAgenda();
  const tally: Tally = { requests: 0, good: 0, attempts: 0, latencies: [] };

  const ask = (startedMs: number): void => {
    const isCounted = startedMs >= countFromMs;
    if (isCounted) tally.requests += 1;
    board.noteRequest();
    let sends = 0;
    const tried = new Set<Place>();
    const goOn = (): void => {
      const sent = pick(board, places, tried, sends);
      if (!sent || sends >= MAX_SENDS) return sent?.trial.end();
      tried.add(sent.place);
      sends += 1;
      if (isCounted) tally.attempts += 1;
      const answer = upstreams[places.indexOf(sent.place)]!(nowMs, random);
      agenda.at(nowMs + answer.afterMs, () => {
        if (answer.observation.kind === 'ok')
          sent.trial.observe({ kind: 'first-byte', firstByteMs: answer.afterMs });
        sent.trial.observe(answer.observation);
        sent.trial.end();
        if (answer.observation.kind !== 'ok') return goOn();
        if (!isCounted) return;
        tally.good += 1;
        tally.latencies.push(nowMs - startedMs);
      });
    };
    goOn();
  };

  for (let at = 0; at < seconds * perSecond; at += 1) {
    const atMs = (at * 1_000) / perSecond;
    agenda.at(atMs, () => ask(atMs));
  }
  for (let event = agenda.next(); event; event = agenda.next()) {
    nowMs = event.atMs;
    event.run();
  }
  return tally;
}

/** The next that is let through: in its turn, or in a panic, where each but the first draws on the retry budget. */
function pick(board: HealthBoard, places: readonly Place[], tried: ReadonlySet<Place>, sends: number) {
  const left = places.filter((place) => !tried.has(place));
  for (const place of left) {
    const trial = board.admit(place);
    if (trial) return { place, trial };
  }
  if (left.length === 0 || (sends > 0 && !board.drawRetry())) return undefined;
  const failedAt = (place: Place) => board.standing(place).lastFailedMono ?? Number.NEGATIVE_INFINITY;
  for (const place of left.toSorted((a, b) => failedAt(a) - failedAt(b))) {
    const trial = board.admit(place, true);
    if (trial) return { place, trial };
  }
  return undefined;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const share = ({ good: answered, requests }: Tally): number => answered / requests;
const amplification = ({ attempts, requests }: Tally): number => attempts / requests;

const failing =
  (failureShare: number, goodMs = 1_000): Upstream =>
  (_, random) =>
    random() < failureShare ? overloaded : good(goodMs * (0.5 + random()));
const well = failing(0);

const seeds = [1, 2, 3];

describe('a storm', () => {
  it.each(seeds)('row 18: of one of two costs at most a quarter more attempts (seed %i)', (seed) => {
    const storm = { upstreams: [failing(1), well], perSecond: 20, seconds: 240 };
    const tally = play(storm, seed);
    expect(share(tally)).toBe(1);
    expect(amplification(tally)).toBeLessThanOrEqual(1.25);
  });

  it.each(seeds)('row 18: of all, with 60 in 100 refused, leaves more than 48 answered (seed %i)', (seed) => {
    const all = [failing(0.6), failing(0.6)];
    const tally = play({ upstreams: all, perSecond: 20, seconds: 240 }, seed);
    expect(share(tally)).toBeGreaterThan(0.48);
  });

  it.each(seeds)('of all and everything costs at most a quarter more attempts (seed %i)', (seed) => {
    const all = [failing(1), failing(1), failing(1)];
    const tally = play({ upstreams: all, perSecond: 20, seconds: 240, countFromMs: 5_000 }, seed);
    expect(share(tally)).toBe(0);
    expect(amplification(tally)).toBeLessThanOrEqual(1.25);
  });

  it.each(seeds)('row 2: one that hangs is out of the way once its breaker is open (seed %i)', (seed) => {
    const alone = play({ upstreams: [well], perSecond: 20, seconds: 120 }, seed);
    const hung = play(
      { upstreams: [() => hanging, well], perSecond: 20, seconds: 120, countFromMs: 30_000 },
      seed,
    );
    expect(share(hung)).toBe(1);
    expect(median(hung.latencies) / median(alone.latencies)).toBeLessThan(1.2);
  });

  it.each(seeds)('passes: all are healthy again soon after (seed %i)', (seed) => {
    const upTo = (untilMs: number): Upstream => {
      const storm = failing(1);
      return (nowMs, random) => (nowMs < untilMs ? storm(nowMs, random) : well(nowMs, random));
    };
    const storm = { upstreams: [upTo(60_000), upTo(60_000)], perSecond: 20, seconds: 240 };
    const after = play({ ...storm, countFromMs: 60_000 }, seed);
    expect(share(after)).toBeGreaterThan(0.99);
    expect(amplification(after)).toBeLessThan(1.05);
  });
});

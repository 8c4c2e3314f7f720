/**
 * What the health board costs a request: a look at a place, and an attempt from its admission to its end.
 * Run by hand, bundled, as tsx marks each closure it makes:
 * npx esbuild bench/health-board.ts --bundle --platform=node --format=esm --outfile=bench/.cache/health-board.mjs && node bench/.cache/health-board.mjs
 */
import { systemClock } from '../src/base/clock.ts';
import { createBoard } from '../src/health/board.ts';
import type { Place } from '../src/health/health.ts';

const CALLS = 200_000;
const ROUNDS = 7;

const board = createBoard({ clock: systemClock, random: Math.random });
const places = Array.from({ length: 1_000 }, (_, number): Place => {
  const provider = `p${number % 10}`;
  return { ref: `${provider}/m${number}`, provider, credential: '' };
});
/** Ten of them are in use. */
const used = (call: number): Place => places[call % 10]!;

/** Nanoseconds a call, the best round's mean. */
function measure(what: string, work: (call: number) => void): void {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = process.hrtime.bigint();
    for (let call = 0; call < CALLS; call += 1) work(call);
    best = Math.min(best, Number(process.hrtime.bigint() - begun) / CALLS);
  }
  console.log(`${best.toFixed(0).padStart(6)} ns  ${what}`);
}

measure('a look at a place that nobody asked for', (call) => void board.standing(places[call % 1_000]!));
measure('an attempt: admitted, good, over', (call) => {
  const trial = board.admit(used(call))!;
  trial.observe({ kind: 'ok' });
  trial.end();
});
measure('the same with a first byte', (call) => {
  const trial = board.admit(used(call))!;
  trial.observe({ kind: 'first-byte', firstByteMs: 100 + (call % 77) });
  trial.observe({ kind: 'ok' });
  trial.end();
});
measure('a look at a place in use', (call) => void board.standing(used(call)));
measure('a request noted for the retry budget', () => board.noteRequest());

/**
 * Looks after a running stream: what its input turns out to cost frees the rest of the hold, what its output comes to
 * is kept within it. Where that is reserved as it goes, more is asked for ahead of need.
 */
import { ceilToNano, nanoUsd } from '../base/money.ts';
import { priceTokens, type TokenCounts } from '../catalog/price.ts';
import { judgeUsage } from '../ledger/judge-usage.ts';
import type { AttemptKey, Ledger } from '../ledger/ledger.ts';
import type { Usage } from '../wire/chat.ts';
import type { Observed } from './lane.ts';
import { type HeldSpend, INCREMENT_TOKENS } from './spending.ts';

/** `wait`: nothing more may be read before more is held. `cut`: the stream has had all it may have. */
export type Pace = 'go' | 'wait' | 'cut';

export interface SpendWatch {
  /** After each read. */
  look(observed: Observed): Pace;
}

/** A provider that was told the limit keeps to it; one that does not is cut when it is this far beyond. */
const MAX_OVER_REPORTED = 1.1;
/** Output that is only guessed from its bytes may be guessed too high by as much. */
const MAX_OVER_GUESSED = 1.5;
/** How far ahead of a guess room is asked for. */
const MARGIN = 1.25;
/** Of a short reply the same share is less than one frame. */
const SPARE_TOKENS = 64;

/** It is looked at after each frame: one that brings no more than this does not go beyond what is held. */
const FRAME_TOKENS = 32;

interface WatchState {
  readonly held: HeldSpend;
  /** Everything but the output, in pico-dollars. */
  basePico: bigint;
  isTrimmed: boolean;
  /** Output that what is held is for. */
  heldOutput: number;
  isAsking: boolean;
  isRefused: boolean;
}

/** @param onRoom called when a stream that waits may go on, or has to end */
export function createSpendWatch(
  ledger: Ledger,
  key: AttemptKey,
  held: HeldSpend,
  onRoom: () => void,
): SpendWatch | undefined {
  const { bound, isLimited, incrementalOutput } = held.spending;
  if (!bound || !isLimited || held.maxOutput === 0) return undefined;
  const state: WatchState = {
    held,
    basePico: bound.basePico,
    isTrimmed: held.amount === undefined,
    heldOutput: incrementalOutput === undefined ? held.maxOutput : bound.maxOutput,
    isAsking: false,
    isRefused: false,
  };
  return {
    look(observed) {
      if (!state.isTrimmed && observed.usage?.input !== undefined) trim(ledger, key, state, observed.usage);
      const written = Math.max(observed.usage?.output ?? 0, observed.outputEstimate);
      if (isOver(held.maxOutput, observed)) return 'cut';
      if (incrementalOutput === undefined) return 'go';
      if (needsMore(state, written)) askForMore(ledger, key, state, written, onRoom);
      // All it may have is held: what goes beyond that was guessed, or is cut above.
      const hasRoom = written + FRAME_TOKENS <= state.heldOutput;
      if (hasRoom || state.heldOutput >= held.maxOutput) return 'go';
      return state.isRefused ? 'cut' : 'wait';
    },
  };
}

function isOver(maxOutput: number, { usage, outputEstimate }: Observed): boolean {
  return (
    (usage?.output ?? 0) > maxOutput * MAX_OVER_REPORTED + SPARE_TOKENS ||
    outputEstimate > maxOutput * MAX_OVER_GUESSED + SPARE_TOKENS
  );
}

/** The first report of a stream says what its input really is; the rest of what was held for it is given back. */
function trim(ledger: Ledger, key: AttemptKey, state: WatchState, usage: Usage): void {
  state.isTrimmed = true;
  const { bound, prices } = state.held.spending;
  // Built-in tools read more while the reply runs.
  if (bound!.fixedNano > 0n) return;
  const { counts, flags } = judgeUsage(
    { reported: { ...usage, output: 1 }, outputEstimate: 0, hasContent: true },
    { inputEstimate: bound!.inputTokens },
  );
  if (flags.length > 0) return;
  const input = inputOnly(counts);
  const costs = prices.map((price) => priceTokens(price, input).total * 1_000n);
  const inputPico = costs.reduce((most, cost) => (cost > most ? cost : most), 0n);
  if (costs.length === 0 || inputPico >= state.basePico) return;
  state.basePico = inputPico;
  void ledger.hold(key, amountFor(state, state.heldOutput));
}

function inputOnly(counts: TokenCounts): TokenCounts {
  return { ...counts, output: 0, reasoning: 0, audioOutput: 0, calls: {} };
}

function amountFor({ basePico, held }: WatchState, output: number) {
  return nanoUsd(ceilToNano(basePico + BigInt(output) * held.spending.bound!.outputRatePico));
}

function needsMore({ held, heldOutput, isAsking, isRefused }: WatchState, written: number): boolean {
  if (isAsking || isRefused || heldOutput >= held.maxOutput) return false;
  return Math.ceil(written * MARGIN) + INCREMENT_TOKENS / 2 > heldOutput;
}

function askForMore(
  ledger: Ledger,
  key: AttemptKey,
  state: WatchState,
  written: number,
  onRoom: () => void,
): void {
  const wanted = Math.max(state.heldOutput, Math.ceil(written * MARGIN)) + INCREMENT_TOKENS;
  const target = Math.min(wanted, state.held.maxOutput);
  state.isAsking = true;
  void ledger.hold(key, amountFor(state, target)).then((isHeld) => {
    state.isAsking = false;
    if (isHeld) state.heldOutput = target;
    else state.isRefused = true;
    onRoom();
  });
}

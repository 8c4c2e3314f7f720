/** What a running stream tells the ledger, and what the ledger tells it: how far it came, and how far it may go. */
import type { Failure } from '../upstream/failure.ts';
import { finishClient, type ReplyState, settle, writeOut } from './reply-state.ts';
import { createSpendWatch, type SpendWatch } from './spend-watch.ts';

/** How often a running stream tells the ledger how far it came. */
const CHECKPOINT_MS = 250;

/** Of an attempt whose budgets limit it; undefined = nothing does. */
export function watchOf(state: ReplyState): SpendWatch | undefined {
  const { gateway, exchange, attempt } = state;
  if (!attempt.held) return undefined;
  const key = { exchangeId: exchange.id, attempt: attempt.number };
  return createSpendWatch(gateway.ledger, key, attempt.held, () => goOn(state));
}

/** Looks within the limit: a stream is ended at the latest one look after it. */
const LOOKS = 4;

/** A stream may live on pings and halves of events, but not for ever: one that says nothing for so long is over. */
export function watchContent(state: ReplyState, onSilent: (failure: Failure) => void): void {
  const { contentMs } = state.attempt.deployment.provider.timeouts;
  let quietLooks = 0;
  state.contentTimer = setTimeout(() => {
    if (state.mode !== 'stream' || state.exchange.isClientGone) return;
    const taken = state.lane.tookContent();
    // Nothing is read while the client is slow, or its budgets have no room.
    quietLooks = taken || state.isPaused || state.isOutOfRoom ? 0 : quietLooks + 1;
    if (quietLooks < LOOKS) state.contentTimer?.refresh();
    else onSilent(silentFor(contentMs));
  }, contentMs / LOOKS);
}

function silentFor(limitMs: number): Failure {
  const message = `no content within ${limitMs} ms`;
  return { kind: 'content-timeout', code: 'CONTENT_TIMEOUT', message, wasSent: true };
}

/** After each read of a stream. */
export function noteProgress(state: ReplyState): void {
  checkpoint(state);
  if (!state.watch || state.exchange.isClientGone) return;
  const pace = state.watch.look(state.lane.observed());
  if (pace === 'cut') cutAtLimit(state);
  else if (pace === 'wait' && !state.isOutOfRoom) {
    state.isOutOfRoom = true;
    state.call?.pause();
  }
}

/** More is held, or will not be: then the stream ends here. */
function goOn(state: ReplyState): void {
  if (!state.isOutOfRoom || state.mode !== 'stream') return;
  if (state.watch?.look(state.lane.observed()) === 'cut') return cutAtLimit(state);
  readOn(state);
}

/** To the client it looks as if the model had come to its output limit, which is what happened. */
function cutAtLimit(state: ReplyState): void {
  const cut = state.lane.cut?.();
  // Nothing went out yet, or all of it did: the next read decides.
  if (!cut) return readOn(state);
  writeOut(state, cut.rest);
  settle(state, 'ok', true, 'budget_cut');
  state.call?.abort();
  finishClient(state, 'budget_cut');
}

function readOn(state: ReplyState): void {
  if (!state.isOutOfRoom) return;
  state.isOutOfRoom = false;
  if (!state.isPaused) state.call?.resume();
}

function checkpoint(state: ReplyState): void {
  const { gateway, exchange, attempt } = state;
  const now = gateway.clock.monotonic();
  if (state.checkpointMono === 0) state.checkpointMono = now;
  if (now - state.checkpointMono < CHECKPOINT_MS || !exchange.isMetered) return;
  state.checkpointMono = now;
  gateway.ledger.checkpoint(
    { exchangeId: exchange.id, attempt: attempt.number },
    state.lane.observed().outputEstimate,
  );
}

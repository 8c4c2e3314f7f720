/**
 * Hedging, where a route asks for it: once an attempt is later with its first byte than 95 of 100 are, a second
 * deployment is asked beside it. Who commits first answers the client; the other is given up, and what it cost is
 * booked as of any attempt that a client has left.
 */
import type { Exchange, Gateway } from './exchange.ts';
import { giveUp } from './hold.ts';
import type { Attempt, Lane } from './lane.ts';
import { runAttempt } from './reply.ts';
import type { AttemptOutcome } from './reply-state.ts';

/** An attempt that is held and may be sent. */
export interface Ready {
  readonly attempt: Attempt;
  readonly lane: Lane;
}

export interface Hedge {
  /** As long as the first may take before the second is asked. */
  readonly afterMs: number;
  /** Makes the second ready; undefined = there is none, or it may not be asked. */
  startSecond(view: Exchange): Promise<Ready | undefined>;
}

/** Where nothing is known of how long a deployment usually takes. */
export const UNKNOWN_HEDGE_MS = 5_000;
/** Who is helped sooner than this would not have noticed. */
const LEAST_HEDGE_MS = 50;

const NOBODY_LISTENS = { onClientGone: undefined, onBeat: undefined, onStop: undefined };

/** What each of two attempts has of its own, and begins with; all else is the exchange's. */
const OWN: Partial<Exchange> = {
  sentMono: 0,
  firstByteMono: 0,
  failedMs: 0,
  heldMs: 0,
  ...NOBODY_LISTENS,
  quietBeats: 0,
  isClientGone: false,
};

export interface Sent {
  readonly outcome: AttemptOutcome;
  /** Whose outcome it is. */
  readonly attempt: Attempt;
}

/** Resolves with what answered alone, or with each that failed, first to last; empty = nothing was sent. */
export function runHedged(
  gateway: Gateway,
  exchange: Exchange,
  first: (view: Exchange) => Promise<Ready | undefined>,
  hedge: Hedge,
): Promise<readonly Sent[]> {
  return new Promise((resolve, reject) => {
    const views: Exchange[] = [];
    const failed: Sent[] = [];
    let running = 0;
    let isEnded = false;
    let timer: NodeJS.Timeout | undefined;
    const end = (result: readonly Sent[], view: Exchange): void => {
      // One that is given up may be read on to its usage, after the other has answered.
      if (isEnded) return;
      isEnded = true;
      clearTimeout(timer);
      Object.assign(exchange, NOBODY_LISTENS);
      for (const name of ['sentMono', 'firstByteMono', 'failedMs', 'heldMs'] as const)
        exchange[name] = view[name];
      resolve(result);
    };
    const over = (view: Exchange, result: Sent | undefined): void => {
      running -= 1;
      const isLast = running === 0;
      if (result && result.outcome.type !== 'failed') {
        // The one that was given up resolves too, and says nothing.
        if (view.isClientGone && !exchange.isClientGone && !isLast) return;
        return end([result], view);
      }
      if (result) failed.push(result);
      if (isLast) end(failed, result ? view : views[0]!);
    };
    const askSecond = (): void => {
      if (!isEnded && !exchange.isCommitted && !exchange.isClientGone && running === 1)
        start(hedge.startSecond).catch((fault: unknown) => {
          // The first may answer all the same.
          gateway.log.error({ exchange: exchange.id, fault: String(fault) }, 'fault while hedging');
          over(views[1]!, undefined);
        });
    };
    const start = async (make: (view: Exchange) => Promise<Ready | undefined>): Promise<void> => {
      const view = viewOf(exchange, (winner) => giveUpOthers(views, winner));
      // Until a second was asked, the time was the first's.
      const [first] = views;
      if (first) view.failedMs = gateway.clock.monotonic() - first.sentMono;
      views.push(view);
      running += 1;
      const ready = await make(view);
      if (!ready) return over(view, undefined);
      if (view.isClientGone) {
        // The other committed in the very turn in which this one was held.
        giveUp(gateway, view, ready.attempt);
        return over(view, undefined);
      }
      // Only what is sent can be late, and has its number in the ledger.
      timer ??= setTimeout(askSecond, Math.max(LEAST_HEDGE_MS, hedge.afterMs));
      const outcome = await runAttempt(gateway, view, ready.attempt, ready.lane);
      over(view, { outcome, attempt: ready.attempt });
    };
    passOn(exchange, views);
    start(first).catch(reject);
  });
}

/** What the exchange is told is told to each of its attempts. */
function passOn(exchange: Exchange, views: readonly Exchange[]): void {
  exchange.onClientGone = () => {
    for (const view of views) leave(view);
  };
  exchange.onBeat = () => {
    for (const view of views) view.onBeat?.();
  };
  exchange.onStop = (refusal) => {
    for (const view of views) view.onStop?.(refusal);
  };
}

function giveUpOthers(views: readonly Exchange[], winner: Exchange): void {
  for (const view of views) if (view !== winner) leave(view);
}

/** As if its client had gone: it is cancelled or drained, and booked. */
function leave(view: Exchange): void {
  view.isClientGone = true;
  view.onClientGone?.();
}

/** The exchange as one of two attempts sees it. */
function viewOf(exchange: Exchange, onCommit: (view: Exchange) => void): Exchange {
  const view = Object.create(exchange) as Exchange;
  for (const name of Object.keys(exchange) as (keyof Exchange)[]) {
    Object.defineProperty(view, name, {
      configurable: true,
      enumerable: true,
      ...(name in OWN
        ? { value: OWN[name], writable: true }
        : {
            get: () => exchange[name],
            set(value: never) {
              // One that is given up says nothing of how the exchange ended.
              if (name === 'outcome' && view.isClientGone && !exchange.isClientGone) return;
              Reflect.set(exchange, name, value);
              if (name === 'isCommitted' && value === true) onCommit(view);
            },
          }),
    });
  }
  return view;
}

/**
 * One timer for all streams. Tasks due within the same tick run together, so two thousand paced streams cost one
 * wake-up each few milliseconds and not two thousand timers.
 */
import type { Clock } from '../../base/clock.ts';

/** Calls back once after `delayMs`; the result takes it back. */
export type Wait = (delayMs: number, run: () => void) => () => void;

export const systemWait: Wait = (delayMs, run) => {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
};

/** Finer steps than timers of the event loop keep anyway. */
const TICK_MS = 4;

/** A callback that waits for its tick. */
export interface Task {
  readonly run: () => void;
  readonly tick: number;
}

export interface Scheduler {
  readonly clock: Clock;
  /** Runs at the first tick not before this monotonic time. */
  at(timeMs: number, run: () => void): Task;
  cancel(task: Task): void;
}

interface Ticks {
  readonly clock: Clock;
  readonly wait: Wait;
  readonly tasks: Map<number, Set<Task>>;
  /** Tick the one timer is set for. */
  armedFor: number;
  disarm: (() => void) | undefined;
}

export function createScheduler(clock: Clock, wait: Wait = systemWait): Scheduler {
  const ticks: Ticks = { clock, wait, tasks: new Map(), armedFor: Infinity, disarm: undefined };
  return {
    clock,
    at(timeMs, run) {
      const task: Task = { run, tick: Math.ceil(timeMs / TICK_MS) };
      const others = ticks.tasks.get(task.tick);
      if (others) others.add(task);
      else ticks.tasks.set(task.tick, new Set([task]));
      if (task.tick < ticks.armedFor) arm(ticks, task.tick);
      return task;
    },
    cancel(task) {
      const others = ticks.tasks.get(task.tick);
      if (!others?.delete(task) || others.size > 0) return;
      ticks.tasks.delete(task.tick);
      // A timer with nothing left to do would keep the process alive.
      if (ticks.tasks.size === 0) arm(ticks, Infinity);
    },
  };
}

function arm(ticks: Ticks, tick: number): void {
  ticks.disarm?.();
  ticks.disarm = undefined;
  ticks.armedFor = tick;
  if (tick === Infinity) return;
  const delayMs = Math.max(0, tick * TICK_MS - ticks.clock.monotonic());
  ticks.disarm = ticks.wait(delayMs, () => {
    ticks.disarm = undefined;
    ticks.armedFor = Infinity;
    runDue(ticks);
    armNext(ticks);
  });
}

function armNext(ticks: Ticks): void {
  let next = Infinity;
  for (const tick of ticks.tasks.keys()) if (tick < next) next = tick;
  if (next < ticks.armedFor) arm(ticks, next);
}

/** Timers may fire a little early or late: what is due counts, in the order of ticks. */
function runDue(ticks: Ticks): void {
  const now = Math.floor(ticks.clock.monotonic() / TICK_MS);
  const due = [...ticks.tasks.keys()].filter((tick) => tick <= now).sort((a, b) => a - b);
  for (const tick of due) {
    const tasks = ticks.tasks.get(tick);
    if (!tasks) continue;
    // A task may cancel another of its tick; one that is added to the tick waits for the next round.
    for (const task of [...tasks]) if (tasks.delete(task)) task.run();
    if (tasks.size === 0) ticks.tasks.delete(tick);
  }
}

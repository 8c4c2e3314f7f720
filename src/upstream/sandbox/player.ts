/** Plays a script: head, pieces and ending when they are due, with pause, resume, abort, and the timeouts of an attempt. */

import type { Scheduler, Task } from './scheduler.ts';
import type { Answer } from './script.ts';

export type TimeoutKind = 'first-byte-timeout' | 'idle-timeout' | 'total-timeout';

/** What the script is played to. After `onEnd`, `onCut` or `onTimeout` nothing comes any more. */
export interface Listener {
  onHead(status: number, headers: Readonly<Record<string, string>>): void;
  onData(chunk: Buffer): void;
  onEnd(): void;
  /** The socket is reset. */
  onCut(): void;
  onTimeout(kind: TimeoutKind): void;
}

/** Milliseconds; Infinity = never. */
export interface Patience {
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

export interface Playback {
  pause(): void;
  resume(): void;
  /** Nothing is called any more. */
  abort(): void;
}

export const ENDLESS: Patience = { firstByteMs: Infinity, idleMs: Infinity, totalMs: Infinity };

/** Text pieces that are due together go out as one chunk up to this size: what one read of a socket gives. */
const MAX_CHUNK_CHARS = 64 * 1024;

interface Playing {
  readonly script: Answer;
  readonly listener: Listener;
  readonly patience: Patience;
  readonly scheduler: Scheduler;
  readonly run: () => void;
  readonly startedAt: number;
  phase: 'head' | 'body' | 'over';
  isPaused: boolean;
  hasData: boolean;
  /** The next piece, made one ahead, so that the end is known with the last. */
  held: Uint8Array | string | undefined;
  index: number;
  /** When the head or the held piece is due; monotonic. */
  dueAt: number;
  /** Since when one waits for bytes: the last chunk, or the start or the end of a pause. */
  activeAt: number;
  task: Task | undefined;
  isQueued: boolean;
}

/** Nothing is called before this returns. */
export function play(
  script: Answer,
  listener: Listener,
  scheduler: Scheduler,
  patience: Patience = ENDLESS,
): Playback {
  const startedAt = scheduler.clock.monotonic();
  const playing: Playing = {
    script,
    listener,
    patience,
    scheduler,
    run: () => step(playing),
    startedAt,
    phase: 'head',
    isPaused: false,
    hasData: false,
    held: undefined,
    index: 0,
    dueAt: startedAt + script.headAfterMs,
    activeAt: startedAt,
    task: undefined,
    isQueued: false,
  };
  queue(playing);
  return {
    pause() {
      playing.isPaused = true;
    },
    resume() {
      if (!playing.isPaused) return;
      playing.isPaused = false;
      // The pause was the reader's: no silence of the upstream's.
      playing.activeAt = scheduler.clock.monotonic();
      queue(playing);
    },
    abort: () => finish(playing),
  };
}

/** Runs soon, but not inside the call that asked for it. */
function queue(playing: Playing): void {
  if (playing.isQueued || playing.phase === 'over') return;
  playing.isQueued = true;
  queueMicrotask(() => {
    playing.isQueued = false;
    step(playing);
  });
}

function finish(playing: Playing): void {
  playing.phase = 'over';
  playing.held = undefined;
  if (playing.task) playing.scheduler.cancel(playing.task);
  playing.task = undefined;
}

function step(playing: Playing): void {
  if (playing.task) playing.scheduler.cancel(playing.task);
  playing.task = undefined;
  const now = playing.scheduler.clock.monotonic();
  if (playing.phase === 'head' && playing.dueAt <= now) openBody(playing);
  if (playing.phase === 'body') deliver(playing, now);
  if (isOver(playing)) return;
  const late = findTimeout(playing, now);
  if (late) {
    finish(playing);
    playing.listener.onTimeout(late);
    return;
  }
  const wakeAt = Math.min(playing.isPaused ? Infinity : playing.dueAt, nextDeadline(playing));
  if (wakeAt !== Infinity) playing.task = playing.scheduler.at(wakeAt, playing.run);
}

/** A listener may abort inside any call: asked anew each time. */
function isOver(playing: Playing): boolean {
  return playing.phase === 'over';
}

function openBody(playing: Playing): void {
  const { script, listener } = playing;
  playing.phase = 'body';
  listener.onHead(script.status, script.headers);
  if (isOver(playing)) return;
  playing.held = script.next();
  if (playing.held !== undefined) playing.dueAt += script.delayMs(0);
}

function deliver(playing: Playing, now: number): void {
  while (!isOver(playing) && !playing.isPaused) {
    if (playing.held === undefined) return conclude(playing);
    if (playing.dueAt > now) return;
    const chunk = takeChunk(playing, now);
    if (chunk.length === 0) continue;
    playing.hasData = true;
    playing.activeAt = now;
    playing.listener.onData(chunk);
  }
}

/** Due text pieces joined; bytes stand alone, as they were cut on purpose. */
function takeChunk(playing: Playing, now: number): Buffer {
  if (typeof playing.held !== 'string') {
    const bytes = playing.held!;
    advance(playing);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  let text = '';
  while (typeof playing.held === 'string' && playing.dueAt <= now && text.length < MAX_CHUNK_CHARS) {
    text += playing.held;
    advance(playing);
  }
  return Buffer.from(text);
}

function advance(playing: Playing): void {
  playing.index += 1;
  playing.held = playing.script.next();
  if (playing.held !== undefined) playing.dueAt += playing.script.delayMs(playing.index);
}

function conclude(playing: Playing): void {
  const { script, listener } = playing;
  if (script.ending === 'silence') {
    playing.dueAt = Infinity;
    return;
  }
  finish(playing);
  if (script.ending === 'cut') listener.onCut();
  else listener.onEnd();
}

/** Before the first byte one waits longer than between two. */
function quietDeadline({ isPaused, hasData, patience, activeAt }: Playing): number {
  if (isPaused) return Infinity;
  return activeAt + (hasData ? patience.idleMs : patience.firstByteMs);
}

function nextDeadline(playing: Playing): number {
  return Math.min(quietDeadline(playing), playing.startedAt + playing.patience.totalMs);
}

function findTimeout(playing: Playing, now: number): TimeoutKind | undefined {
  if (now >= playing.startedAt + playing.patience.totalMs) return 'total-timeout';
  if (now < quietDeadline(playing)) return undefined;
  return playing.hasData ? 'idle-timeout' : 'first-byte-timeout';
}

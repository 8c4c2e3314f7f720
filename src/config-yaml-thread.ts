/** Parses large YAML beside the event loop: a thousand routes take tens of milliseconds, for which no stream should wait. */
import { Worker } from 'node:worker_threads';
import { type Lines, nearest, type ParsedYaml, parseYaml } from './config-yaml.ts';
import type { Answer, Task } from './config-yaml-worker.ts';

export interface YamlParser {
  /** Rejects with an error whose message is one line. */
  parse(text: string): Promise<ParsedYaml>;
  close(): Promise<void>;
}

/** A few milliseconds of parsing. */
const INLINE_BYTES = 8 * 1024;
/** Far above what 1 MiB of settings comes to; a bomb ends the thread, not the process. */
const HEAP_MB = 512;
/** Settings that take longer are none. */
const TIMEOUT_MS = 20_000;
/** Kept for as long as somebody edits: a thread that has worked before is five times as quick as a new one. */
const IDLE_MS = 10 * 60_000;

/** Beside this file, compiled or not. */
const isBuilt = import.meta.url.endsWith('.js');
const entry = new URL(isBuilt ? './config-yaml-worker.js' : './config-yaml-from-source.mjs', import.meta.url);

interface Job {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
  lastId: number;
  timer: NodeJS.Timeout | undefined;
}

/** Nothing runs before the first large text. */
export function createYamlParser(): YamlParser {
  let thread: Thread | undefined;
  const end = async (ended: Thread, error: Error): Promise<void> => {
    if (thread === ended) thread = undefined;
    clearTimeout(ended.timer);
    for (const job of ended.jobs.values()) job.reject(error);
    ended.jobs.clear();
    await ended.worker.terminate();
  };
  const arm = (running: Thread): void => {
    clearTimeout(running.timer);
    const isIdle = running.jobs.size === 0;
    // Idle, it keeps no process alive.
    if (isIdle) running.worker.unref();
    else running.worker.ref();
    running.timer = setTimeout(
      () => void end(running, new Error('it could not be read in time')),
      isIdle ? IDLE_MS : TIMEOUT_MS,
    ).unref();
  };
  const start = (): Thread => {
    const worker = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    const started: Thread = { worker, jobs: new Map(), lastId: 0, timer: undefined };
    worker.on('message', (answer: Answer) => {
      started.jobs.get(answer.id)?.resolve(answer);
      started.jobs.delete(answer.id);
      arm(started);
    });
    worker.on('error', (error) => void end(started, error));
    worker.on('exit', () => void end(started, new Error('the thread that reads it ended by itself')));
    return started;
  };
  return {
    async parse(text) {
      if (Buffer.byteLength(text) <= INLINE_BYTES) return parseYaml(text);
      thread ??= start();
      const running = thread;
      running.lastId += 1;
      const task: Task = { id: running.lastId, text };
      const answer = await new Promise<Answer>((resolve, reject) => {
        running.jobs.set(task.id, { resolve, reject });
        arm(running);
        running.worker.postMessage(task);
      });
      return parsedOf(answer);
    },
    async close() {
      if (thread) await end(thread, new Error('the thread that reads it is ended'));
    },
  };
}

function parsedOf(answer: Answer): ParsedYaml {
  if (answer.kind === 'invalid') throw new Error(answer.message);
  const value: unknown = JSON.parse(answer.value);
  let lines: Lines | undefined;
  return {
    value,
    lineAt(path) {
      lines ??= new Map(JSON.parse(answer.lines) as [string, number][]);
      return nearest(lines, path);
    },
  };
}

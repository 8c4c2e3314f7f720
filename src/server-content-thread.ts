/** Makes contents ready for keeping beside the event loop: to look through a megabyte takes some ten milliseconds. */
import { Worker } from 'node:worker_threads';
import type { NotedContent } from './gateway/content-noted.ts';
import type { Answer, Task } from './server-content-worker.ts';

export interface ContentThread {
  /** Packed; rejects where the thread ended, without saying what was in it. */
  prepare(content: NotedContent): Promise<Buffer>;
  close(): Promise<void>;
}

/** Far above what two megabytes of text come to; a fault of ours ends the thread, not the process. */
const HEAP_MB = 256;
/** What takes longer is a fault. */
const TIMEOUT_MS = 30_000;

/** Beside this file, compiled or not. */
const isBuilt = import.meta.url.endsWith('.js');
const entry = new URL(
  isBuilt ? './server-content-worker.js' : './server-content-from-source.mjs',
  import.meta.url,
);

interface Job {
  resolve(packed: Buffer): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

interface Thread {
  readonly worker: Worker;
  readonly jobs: Map<number, Job>;
}

/** Nothing runs before the first content. */
export function createContentThread(): ContentThread {
  let thread: Thread | undefined;
  let lastId = 0;
  const end = async (ended: Thread, reason: string): Promise<void> => {
    if (thread === ended) thread = undefined;
    for (const { reject, timer } of ended.jobs.values()) {
      clearTimeout(timer);
      reject(new Error(reason));
    }
    ended.jobs.clear();
    await ended.worker.terminate();
  };
  const start = (): Thread => {
    const worker = new Worker(entry, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
    const started: Thread = { worker, jobs: new Map() };
    worker.on('message', (answer: Answer) => settle(started, answer));
    worker.on('error', () => void end(started, 'the thread that looks through contents failed'));
    worker.on('exit', () => void end(started, 'the thread that looks through contents ended by itself'));
    return started;
  };
  return {
    prepare(content) {
      thread ??= start();
      const running = thread;
      lastId += 1;
      const task: Task = { id: lastId, content };
      return new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => void end(running, 'content took too long to be looked through'),
          TIMEOUT_MS,
        );
        running.jobs.set(task.id, { resolve, reject, timer: timer.unref() });
        running.worker.ref();
        running.worker.postMessage(task);
      });
    },
    async close() {
      if (thread) await end(thread, 'the thread that looks through contents is ended');
    },
  };
}

function settle({ worker, jobs }: Thread, answer: Answer): void {
  const job = jobs.get(answer.id);
  if (!job) return;
  jobs.delete(answer.id);
  clearTimeout(job.timer);
  // Idle, it keeps no process alive.
  if (jobs.size === 0) worker.unref();
  if (answer.kind === 'fault') return job.reject(new Error('content could not be looked through'));
  const { buffer, byteOffset, byteLength } = answer.packed;
  job.resolve(Buffer.from(buffer, byteOffset, byteLength));
}

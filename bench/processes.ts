/** Processes of the bench: started, watched through /proc, and ended by their own id, whatever happens. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a subject may take until it answers; Portkey needs about two seconds. */
const READY_LIMIT_MS = 20_000;
/** How long a process may take to end after SIGTERM before it is killed. */
const STOP_LIMIT_MS = 8_000;
/** No single run of the load generator is longer, even when its subject hangs. */
const RUN_LIMIT_MS = 120_000;
/** Linux counts processor time in /proc in hundredths of a second on every architecture Node runs on. */
const TICK_US = 10_000;

export interface Running {
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Both outputs go there. */
  readonly logFile: string;
}

const alive = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

/** Starts a process with a clean environment (PATH and what is given). */
export function start({ command, args, env = {}, cwd, logFile }: Start): Running {
  const log = openSync(logFile, 'a');
  const child = spawn(command, [...args], {
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH ?? '', ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  closeSync(log);
  return watch(child);
}

function watch(child: ChildProcess): Running {
  alive.add(child);
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      alive.delete(child);
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended;
    clearTimeout(timer);
  };
  return { pid: child.pid ?? 0, ended, stop };
}

/** Runs a program to its end and hands each line of its output to `onLine` as it comes. Throws when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { ended } = watch(child);
  let rest = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), RUN_LIMIT_MS);
  const drained = new Promise((resolve) => child.once('close', resolve));
  await ended;
  clearTimeout(timer);
  if (child.exitCode === null && child.signalCode === null)
    throw new Error(`${command} could not be started`);
  await drained;
  if (child.exitCode !== 0) throw new Error(`${command} failed: ${complaints || child.signalCode}`);
}

/** Waits until `GET url` gets any answer below 500. */
export async function waitUntilReady(
  url: string,
  running: Running,
  name: string,
  logFile: string,
): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  let hasEnded = false;
  void running.ended.then(() => {
    hasEnded = true;
  });
  while (Date.now() < deadline && !hasEnded) {
    try {
      const reply = await fetch(url, { signal: AbortSignal.timeout(1000) });
      await reply.arrayBuffer();
      if (reply.status < 500) return;
    } catch {
      // Not listening yet.
    }
    await sleep(100);
  }
  await running.stop();
  const tail = readFileSync(logFile, 'utf8').slice(-1500);
  throw new Error(`${name} ${hasEnded ? 'ended at once' : 'did not answer'}:\n${tail}`);
}

/** A port that is free now, on loopback. */
export async function findPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** The process and its children (nginx works in a child). */
export function family(pid: number): number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => readStat(Number(name))[1] === String(pid));
  return [pid, ...children.map(Number)];
}

/** Processor time used so far by all of `pids`, user and system, microseconds. */
export function readCpuUs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readStat(pid);
    return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_US;
  }, 0);
}

/** Fields of /proc/<pid>/stat after the name: [state, parent, …]; user time is 11, system time 12. */
function readStat(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Resident memory of all of `pids`, bytes. Pages they share are counted more than once. */
export function readRssBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    try {
      const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
      return sum + Number(found?.[1] ?? 0) * 1024;
    } catch {
      return sum;
    }
  }, 0);
}

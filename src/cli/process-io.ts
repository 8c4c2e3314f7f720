/** The real world of a command: this process, its terminal, its network. */
import { execFile, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { CliError, type Environment, type Io, type Output, usageError } from './io.ts';

/** A program that takes longer to tell its version is taken as broken. */
const VERSION_TIMEOUT_MS = 5_000;

export function createProcessIo(): Io {
  // A reader that goes away (`turnpike usage | head`) ends the program quietly, as it does any other.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    stdin: { isTerminal: process.stdin.isTTY === true, readAll: readStdin },
    env: process.env,
    cwd: process.cwd(),
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    fetch: (request) => fetch(request),
    openOffline: async (config) => (await import('./serve.ts')).openOffline(config),
    probeDatabase: async (config) => (await import('./serve.ts')).probeDatabase(config),
    confirm,
    askSecret,
    start,
    firstLine,
    onStop,
    onHangup,
    exit: (code) => process.exit(code),
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    drained: () =>
      stream.writableNeedDrain ? new Promise((resolve) => stream.once('drain', resolve)) : Promise.resolve(),
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
  };
}

async function readStdin(limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > limitBytes) throw usageError(`stdin has more than ${limitBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function confirm(question: string): Promise<boolean> {
  const prompts = await import('@clack/prompts');
  return (await prompts.confirm({ message: question, initialValue: false })) === true;
}

async function askSecret(question: string): Promise<string | undefined> {
  const prompts = await import('@clack/prompts');
  const answer = await prompts.password({ message: question });
  return typeof answer === 'string' ? answer : undefined;
}

/** Signals a supervisor sends us are meant for the client; Ctrl-C on a terminal reaches it by itself. */
const FORWARDED = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;

function start(command: string, args: readonly string[], env: Environment): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    const forward = (signal: NodeJS.Signals): void => {
      // The terminal sends it to the whole group: passing it on would make it two.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    const forget = (): void => {
      for (const signal of FORWARDED) process.off(signal, forward);
    };
    child.once('error', (error) => {
      forget();
      reject(new CliError(`${command} could not be started: ${error.message}`));
    });
    child.once('exit', (code, signal) => {
      forget();
      // As a shell reports a program that a signal ended.
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

function firstLine(command: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, args, { timeout: VERSION_TIMEOUT_MS, maxBuffer: 64 * 1024 }, (error, stdout) => {
      const line = stdout.split('\n', 1)[0]?.trim();
      resolve(error || !line ? undefined : line);
    });
  });
}

/** On a terminal it says that the terminal is gone, and ends the program as it does any other. */
function onHangup(handler: () => void): () => void {
  if (process.stdin.isTTY || process.stderr.isTTY) return () => {};
  process.on('SIGHUP', handler);
  return () => process.off('SIGHUP', handler);
}

function onStop(handler: () => void): () => void {
  process.on('SIGINT', handler);
  process.on('SIGTERM', handler);
  return () => {
    process.off('SIGINT', handler);
    process.off('SIGTERM', handler);
  };
}

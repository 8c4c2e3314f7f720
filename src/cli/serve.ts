/** `turnpike serve`: runs the server in this process until it is told to stop. The one door from the CLI to server.ts. */
import { type Config, loadConfig } from '../config.ts';
import { printBanner } from './banner.ts';
import { CliError, type ExitCode, type Io, type Offline } from './io.ts';
import { paintFor, printLine } from './print.ts';
import type { RunningServer } from './running-server.ts';

export interface ServeOptions {
  readonly host?: string;
  readonly port?: number;
  readonly config?: string;
  readonly durability?: 'power' | 'process';
  readonly logLevel?: string;
}

export type StartServer = (config: Config) => Promise<RunningServer>;

/** Resolves when the server has drained. A second signal ends the process at once. */
export async function serve(
  io: Io,
  options: ServeOptions,
  start: StartServer = startReal,
): Promise<ExitCode> {
  const config = loadConfig({ flags: options, env: io.env, cwd: io.cwd });
  const paint = paintFor(io.stderr, io.env);
  for (const warning of config.warnings) printLine(io.stderr, `${paint.yellow('!')} ${warning}`);
  const server = await startOrExplain(config, start);
  for (const problem of server.problems) printLine(io.stderr, `${paint.yellow('!')} ${problem}`);
  const stopped = untilStopped(io);
  const forgetHangup = io.onHangup(() => void server.reload?.());
  await printBanner(io, config, server);
  await stopped.first;
  printLine(io.stderr, paint.dim('stopping; what is open may finish (again to stop at once)'));
  stopped.onSecond(() => io.exit(1));
  await server.close();
  stopped.forget();
  forgetHangup();
  return 0;
}

async function startReal(config: Config): Promise<RunningServer> {
  const { startServer } = await import('../server.ts');
  return startServer(config);
}

/** The admin application over the database alone, for commands while no server runs. */
export async function openOffline(config: Config): Promise<Offline> {
  const server = await import('../server.ts');
  return server.openOffline(config);
}

export async function probeDatabase(config: Config): Promise<string | undefined> {
  const server = await import('../server.ts');
  return server.probeDatabase(config.databaseUrl, config.env.TURSO_AUTH_TOKEN);
}

async function startOrExplain(config: Config, start: StartServer): Promise<RunningServer> {
  try {
    return await start(config);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const place = `${config.host}:${config.port}`;
    if (code === 'EADDRINUSE') {
      throw new CliError(
        `something already listens at ${place}`,
        'See what: `turnpike doctor`. Or use --port.',
      );
    }
    if (code === 'EACCES') {
      throw new CliError(`this user may not listen at ${place}`, 'Use a port above 1023: --port 8642.');
    }
    if (code === 'EADDRNOTAVAIL') {
      throw new CliError(`${config.host} is no address of this machine`, 'Use --host 127.0.0.1.');
    }
    throw error;
  }
}

interface Stops {
  readonly first: Promise<void>;
  onSecond(act: () => void): void;
  forget(): void;
}

function untilStopped(io: Io): Stops {
  let act: () => void = () => {};
  let forget: () => void = () => {};
  const first = new Promise<void>((resolve) => {
    act = resolve;
    forget = io.onStop(() => act());
  });
  return {
    first,
    onSecond(next) {
      act = next;
    },
    forget: () => forget(),
  };
}

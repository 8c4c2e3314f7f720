/** `turnpike health`: how the running server's providers are doing, and taking one out of use. */
import type {
  DeploymentHealthBody,
  HealthBody,
  HealthChangeBody,
  ProviderHealthBody,
} from '../admin/health.ts';
import { withServer } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { count, moment, type Paint, paintFor, printJson, printLine, printTable } from './print.ts';

export interface HealthOptions {
  readonly provider?: string;
  readonly events?: boolean;
  readonly json?: boolean;
}

/** As many changes as a screen takes. */
const CHANGES = 50;

/** Of the running server: what is known of health lives in its process. */
export async function showHealth(io: Io, { provider, events, json }: HealthOptions): Promise<ExitCode> {
  const asked = { changes: events ? CHANGES : 0, ...(provider !== undefined && { provider }) };
  const health = await withServer(io, (client) => client.health(asked));
  if (json) printJson(io, health);
  else if (events) printChanges(io, health.changes);
  else printHealth(io, health);
  return health.deployments.some(isOut) ? 1 : 0;
}

function isOut({ state }: DeploymentHealthBody): boolean {
  return state === 'open' || state === 'disabled';
}

function printHealth(io: Io, { providers, deployments, retriesLeft }: HealthBody): void {
  const paint = paintFor(io.stdout, io.env);
  printTable(
    io,
    ['provider', 'state', 'in flight', 'last probe', 'reason'].map((title) => ({ title })),
    providers.map((one) => [
      one.provider,
      coloured(one.state, paint),
      count(one.inFlight),
      saidOf(one),
      one.reason ?? '',
    ]),
  );
  if (deployments.length > 0) {
    printLine(io.stdout);
    printTable(
      io,
      ['deployment', 'credential', 'state', 'until', 'first byte', 'p95', 'in flight', 'reason'].map(
        (title) => ({ title }),
      ),
      deployments.map((one) => [
        one.ref,
        one.credential,
        coloured(one.state, paint),
        clock(one.until),
        milliseconds(one.firstByteMs),
        milliseconds(one.p95FirstByteMs),
        count(one.inFlight),
        one.reason ?? '',
      ]),
    );
  }
  if (deployments.some(isOut))
    printLine(io.stdout, paint.dim(`retries left for what is unwell: ${count(retriesLeft)}`));
}

function printChanges(io: Io, changes: readonly HealthChangeBody[]): void {
  if (changes.length === 0) return printLine(io.stdout, 'Nothing has changed in the last thirty days.');
  const paint = paintFor(io.stdout, io.env);
  const hasReplicas = changes.some(({ replica }) => replica !== '');
  printTable(
    io,
    [
      'at',
      'deployment',
      'credential',
      'from',
      'to',
      'until',
      'reason',
      ...(hasReplicas ? ['seen by'] : []),
    ].map((title) => ({ title })),
    changes.map((one) => [
      `${moment(one.at)}:${one.at.slice(17, 19)}`,
      one.ref,
      one.credential,
      one.from,
      coloured(one.to, paint),
      clock(one.until),
      one.reason,
      ...(hasReplicas ? [one.replica] : []),
    ]),
  );
}

export interface DrainOptions {
  readonly off?: boolean;
  readonly json?: boolean;
}

export async function drain(io: Io, provider: string, { off, json }: DrainOptions): Promise<ExitCode> {
  const now = await withServer(io, (client) => client.drain({ provider, isDraining: !off }));
  if (json) printJson(io, now);
  else if (off) printLine(io.stdout, `${provider} is used again.`);
  else {
    const left = now.inFlight === 0 ? '' : ` ${count(now.inFlight)} under way may end.`;
    printLine(io.stdout, `Nothing more is sent to ${provider}.${left}`);
  }
  return 0;
}

function coloured(state: ProviderHealthBody['state'], paint: Paint): string {
  switch (state) {
    case 'healthy':
      return paint.green(state);
    case 'open':
    case 'disabled':
    case 'unreachable':
      return paint.red(state);
    case 'unknown':
      return paint.dim(state);
    default:
      return paint.yellow(state);
  }
}

function saidOf({ probe }: ProviderHealthBody): string {
  return probe ? `${probe.said}, ${count(probe.tookMs)} ms` : '';
}

/** Of today: waits are short. */
function clock(isoText: string | null): string {
  return isoText === null ? '' : isoText.slice(11, 19);
}

function milliseconds(ms: number | null): string {
  return ms === null ? '' : `${count(ms)} ms`;
}

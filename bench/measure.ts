/** One round of one scenario against one subject: what the load generator saw, and what the subject's processes used. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Format, writeBody } from './bodies.ts';
import type { Binaries } from './native.ts';
import { readCpuUs, readRssBytes, run } from './processes.ts';
import { isPaced, type Scenario } from './scenarios.ts';
import type { Subject, Target } from './subjects.ts';

/** Arrivals that find no free connection wait in the generator, and that wait counts; so many suffice at every rate here. */
const OPEN_CONNECTIONS = 256;
/** How long memory is given to settle after the last stream has opened. */
const HOLD_SECONDS = 4;

/** What load.c prints. Times in microseconds. */
export interface LoadResult {
  readonly requests: number;
  readonly requests_total: number;
  readonly errors: number;
  readonly unfinished: number;
  readonly bytes: number;
  readonly rps: number;
  readonly p50_us: number;
  readonly p95_us: number;
  readonly p99_us: number;
  readonly first_p50_us: number;
  readonly events_total: number;
  readonly event_p50_us: number;
  readonly event_p99_us: number;
  /** The first error in words; empty when there was none. */
  readonly error: string;
}

export interface Round extends LoadResult {
  /** Processor time of the subject for each request, microseconds. */
  readonly cpuUs: number;
  /** Processor time of the subject for each event of a paced stream, microseconds. */
  readonly cpuPerEventUs: number;
  /** Reply bytes (bodies) for each request. */
  readonly replyBytes: number;
  /** Resident memory of the subject after the round, bytes. */
  readonly rssBytes: number;
  /** Memory added by each open stream, bytes (`hold` only). */
  readonly streamBytes: number;
}

export interface Times {
  readonly seconds: number;
  readonly warmupSeconds: number;
}

/** Undefined when the subject cannot do this scenario. */
export async function measure(
  binaries: Binaries,
  scenario: Scenario,
  subject: Subject,
  times: Times,
): Promise<Round | undefined> {
  const target = subject.target(scenario);
  if (target === undefined) return undefined;
  const pids = subject.pids();
  const rssBefore = readRssBytes(pids);
  const cpuBefore = readCpuUs(pids);
  let result: LoadResult | undefined;
  const reading: Promise<number>[] = [];
  await run(binaries.load, loadArguments(scenario, target, times), (line) => {
    const value = JSON.parse(line) as LoadResult | { open: number };
    if (!('open' in value)) result = value;
    else reading.push(readRssLater(pids));
  });
  const [rssOpen] = await Promise.all(reading);
  if (result === undefined) throw new Error(`${scenario.name}: the load generator printed no result`);
  if (scenario.load.kind === 'hold' && rssOpen === undefined)
    throw new Error(`not all of ${scenario.load.streams} streams could be opened`);
  const cpuUs = readCpuUs(pids) - cpuBefore;
  return {
    ...result,
    cpuUs: cpuUs / Math.max(1, result.requests_total),
    cpuPerEventUs: cpuUs / Math.max(1, result.events_total),
    replyBytes: result.bytes / Math.max(1, result.requests_total),
    rssBytes: readRssBytes(pids),
    streamBytes: scenario.load.kind === 'hold' && rssOpen ? (rssOpen - rssBefore) / scenario.load.streams : 0,
  };
}

/** Just before the streams are closed again. */
async function readRssLater(pids: readonly number[]): Promise<number> {
  await sleep((HOLD_SECONDS - 1) * 1000);
  return readRssBytes(pids);
}

function loadArguments(scenario: Scenario, target: Target, times: Times): string[] {
  const body = writeBody({
    format: target.format,
    model: target.model,
    bytes: scenario.bodyBytes,
    isStream: scenario.isStream,
  });
  const isPacedStream = scenario.isStream && isPaced(scenario);
  return [
    ...['--port', String(target.port), '--path', target.path, '--body', body],
    ...Object.entries(target.headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    ...modeArguments(scenario, times),
    ...(scenario.load.kind === 'hold' ? [] : ['--expect', expectedEnd(target.format, scenario.isStream)]),
    ...(isPacedStream ? ['--stamps'] : []),
  ];
}

function modeArguments({ load }: Scenario, { seconds, warmupSeconds }: Times): string[] {
  const window = ['--seconds', String(seconds), '--warmup', String(warmupSeconds)];
  switch (load.kind) {
    case 'closed':
      return ['--mode', 'closed', '--connections', String(load.connections), ...window];
    case 'open':
      return [
        '--mode',
        'open',
        '--connections',
        String(OPEN_CONNECTIONS),
        '--rate',
        String(load.perSecond),
        ...window,
      ];
    case 'hold':
      return ['--mode', 'hold', '--connections', String(load.streams), '--seconds', String(HOLD_SECONDS)];
    default:
      return load satisfies never;
  }
}

/** How a whole reply ends: a stream that was cut has status 200 too. */
function expectedEnd(format: Format, isStream: boolean): string {
  if (!isStream) return '}';
  return format === 'openai-chat' ? '[DONE]' : 'message_stop';
}

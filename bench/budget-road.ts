/**
 * `npx tsx bench/budget-road.ts`: what budgets cost on the way of a request. The same load on Turnpike without a budget and with four that
 * every request counts against, in turn; ratios within a round, then their median.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, type Round } from './measure.ts';
import { buildNative } from './native.ts';
import { findPort, start, waitUntilReady } from './processes.ts';
import { SCENARIOS } from './scenarios.ts';
import { median, pairedRatio, rotate } from './statistics.ts';
import { freshFolder, STARTERS, type Subject } from './subjects.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'relay-1k-c32,relay-200k-c32,relay-1k-burst-c32,translate-1k-c32' },
    check: { type: 'boolean', default: false },
  },
});
/** Throughput with budgets over throughput without. */
const BAR = 0.85;

const built = buildNative();
if (!built) throw new Error('a C compiler is needed (gcc, or CC)');
const binaries = built;
const port = await findPort();
const logFile = join(freshFolder('upstream'), 'output.log');
const upstream = start({ command: binaries.upstream, args: ['--port', String(port)], logFile });
await waitUntilReady(`http://127.0.0.1:${port}/v1/models`, upstream, 'upstream', logFile);
const wish = { upstreamPort: port, upstreamPid: upstream.pid };

async function open(name: 'turnpike' | 'turnpike-budgets'): Promise<Subject> {
  const started = await STARTERS[name](wish);
  if ('missing' in started) throw new Error(started.missing);
  return started;
}

const times = { seconds: Number(options.seconds), warmupSeconds: 0.5 };
const [plain, limited] = [await open('turnpike'), await open('turnpike-budgets')];
let isMissed = false;
for (const name of options.only.split(',')) {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (!scenario) throw new Error(`no row is called ${name}`);
  const rounds = new Map<Subject, (Round | undefined)[]>([
    [plain, []],
    [limited, []],
  ]);
  for (const subject of [plain, limited])
    await measure(binaries, scenario, subject, { seconds: 1, warmupSeconds: 0 });
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const subject of rotate([plain, limited], round))
      rounds.get(subject)!.push(await measure(binaries, scenario, subject, times));
  }
  const column = (subject: Subject, of: (round: Round) => number) =>
    rounds.get(subject)!.map((round) => round && of(round));
  const rate =
    pairedRatio(
      column(limited, ({ rps }) => rps),
      column(plain, ({ rps }) => rps),
    ) ?? Number.NaN;
  const cpu = pairedRatio(
    column(limited, ({ cpuUs }) => cpuUs),
    column(plain, ({ cpuUs }) => cpuUs),
  );
  const perSecond = (subject: Subject) =>
    median(column(subject, ({ rps }) => rps).flatMap((rps) => rps ?? []));
  if (rate < BAR) isMissed = true;
  console.log(
    `${name.padEnd(24)} without ${perSecond(plain)?.toFixed(0)}/s, with ${perSecond(limited)?.toFixed(0)}/s: ` +
      `throughput ${rate.toFixed(2)}, processor time ${cpu?.toFixed(2)}`,
  );
}
await Promise.all([plain.stop(), limited.stop()]);
await upstream.stop();
if (options.check && isMissed) process.exit(1);

/** `npm run bench`: Turnpike beside a direct call, nginx and Portkey, on one machine, in one run. See README.md. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, type Round, type Times } from './measure.ts';
import { type Binaries, buildNative } from './native.ts';
import { CACHE, HERE, ROOT } from './places.ts';
import { findPort, type Running, start, waitUntilReady } from './processes.ts';
import { busyUs, type CpuProfile, rankCallers, rankFiles, rankFunctions, renderShares } from './profile.ts';
import { renderReport, renderResultsFile } from './report.ts';
import { findFaults, judgeBars, type Results, type Row } from './results.ts';
import { chooseScenarios, isPaced, SCENARIOS, type Scenario, type SubjectName } from './scenarios.ts';
import { rotate } from './statistics.ts';
import { freshFolder, STARTERS, type StartWish, type Subject } from './subjects.ts';

const FULL = { rounds: 3, seconds: 3, warmupSeconds: 0.5 };
const QUICK = { rounds: 2, seconds: 1.5, warmupSeconds: 0.3 };
/** Before its first round of a row a subject is driven this long, so that compiled code is what is measured. */
const WARM_SECONDS = 1;
/** Enough to load the code, too little to leave a heap full of garbage that open streams could hide in. */
const HOLD_WARM_RATE = 50;
const PROFILE_SECONDS = 10;

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    portkey: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    profile: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
});

const plan = options.quick ? QUICK : FULL;
const roundCount = Number(options.rounds ?? plan.rounds);
const times: Times = { seconds: Number(options.seconds ?? plan.seconds), warmupSeconds: plan.warmupSeconds };

interface Stage {
  readonly binaries: Binaries;
  readonly wish: StartWish;
  readonly upstream: Running;
}

async function openStage(binaries: Binaries): Promise<Stage> {
  const port = await findPort();
  const logFile = join(freshFolder('upstream'), 'output.log');
  const upstream = start({ command: binaries.upstream, args: ['--port', String(port)], logFile });
  await waitUntilReady(`http://127.0.0.1:${port}/v1/models`, upstream, 'upstream', logFile);
  return { binaries, upstream, wish: { upstreamPort: port, upstreamPid: upstream.pid } };
}

/** Starts what is wanted; what cannot be started is named in `missing`. */
async function openSubjects(
  stage: Stage,
  names: readonly SubjectName[],
  missing: Set<string>,
): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const name of names) {
    try {
      const started = await STARTERS[name](stage.wish);
      if ('missing' in started) missing.add(`${name}: ${started.missing}`);
      else subjects.push(started);
    } catch (error) {
      missing.add(`${name}: ${describeError(error)}`);
    }
  }
  return subjects;
}

async function stopAll(subjects: readonly Subject[]): Promise<void> {
  await Promise.all(subjects.map((subject) => subject.stop()));
}

function isWanted(scenario: Scenario, name: SubjectName): boolean {
  return name !== 'turnpike-process' || scenario.hasProcessRow;
}

/** A subject that ends in the middle of a row is named in `missing` and has no figures there; the others go on. */
async function measureRow(
  stage: Stage,
  scenario: Scenario,
  subjects: readonly Subject[],
  missing: Set<string>,
): Promise<Row> {
  const takers = subjects.filter((subject) => isWanted(scenario, subject.name) && subject.target(scenario));
  const rounds = Object.fromEntries(takers.map(({ name }) => [name, [] as (Round | undefined)[]]));
  const attempt = async (subject: Subject, length: Times): Promise<Round | undefined> => {
    try {
      return await measure(stage.binaries, scenario, subject, length);
    } catch (error) {
      missing.add(`${subject.name} in ${scenario.name}: ${describeError(error)}`);
      return undefined;
    }
  };
  for (const subject of takers) await attempt(subject, { seconds: WARM_SECONDS, warmupSeconds: 0 });
  for (let round = 0; round < roundCount; round++) {
    for (const subject of rotate(takers, round)) rounds[subject.name]?.push(await attempt(subject, times));
  }
  return { scenario, rounds };
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}

/** Open streams are counted once, on processes that have served little before: a grown heap would hide what they cost. */
async function measureHold(
  stage: Stage,
  scenario: Scenario,
  names: readonly SubjectName[],
  missing: Set<string>,
): Promise<Row> {
  const rounds: Partial<Record<SubjectName, Round[]>> = {};
  const warm: Scenario = {
    ...scenario,
    load: { kind: 'open', perSecond: HOLD_WARM_RATE },
    model: 'bench-model',
  };
  for (const name of names.filter((candidate) => isWanted(scenario, candidate))) {
    const own = name === 'direct' ? await openStage(stage.binaries) : stage;
    const subjects = await openSubjects(own, [name], missing);
    for (const subject of subjects) {
      try {
        await measure(stage.binaries, warm, subject, { seconds: WARM_SECONDS, warmupSeconds: 0 });
        const round = await measure(stage.binaries, scenario, subject, times);
        if (round) rounds[name] = [round];
      } catch (error) {
        missing.add(`${name} in ${scenario.name}: ${describeError(error)}`);
      }
    }
    await stopAll(subjects);
    if (own !== stage) await own.upstream.stop();
  }
  return { scenario, rounds };
}

async function runRows(stage: Stage, scenarios: readonly Scenario[]): Promise<Results> {
  const names: SubjectName[] = ['direct', 'nginx', 'turnpike'];
  if (scenarios.some(({ hasProcessRow }) => hasProcessRow)) names.push('turnpike-process');
  if (options.portkey) names.push('portkey');
  const missing = new Set<string>();
  const rows: Row[] = [];
  const show = (row: Row): void => {
    rows.push(row);
    process.stderr.write(`${describeRow(row)}\n`);
    for (const fault of findFaults(row)) process.stderr.write(`  ! ${fault}\n`);
  };
  const isHold = (scenario: Scenario): boolean => scenario.load.kind === 'hold';
  for (const scenario of scenarios.filter(isHold)) show(await measureHold(stage, scenario, names, missing));
  const others = scenarios.filter((scenario) => !isHold(scenario));
  const subjects = others.length === 0 ? [] : await openSubjects(stage, names, missing);
  for (const scenario of others) show(await measureRow(stage, scenario, subjects, missing));
  await stopAll(subjects);
  return { ...describeRun(), missing: [...missing], rows };
}

function describeRow({ scenario, rounds }: Row): string {
  const parts = Object.entries(rounds).map(([name, all]) => {
    const round = all?.at(-1);
    if (!round) return `${name} -`;
    if (scenario.load.kind === 'hold') return `${name} ${(round.streamBytes / 1024).toFixed(1)} KB`;
    if (scenario.load.kind === 'open') return `${name} ${round.p50_us} µs`;
    if (isPaced(scenario)) return `${name} ${round.event_p50_us} µs`;
    return `${name} ${round.rps.toFixed(0)}/s`;
  });
  return `${scenario.name.padEnd(30)} ${parts.join('  ')}`;
}

function describeRun(): Omit<Results, 'missing' | 'rows'> {
  return {
    date: new Date().toISOString(),
    machine: {
      cores: cpus().length,
      memoryGb: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      system: `${platform()} ${arch()}`,
    },
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim(),
    seconds: times.seconds,
    roundCount,
  };
}

/** Turnpike alone under V8's profiler. */
async function runProfile(stage: Stage, name: string): Promise<void> {
  const scenario =
    SCENARIOS.find((candidate) => candidate.name === name) ??
    SCENARIOS.find((candidate) => candidate.name === `${name}-c32`);
  if (!scenario) throw new Error(`no row is called ${name}; --list names them`);
  const folder = freshFolder('profile');
  const started = await STARTERS.turnpike({
    ...stage.wish,
    nodeArguments: ['--cpu-prof', `--cpu-prof-dir=${folder}`, '--cpu-prof-interval=500'],
  });
  if ('missing' in started) throw new Error(started.missing);
  const seconds = Number(options.seconds ?? PROFILE_SECONDS);
  const round = await measure(stage.binaries, scenario, started, { seconds, warmupSeconds: 1 });
  await started.stop();
  const file = readdirSync(folder).find((entry) => entry.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error('Node wrote no profile: did Turnpike end by SIGTERM?');
  const profile = JSON.parse(readFileSync(join(folder, file), 'utf8')) as CpuProfile;
  console.log(
    `${scenario.name}: ${round?.rps.toFixed(0)} req/s under the profiler, ${round?.cpuUs.toFixed(0)} µs CPU a request\n`,
  );
  const busy = busyUs(profile);
  console.log(renderShares('function, self time', rankFunctions(profile), busy, 30));
  console.log(`\n${renderShares('function, with what it calls', rankCallers(profile), busy, 40)}`);
  console.log(
    `\n${renderShares('file, self time', rankFiles(profile), busy, 20)}\n\nbench/.cache/run/profile/${file}`,
  );
}

async function main(): Promise<void> {
  const scenarios = chooseScenarios(options.only, options.quick);
  if (options.list) {
    console.log(SCENARIOS.map(({ name, isQuick }) => `${name}${isQuick ? '  (quick)' : ''}`).join('\n'));
    return;
  }
  const binaries = buildNative();
  if (!binaries) {
    console.log('bench: skipped, there is no C compiler (Debian: apt-get install gcc libc6-dev)');
    return;
  }
  mkdirSync(CACHE, { recursive: true });
  const stage = await openStage(binaries);
  if (options.profile !== undefined) {
    await runProfile(stage, options.profile);
  } else {
    const results = await runRows(stage, scenarios);
    writeFileSync(join(CACHE, 'last.json'), JSON.stringify(results));
    console.log(renderReport(results));
    if (options.write) writeFileSync(join(HERE, 'RESULTS.md'), renderResultsFile(results));
    if (options.check && judgeBars(results.rows).some(({ isMet }) => !isMet)) process.exitCode = 1;
  }
  await stage.upstream.stop();
}

await main();

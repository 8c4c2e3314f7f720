/** Takes what the files say while it serves: read, judged, compared, put into force as a whole, or told why not. */
import type {
  ChangedNames,
  ConfigurationDesk,
  ConfigurationFacts,
  ReloadAnswer,
} from './admin/deps-configuration.ts';
import type { Definitions } from './agents/definition.ts';
import type { Clock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import { promptIdText } from './base/prompt-id.ts';
import { isSameValue } from './base/same-value.ts';
import { type Config, ConfigError } from './config.ts';
import { diffSettings, type Taken, takeConfig } from './config-diff.ts';
import { isSameMark, isThinner, type Mark, takeMark } from './config-mark.ts';
import { type ConfigReader, createConfigReader } from './config-read.ts';
import { createWatch, type Wait } from './config-watch.ts';
import { type DefinitionSource, definitionPaths } from './server-agents.ts';
import type { Live, ReadFiles } from './server-live.ts';
import { foldersOf } from './server-reload-folders.ts';

export interface ReloadInput {
  readonly live: Live;
  readonly definitions: DefinitionSource;
  /** Makes the budgets, rate limits and prices of the files those of the database. @throws {ConfigError} */
  declare(config: Config): Promise<void>;
  /** False: the files are read when asked to, and not watched. */
  readonly isServing: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: the system's timers, none of which keeps the process alive. */
  readonly wait?: Wait;
}

export interface Reload extends ConfigurationDesk {
  /** For the metrics. */
  stats(): { readonly isOk: boolean; readonly done: number; readonly failed: number };
  stop(): Promise<void>;
}

/** Readings in a row that found a file changing under them; who writes that long is heard again when he is done. */
const MAX_ROUNDS = 5;
/** Between two of them. */
const SETTLE_MS = 50;
/** What looks like the middle of a save is looked at again after this before it counts. */
const DOUBT_MS = 500;
/** Names in a line of the log; the answer of the admin API has all. */
const MAX_LOGGED = 20;

const systemWait: Wait = (delayMs, run) => {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
};

interface State {
  /** Of the files as they were read last. */
  mark: Mark | undefined;
  /** Of files that looked half written. */
  doubted: Mark | undefined;
  loadedAtMs: number;
  /** As the files have it, with what counts from the next start. */
  read: Config;
  problem: ConfigurationFacts['problem'];
  /** The problem that was logged, and what the files held then. */
  told: string;
  pendingRestart: readonly string[];
  done: number;
  failed: number;
}

type Found = { readonly mark: Mark; readonly isSettled: boolean } & (
  | { readonly kind: 'read'; readonly files: ReadFiles }
  | { readonly kind: 'problem'; readonly message: string }
);

export function openReload(input: ReloadInput): Reload {
  const { live, clock, wait = systemWait } = input;
  const { config } = live.declared();
  const reader = createConfigReader(config);
  const state: State = {
    mark: undefined,
    doubted: undefined,
    loadedAtMs: clock.now(),
    read: config,
    problem: undefined,
    told: '',
    pendingRestart: [],
    done: 0,
    failed: 0,
  };
  const desk = { ...input, wait, reader, state };
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  const watch = input.isServing
    ? createWatch({
        wait,
        onStir: () =>
          inTurn(async () => {
            const again = await look(desk);
            watch?.follow(await foldersOf(pathsOf(desk), state.mark ?? new Map(), state.read));
            return again;
          }),
      })
    : undefined;
  watch?.stir();
  return {
    describe: () => describe(state, live),
    stats: () => ({ isOk: state.problem === undefined, done: state.done, failed: state.failed }),
    reload: () => inTurn(async () => take(desk, await readSettled(desk, await takeMark(pathsOf(desk))))),
    async stop() {
      watch?.stop();
      await last;
      await reader.close();
    },
  };
}

interface Desk extends ReloadInput {
  readonly wait: Wait;
  readonly reader: ConfigReader;
  readonly state: State;
}

function pathsOf({ reader, live }: Desk): string[] {
  return [...reader.paths(), ...definitionPaths(live.declared().config)];
}

/** What has changed is taken. Resolves with when to look again, where that is not at the usual time. */
async function look(desk: Desk): Promise<number | undefined> {
  const { state } = desk;
  const mark = await takeMark(pathsOf(desk));
  if (state.mark && isSameMark(mark, state.mark)) return undefined;
  const found = await readSettled(desk, mark);
  if (isDoubtful(state, found)) {
    state.doubted = found.mark;
    return DOUBT_MS;
  }
  state.doubted = undefined;
  await take(desk, found);
  return undefined;
}

/** A file that is emptied, gone or broken for a moment is what saving looks like from outside. */
function isDoubtful({ mark, doubted }: State, found: Found): boolean {
  if (!found.isSettled) return true;
  if (found.kind === 'read' && !(mark && isThinner(mark, found.mark))) return false;
  return !(doubted && isSameMark(doubted, found.mark));
}

/** What was read is of one moment: as long as something changes meanwhile, it is read again. */
async function readSettled(desk: Desk, first: Mark): Promise<Found> {
  let before = first;
  for (let round = 1; ; round += 1) {
    const read = await readFiles(desk);
    const mark = await takeMark(pathsOf(desk));
    const isSettled = isSameMark(before, mark);
    if (isSettled || round === MAX_ROUNDS) return { ...read, mark, isSettled };
    await new Promise<void>((done) => desk.wait(SETTLE_MS, done));
    before = await takeMark(pathsOf(desk));
  }
}

async function readFiles({ reader, definitions }: Desk): Promise<FilesOrProblem> {
  try {
    const config = await reader.read();
    return { kind: 'read', files: { config, definitions: await definitions.load(config) } };
  } catch (error) {
    return { kind: 'problem', message: error instanceof Error ? error.message : String(error) };
  }
}

type FilesOrProblem =
  | { readonly kind: 'read'; readonly files: ReadFiles }
  | { readonly kind: 'problem'; readonly message: string };

async function take(desk: Desk, found: Found): Promise<ReloadAnswer> {
  const { state } = desk;
  state.mark = found.mark;
  const answer: ReloadAnswer =
    found.kind === 'problem'
      ? { kind: 'failed', message: found.message }
      : await putIntoForce(desk, found.files);
  if (answer.kind === 'failed') noteProblem(desk, answer.message);
  else noteGood(desk);
  if (answer.kind === 'done') state.done += 1;
  return answer;
}

async function putIntoForce(desk: Desk, files: ReadFiles): Promise<ReloadAnswer> {
  const { live, state, log, clock } = desk;
  const startedAt = clock.monotonic();
  const running = live.declared();
  const { config, diff, pendingRestart } =
    files.config === state.read ? unchanged(state, running.config) : takeConfig(running.config, files.config);
  const definitions = sameOrNext(running.definitions, files.definitions);
  const prompts = diffSettings(settingsOf(running.definitions), settingsOf(definitions));
  const names = joined(diff, prompts);
  const isSame = definitions === running.definitions && isNone(diff);
  try {
    if (!isSame) await live.replace({ config, definitions }, () => declareAnew(desk, config));
  } catch (error) {
    // What stands in the way is in the database: the next look tries again.
    state.mark = undefined;
    const message = error instanceof ConfigError ? error.message : `it could not be put into force: ${error}`;
    return { kind: 'failed', message };
  }
  state.read = files.config;
  tellPending(desk, pendingRestart);
  if (isSame) return { kind: 'unchanged' };
  const { revision } = live.current();
  const ms = Math.round(clock.monotonic() - startedAt);
  log.info({ revision, ms, ...shortened(names) }, 'the configuration files have changed and are in force');
  return { kind: 'done', ...names };
}

/** All of it or nothing: where one part cannot be, the others are as the running configuration has them. */
async function declareAnew({ live, declare, log }: Desk, config: Config): Promise<void> {
  const running = live.declared().config;
  const declared = ({ budgets, rateLimits, prices }: Config) => [budgets, rateLimits, prices.overrides];
  if (isSameValue(declared(running), declared(config))) return;
  try {
    await declare(config);
  } catch (error) {
    await declare(running).catch((fault: unknown) => {
      log.error({ error: String(fault) }, 'budgets, rate limits and prices could not be put back');
    });
    throw error;
  }
}

/** The files are those that were put into force last. */
function unchanged({ pendingRestart }: State, config: Config): Taken {
  return { config, diff: { added: [], changed: [], removed: [] }, pendingRestart };
}

/** What is compiled from them is kept by their identity. */
function sameOrNext(running: Definitions, next: Definitions): Definitions {
  return isSameValue(running, next) ? running : next;
}

function isNone({ added, changed, removed }: ChangedNames): boolean {
  return added.length + changed.length + removed.length === 0;
}

function settingsOf({ prompts, agents, pipelines }: Definitions): Map<string, unknown> {
  return new Map<string, unknown>([
    ...prompts.map((prompt) => [`prompt ${promptIdText(prompt.id)}`, prompt] as const),
    ...agents.map((agent) => [`agents.yaml agents.${agent.name}`, agent] as const),
    ...pipelines.map((pipeline) => [`agents.yaml pipelines.${pipeline.name}`, pipeline] as const),
  ]);
}

function joined(a: ChangedNames, b: ChangedNames): ChangedNames {
  return {
    added: [...a.added, ...b.added],
    changed: [...a.changed, ...b.changed],
    removed: [...a.removed, ...b.removed],
  };
}

function shortened(names: ChangedNames): Record<string, readonly string[]> {
  const short = (list: readonly string[]) =>
    list.length > MAX_LOGGED ? [...list.slice(0, MAX_LOGGED), `and ${list.length - MAX_LOGGED} more`] : list;
  return { added: short(names.added), changed: short(names.changed), removed: short(names.removed) };
}

function tellPending({ state, log }: Desk, pendingRestart: readonly string[]): void {
  const fresh = pendingRestart.filter((name) => !state.pendingRestart.includes(name));
  state.pendingRestart = pendingRestart;
  if (fresh.length > 0)
    log.warn(
      { settings: fresh },
      'these settings have changed and count from the next start; the old values stay',
    );
}

/** Each content once: looking again says nothing new. */
function noteProblem({ state, clock, log, reader }: Desk, message: string): void {
  state.problem = { message, atMs: clock.now() };
  const told = `${message}\n${reader.digest()}`;
  if (told === state.told) return;
  state.told = told;
  state.failed += 1;
  log.error({ problem: message }, 'the configuration files cannot be taken; the last good state serves on');
}

function noteGood({ state, clock, log }: Desk): void {
  if (state.problem) log.info({}, 'the configuration files are in order again');
  state.problem = undefined;
  state.told = '';
  state.loadedAtMs = clock.now();
}

function describe(state: State, live: Live): ConfigurationFacts {
  return {
    revision: live.current().revision,
    files: state.read.files,
    loadedAtMs: state.loadedAtMs,
    ...(state.problem && { problem: state.problem }),
    pendingRestart: state.pendingRestart,
    warnings: state.read.warnings,
    reloads: { done: state.done, failed: state.failed },
  };
}

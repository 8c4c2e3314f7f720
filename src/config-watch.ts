/** Hears that something may have changed in folders, and says so once it has become quiet. What has changed is for others to find out. */
import { type FSWatcher, watch } from 'node:fs';

/** Calls once after so many milliseconds, unless what is returned is called before. */
export type Wait = (delayMs: number, run: () => void) => () => void;

export interface WatchedFolder {
  readonly folder: string;
  /** Another one when another folder stands at the path. */
  readonly stamp: string;
  /** Names that matter; undefined = everything in it. */
  readonly names: ReadonlySet<string> | undefined;
}

export interface Watch {
  /** As if something had been heard. */
  stir(): void;
  /** Listens to these and no others. */
  follow(folders: readonly WatchedFolder[]): void;
  stop(): void;
}

export interface WatchInput {
  /**
   * Something may have changed. Called one at a time; what is heard meanwhile brings another call, and so does the end
   * of the milliseconds that it resolves with, where nothing was heard.
   */
  onStir(): Promise<number | undefined>;
  readonly wait: Wait;
}

/** An editor saves in several steps, a checkout writes many files: read when they are done. */
const QUIET_MS = 100;
/** Who writes without a pause is not waited for longer. */
const LONGEST_MS = 1_000;
/** Network folders and some containers do not tell: looked at all the same. */
const POLL_MS = 2_000;
/** The system has few of them to give; what is above is found by looking. */
const MAX_WATCHES = 200;

export function createWatch({ onStir, wait }: WatchInput): Watch {
  const timers = { quiet: nothing, longest: nothing, poll: nothing };
  let isWaiting = false;
  let isRunning = false;
  let isHeard = false;
  let isStopped = false;
  const forget = (): void => {
    timers.quiet();
    timers.longest();
    timers.poll();
    isWaiting = false;
  };
  const fire = (): void => {
    forget();
    isHeard = false;
    isRunning = true;
    // Its faults are its own to tell; here it counts only that it has ended.
    void onStir()
      .catch(() => undefined)
      .then((againMs = POLL_MS) => {
        isRunning = false;
        if (isStopped) return;
        timers.poll = wait(againMs, fire);
        if (isHeard) hear();
      });
  };
  const hear = (): void => {
    isHeard = true;
    if (isRunning || isStopped) return;
    timers.quiet();
    timers.quiet = wait(QUIET_MS, fire);
    if (isWaiting) return;
    isWaiting = true;
    // In the middle of many changes it would find half of them.
    timers.poll();
    timers.longest = wait(LONGEST_MS, fire);
  };
  timers.poll = wait(POLL_MS, fire);
  const ears = createEars(hear);
  return {
    stir: hear,
    follow: (folders) => {
      if (!isStopped) ears.follow(folders);
    },
    stop() {
      isStopped = true;
      forget();
      ears.follow([]);
    },
  };
}

function nothing(): void {}

interface Ear {
  readonly stamp: string;
  names: ReadonlySet<string> | undefined;
  readonly watcher: FSWatcher;
}

function createEars(hear: () => void): Pick<Watch, 'follow'> {
  const ears = new Map<string, Ear>();
  const close = (folder: string): void => {
    ears.get(folder)?.watcher.close();
    ears.delete(folder);
  };
  const listen = ({ folder, stamp, names }: WatchedFolder): void => {
    try {
      // In most installations the books lie in such a folder too: their names do not matter.
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        const wanted = ears.get(folder)?.names;
        // `..data` is the link that Kubernetes turns to a new set of files.
        if (name === null || wanted === undefined || wanted.has(name) || name.startsWith('..')) hear();
      });
      watcher.on('error', () => close(folder));
      ears.set(folder, { stamp, names, watcher });
    } catch {
      // Gone by now, or the system has no more to give: it is looked at all the same.
    }
  };
  return {
    follow(folders) {
      const wanted = new Map(folders.slice(0, MAX_WATCHES).map((one) => [one.folder, one]));
      for (const [folder, { stamp }] of ears) if (wanted.get(folder)?.stamp !== stamp) close(folder);
      for (const one of wanted.values()) {
        const known = ears.get(one.folder);
        if (known) known.names = one.names;
        else listen(one);
      }
    },
  };
}

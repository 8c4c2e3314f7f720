/** When it says that something may have changed: timers of the test's own, and the system's events. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createWatch, type Wait, type Watch } from './config-watch.ts';

const folder = mkdtempSync(join(tmpdir(), 'turnpike-watch-'));
let watch: Watch | undefined;
afterEach(() => {
  watch?.stop();
  watch = undefined;
});

/** Time that passes when the test says so. */
function createTime() {
  let now = 0;
  let timers: { at: number; run(): void }[] = [];
  const wait: Wait = (delayMs, run) => {
    const timer = { at: now + delayMs, run };
    timers.push(timer);
    return () => {
      timers = timers.filter((one) => one !== timer);
    };
  };
  const pass = async (ms: number): Promise<void> => {
    const until = now + ms;
    for (;;) {
      const due = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      now = due.at;
      timers = timers.filter((one) => one !== due);
      due.run();
      await new Promise((done) => setImmediate(done));
    }
    now = until;
  };
  return { wait, pass, open: () => timers.length };
}

/** Stirs noted; each ends when the test says so, or at once. */
function watched(options: { again?: number; isHeld?: boolean } = {}) {
  const time = createTime();
  let stirs = 0;
  let release: () => void = () => {};
  watch = createWatch({
    wait: time.wait,
    async onStir() {
      stirs += 1;
      if (options.isHeld) await new Promise<void>((done) => (release = done));
      return options.again;
    },
  });
  return { ...time, watch, stirs: () => stirs, release: () => release() };
}

describe('what is heard', () => {
  it('counts once it has been quiet', async () => {
    const { watch, pass, stirs } = watched();
    for (let n = 0; n < 10; n += 1) {
      watch.stir();
      await pass(50);
    }
    expect(stirs()).toBe(0);
    await pass(50);
    expect(stirs()).toBe(1);
  });
  it('counts after a second where it never becomes quiet', async () => {
    const { watch, pass, stirs } = watched();
    for (let ms = 0; ms < 990; ms += 90) {
      watch.stir();
      await pass(90);
    }
    expect(stirs()).toBe(0);
    watch.stir();
    await pass(10);
    expect(stirs()).toBe(1);
  });
  it('counts again where it was heard while the last one was looked at', async () => {
    const { watch, pass, stirs, release } = watched({ isHeld: true });
    watch.stir();
    await pass(100);
    watch.stir();
    await pass(1_000);
    expect(stirs()).toBe(1);
    release();
    await new Promise((done) => setImmediate(done));
    await pass(100);
    expect(stirs()).toBe(2);
  });
});

it('looks every two seconds where nothing is heard, and earlier where it is told to', async () => {
  const quiet = watched();
  await quiet.pass(6_000);
  expect(quiet.stirs()).toBe(3);
  quiet.watch.stop();
  const eager = watched({ again: 500 });
  await eager.pass(4_000);
  expect(eager.stirs()).toBe(5);
});

it('does nothing more when it is stopped', async () => {
  const { watch, pass, stirs, open } = watched();
  watch.stir();
  watch.stop();
  watch.stir();
  await pass(10_000);
  expect(stirs()).toBe(0);
  expect(open()).toBe(0);
});

describe('folders', () => {
  const heard = (names: ReadonlySet<string> | undefined, at = folder) => {
    let isStirred = false;
    watch = createWatch({
      // Quiet at once; the look every two seconds never comes.
      wait: (delayMs, run) => {
        if (delayMs === 100) run();
        return () => {};
      },
      onStir: async () => {
        isStirred = true;
        return undefined;
      },
    });
    watch.follow([{ folder: at, stamp: '1', names }]);
    return () => isStirred;
  };
  it.each<[string, ReadonlySet<string> | undefined, () => void]>([
    ['a name that matters', new Set(['a.yaml']), () => writeFileSync(join(folder, 'a.yaml'), '1')],
    ['any name', undefined, () => writeFileSync(join(folder, 'b.md'), '1')],
    [
      'a file put in its place',
      new Set(['a.yaml']),
      () => {
        writeFileSync(join(folder, 'c'), '1');
        renameSync(join(folder, 'c'), join(folder, 'a.yaml'));
      },
    ],
    ['the link that Kubernetes turns', new Set(['a.yaml']), () => writeFileSync(join(folder, '..data'), '1')],
  ])('%s is heard', async (_, names, change) => {
    const isHeard = heard(names);
    change();
    await expect.poll(isHeard, { interval: 5 }).toBe(true);
  });
  it('other names are not', async () => {
    const isHeard = heard(new Set(['a.yaml', 'last']));
    for (let n = 0; n < 20; n += 1) writeFileSync(join(folder, `other-${n}`), '1');
    // What comes later is heard later: by then the others were passed over.
    expect(isHeard()).toBe(false);
    writeFileSync(join(folder, 'last'), '1');
    await expect.poll(isHeard, { interval: 5 }).toBe(true);
  });
  it('one that is not there, or that goes, does no harm', async () => {
    const gone = join(folder, 'gone');
    mkdirSync(gone);
    heard(undefined, gone);
    watch!.follow([
      { folder: gone, stamp: '1', names: undefined },
      { folder: join(folder, 'never'), stamp: '1', names: undefined },
    ]);
    rmSync(gone, { recursive: true });
    mkdirSync(gone);
    watch!.follow([{ folder: gone, stamp: '2', names: undefined }]);
  });
});

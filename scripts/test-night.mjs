/**
 * The random lives of the ledger for a night: `npm run test:night [-- --lives 300 --steps 5000 --chunk 5 --fresh]`.
 *
 * Each suite is run in chunks of lives, every chunk with a seed of its own, and what has passed is noted in a file:
 * started again, it goes on where it was. It ends at the first chunk that fails, with the command that repeats it.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    lives: { type: 'string', default: '300' },
    steps: { type: 'string', default: '5000' },
    /** Lives of one run of the tests: what is lost when it is interrupted. */
    chunk: { type: 'string', default: '5' },
    /** Only suites whose name has this. */
    only: { type: 'string', default: '' },
    /** Seconds after which no further chunk is begun; 0 = none. */
    seconds: { type: 'string', default: '0' },
    notes: { type: 'string', default: 'node_modules/.cache/turnpike/night.txt' },
    fresh: { type: 'boolean', default: false },
  },
});
const [lives, chunk, seconds] = [values.lives, values.chunk, values.seconds].map(Number);

/** Every suite that random lives drive, on each store it is about. */
const suites = [
  {
    name: 'budgets-sqlite',
    file: 'src/ledger/budget-conformance.test.ts',
    store: 'sqlite, durability process',
  },
  { name: 'budgets-postgres', file: 'src/ledger/budget-conformance.test.ts', store: 'postgres' },
  { name: 'replicas', file: 'src/ledger/replicas.test.ts', store: '' },
];

mkdirSync(dirname(values.notes), { recursive: true });
if (values.fresh) rmSync(values.notes, { force: true });
const passed = new Set(existsSync(values.notes) ? readFileSync(values.notes, 'utf8').split('\n') : []);
const startMs = Date.now();
const isOver = () => seconds > 0 && Date.now() - startMs >= seconds * 1_000;

for (let from = 0; from < lives; from += chunk) {
  for (const suite of suites.filter(({ name }) => name.includes(values.only))) {
    const note = `${suite.name} ${values.steps} steps, lives ${from} to ${Math.min(from + chunk, lives) - 1}`;
    if (passed.has(note) || isOver()) continue;
    run(suite, from, note);
  }
}
process.stdout.write(isOver() ? 'The time is up; run it again to go on.\n' : 'All lives were lived.\n');

function run({ file, store }, from, note) {
  const settings = {
    TURNPIKE_TEST_LIVES: String(Math.min(chunk, lives - from)),
    TURNPIKE_TEST_STEPS: values.steps,
    FC_SEED: String(from + 1),
    ...(store && { TURNPIKE_TEST_STORE: store }),
  };
  const beganMs = Date.now();
  const { status } = spawnSync('npx', ['vitest', 'run', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...settings },
  });
  const tookS = Math.round((Date.now() - beganMs) / 1_000);
  if (status === 0) {
    process.stdout.write(`ok      ${note} (${tookS} s)\n`);
    appendFileSync(values.notes, `${note}\n`);
    return;
  }
  const words = Object.entries(settings).map(([name, value]) => `${name}='${value}'`);
  process.stdout.write(`FAILED  ${note} (${tookS} s). Again: ${words.join(' ')} npx vitest run ${file}\n`);
  process.exit(1);
}

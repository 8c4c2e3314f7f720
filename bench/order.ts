/**
 * What putting the candidates of a route in order costs for one request, and compiling them, which a plan does once:
 * nanoseconds, the best of several rounds in one process. Run by hand: npx tsx bench/order.ts
 */

import { STRATEGIES } from '../src/route/route-rule.ts';
import { compileOrder, orderCompiled } from '../src/route/strategies.ts';
import { factsOf, input, rates, route } from '../test/support/candidate-trees.ts';

const ROUNDS = 7;
const RUNS = 50_000;

/** Nanoseconds of one run. */
function best(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const started = process.hrtime.bigint();
    for (let at = 0; at < RUNS; at += 1) run();
    least = Math.min(least, Number(process.hrtime.bigint() - started) / RUNS);
  }
  return Math.round(least);
}

const rows = STRATEGIES.flatMap((strategy) =>
  [3, 20].map((targets) => {
    const models = Array.from({ length: targets }, (_, at) => `model-${at}`);
    const known = models.map((model, at) => [
      model,
      { ...rates(1e9 * (at + 1), 4e9), contextWindow: 200_000 },
    ]);
    const facts = factsOf(Object.fromEntries(known));
    const tree = route(strategy, models);
    const request = input({
      random: Math.random,
      session: '3c9b1a6e-40f2-4a1c-9d0e-8e6b0d0e1f00',
      firstByteMs: (ref) => ref.length * 100,
      needs: { inputTokens: 12_000, outputTokens: 4_096, capabilities: ['tools'] },
    });
    const compiled = compileOrder(tree, facts);
    return {
      strategy,
      targets,
      'order ns': best(() => orderCompiled(compiled, request)),
      'compile ns': best(() => compileOrder(tree, facts)),
    };
  }),
);
console.table(rows);

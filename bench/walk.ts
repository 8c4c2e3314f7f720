/**
 * The walk over a body against JSON.parse of the same bytes, in one process, best of several rounds.
 * Run by hand: npx tsx bench/walk.ts
 */
import { walkTopLevel } from '../src/wire/walk.ts';

const BODY_BYTES = 200 * 1024;
const ROUNDS = 7;
const RUNS = 200;

/** What a coding agent sends: a long system text, tool schemas, and turns with source code as tool results. */
function agentBody(): Buffer {
  const source =
    'export function add(a: number, b: number): number {\n\treturn "sum" && a + b; // \\o/\n}\n\n';
  const listing = JSON.stringify(
    { name: 'demo', scripts: { test: 'vitest run' }, files: ['a', 'b'] },
    null,
    2,
  );
  const field = (at: number) => [
    `field_${at}`,
    { type: 'string', description: `Field ${at}, may be absent` },
  ];
  const properties = Object.fromEntries(Array.from({ length: 8 }, (_, at) => field(at)));
  const tools = Array.from({ length: 20 }, (_, at) => ({
    name: `tool_${at}`,
    description: `Does the ${at}th thing.\n\nUsage:\n${'- The "path" must be absolute\n'.repeat(20)}`,
    input_schema: { type: 'object', properties, required: ['field_0'], additionalProperties: false },
  }));
  const turn = (at: number) => [
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Let me look.' },
        { type: 'tool_use', id: `toolu_${at}`, name: 'Read', input: { path: `/a/${at}.ts`, limit: 100 } },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: `toolu_${at}`, content: (at % 3 ? source : listing).repeat(20) },
      ],
    },
  ];
  const head = {
    model: 'claude-sonnet-4-5',
    max_tokens: 32000,
    stream: true,
    system: 'Be brief. '.repeat(800),
  };
  const messages: unknown[] = [{ role: 'user', content: 'Please fix the build.' }];
  for (let bytes = 0, at = 0; bytes < BODY_BYTES - 70_000; at += 1) {
    const more = turn(at);
    messages.push(...more);
    bytes += JSON.stringify(more).length;
  }
  return Buffer.from(JSON.stringify({ ...head, tools, messages }));
}

/** Many quotes: the worst there is for a search from quote to quote. */
function quoteBody(): Buffer {
  const content = 'say "hello world"\n'.repeat(BODY_BYTES / 22);
  return Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content }] }));
}

function shortStringsBody(): Buffer {
  const items = Array.from({ length: 6800 }, (_, at) => ({ type: 'string', name: `n${at}` }));
  return Buffer.from(JSON.stringify({ model: 'm', items }));
}

function smallBody(): Buffer {
  return Buffer.from(
    JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi '.repeat(300) }] }),
  );
}

/** Microseconds of one run, the best round's mean. */
function measure(work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begun = process.hrtime.bigint();
    for (let run = 0; run < RUNS; run += 1) work();
    best = Math.min(best, Number(process.hrtime.bigint() - begun) / RUNS / 1000);
  }
  return best;
}

const bodies = {
  agent: agentBody(),
  quotes: quoteBody(),
  'short strings': shortStringsBody(),
  small: smallBody(),
};
console.log('body               KB    walk us   parse us   walk/parse');
for (const [name, body] of Object.entries(bodies)) {
  const walk = measure(() => walkTopLevel(body, ['model', 'stream', 'max_tokens']));
  const parse = measure(() => JSON.parse(body.toString()));
  const cells = [(body.length / 1024).toFixed(0).padStart(6), walk.toFixed(1).padStart(10)];
  cells.push(parse.toFixed(1).padStart(10), (walk / parse).toFixed(2).padStart(12));
  console.log(name.padEnd(15) + cells.join(' '));
}

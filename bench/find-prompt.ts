/**
 * What it costs to know a request's prompt by its text: 500 prompt files, and bodies of the size and shape that Claude
 * Code sends. Best of several rounds, in one process. Run by hand: npx tsx bench/find-prompt.ts
 */
import type { PromptId } from '../src/base/prompt-id.ts';
import { compilePromptFinder, promptFields } from '../src/gateway/find-prompt.ts';
import { walkTopLevel } from '../src/wire/walk.ts';

const PROMPTS = 500;
const ROUNDS = 300;
const RUNS = 40;
const KINDS = ['agent', 'agent', 'command', 'skill', 'hook'] as const;

/** Half of them begin alike, as those of one author do. */
const prompts = Array.from({ length: PROMPTS }, (_, at) => {
  const id: PromptId = { kind: KINDS[at % KINDS.length]!, name: `oss:prompt-${at}` };
  const opening =
    at % 2 ? `You are an expert in software engineering who knows` : `# Task ${at}\n\nFirst of all, look at`;
  const rules = Array.from(
    { length: 60 },
    (_, line) => `- Rule ${line} of "${at}": say what you do, then do it.`,
  );
  return { id, text: `${opening} subject number ${at}.\n\n${rules.join('\n')}\n` };
});

const block = (text: string) => ({ type: 'text', text });
const LINE = 'Keep to the "style" of the project; paths are absolute (/src/x.ts), lines end in \\n.\n';
const SOURCE = 'export function add(a: number, b: number): number {\n\treturn "sum" && a + b; // <b>\n}\n\n';

/** About `bytes` long: system text and tools have 75 KB, as there, and the rest is turns of the running command. */
function claudeBody(
  bytes: number,
  { system, command }: { system: string; command: string | undefined },
): Buffer {
  const tools = Array.from({ length: 12 }, (_, at) => ({
    name: `Tool${at}`,
    description: LINE.repeat(48),
    input_schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { path: { type: 'string', description: 'Which "file"' } },
      additionalProperties: false,
    },
  }));
  const said = command
    ? [block(`<command-message>it is running…</command-message>\n<command-name>/${command}</command-name>`)]
    : [];
  const messages: object[] = [
    {
      role: 'user',
      content: [
        block(`<system-reminder>\n${LINE.repeat(20)}</system-reminder>`),
        ...said,
        block('Please do it.'),
      ],
    },
  ];
  const body = {
    model: 'claude-sonnet-4-5',
    messages,
    system: [
      block('x-anthropic-billing-header: cc_version=2.1.329; cc_entrypoint=cli;'),
      block("You are Claude Code, Anthropic's official CLI for Claude."),
      block(`${system}\n\n${LINE.repeat(200)}`),
    ],
    tools,
    max_tokens: 32_000,
    stream: true,
  };
  for (let size = JSON.stringify(body).length, at = 0; size < bytes; at += 1) {
    const turn = [
      {
        role: 'assistant',
        content: [
          block('Let me look.'),
          { type: 'tool_use', id: `t${at}`, name: 'Tool1', input: { path: '/a' } },
        ],
      },
      { role: 'user', content: [{ tool_use_id: `t${at}`, type: 'tool_result', content: SOURCE.repeat(40) }] },
    ];
    messages.push(...turn);
    size += JSON.stringify(turn).length;
  }
  return Buffer.from(JSON.stringify(body));
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

const begun = performance.now();
const finder = compilePromptFinder(prompts);
console.log(`${PROMPTS} prompts compiled in ${(performance.now() - begun).toFixed(1)} ms`);
const agents = compilePromptFinder(prompts.filter(({ id }) => id.kind === 'agent'));

const KB = 1000;
const nobody = 'You are an interactive tool that helps with software engineering.';
const cases = {
  'no prompt': claudeBody(88 * KB, { system: nobody, command: undefined }),
  agent: claudeBody(88 * KB, { system: prompts[251]!.text, command: undefined }),
  command: claudeBody(88 * KB, { system: nobody, command: 'oss:prompt-2' }),
  'no prompt, long turn': claudeBody(1000 * KB, { system: nobody, command: undefined }),
};
console.log('\nbody                     KB   find us   agents only   walk us   found');
for (const [name, body] of Object.entries(cases)) {
  const walk = walkTopLevel(body, ['model', 'stream', ...promptFields('anthropic-messages')]);
  if (!walk.ok) throw new Error(walk.message);
  const find = (among: typeof finder) => among.find('anthropic-messages', body, walk.fields);
  const figures = [measure(() => find(finder)), measure(() => find(agents))].map((us) => us.toFixed(1));
  const walked = measure(() => walkTopLevel(body, ['model', 'stream'])).toFixed(1);
  const size = (body.length / KB).toFixed(0).padStart(6);
  const cells = [
    size,
    figures[0]!.padStart(9),
    figures[1]!.padStart(13),
    walked.padStart(9),
    `   ${find(finder)?.name ?? '-'}`,
  ];
  console.log(name.padEnd(21) + cells.join(' '));
}

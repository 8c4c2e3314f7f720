/** Holds `docs/reference/sandbox.md` equal to the sandbox's tables. After a change: `npx vitest run test/sandbox-doc.test.ts -u`. */
import { expect, it } from 'vitest';
import { formatUsd } from '../src/base/money.ts';
import { directiveKeys, extractDirectives, parseDirectiveHeader } from '../src/upstream/sandbox/directive.ts';
import { faults } from '../src/upstream/sandbox/fault.ts';
import { DIRECTIVE_HEADER, type SandboxModel, sandboxModels } from '../src/upstream/sandbox/index.ts';

const HEAD = `# The sandbox

Simulated models inside Turnpike: no network, no key, no bill. They are admitted, routed, priced, limited and booked
like any model of a real provider, so everything can be tried and tested offline. What they say means nothing; that it
arrives, and what it costs, is real.

The provider \`sandbox\` is always there. Its models are written \`sandbox/scribe\`, \`sandbox/toolsmith\` and so on, and
speak every wire format Turnpike has. Equal requests get equal answers.

This page is held equal to the code by a test.

## Models

Prices are US dollars per million tokens. First byte and pace are milliseconds: before the head of the response, and from
one piece (about a word) to the next. An answer that is not streamed takes as long as its pieces would have.

`;

const MODELS_TAIL = `
\`premium\` costs more in every class above 200,000 input tokens, and its cache has prices of its own (per million: read
$1.50, written for five minutes $18.75, for an hour $30.00), as has its reasoning ($90.00). Prefixes under a
\`cache_control\` mark are reported as written, and as read when they come again within their time; prefixes without a
mark are kept unasked and only ever reported as read.

\`fault-<name>\` is one more model for each fault below, at the price of \`scribe\`: \`sandbox/fault-429\`,
\`sandbox/fault-cut\`. Any other name is answered with 404.

Tokens: four characters of input are a token (an image is 1,000), a word of output is one. An answer has at most 32,000.

Embeddings come from \`embedder\`, and from the \`fault-\` models; the others refuse. A vector has 256 dimensions, or as
many as asked. Directives count in the last text; of the faults, statuses, \`refuse\`, \`hang\`, \`stall\`, \`cut\`,
\`malformed\` and \`no-usage\` are shown.

## Directives

A prompt may say what the answer to it shall be. The directive is taken out of the text the model works with.

\`\`\`
`;

/** Also what the last test parses. */
const EXAMPLES = [
  '[[sandbox words=40 ttfb=20 pace=5]] Tell me about rivers.',
  '[[sandbox fail=529]]',
  '[[sandbox cut=10]] Write a long text.',
  '[[sandbox tool=Bash args={"command":"ls -l","description":"List files"}]]',
  '[[sandbox tool=Write args={"file_path":"a.txt","content":"hi"}]] [[sandbox tool=Bash args={"command":"cat a.txt"}]]',
];

const DIRECTIVES_MIDDLE = `
\`\`\`

- Only the last text of the user counts; system texts and tool results give no orders.
- The first directive is for the first answer to the prompt, the second for the answer after the first round of tool
  results, and so on: the last example makes an agent write a file, read it, and then answer with what it read.
- The header \`${DIRECTIVE_HEADER}\` takes the same without the brackets and goes over the prompt. Clients' headers stop at Turnpike;
  the operator sets it on a provider: \`providers: { flaky: { kind: sandbox, headers: { ${DIRECTIVE_HEADER}: "fail=503" } } }\`.
- A directive that is not understood is answered with 400 and the list of those that are.

| directive | value | what it does |
|---|---|---|
`;

const TOOLS = `
## Tools

\`toolsmith\` calls a tool whenever the user has the last word and tools are declared: the one the prompt names, else a shell
(which says hello) or a reader, else the first whose schema it can satisfy. The arguments fit the schema and are harmless: files are called
\`turnpike-sandbox.txt\`, commands say hello. After the results it answers with a text that quotes them. \`tool_choice\` is obeyed, and a directive makes any model call.

## Faults

Each by its model, or of any model with \`fail=<name>\`. Faults of the stream strike after five content pieces, or as many
as \`after=\` says. In an answer that is not streamed, half the body stands for the content, and an error event becomes a body
that is an error under status 200.

| fault | what happens |
|---|---|
`;

const usd = (picoPerToken: number): string => formatUsd(BigInt(picoPerToken) * 1000n);

function modelRow(model: SandboxModel): string {
  const rates = model.prices[0]?.tiers[0]?.rates;
  const price = rates ? `${usd(rates.input)} | ${usd(rates.output)}` : 'unknown | unknown';
  return `| \`${model.id}\` | ${model.does} | ${price} | ${model.pace.firstByteMs} | ${model.pace.pieceMs} |`;
}

function renderPage(): string {
  const models = sandboxModels.filter((model) => model.fault === undefined).map(modelRow);
  const directives = Object.entries(directiveKeys).map(
    ([key, { value, does }]) => `| \`${key}\` | ${value} | ${does} |`,
  );
  const faultRows = Object.entries(faults).map(([name, { does }]) => `| \`${name}\` | ${does} |`);
  return [
    HEAD,
    '| model | what it does | input | output | first byte | pace |\n|---|---|---|---|---|---|\n',
    `${models.join('\n')}\n`,
    MODELS_TAIL,
    EXAMPLES.join('\n'),
    DIRECTIVES_MIDDLE,
    `${directives.join('\n')}\n`,
    TOOLS,
    `${faultRows.join('\n')}\n`,
  ].join('');
}

it('lists every model, directive and fault', async () => {
  await expect(renderPage()).toMatchFileSnapshot('../docs/reference/sandbox.md');
});

it.each(EXAMPLES)('can be done: %s', (example) => {
  expect(extractDirectives(example).directives.length).toBeGreaterThan(0);
});

it('says of premium what its price says', () => {
  const [base, long] = sandboxModels.find((model) => model.id === 'premium')!.prices[0]!.tiers;
  expect(long!.aboveInputTokens).toBe(200_000);
  const { cacheRead, cacheWrite5m, cacheWrite1h, reasoning } = base!.rates;
  expect([cacheRead, cacheWrite5m, cacheWrite1h, reasoning].map((rate) => usd(rate!))).toEqual([
    '1.50',
    '18.75',
    '30.00',
    '90.00',
  ]);
  for (const [name, rate] of Object.entries(base!.rates)) expect(long!.rates).toHaveProperty(name, rate * 2);
});

it('says what each key does, and each can be given', () => {
  const values: Readonly<Record<string, string>> = { args: '{}', text: '"x"', fail: '500', tool: 'Bash' };
  for (const [key, { does }] of Object.entries(directiveKeys)) {
    expect(does).toMatch(/^[A-Z].*\.$/);
    expect(Object.keys(parseDirectiveHeader(`${key}=${values[key] ?? '1'}`)).length).toBeGreaterThan(0);
  }
});

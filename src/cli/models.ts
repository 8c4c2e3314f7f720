/** `turnpike models test`: a real tiny call to see that a model answers. */
import { readError } from './ask.ts';
import { send } from './client.ts';
import { type Connection, findServer, keyOf, orSayHowToStart } from './connect.ts';
import type { ExitCode, Io } from './io.ts';
import { costOf, count, paintFor, printJson, printLine } from './print.ts';

export interface TestResult {
  readonly ref: string;
  readonly isOk: boolean;
  readonly latencyMs: number;
  /** `provider/model` that answered. */
  readonly servedBy: string | null;
  /** null = the price is unknown. */
  readonly costUsd: string | null;
  readonly reason: string | null;
}

/** Enough for an answer also of models that think first. */
const TEST_MAX_TOKENS = 64;

/** Asks each model one word. Exit code 1 when one of them does not answer. */
export async function testModels(
  io: Io,
  refs: readonly string[],
  options: { readonly json?: boolean },
): Promise<ExitCode> {
  const connection = findServer(io);
  const results: TestResult[] = [];
  for (const ref of refs) {
    const result = await testModel(io, connection, ref);
    results.push(result);
    if (!options.json) printResult(io, result);
  }
  if (options.json) printJson(io, { results });
  return results.every((result) => result.isOk) ? 0 : 1;
}

async function testModel(io: Io, connection: Connection, ref: string): Promise<TestResult> {
  const body = {
    model: ref,
    max_tokens: TEST_MAX_TOKENS,
    messages: [{ role: 'user', content: 'Answer with the one word: ok' }],
  };
  const request = new Request(`${connection.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keyOf(connection)}`,
      'content-type': 'application/json',
      // Whatever the key's agent or an earlier answer would say.
      'x-turnpike-model': ref,
      'x-turnpike-no-cache': 'true',
    },
    body: JSON.stringify(body),
  });
  const startedMs = io.now();
  const response = await orSayHowToStart(() => send(io.fetch, request));
  const reason = response.ok
    ? (absenceOf(response.headers) ?? (await findFlaw(response)))
    : `${response.status}: ${await readError(response)}`;
  return {
    ref,
    isOk: reason === null,
    latencyMs: io.now() - startedMs,
    servedBy: response.headers.get('x-turnpike-model'),
    costUsd: response.headers.get('x-turnpike-cost-usd'),
    reason,
  };
}

/** Another model stood in: that it can be asked for says nothing of the one that was. null = the first answered. */
function absenceOf(headers: Headers): string | null {
  if (headers.get('x-turnpike-fallback') !== 'true') return null;
  const [first, reason] = (headers.get('x-turnpike-fallback-from') ?? '').split('; ');
  return `${first} did not answer (${reason}); ${headers.get('x-turnpike-model')} stood in`;
}

/** null = it is an answer. */
async function findFlaw(response: Response): Promise<string | null> {
  try {
    const body = (await response.json()) as { choices?: readonly unknown[] };
    return Array.isArray(body.choices) && body.choices.length > 0 ? null : 'the answer has no content';
  } catch {
    return 'the answer is not JSON';
  }
}

function printResult(io: Io, result: TestResult): void {
  const paint = paintFor(io.stdout, io.env);
  if (!result.isOk) {
    printLine(io.stdout, `${paint.red('✗')} ${result.ref}  ${result.reason}`);
    return;
  }
  const facts = [`${count(result.latencyMs)} ms`, costOf(result.costUsd)];
  if (result.servedBy && result.servedBy !== result.ref) facts.push(`served by ${result.servedBy}`);
  printLine(io.stdout, `${paint.green('✓')} ${result.ref}  ${facts.join(' · ')}`);
}

/** `turnpike ask`: one question through the data plane; the answer streams to stdout, what it cost goes to stderr. */
import type { Exchange } from '../admin/exchanges.ts';
import { checkAgentName } from './agent-name.ts';
import { createClient, RefusedError, send } from './client.ts';
import { type Connection, findServer, keyOf, orSayHowToStart } from './connect.ts';
import { readEvents } from './event-stream.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { costOf, count, paintFor, printJson, printLine } from './print.ts';

export interface AskOptions {
  readonly model?: string;
  readonly agent?: string;
  readonly system?: string;
  readonly json?: boolean;
}

/** A question larger than the server's own body limit is refused there anyway. */
const MAX_STDIN_BYTES = 64 * 1024 * 1024;
/** The entry is written a moment after the last byte: asked for this often, this far apart. */
const COST_TRIES = 10;
const COST_PAUSE_MS = 50;

export async function ask(io: Io, question: string | undefined, options: AskOptions): Promise<ExitCode> {
  checkAgentName(options.agent);
  const text = await readQuestion(io, question);
  const connection = findServer(io);
  const response = await orSayHowToStart(() => send(io.fetch, requestOf(connection, text, options)));
  if (!response.ok || !response.body) throw new CliError(await readError(response));
  const answer = await readAnswer(response.body, (delta) => {
    if (!options.json) io.stdout.write(delta);
  });
  if (!options.json && answer.text !== '' && !answer.text.endsWith('\n')) printLine(io.stdout);
  if (answer.problem !== undefined) throw new CliError(`the answer broke off: ${answer.problem}`);
  const exchangeId = response.headers.get('x-turnpike-exchange-id');
  const exchange = exchangeId ? await findExchange(io, connection, exchangeId) : undefined;
  const result = { text: answer.text, model: response.headers.get('x-turnpike-model'), exchangeId };
  if (options.json)
    printJson(io, { ...result, usage: answer.usage ?? null, costUsd: exchange?.costUsd ?? null });
  else printFooter(io, response.headers, answer.usage, exchange);
  return 0;
}

async function readQuestion(io: Io, question: string | undefined): Promise<string> {
  if (question !== undefined && question !== '-') return question;
  if (io.stdin.isTerminal)
    throw usageError('nothing was asked', 'turnpike ask "…", or pipe the question in.');
  const text = (await io.stdin.readAll(MAX_STDIN_BYTES)).trim();
  if (text === '') throw usageError('nothing was asked: stdin is empty');
  return text;
}

function requestOf(connection: Connection, text: string, options: AskOptions): Request {
  const { model, agent, system } = options;
  const messages = [
    ...(system === undefined ? [] : [{ role: 'system', content: system }]),
    { role: 'user', content: text },
  ];
  return new Request(`${connection.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keyOf(connection)}`,
      'content-type': 'application/json',
      ...(agent !== undefined && { 'x-turnpike-agent': agent }),
    },
    // Without a model the key's, the workspace's or the installation's default answers.
    body: JSON.stringify({ ...(model !== undefined && { model }), messages, ...STREAMING }),
  });
}

const STREAMING = { stream: true, stream_options: { include_usage: true } };

interface StreamUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

interface Answer {
  readonly text: string;
  readonly usage: StreamUsage | undefined;
  /** Set when the stream did not end well. */
  readonly problem: string | undefined;
}

/** The parts of a chat stream that are read here; everything else passes by. */
interface ChatChunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
  readonly error?: { readonly message?: string };
}

async function readAnswer(body: AsyncIterable<Uint8Array>, show: (delta: string) => void): Promise<Answer> {
  let text = '';
  let usage: StreamUsage | undefined;
  for await (const data of readEvents(body)) {
    if (data === '[DONE]') return { text, usage, problem: undefined };
    const chunk = parseChunk(data);
    if (chunk.error) return { text, usage, problem: chunk.error.message ?? 'no reason was given' };
    const delta = chunk.choices?.[0]?.delta?.content ?? '';
    if (delta !== '') show(delta);
    text += delta;
    if (chunk.usage) {
      const { prompt_tokens = 0, completion_tokens = 0 } = chunk.usage;
      usage = { inputTokens: prompt_tokens, outputTokens: completion_tokens };
    }
  }
  return { text, usage, problem: 'the connection closed before the end' };
}

function parseChunk(data: string): ChatChunk {
  try {
    return JSON.parse(data) as ChatChunk;
  } catch {
    return { error: { message: 'the server sent something that is not JSON' } };
  }
}

/** What went wrong, in the server's own words where it gave some. */
export async function readError(response: Response): Promise<string> {
  const text = await response.text();
  const message = parseChunk(text).error?.message;
  return message && text.startsWith('{') ? message : `the server answered ${response.status}`;
}

/** undefined when nobody here may read the ledger, or the entry does not come. The answer stands all the same. */
async function findExchange(io: Io, connection: Connection, id: string): Promise<Exchange | undefined> {
  if (!connection.operatorToken) return undefined;
  const client = createClient(io.fetch, connection.url, connection.operatorToken);
  for (let tries = 0; tries < COST_TRIES; tries += 1) {
    try {
      return await client.exchange(id);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'record_unknown') return undefined;
    }
    await io.sleep(COST_PAUSE_MS);
  }
  return undefined;
}

function printFooter(
  io: Io,
  headers: Headers,
  usage: StreamUsage | undefined,
  exchange: Exchange | undefined,
): void {
  const model = headers.get('x-turnpike-model');
  const isFallback = headers.get('x-turnpike-fallback') === 'true';
  const parts = [
    ...(model ? [isFallback ? `${model} (fallback)` : model] : []),
    ...(usage ? [`${count(usage.inputTokens)} in, ${count(usage.outputTokens)} out`] : []),
    ...(exchange ? [costOf(exchange.costUsd)] : []),
  ];
  if (parts.length > 0) printLine(io.stderr, paintFor(io.stderr, io.env).dim(parts.join(' · ')));
}

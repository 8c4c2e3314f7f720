/** `turnpike ask`: one question through the data plane; the answer streams to stdout, what it cost goes to stderr. */
import type { ExplainedExchange } from '../admin/exchanges.ts';
import { checkModelRef } from './agent-name.ts';
import { registryText } from './agent-text.ts';
import { choiceOf, fallbackOf, printFooter } from './ask-footer.ts';
import { createClient, RefusedError, send } from './client.ts';
import { type Connection, findServer, keyOf, orSayHowToStart } from './connect.ts';
import { readEvents } from './event-stream.ts';
import { CliError, type ExitCode, type Io, usageError } from './io.ts';
import { printJson, printLine } from './print.ts';
import { findPrompt, needPrompt, type PromptText, readPrompt } from './prompt-text.ts';

export interface AskOptions {
  /** Before whatever else would choose one. */
  readonly model?: string;
  readonly agent?: string;
  /** A file. */
  readonly prompt?: string;
  readonly command?: string;
  readonly skill?: string;
  /** In the place of a prompt's own text. */
  readonly system?: string;
  readonly json?: boolean;
}

/** A question larger than the server's own body limit is refused there anyway. */
const MAX_STDIN_BYTES = 64 * 1024 * 1024;
/** The entry is written a moment after the last byte: asked for this often, this far apart. */
const COST_TRIES = 10;
const COST_PAUSE_MS = 50;

export async function ask(io: Io, question: string | undefined, options: AskOptions): Promise<ExitCode> {
  checkModelRef(options.model);
  const prompt = await promptOf(io, options);
  const text = await readQuestion(io, question, prompt);
  const connection = findServer(io);
  const asked = requestOf(connection, messagesOf(text, prompt, options), prompt, options);
  const response = await orSayHowToStart(() => send(io.fetch, asked));
  if (!response.ok || !response.body) throw new CliError(await readError(response));
  const answer = await readAnswer(response.body, (delta) => {
    if (!options.json) io.stdout.write(delta);
  });
  if (!options.json && answer.text !== '' && !answer.text.endsWith('\n')) printLine(io.stdout);
  if (answer.problem !== undefined) throw new CliError(`the answer broke off: ${answer.problem}`);
  const { headers } = response;
  const exchangeId = headers.get('x-turnpike-exchange-id');
  const exchange = await findExchange(io, connection, headers);
  const facts = { headers, usage: answer.usage, exchange };
  if (!options.json) printFooter(io, facts);
  else
    printJson(io, {
      ...{ text: answer.text, model: headers.get('x-turnpike-model'), exchangeId },
      ...{ usage: answer.usage ?? null, costUsd: exchange?.costUsd ?? null },
      ...{ prompt: prompt?.id ?? null, choice: choiceOf(facts) ?? null, fallback: fallbackOf(facts) ?? null },
      isCached: headers.get('x-turnpike-cache') === 'hit',
    });
  return 0;
}

/** Whose question it is; its text where it has a file. */
type Asked = Pick<PromptText, 'id' | 'kind' | 'model'> & { readonly text: string | undefined };

/** undefined = the question belongs to no prompt. An agent may be declared without a file; it has its rules all the same. */
async function promptOf(io: Io, options: AskOptions): Promise<Asked | undefined> {
  const { agent, prompt, command, skill } = options;
  const named = [agent, prompt, command, skill].filter((value) => value !== undefined);
  if (named.length > 1) throw usageError('only one of --agent, --prompt, --command and --skill can be asked');
  const found = await loadPrompt(io, options);
  if (!found) return undefined;
  // A line break in it would become another header, a comma another entry.
  if (/^[\x20-\x2b\x2d-\x7e]{1,200}$/.test(found.id)) return found;
  throw usageError(
    `${JSON.stringify(found.id)} cannot be named in a header`,
    'Use plain characters without commas.',
  );
}

async function loadPrompt(io: Io, options: AskOptions): Promise<Asked | undefined> {
  const { agent, prompt, command, skill } = options;
  if (prompt !== undefined) return readPrompt(io, prompt);
  if (command !== undefined) return needPrompt(io, 'command', command);
  if (skill !== undefined) return needPrompt(io, 'skill', skill);
  if (agent === undefined) return undefined;
  const unwritten = { id: `agent:${agent}`, kind: 'agent', text: undefined, model: undefined } as const;
  const found = await findPrompt(io, 'agent', agent);
  const text =
    found || options.system !== undefined ? undefined : await registryText(io, findServer(io), agent);
  if (text !== undefined) return { ...unwritten, text };
  if (!found && options.system === undefined && !options.json)
    printLine(
      io.stderr,
      `There is no file of the agent ${agent} here, nor a text in the registry: its model is asked, without its text.`,
    );
  return found ?? unwritten;
}

const ARGUMENTS = '$ARGUMENTS';

/** A command is what is asked, with the question as its arguments; any other prompt stands above the question. */
function messagesOf(question: string, prompt: Asked | undefined, { system }: AskOptions): object[] {
  const isCommand = prompt?.kind === 'command' && prompt.text !== undefined;
  const above = system ?? (isCommand ? undefined : prompt?.text);
  const content = isCommand ? filledIn(prompt.text!, question) : question;
  return [
    ...(above === undefined || above === '' ? [] : [{ role: 'system', content: above }]),
    { role: 'user', content },
  ];
}

function filledIn(command: string, words: string): string {
  if (command.includes(ARGUMENTS)) return command.replaceAll(ARGUMENTS, () => words);
  return words === '' ? command : `${command}\n\n${words}`;
}

async function readQuestion(
  io: Io,
  question: string | undefined,
  prompt: Asked | undefined,
): Promise<string> {
  // A command says itself what to do.
  if (question === undefined && prompt?.kind === 'command') return '';
  if (question !== undefined && question !== '-') return question;
  if (io.stdin.isTerminal)
    throw usageError('nothing was asked', 'turnpike ask "…", or pipe the question in.');
  const text = (await io.stdin.readAll(MAX_STDIN_BYTES)).trim();
  if (text === '') throw usageError('nothing was asked: stdin is empty');
  return text;
}

function requestOf(
  connection: Connection,
  messages: readonly object[],
  prompt: Asked | undefined,
  { model }: AskOptions,
): Request {
  return new Request(`${connection.url}/v1/chat/completions`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${keyOf(connection)}`,
      'content-type': 'application/json',
      ...(prompt && { 'x-turnpike-prompt': prompt.id }),
      ...(model !== undefined && { 'x-turnpike-model': model }),
    },
    // Of a file that the server does not know; what the server knows of the prompt comes before it.
    body: JSON.stringify({ ...(prompt?.model && { model: prompt.model }), messages, ...STREAMING }),
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
async function findExchange(
  io: Io,
  connection: Connection,
  headers: Headers,
): Promise<ExplainedExchange | undefined> {
  const id = headers.get('x-turnpike-exchange-id');
  if (!id || !connection.operatorToken) return undefined;
  // What failed before it is written earlier, and costs what it costs.
  const answered = Math.max(1, Number(headers.get('x-turnpike-attempts')) || 1);
  const client = createClient(io.fetch, connection.url, connection.operatorToken);
  for (let tries = 0; tries < COST_TRIES; tries += 1) {
    try {
      const exchange = await client.exchange(id);
      if (exchange.entries.some(({ attempt }) => attempt === answered)) return exchange;
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'record_unknown') return undefined;
    }
    await io.sleep(COST_PAUSE_MS);
  }
  return undefined;
}

/**
 * `tsx bench/lanes.ts`: every client format to every upstream format, beside the relay of the same client, in one
 * run. Each round measures all upstreams of a client one after the other, and a translate lane is told as its
 * share of the relay in the same round. Bodies and replies are written by the formats themselves.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FormatId } from '../src/wire/chat.ts';
import { formats } from '../src/wire/formats.ts';
import { replyBody, replyStream, requestBody } from './exchanges.ts';
import type { LoadResult } from './measure.ts';
import { type Binaries, buildNative } from './native.ts';
import { ROOT } from './places.ts';
import { findPort, type Running, readCpuUs, run, start, waitUntilReady } from './processes.ts';
import { median, rotate } from './statistics.ts';
import { freshFolder } from './subjects.ts';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    only: { type: 'string' },
    stream: { type: 'boolean', default: false },
  },
});

const CONNECTIONS = 32;
const BODY_BYTES = 1000;
const KEY = `tp-bench-${'0'.repeat(32)}`;
const WARM_SECONDS = 0.7;

/** Models the catalog knows, so that each request is priced. */
const providers: Readonly<
  Record<FormatId, { name: string; model: string; config: (root: string) => string }>
> = {
  'openai-chat': {
    name: 'chat',
    model: 'gpt-4o-mini',
    config: (root) => `{ kind: openai-compatible, base_url: "${root}/v1", api_key: x }`,
  },
  'anthropic-messages': {
    name: 'messages',
    model: 'claude-sonnet-4-5',
    config: (root) => `{ kind: anthropic, base_url: "${root}", api_key: x }`,
  },
  'openai-responses': {
    name: 'responses',
    model: 'gpt-4o-mini',
    config: (root) => `{ kind: openai, base_url: "${root}/v1", api_key: x, formats: [openai-responses] }`,
  },
  'gemini-generate': {
    name: 'gemini',
    model: 'gemini-2.5-flash',
    config: (root) => `{ kind: gemini, base_url: "${root}/v1beta", api_key: x }`,
  },
  'ollama-chat': {
    name: 'ollama',
    model: 'qwen3',
    config: (root) => `{ kind: ollama, base_url: "${root}" }`,
  },
};

const paths: Readonly<Record<FormatId, (ref: string) => string>> = {
  'openai-chat': () => '/v1/chat/completions',
  'anthropic-messages': () => '/v1/messages',
  'openai-responses': () => '/v1/responses',
  'gemini-generate': (ref) =>
    `/v1beta/models/${ref}:${options.stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  'ollama-chat': () => '/api/chat',
};

const ids = Object.keys(formats) as FormatId[];
const wanted = (options.only?.split(',') as FormatId[] | undefined) ?? ids;

function refOf(upstream: FormatId): string {
  const { name, model } = providers[upstream];
  return `${name}/${model}`;
}

/** The body of the main bench, as a client of this format would have written it. */
function bodyFor(client: FormatId, model: string): string {
  return requestBody(formats, { client, model, bytes: BODY_BYTES, isStream: options.stream });
}

function unaryHttp(format: FormatId): string {
  const body = JSON.stringify(replyBody(formats, format));
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function burstHttp(format: FormatId): string {
  const chunks = replyStream(formats, format).map(
    (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`,
  );
  return `HTTP/1.1 200 OK\r\ncontent-type: ${formats[format].streamContentType}\r\ntransfer-encoding: chunked\r\n\r\n${chunks.join('')}0\r\n\r\n`;
}

async function startUpstream(binaries: Binaries): Promise<{ running: Running; port: number }> {
  const folder = freshFolder('lanes-upstream');
  const replies = join(folder, 'replies');
  mkdirSync(replies);
  for (const id of ids) {
    writeFileSync(join(replies, `${id}-unary`), unaryHttp(id));
    writeFileSync(join(replies, `${id}-burst`), burstHttp(id));
  }
  const port = await findPort();
  const logFile = join(folder, 'output.log');
  const args = ['--port', String(port), '--replies', replies];
  const running = start({ command: binaries.upstream, args, logFile });
  await waitUntilReady(`http://127.0.0.1:${port}/v1/models`, running, 'upstream', logFile);
  return { running, port };
}

async function startTurnpike(upstreamPort: number): Promise<{ running: Running; port: number }> {
  const folder = freshFolder('lanes-turnpike');
  const root = `http://127.0.0.1:${upstreamPort}`;
  const lines = ids.map((id) => `  ${providers[id].name}: ${providers[id].config(root)}`);
  const config = join(folder, 'turnpike.yaml');
  writeFileSync(config, ['providers:', ...lines, ''].join('\n'));
  const port = await findPort();
  const logFile = join(folder, 'output.log');
  const running = start({
    command: process.execPath,
    args: [join(ROOT, 'dist/cli/main.js'), 'serve', '--port', String(port), '--config', config],
    env: { HOME: folder, TURNPIKE_HOME: folder, TURNPIKE_BOOTSTRAP_KEY: KEY },
    cwd: folder,
    logFile,
  });
  await waitUntilReady(`http://127.0.0.1:${port}/health`, running, 'turnpike', logFile);
  return { running, port };
}

interface Measured {
  readonly rps: number;
  readonly cpuUs: number;
}

async function measure(
  binaries: Binaries,
  { running, port }: { running: Running; port: number },
  client: FormatId,
  upstream: FormatId,
  seconds: number,
): Promise<Measured> {
  const folder = freshFolder('lanes-bodies');
  const body = join(folder, `${client}-${upstream}.json`);
  writeFileSync(body, bodyFor(client, refOf(upstream)));
  const args = [
    ...['--port', String(port), '--path', paths[client](refOf(upstream)), '--body', body],
    ...['--header', `authorization: Bearer ${KEY}`],
    ...['--mode', 'closed', '--connections', String(CONNECTIONS), '--seconds', String(seconds)],
    ...['--warmup', '0.3'],
  ];
  const before = readCpuUs([running.pid]);
  let result: LoadResult | undefined;
  await run(binaries.load, args, (line) => {
    result = JSON.parse(line) as LoadResult;
  });
  if (!result || result.errors > 0) {
    throw new Error(`${client} to ${upstream}: ${result?.errors} errors: ${result?.error}`);
  }
  const cpuUs = (readCpuUs([running.pid]) - before) / Math.max(1, result.requests_total);
  return { rps: result.rps, cpuUs };
}

const binaries = buildNative();
if (!binaries) throw new Error('no C compiler on this machine');
const upstream = await startUpstream(binaries);
const turnpike = await startTurnpike(upstream.port);
const misses: string[] = [];
console.log(
  `| client | upstream | requests/s | share of its relay | CPU a request, \u00b5s |\n|---|---|---|---|---|`,
);
try {
  for (const client of wanted) {
    for (const target of ids) await measure(binaries, turnpike, client, target, WARM_SECONDS);
    const found = new Map<FormatId, Measured[]>(ids.map((id) => [id, []]));
    for (let round = 0; round < Number(options.rounds); round += 1) {
      for (const target of rotate(ids, round)) {
        found.get(target)!.push(await measure(binaries, turnpike, client, target, Number(options.seconds)));
      }
    }
    const relay = found.get(client)!;
    for (const target of ids) {
      const rows = found.get(target)!;
      const share = median(rows.map(({ rps }, round) => rps / relay[round]!.rps))!;
      const rps = median(rows.map((row) => row.rps))!;
      const cpu = median(rows.map((row) => row.cpuUs))!;
      if (share < 0.5) misses.push(`${client} to ${target}: ${share.toFixed(2)}`);
      console.log(
        `| ${client} | ${target} | ${rps.toFixed(0)} | ${client === target ? 'relay' : share.toFixed(2)} | ${cpu.toFixed(0)} |`,
      );
    }
  }
} finally {
  await turnpike.running.stop();
  await upstream.running.stop();
}
console.log(
  misses.length === 0 ? '\nmet: no lane below half of its relay' : `\nMISSED: ${misses.join('; ')}`,
);

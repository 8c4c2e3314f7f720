/**
 * What clients notice of providers in trouble, against the bars of the design: one of two that hangs, one that refuses
 * everything, and all that refuse six requests in ten. Upstreams and clients are in this process, on loopback; time is
 * real, so it takes about three minutes.
 * Run by hand: npx tsx bench/resilience.ts [--check] [--only hanging,storm,overload]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../src/config.ts';
import { startServer } from '../src/server.ts';

/** Requests a second, on a schedule that waits for nobody. */
const PER_SECOND = 40;
/** How long a good answer takes. */
const GOOD_MS = 200;
/** In the file of the bench: real models are given longer, and so is what hangs. */
const FIRST_BYTE_MS = 1_500;
const KEY = 'tp-bench-resilience-0123456789';

type Behaviour = 'good' | 'hang' | 'refuse' | 'six-in-ten';

interface Upstream {
  readonly url: string;
  behaviour: Behaviour;
  requests: number;
  close(): void;
}

/** Of each ten requests exactly six are refused, in an order of their own: the share is no matter of luck. */
function createSixInTen(seed: number): () => boolean {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  let deck: boolean[] = [];
  return () => {
    if (deck.length === 0) deck = Array.from({ length: 10 }, (_, at) => at < 6);
    return deck.splice(Math.floor(random() * deck.length), 1)[0] ?? false;
  };
}

const REPLY = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Fine.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
});

async function startUpstream(seed: number): Promise<Upstream> {
  const isRefused = createSixInTen(seed);
  const answer = (status: number, body: string, response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };
  const server: Server = createServer((incoming, response) => {
    incoming.resume();
    // Probes are none of the requests.
    if (incoming.method !== 'POST') {
      answer(404, '{}', response);
      return;
    }
    upstream.requests += 1;
    const { behaviour } = upstream;
    if (behaviour === 'refuse' || (behaviour === 'six-in-ten' && isRefused()))
      answer(529, '{"error":{"message":"Overloaded"}}', response);
    else if (behaviour !== 'hang') setTimeout(answer, GOOD_MS, 200, REPLY, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const upstream: Upstream = {
    url: `http://127.0.0.1:${port}/v1`,
    behaviour: 'good',
    requests: 0,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return upstream;
}

interface Tally {
  readonly requests: number;
  readonly good: number;
  /** Received by the upstreams for each request of a client. */
  readonly amplification: number;
  /** Of good answers, milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

interface House {
  readonly url: string;
  close(): Promise<void>;
}

async function openHouse(upstreams: readonly Upstream[]): Promise<House> {
  const home = mkdtempSync(join(tmpdir(), 'turnpike-bench-resilience-'));
  const names = upstreams.map((_, at) => `p${at}`);
  const provider = ({ url }: Upstream, at: number) =>
    `  p${at}: { kind: openai-compatible, base_url: "${url}", api_key: k, models: [m], timeouts: { first_byte_ms: ${FIRST_BYTE_MS} } }`;
  const config = [
    'providers:',
    ...upstreams.map(provider),
    `routes: { all: { models: [${names.map((name) => `${name}/m`).join(', ')}] } }`,
  ];
  writeFileSync(join(home, 'config.yaml'), config.join('\n'));
  const env = { TURNPIKE_HOME: home, TURNPIKE_BOOTSTRAP_KEY: KEY, LOG_LEVEL: 'silent' };
  const server = await startServer(loadConfig({ flags: { port: 0 }, env, cwd: home }));
  return {
    url: server.url,
    async close() {
      await server.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: 2_000 });
const BODY = JSON.stringify({ model: 'all', messages: [{ role: 'user', content: 'Say something.' }] });

/** Milliseconds it took, or undefined where it was not answered well. */
function ask(url: string): Promise<number | undefined> {
  const begun = performance.now();
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const sent = request(`${url}/v1/chat/completions`, { method: 'POST', headers, agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode === 200 ? performance.now() - begun : undefined));
      response.on('error', () => resolve(undefined));
    });
    sent.on('error', () => resolve(undefined));
    sent.end(BODY);
  });
}

async function drive(url: string, upstreams: readonly Upstream[], seconds: number): Promise<Tally> {
  const before = upstreams.reduce((sum, { requests }) => sum + requests, 0);
  const asked: Promise<number | undefined>[] = [];
  const begun = performance.now();
  while (asked.length < PER_SECOND * seconds) {
    const due = ((performance.now() - begun) / 1_000) * PER_SECOND;
    while (asked.length < due && asked.length < PER_SECOND * seconds) asked.push(ask(url));
    await sleep(5);
  }
  const good = (await Promise.all(asked)).filter((ms) => ms !== undefined).sort((a, b) => a - b);
  const attempts = upstreams.reduce((sum, { requests }) => sum + requests, 0) - before;
  const quantile = (share: number) => good[Math.min(good.length - 1, Math.floor(good.length * share))] ?? 0;
  return {
    requests: asked.length,
    good: good.length,
    amplification: attempts / asked.length,
    p50: quantile(0.5),
    p99: quantile(0.99),
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Drives it until the breaker of the first provider has opened. */
async function driveUntilOpen(url: string, upstreams: readonly Upstream[]): Promise<void> {
  for (let second = 0; second < 20; second += 1) {
    await drive(url, upstreams, 1);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (/turnpike_breaker_opens_total\{provider="p0"\} [1-9]/.test(metrics)) return;
  }
  throw new Error('the breaker has not opened in 20 seconds');
}

interface Finding {
  readonly what: string;
  readonly figure: number;
  readonly bar: string;
  readonly isMet: boolean;
}

const atMost = (what: string, figure: number, most: number): Finding => ({
  ...{ what, figure },
  bar: `<= ${most}`,
  isMet: figure <= most,
});
const moreThan = (what: string, figure: number, least: number): Finding => ({
  ...{ what, figure },
  bar: `> ${least}`,
  isMet: figure > least,
});

type Scenario = (url: string, upstreams: readonly [Upstream, Upstream]) => Promise<readonly Finding[]>;

const scenarios: Readonly<Record<string, Scenario>> = {
  async hanging(url, upstreams) {
    const [first] = upstreams;
    await drive(url, upstreams, 2);
    const well = await drive(url, upstreams, 15);
    first.behaviour = 'hang';
    await driveUntilOpen(url, upstreams);
    // Longer than its first wait: a trial falls into it.
    const hung = await drive(url, upstreams, 40);
    say('both well', well);
    say('one hangs, breaker open', hung);
    return [
      atMost('p50 with one hanging / both well', hung.p50 / well.p50, 1.2),
      moreThan('answered with one hanging', hung.good / hung.requests, 0.999),
    ];
  },
  async storm(url, upstreams) {
    upstreams[0].behaviour = 'refuse';
    const tally = await drive(url, upstreams, 40);
    say('one refuses all', tally);
    return [
      atMost('attempts for a request, one of two refusing', tally.amplification, 1.25),
      moreThan('answered with one refusing', tally.good / tally.requests, 0.999),
    ];
  },
  async overload(url, upstreams) {
    for (const upstream of upstreams) upstream.behaviour = 'six-in-ten';
    const tally = await drive(url, upstreams, 60);
    say('both refuse six in ten', tally);
    return [
      moreThan('answered with all refusing six in ten', tally.good / tally.requests, 0.48),
      atMost('attempts for a request, all refusing six in ten', tally.amplification, 1.3),
    ];
  },
};

function say(what: string, { requests, good, amplification, p50, p99 }: Tally): void {
  const share = ((100 * good) / requests).toFixed(1);
  const figures = `${share} % of ${requests} answered, ${amplification.toFixed(3)} attempts each`;
  console.log(`${what}: ${figures}, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`);
}

async function main(args: readonly string[]): Promise<void> {
  const only = args[args.indexOf('--only') + 1]?.split(',');
  const names = Object.keys(scenarios).filter((name) => !args.includes('--only') || only?.includes(name));
  const findings: Finding[] = [];
  for (const name of names) {
    const upstreams = [await startUpstream(1), await startUpstream(2)] as const;
    const house = await openHouse(upstreams);
    try {
      findings.push(...(await scenarios[name]!(house.url, upstreams)));
    } finally {
      for (const upstream of upstreams) upstream.close();
      await house.close();
    }
  }
  console.log();
  for (const { what, figure, bar, isMet } of findings)
    console.log(`${isMet ? 'met   ' : 'MISSED'} ${figure.toFixed(3).padStart(7)} ${bar.padEnd(8)} ${what}`);
  agent.destroy();
  if (args.includes('--check') && findings.some(({ isMet }) => !isMet)) process.exitCode = 1;
}

await main(process.argv.slice(2));

/**
 * `npx tsx bench/contents.ts`: what keeping content costs a request: the question alone where nothing is kept, and the
 * noting where it is; and what it costs the thread beside the road.
 */
import { EventEmitter } from 'node:events';
import { noteContent } from '../src/gateway/content-log.ts';
import type { NotedContent } from '../src/gateway/content-noted.ts';
import { prepareContent } from '../src/gateway/content-prepare.ts';
import type { Exchange } from '../src/gateway/exchange.ts';
import type { KeptMode } from '../src/registry/privacy.ts';

const ROUNDS = 15;
const CALLS = 200_000;

const body = Buffer.from(
  JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'word '.repeat(2_000) }] }),
);
const reply = Buffer.from(JSON.stringify({ choices: [{ message: { content: 'said '.repeat(400) } }] }));

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Nanoseconds of one call, in the middle of several rounds. */
function nanosecondsOf(work: (at: number) => void, calls = CALLS): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    for (let at = 0; at < calls; at += 1) work(at);
    return ((performance.now() - started) / calls) * 1e6;
  });
  return median(rounds);
}

/** Of 1,000 workspaces every tenth has something kept: the question that every request asks. */
function measureQuestion(): void {
  const modes = new Map<string, KeptMode>();
  for (let at = 0; at < 1_000; at += 10) modes.set(`ws_${at}`, 'full');
  const ids = Array.from({ length: 1_000 }, (_, at) => `ws_${at}`);
  let found = 0;
  const asked = nanosecondsOf((at) => {
    if (modes.get(ids[at % 1_000]!)) found += 1;
  });
  const empty = new Map<string, KeptMode>();
  const none = nanosecondsOf((at) => {
    if (empty.get(ids[at % 1_000]!)) found += 1;
  });
  const bare = nanosecondsOf((at) => {
    if (ids[at % 1_000] === '') found += 1;
  });
  console.log(`question, nothing kept anywhere: ${(none - bare).toFixed(0)} ns a request`);
  console.log(
    `question, 100 of 1,000 workspaces keep: ${(asked - bare).toFixed(0)} ns a request (${found} hits)`,
  );
}

/** A response that writes nowhere, from its head to its close, with and without being noted. */
function measureNoting(): void {
  let taken = 0;
  const contents = {
    take() {
      taken += 1;
    },
    makeRoom: () => true,
  };
  const answer = (isNoted: boolean): void => {
    const nowhere = { write: () => true, end: () => undefined, writeHead: () => undefined };
    const response = Object.assign(new EventEmitter(), nowhere, { headersSent: true, statusCode: 200 });
    const exchange = {
      ...{ response, id: 'exc_1', startedAtMs: 0, key: { id: 'key_1', workspaceId: 'ws_1' } },
      ...{ format: { id: 'openai-chat' }, endpoint: { operation: 'chat' } },
    } as unknown as Exchange;
    if (isNoted) noteContent(contents, exchange, 'full', body);
    exchange.response.writeHead(200, ['content-type', 'application/json']);
    exchange.response.end(reply);
    response.emit('close');
  };
  const plain = nanosecondsOf(() => answer(false), 20_000);
  const noted = nanosecondsOf(() => answer(true), 20_000);
  const added = ((noted - plain) / 1_000).toFixed(1);
  console.log(`noting 10 KB asked and 2 KB answered: ${added} us (${taken} taken)`);
}

/** In its thread, beside the road. */
function measurePreparing(): void {
  for (const kib of [10, 100, 1_000]) {
    const text = JSON.stringify({
      messages: [{ role: 'user', content: 'The quick brown fox; x = 1.\n'.repeat((kib * 1024) / 28) }],
    });
    const bytes = Buffer.from(text);
    const side = { bytes, totalBytes: bytes.length };
    const noted = {
      exchangeId: 'exc_1',
      workspaceId: 'ws_1',
      memberId: undefined,
      keyId: 'key_1',
      startedAtMs: 0,
      format: 'openai-chat',
      isChat: true,
      status: 200,
      contentType: 'application/json',
      request: side,
      reply: { bytes: Buffer.from('{}'), totalBytes: 2 },
    } as const satisfies Omit<NotedContent, 'mode'>;
    const full = nanosecondsOf(() => prepareContent({ ...noted, mode: 'full' }), 5) / 1e6;
    const redacted = nanosecondsOf(() => prepareContent({ ...noted, mode: 'redacted' }), 5) / 1e6;
    console.log(`made ready, ${kib} KiB: full ${full.toFixed(1)} ms, redacted ${redacted.toFixed(1)} ms`);
  }
}

measureQuestion();
measureNoting();
measurePreparing();

/** Sends one request through a transport and keeps what comes back, as a test wants to look at it. */
import type { Failure } from '../../src/upstream/failure.ts';
import type { Timeouts } from '../../src/upstream/provider.ts';
import type { Transport, UpstreamCall } from '../../src/upstream/transport.ts';

export interface Collected {
  status: number | undefined;
  headers: Readonly<Record<string, string>>;
  readonly chunks: Buffer[];
  outcome: 'open' | 'end' | Failure;
  readonly call: UpstreamCall;
  /** Resolves at the end or the failure. */
  readonly over: Promise<void>;
  text(): string;
}

export interface Sending {
  readonly origin: string;
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeouts?: Partial<Timeouts>;
}

const patient: Timeouts = { connectMs: 5_000, firstByteMs: 10_000, idleMs: 10_000, totalMs: 20_000 };

export function collect(transport: Transport, sending: Sending): Collected {
  const { body } = sending;
  const text =
    body === undefined ? [] : [Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))];
  let finish = (): void => {};
  const collected: Omit<Collected, 'call'> = {
    status: undefined,
    headers: {},
    chunks: [],
    outcome: 'open',
    over: new Promise((resolve) => {
      finish = resolve;
    }),
    text: () => Buffer.concat(collected.chunks).toString('utf8'),
  };
  const end = (outcome: 'end' | Failure): void => {
    if (collected.outcome !== 'open') throw new Error('ended twice');
    collected.outcome = outcome;
    finish();
  };
  const call = transport.send(
    {
      origin: sending.origin,
      path: sending.path,
      method: sending.method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { 'content-type': 'application/json', ...sending.headers },
      body: text,
      timeouts: { ...patient, ...sending.timeouts },
    },
    {
      onHead(status, headers) {
        if (collected.status !== undefined) throw new Error('two heads');
        collected.status = status;
        collected.headers = headers;
      },
      onData(chunk) {
        if (collected.outcome !== 'open') throw new Error('data after the end');
        collected.chunks.push(chunk);
      },
      onEnd: () => end('end'),
      onFailure: end,
    },
  );
  return Object.assign(collected, { call });
}

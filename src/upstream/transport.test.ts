// What every transport owes its callers, held against scripted sockets: one suite over both implementations.
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ask,
  handClock,
  LONG,
  type Script,
  type ScriptedUpstream,
  startScriptedUpstream,
  text,
  turn,
  until,
} from '../../test/support/scripted-upstream.ts';
import type { Clock } from '../base/clock.ts';
import { createDeadlines } from './deadlines.ts';
import type { Failure } from './failure.ts';
import { createHttp1Transport } from './http1.ts';
import type { Timeouts } from './provider.ts';
import { createTransport } from './send.ts';
import type { Transport, UpstreamCall } from './transport.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const CHUNKED = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function startUpstream(script: Script): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream(script);
  open.push(upstream);
  return upstream;
}

const makers: readonly [string, (clock: Clock) => Transport][] = [
  ['the general transport', (clock) => createTransport({ clock })],
  ['plain HTTP/1.1', (clock) => createHttp1Transport({ clock, deadlines: createDeadlines(clock) })],
];

describe.each(makers)('%s', (_name, make) => {
  const start = (clock: Clock = handClock()): Transport => {
    const transport = make(clock);
    open.push(transport);
    return transport;
  };

  it('sends the request as it is and hands the answer back', async () => {
    const upstream = await startUpstream((socket) => socket.write(OK));
    const { over } = ask(start(), upstream.origin, { body: [Buffer.from('{"a":'), Buffer.from('1}')] });
    const told = await over;
    expect(told).toMatchObject({ ended: true, head: { status: 200, headers: { 'content-length': '2' } } });
    expect(text(told)).toBe('ok');
    const lines = upstream.requests[0]!.split('\r\n');
    expect(lines[0]).toBe('POST /v1/x HTTP/1.1');
    expect(lines.slice(1, -2).map((line) => line.toLowerCase())).toEqual(
      expect.arrayContaining([
        `host: ${upstream.origin.slice(7)}`,
        'content-type: application/json',
        'accept-encoding: identity',
        'content-length: 7',
      ]),
    );
    expect(lines.at(-1)).toBe('{"a":1}');
  });

  it('sends a large body in parts without changing it', async () => {
    const upstream = await startUpstream((socket) => socket.write(OK));
    const body = [Buffer.alloc(100, 'a'), Buffer.alloc(300_000, 'b'), Buffer.alloc(1, 'c')];
    await ask(start(), upstream.origin, { body }).over;
    const sent = upstream.requests[0]!;
    expect(sent).toMatch(/content-length: 300101\r\n/i);
    expect(sent).not.toMatch(/transfer-encoding/i);
    expect(sent.slice(sent.indexOf('\r\n\r\n') + 4)).toBe(Buffer.concat(body).toString());
  });

  it.each(['GET', 'DELETE'] as const)('sends %s without a body', async (method) => {
    const upstream = await startUpstream((socket) => socket.write(OK));
    expect((await ask(start(), upstream.origin, { method, body: [] }).over).ended).toBe(true);
    expect(upstream.requests[0]).toMatch(new RegExp(`^${method} /v1/x HTTP/1.1\r\n`));
  });

  it('uses one connection for one request after another, and more for requests at once', async () => {
    const upstream = await startUpstream((socket) => socket.write(OK));
    const transport = start();
    for (let i = 0; i < 5; i++) {
      await ask(transport, upstream.origin).over;
      await turn();
    }
    expect([upstream.requests.length, upstream.sockets.length]).toEqual([5, 1]);
    await Promise.all(Array.from({ length: 4 }, () => ask(transport, upstream.origin).over));
    expect(upstream.sockets.length).toBe(4);
  });

  it('never follows a redirect', async () => {
    const upstream = await startUpstream((socket) =>
      socket.write('HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n'),
    );
    const told = await ask(start(), upstream.origin).over;
    expect(told).toMatchObject({ ended: true, head: { status: 302 } });
    expect(upstream.requests.length).toBe(1);
  });

  it('joins repeated headers and skips informational heads', async () => {
    const upstream = await startUpstream((socket) =>
      socket.write(
        `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nX-A: 1\r\nx-a: 2\r\ncontent-length: 0\r\n\r\n`,
      ),
    );
    expect((await ask(start(), upstream.origin).over).head).toEqual({
      status: 200,
      headers: { 'x-a': '1, 2', 'content-length': '0' },
    });
  });

  it('takes the end of the connection as the end of a body without length', async () => {
    const upstream = await startUpstream((socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n');
    });
    const told = await ask(start(), upstream.origin).over;
    expect([told.ended, text(told)]).toEqual([true, 'data: 1\n\n']);
  });

  type Row = readonly [
    name: string,
    answer: string | Buffer,
    then: 'end' | 'reset' | 'stay',
    Failure['kind'],
  ];
  const broken: readonly Row[] = [
    ['nothing at all, then the end', '', 'end', 'cut'],
    ['nothing at all, then a reset', '', 'reset', 'cut'],
    ['half a head', 'HTTP/1.1 200 OK\r\ncontent-le', 'end', 'cut'],
    ['less than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf', 'end', 'cut'],
    ['a reset in the middle of the body', `${CHUNKED}5\r\nhello\r\n`, 'reset', 'cut'],
    ['an end in the middle of the chunks', `${CHUNKED}5\r\nhello\r\n`, 'end', 'cut'],
    ['a malformed chunk', `${CHUNKED}zz\r\nhello\r\n`, 'stay', 'protocol'],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', 'stay', 'protocol'],
    ['a head without end', `HTTP/1.1 200 OK\r\nx-big: ${'a'.repeat(200_000)}`, 'stay', 'protocol'],
    ['hints without end', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(100), 'stay', 'protocol'],
    [
      'an upgrade',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      'stay',
      'protocol',
    ],
  ];
  it.each(broken)('fails when the upstream sends %s', async (_name, answer, then, kind) => {
    const upstream = await startUpstream((socket) => {
      if (then === 'reset') return void socket.write(answer, () => socket.resetAndDestroy());
      if (then === 'end') return void socket.end(answer);
      socket.write(answer);
    });
    const told = await ask(start(), upstream.origin).over;
    expect(told.failure).toMatchObject({ kind, wasSent: true });
    await upstream.closed(1);
    expect(told.late).toEqual([]);
  });

  it('fails on two lengths in one answer', async () => {
    const twice = 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab';
    const upstream = await startUpstream((socket) => socket.write(twice));
    // The general transport calls every mismatch with a length a cut.
    const told = await ask(start(), upstream.origin).over;
    expect(['protocol', 'cut']).toContain(told.failure?.kind);
    await upstream.closed(1);
  });

  it('refuses a compressed answer before a byte of it is inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));
    const upstream = await startUpstream((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    const told = await ask(start(), upstream.origin).over;
    expect(told.failure).toMatchObject({ kind: 'protocol', code: 'ENCODING' });
    expect(told.head).toBeUndefined();
    await upstream.closed(1);
    expect([told.chunks, told.late]).toEqual([[], []]);
  });

  it('says so when nobody listens: nothing was sent', async () => {
    const upstream = await startUpstream(() => {});
    await open.pop()!.close();
    const { over, told } = ask(start(), upstream.origin);
    expect(told.failure).toBeUndefined();
    expect((await over).failure).toEqual({
      kind: 'connect',
      code: 'ECONNREFUSED',
      message: 'ECONNREFUSED in connect',
      wasSent: false,
    });
  });

  it('says so when the name does not resolve', async () => {
    const { failure } = await ask(start(), 'http://nowhere.invalid:1').over;
    expect(failure).toMatchObject({ kind: 'connect', wasSent: false });
  });

  const silences: readonly (readonly [string, string, keyof Timeouts, Failure['kind']])[] = [
    ['no head', '', 'firstByteMs', 'first-byte-timeout'],
    ['a head and no byte', CHUNKED, 'firstByteMs', 'first-byte-timeout'],
    ['a byte and no more', `${CHUNKED}1\r\na\r\n`, 'idleMs', 'idle-timeout'],
  ];
  it.each(silences)('gives up on %s', async (_name, answer, limit, kind) => {
    const clock = handClock();
    const upstream = await startUpstream((socket) => socket.write(answer));
    const { over, told } = ask(start(clock), upstream.origin);
    await until(() => upstream.requests.length === 1);
    if (answer !== '') await until(() => told.head !== undefined);
    if (kind === 'idle-timeout') await until(() => told.chunks.length > 0);
    clock.add(LONG[limit] - 1);
    await turn();
    expect(told.failure).toBeUndefined();
    clock.add(1);
    expect((await over).failure).toMatchObject({ kind, code: 'TIMEOUT', wasSent: true });
    await upstream.closed(1);
  });

  it('lets a drip live by the idle time and die by the total', async () => {
    const clock = handClock();
    const upstream = await startUpstream((socket) => socket.write(CHUNKED));
    const { over, told } = ask(start(clock), upstream.origin);
    await until(() => upstream.requests.length === 1);
    for (let seen = 1; seen <= 4; seen++) {
      upstream.sockets[0]!.write('1\r\na\r\n');
      await until(() => told.chunks.length === seen);
      expect(told.failure).toBeUndefined();
      clock.add(LONG.idleMs - 5_000);
    }
    expect((await over).failure).toMatchObject({ kind: 'total-timeout', wasSent: true });
  });

  it('stands still while paused, but for the total', async () => {
    const clock = handClock();
    const upstream = await startUpstream((socket) => socket.write(`${CHUNKED}1\r\na\r\n`));
    const { call, over, told } = ask(start(clock), upstream.origin);
    await until(() => told.chunks.length === 1);
    call.pause();
    clock.add(LONG.idleMs + 10_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(told.failure).toBeUndefined();
    call.resume();
    upstream.sockets[0]!.write('1\r\nb\r\n0\r\n\r\n');
    expect(await over).toMatchObject({ ended: true });
    expect(text(told)).toBe('ab');
  });

  it('may be resumed from inside a callback', async () => {
    const upstream = await startUpstream((socket) =>
      socket.write(`${CHUNKED}${'3\r\nabc\r\n'.repeat(50)}0\r\n\r\n`),
    );
    const onData = (call: UpstreamCall): void => {
      call.pause();
      call.resume();
    };
    const told = await ask(start(), upstream.origin, { onData }).over;
    expect([told.ended, text(told)]).toEqual([true, 'abc'.repeat(50)]);
  });

  it('holds little of a large body while paused, and all of it comes later', async () => {
    const whole = 50 * 1024 * 1024;
    const piece = Buffer.alloc(64 * 1024, 'x');
    let pushed = 0;
    const upstream = await startUpstream((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${whole}\r\n\r\n`);
      const push = (): void => {
        while (pushed < whole) {
          pushed += piece.length;
          if (!socket.write(piece)) return void socket.once('drain', push);
        }
      };
      push();
    });
    let bytes = 0;
    const { call, told, over } = ask(start(), upstream.origin, {
      onData: (running) => {
        bytes += told.chunks.pop()!.length;
        if (bytes < 1024 * 1024) running.pause();
      },
    });
    await until(() => bytes > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    // One chunk, perhaps two, were handed over; the rest is in the kernel's buffers or was never read.
    expect(bytes).toBeLessThan(512 * 1024);
    expect(upstream.sockets[0]!.writableLength).toBeGreaterThan(0);
    expect(pushed).toBeLessThan(16 * 1024 * 1024);
    const nudge = setInterval(() => call.resume(), 1);
    await over;
    clearInterval(nudge);
    expect([told.ended, bytes]).toEqual([true, whole]);
  });

  it.each([
    ['before the head', ''],
    ['in the body', `${CHUNKED}1\r\na\r\n`],
  ])('closes the upstream socket when given up %s, and says nothing more', async (_name, answer) => {
    const upstream = await startUpstream((socket) => socket.write(answer));
    const { call, told } = ask(start(), upstream.origin);
    await until(() => upstream.requests.length === 1 && (answer === '' || told.chunks.length === 1));
    call.abort();
    call.abort();
    call.resume();
    await upstream.closed(1);
    await turn();
    expect([told.ended, told.failure, told.late]).toEqual([false, undefined, []]);
  });

  it('may be given up before there is a connection', async () => {
    const upstream = await startUpstream((socket) => socket.write(OK));
    const transport = start();
    const { call, told } = ask(transport, upstream.origin);
    call.abort();
    expect((await ask(transport, upstream.origin).over).ended).toBe(true);
    expect(upstream.requests.length).toBe(1);
    expect(told).toMatchObject({ ended: false, chunks: [], late: [] });
  });

  it('may be given up while a large body is under way', async () => {
    const upstream = await startUpstream(() => {});
    upstream.onConnection = (socket) => socket.pause();
    const body = Array.from({ length: 8 }, () => Buffer.alloc(4 * 1024 * 1024));
    const { call, told } = ask(start(), upstream.origin, { body });
    await until(() => upstream.sockets.length === 1);
    await turn();
    call.abort();
    upstream.sockets[0]!.resume();
    await upstream.closed(1);
    expect([told.failure, told.ended, told.late]).toEqual([undefined, false, []]);
  });

  it('may be given up from inside a callback', async () => {
    const upstream = await startUpstream((socket) => socket.write(`${CHUNKED}1\r\na\r\n1\r\nb\r\n0\r\n\r\n`));
    const { told } = ask(start(), upstream.origin, { onData: (call) => call.abort() });
    await until(() => told.chunks.length === 1);
    await upstream.closed(1);
    expect([told.chunks.length, told.ended, told.failure]).toEqual([1, false, undefined]);
  });

  it('does not send again what a reused connection swallowed', async () => {
    const upstream = await startUpstream((socket, _text, nth) => {
      if (nth === 1) socket.write(OK);
      else socket.destroy();
    });
    const transport = start();
    await ask(transport, upstream.origin).over;
    await turn();
    const told = await ask(transport, upstream.origin).over;
    expect(told.failure).toMatchObject({ kind: 'cut', wasSent: true });
    expect(upstream.requests.length).toBe(2);
  });

  it('closes everything at the end, and tells who was under way', async () => {
    const upstream = await startUpstream(() => {});
    const transport = start();
    const { over } = ask(transport, upstream.origin);
    await until(() => upstream.requests.length === 1);
    await transport.close();
    expect((await over).failure).toMatchObject({ wasSent: true });
    await upstream.closed(1);
  });
});

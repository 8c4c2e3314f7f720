// What only the general transport does: TLS, a limit on connections, and requests that cannot be sent at all.
import { afterEach, describe, expect, it } from 'vitest';
import {
  ask,
  handClock,
  LONG,
  type Script,
  type ScriptedUpstream,
  startScriptedUpstream,
  turn,
  until,
} from '../../test/support/scripted-upstream.ts';
import { createTransport } from './send.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function startUpstream(script: Script): Promise<ScriptedUpstream> {
  const upstream = await startScriptedUpstream(script);
  open.push(upstream);
  return upstream;
}

describe('the general transport', () => {
  it('keeps to its number of connections, and the wait counts as connecting', async () => {
    const clock = handClock();
    const upstream = await startUpstream(() => {});
    const transport = createTransport({ clock, limits: { connections: 1 } });
    open.push(transport);
    const first = ask(transport, upstream.origin);
    await until(() => upstream.requests.length === 1);
    const second = ask(transport, upstream.origin);
    clock.add(LONG.connectMs);
    expect((await second.over).failure).toMatchObject({ kind: 'connect', code: 'TIMEOUT', wasSent: false });
    expect(first.told.failure).toBeUndefined();
    upstream.sockets[0]!.write(OK);
    expect((await first.over).ended).toBe(true);
    await turn();
    // The one that was given up is passed over, and does not cost the connection.
    const third = ask(transport, upstream.origin);
    await until(() => upstream.requests.length === 2);
    upstream.sockets[0]!.write(OK);
    expect((await third.over).ended).toBe(true);
    expect(upstream.sockets.length).toBe(1);
  });

  it('counts a failed TLS handshake as connecting: nothing was sent', async () => {
    const upstream = await startUpstream((socket) => socket.write(OK));
    const transport = createTransport();
    open.push(transport);
    upstream.onConnection = (socket) => socket.write('no TLS here, whatever you say\r\n');
    const { failure } = await ask(transport, upstream.origin.replace('http', 'https')).over;
    expect(failure).toMatchObject({ kind: 'connect', wasSent: false });
    expect(failure?.message).not.toContain('127.0.0.1');
  });

  it('tells of a request that cannot be sent after send has returned', async () => {
    const transport = createTransport();
    open.push(transport);
    const { told, over } = ask(transport, 'http://127.0.0.1:9', { path: 'no slash' });
    expect(told.failure).toBeUndefined();
    expect((await over).failure).toMatchObject({ kind: 'connect', wasSent: false });
  });
});

// Guarded transports open no connection that the policy forbids, whatever DNS says the second time.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, handClock } from '../../test/support/scripted-upstream.ts';
import type { EgressPolicy } from '../base/egress.ts';
import { createDeadlines } from './deadlines.ts';
import { createEgressGuard, type EgressGuard, type Resolve } from './egress.ts';
import { createHttp1Transport } from './http1.ts';
import { createTransport } from './send.ts';
import type { Transport } from './transport.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

interface Listener {
  readonly port: number;
  connections: number;
}

async function listen(): Promise<Listener> {
  const server: Server = createServer((_, response) => response.end('ok'));
  const listener = { port: 0, connections: 0 };
  server.on('connection', () => {
    listener.connections += 1;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push({ close: () => server.close() });
  listener.port = (server.address() as AddressInfo).port;
  return listener;
}

/** Answers each lookup with the next of these sets of addresses, the last one for ever. */
function answers(...sets: string[][]): Resolve {
  let nth = 0;
  return (_name, _options, done) => {
    const addresses = sets[Math.min(nth, sets.length - 1)]!;
    nth += 1;
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
}

const policyOf = (...allow: string[]): EgressPolicy => ({ allow: new Set(allow) });

const makers: readonly [string, (guard: EgressGuard) => Transport][] = [
  ['the general transport', (guard) => createTransport({ clock: handClock(), guard })],
  [
    'plain HTTP/1.1',
    (guard) => {
      const clock = handClock();
      return createHttp1Transport({ clock, deadlines: createDeadlines(clock), guard });
    },
  ],
];

describe.each(makers)('%s under guard', (_name, make) => {
  const send = async (policy: EgressPolicy, origin: string, resolve: Resolve) => {
    const transport = make(createEgressGuard(policy, resolve));
    open.push(transport);
    return ask(transport, origin).over;
  };
  const refused = { failure: { kind: 'connect', code: 'EGRESS_REFUSED', wasSent: false } };

  it.each(['127.0.0.1', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', 'localhost'])(
    'does not connect to %s',
    async (host) => {
      const listener = await listen();
      const told = await send(policyOf(), `http://${host}:${listener.port}`, answers(['127.0.0.1']));
      expect(told).toMatchObject(refused);
      expect(listener.connections).toBe(0);
    },
  );

  it.each([
    [['127.0.0.1']],
    [['93.184.216.34', '127.0.0.1']],
    [['127.0.0.1', '93.184.216.34']],
    [['::ffff:127.0.0.1']],
    [['::1', '2606:4700::1']],
    [['169.254.169.254']],
    [[]],
  ])('does not connect where a name resolves to %j', async (addresses) => {
    const listener = await listen();
    const told = await send(policyOf(), `http://rebind.test:${listener.port}`, answers(addresses));
    expect(told).toMatchObject(refused);
    expect(listener.connections).toBe(0);
  });

  it('connects to what is allowed by name, and by its port alone', async () => {
    const listener = await listen();
    const policy = policyOf(`models.internal:${listener.port}`);
    const resolve = answers(['127.0.0.1']);
    expect(await send(policy, `http://models.internal:${listener.port}`, resolve)).toMatchObject({
      head: { status: 200 },
    });
    const other = await listen();
    expect(await send(policy, `http://models.internal:${other.port}`, resolve)).toMatchObject(refused);
    expect(other.connections).toBe(0);
  });

  it('never connects to where clouds tell secrets, though the name is allowed', async () => {
    const told = await send(
      policyOf('models.internal:80'),
      'http://models.internal',
      answers(['169.254.169.254']),
    );
    expect(told).toMatchObject(refused);
  });

  it('tells of a name that is not known as of any other connection that failed', async () => {
    const nobody: Resolve = (_name, _options, done) =>
      done(Object.assign(new Error('no'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), []);
    const told = await send(policyOf(), 'http://nobody.example', nobody);
    expect(told).toMatchObject({ failure: { kind: 'connect', code: 'ENOTFOUND', wasSent: false } });
  });
});

describe('what the guard says before anything is sent', () => {
  it('goes by the addresses of just now', async () => {
    const guard = createEgressGuard(policyOf(), answers(['93.184.216.34'], ['10.0.0.1']));
    expect(await guard.refusalNow('https://rebind.test')).toBeUndefined();
    expect((await guard.refusalNow('https://rebind.test'))?.message).toMatch(/none of the public internet/);
    expect((await guard.refusalNow('http://127.0.0.1'))?.message).toMatch(/none of the public internet/);
  });

  it('is nothing of literals that may be sent to, and of names that nobody knows', async () => {
    const guard = createEgressGuard(policyOf(), (_name, _options, done) =>
      done(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []),
    );
    expect(await guard.refusalNow('https://93.184.216.34')).toBeUndefined();
    expect(await guard.refusalNow('https://nobody.example')).toBeUndefined();
  });
});

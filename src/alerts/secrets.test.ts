/** Addresses and secrets of sinks: in no log, no table, no answer and no print, whatever fails. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { expect, it, onTestFinished } from 'vitest';
import { startHookServer } from '../../test/support/hook-server.ts';
import { budgetAlert, handTime, putAlerts } from '../../test/support/outbox.ts';
import type { AlertSettings } from '../base/alert-settings.ts';
import { type Log, silentLog } from '../base/log.ts';
import { Secret } from '../base/secret.ts';
import { openSqlite } from '../store/sqlite.ts';
import { composeMessage } from './compose.ts';
import { createAlertDesk } from './desk.ts';
import { createDispatcher } from './dispatcher.ts';
import { openSinks } from './open-sinks.ts';

/** In every secret. */
const MARK = 's3cret';

/** Says everything it was told when it refuses. */
async function chattyMailServer(): Promise<number> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => done(new Error(`no: ${username} ${password}`)),
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
  return (server.server.address() as AddressInfo).port;
}

it('says no secret', async () => {
  const server = await startHookServer();
  onTestFinished(() => server.close());
  // It says back what it was sent.
  server.answer = (response, { path, body }) => response.writeHead(500, { 'x-path': path }).end(path + body);
  const secret = new Secret(`a ${MARK} of some length`);
  const hook = (url: string, allowPrivate = true) => ({ url: new Secret(url), allowPrivate, secret });
  const settings: AlertSettings = {
    webhooks: [
      hook(`${server.url}/${MARK}?token=${MARK}`),
      hook(`http://127.0.0.1:9/${MARK}`),
      hook(`https://127.0.0.1/${MARK}`, false),
      hook(`https://no-such-host.invalid/${MARK}`),
    ],
    slack: [hook(`${server.url}/services/${MARK}`)],
    email: {
      ...{ host: '127.0.0.1', port: await chattyMailServer(), tls: 'none' },
      login: { user: 'mailer', password: new Secret(`${MARK}-word`) },
      ...{ from: 'a@b.example', to: ['c@d.example'] },
    },
  };
  const said: unknown[] = [];
  const note = (...words: unknown[]) => said.push(words);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const store = await openSqlite(':memory:', { durability: 'process', log: silentLog });
  onTestFinished(() => store.close());
  const time = handTime();
  const sinks = openSinks(settings, { log, clock: time.clock });
  await putAlerts(store, budgetAlert());
  const compose = (due: Parameters<typeof composeMessage>[1]) => composeMessage(store, due, time.clock.now());
  const dispatcher = createDispatcher({ store, sinks, compose, log, random: () => 0, ...time });
  dispatcher.start();
  await dispatcher.settled();
  await dispatcher.stop(0);
  const desk = createAlertDesk({
    store,
    sinks,
    workspaceId: 'ws_1',
    isFirst: true,
    ...time,
    newTestId: () => 'one',
  });
  const seen = [said, sinks, settings, await desk.test(), await desk.list({ limit: 9, isOperator: true })];
  const rows = await store.kysely.selectFrom('outbox_deliveries').selectAll().execute();
  await Promise.all(sinks.map((sink) => sink.close()));
  expect(server.received).toHaveLength(4);
  expect(rows.map(({ last_error }) => last_error).sort()).toEqual([
    'answered 500',
    'answered 500',
    'not reached (ECONNREFUSED)',
    expect.stringMatching(/^not reached \((ENOTFOUND|EAI_AGAIN)\)$/),
    'not sent (EAUTH 535)',
    'not sent: its address is private; allow_private: true permits that',
    null,
  ]);
  for (const one of [...seen, rows]) {
    expect(inspect(one, { depth: 12 })).not.toContain(MARK);
    expect(
      JSON.stringify(one, (_name, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain(MARK);
  }
});

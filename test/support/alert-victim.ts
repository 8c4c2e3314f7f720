/**
 * A process that sends what the outbox holds until it is killed. Arguments: path of the database, address of a
 * webhook, its secret, milliseconds that its clock is ahead. Says a line when it has begun.
 */
import { composeMessage } from '../../src/alerts/compose.ts';
import { createDispatcher } from '../../src/alerts/dispatcher.ts';
import { createWebhook } from '../../src/alerts/webhook.ts';
import { silentLog } from '../../src/base/log.ts';
import { Secret } from '../../src/base/secret.ts';
import { openSqlite } from '../../src/store/sqlite.ts';

const [path = '', url = '', secret = '', aheadMs = '0'] = process.argv.slice(2);
const clock = { now: () => Date.now() + Number(aheadMs), monotonic: () => performance.now() };
const store = await openSqlite(path, { durability: 'power', log: silentLog });
const hook = createWebhook({ url: new Secret(url), secret: new Secret(secret), allowPrivate: true }, clock);
createDispatcher({
  store,
  sinks: [hook],
  compose: (due) => composeMessage(store, due, clock.now()),
  ...{ clock, log: silentLog, random: Math.random },
  wait(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
}).start();
process.stdout.write('begun\n');

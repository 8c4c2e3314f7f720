/** Mail through a real SMTP server: what arrives, over which TLS, and what is said when it does not. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { localhostCertificate, localhostKey } from '../../test/support/localhost-certificate.ts';
import type { EmailSettings } from '../base/alert-settings.ts';
import { Secret } from '../base/secret.ts';
import { createEmail } from './email.ts';
import type { Message, Sink } from './sink.ts';

const message: Message = {
  id: 'budget.threshold/bud_1/coder/1/80/v3',
  topic: 'budget.threshold',
  atMs: 0,
  title: 'Budget coders: 80 % of $25.00 is spent',
  lines: ['$20.00 is spent by agent "<b>coder</b>".'],
  hint: 'turnpike budgets show bud_1',
  data: {},
};
const PASSWORD = 'pass-word-of-the-test';
const never = new AbortController().signal;

interface Mail {
  readonly to: readonly string[];
  readonly isSecure: boolean;
  readonly user: string | undefined;
  readonly text: string;
}

let server: SMTPServer | undefined;
let sink: Sink | undefined;
afterEach(async () => {
  await sink?.close();
  const closing = server;
  server = undefined;
  if (closing) await new Promise<void>((done) => closing.close(() => done()));
});

async function start(options: SMTPServerOptions, mails: Mail[]): Promise<number> {
  server = new SMTPServer({
    key: localhostKey,
    cert: localhostCertificate,
    authOptional: true,
    onAuth: ({ username, password }, _session, done) =>
      password === PASSWORD ? done(null, { user: username }) : done(new Error(`wrong: ${password}`)),
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        const text = Buffer.concat(pieces).toString();
        mails.push({ to, isSecure: session.secure, user: session.user, text });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  server.listen(0, 'localhost');
  await once(server.server, 'listening');
  return (server.server.address() as AddressInfo).port;
}

function email(
  port: number,
  change: Partial<EmailSettings> = {},
  authority: string | undefined = localhostCertificate,
) {
  const settings: EmailSettings = {
    ...{
      host: 'localhost',
      port,
      tls: 'starttls',
      from: 'Turnpike <turnpike@example.com>',
      to: ['ops@example.com', 'cfo@example.com'],
    },
    ...change,
  };
  sink = createEmail(settings, authority === undefined ? {} : { authority });
  return sink;
}

const login = { user: 'mailer', password: new Secret(PASSWORD) };

describe.each<[tls: EmailSettings['tls'], options: SMTPServerOptions, isSecure: boolean]>([
  ['starttls', {}, true],
  ['implicit', { secure: true }, true],
  ['none', { disabledCommands: ['STARTTLS'], allowInsecureAuth: true }, false],
])('tls: %s', (tls, options, isSecure) => {
  it('brings plain text and HTML to every address', async () => {
    const mails: Mail[] = [];
    const port = await start(options, mails);
    expect(await email(port, { tls, login }).deliver(message, never)).toEqual({
      kind: 'taken',
      said: 'answered 250',
    });
    expect(mails).toMatchObject([{ to: ['ops@example.com', 'cfo@example.com'], isSecure, user: 'mailer' }]);
    const { text } = mails[0]!;
    expect(text).toContain('Subject: Budget coders: 80 % of $25.00 is spent');
    expect(text).toContain('From: Turnpike <turnpike@example.com>');
    expect(text).toMatch(/Message-ID: <[0-9a-f]{32}@example\.com>/);
    expect(text).toContain('$20.00 is spent by agent "<b>coder</b>".');
    expect(text).toContain('&lt;b&gt;coder&lt;/b&gt;');
  });
});

it('has the same id when it is sent again', async () => {
  const mails: Mail[] = [];
  const mail = email(await start({}, mails));
  for (const id of [message.id, message.id, 'other']) await mail.deliver({ ...message, id }, never);
  const ids = mails.map(({ text }) => /Message-ID: (\S+)/.exec(text)?.[1]);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[0]);
});

it('cannot be made to write a header of its own', async () => {
  const mails: Mail[] = [];
  await email(await start({}, mails)).deliver({ ...message, title: 'x\r\nBcc: evil@example.com' }, never);
  expect(mails[0]!.to).not.toContain('evil@example.com');
  const [head] = mails[0]!.text.split('\r\n\r\n');
  expect(head).toContain('Subject: x Bcc: evil@example.com');
  expect(head).not.toMatch(/^Bcc:/m);
});

it('sends nothing where TLS is not offered', async () => {
  const mails: Mail[] = [];
  const port = await start({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true }, mails);
  const answer = await email(port, { login }).deliver(message, never);
  expect(answer).toMatchObject({ kind: 'failed', said: expect.stringContaining('not sent') });
  expect(mails).toEqual([]);
});

it('sends nothing to a server that it cannot trust', async () => {
  const mails: Mail[] = [];
  const port = await start({}, mails);
  sink = createEmail({ host: 'localhost', port, tls: 'starttls', from: 'a@b.example', to: ['c@d.example'] });
  expect(await sink.deliver(message, never)).toMatchObject({ kind: 'failed' });
  expect(mails).toEqual([]);
});

it('says the code and not the password when it may not log in', async () => {
  const port = await start({}, []);
  const wrong = { user: 'mailer', password: new Secret('hunter2-hunter2') };
  const answer = await email(port, { login: wrong }).deliver(message, never);
  expect(answer).toEqual({ kind: 'failed', said: 'not sent (EAUTH 535)' });
});

it('is taken when some addresses are, and is not when none is', async () => {
  const mails: Mail[] = [];
  const port = await start(
    {
      onRcptTo: ({ address }, _session, done) =>
        done(address.startsWith('ops') ? null : new Error('unknown')),
    },
    mails,
  );
  const mail = email(port);
  expect(await mail.deliver(message, never)).toEqual({
    kind: 'taken',
    said: 'answered 250, 1 of 2 addresses refused',
  });
  const none = email(port, { to: ['nobody@example.com'] });
  expect(await none.deliver(message, never)).toMatchObject({
    kind: 'failed',
    said: expect.stringMatching(/EENVELOPE/),
  });
  expect(mails).toHaveLength(1);
});

it('does not wait for a server that says nothing', async () => {
  const limit = new AbortController();
  let letGo = () => {};
  const port = await start(
    {
      onConnect(_session, done) {
        letGo = () => done(new Error('closed'));
        limit.abort();
      },
    },
    [],
  );
  expect(await email(port).deliver(message, limit.signal)).toEqual({
    kind: 'failed',
    said: 'no answer in time',
  });
  letGo();
});

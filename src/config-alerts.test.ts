/** The `alerts` of a configuration file: what it may say, what becomes of it, and what is never said of it. */
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { alertSettingsOf, alertsSchema, describeAlerts } from './config-alerts.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const hook = { url: 'https://hooks.example/in?token=s3cret', secret: SECRET };
const mail = { from: 'Turnpike <t@example.com>', to: ['ops@example.com'] };

function read(alerts: unknown) {
  const sources: Record<string, string> = {};
  const settings = alertSettingsOf(
    [{ path: 'turnpike.yaml', content: { alerts: alertsSchema.parse(alerts) } }],
    sources,
  );
  return { settings, sources };
}

it('keeps addresses and secrets in a shell', () => {
  const slack = [{ url: 'https://hooks.slack.com/services/T0/B0/s3cret' }];
  const email = { ...mail, smtp_url: 'smtps://mailer:s3cret@smtp.example' };
  const { settings, sources } = read({ webhooks: [hook], slack, email });
  expect(settings.webhooks[0]!.url.reveal()).toBe(hook.url);
  expect(settings.webhooks[0]!.secret.reveal()).toBe(SECRET);
  expect(settings.email!.login!.password.reveal()).toBe('s3cret');
  for (const shown of [inspect(settings, { depth: 9 }), JSON.stringify(settings), describeAlerts(settings)]) {
    expect(shown).not.toMatch(/s3cret|whsec/);
  }
  expect(describeAlerts(settings)).toBe(
    'log; webhooks: hooks.example; slack: hooks.slack.com; email: ops@example.com by smtp.example:465',
  );
  expect(sources).toEqual({ alerts: 'turnpike.yaml' });
});

describe('mail servers', () => {
  it.each<[entry: object, server: object]>([
    [{ smtp_url: 'smtps://smtp.example' }, { host: 'smtp.example', port: 465, tls: 'implicit' }],
    [{ smtp_url: 'smtp://smtp.example' }, { host: 'smtp.example', port: 587, tls: 'starttls' }],
    [{ smtp_url: 'smtp://smtp.example:465' }, { port: 465, tls: 'implicit' }],
    [
      { smtp_url: 'smtp://[::1]:25', tls: 'none' },
      { host: '::1', port: 25, tls: 'none' },
    ],
    [{ smtp_url: 'smtp://a%40b:p%3A@smtp.example' }, { login: { user: 'a@b' } }],
    [{ host: 'smtp.example' }, { port: 587, tls: 'starttls' }],
    [
      { host: 'smtp.example', port: 465 },
      { port: 465, tls: 'implicit' },
    ],
    [
      { host: 'smtp.example', tls: 'implicit' },
      { port: 465, tls: 'implicit' },
    ],
    [{ host: 'smtp.example', user: 'u', password: 'p' }, { login: { user: 'u' } }],
  ])('%j', (entry, server) => {
    expect(read({ email: { ...mail, ...entry } }).settings.email).toMatchObject(server);
  });
});

describe('refuses', () => {
  it.each<[what: string, alerts: object, message: string]>([
    ['an unknown word', { webhook: [] }, 'Unrecognized key'],
    ['a webhook without a secret', { webhooks: [{ url: hook.url }] }, 'secret'],
    ['a short secret', { webhooks: [{ ...hook, secret: 'short' }] }, '16'],
    ['plain HTTP', { webhooks: [{ ...hook, url: 'http://s3cret.example/' }] }, 'https://'],
    ['another scheme', { slack: [{ url: 'file:///s3cret', allow_private: true }] }, 'https://'],
    ['no URL', { slack: [{ url: 's3cret' }] }, 'whole URL'],
    ['a password in the URL', { slack: [{ url: 'https://u:s3cret@hooks.example' }] }, 'user or a password'],
    ['mail without a server', { email: mail }, 'needs smtp_url or host'],
    ['a URL that is no mail server', { email: { ...mail, smtp_url: 'https://s3cret.example' } }, 'smtp://'],
    ['a user without a password', { email: { ...mail, host: 'h', user: 'u' } }, 'go together'],
    ['two servers', { email: { ...mail, host: 'h', smtp_url: 'smtp://h' } }, 'says all'],
    [
      'a password in the clear',
      { email: { ...mail, smtp_url: 'smtp://u:s3cret@h', tls: 'none' } },
      'without TLS',
    ],
    ['nobody to write to', { email: { ...mail, host: 'h', to: [] } }, 'to'],
    [
      'two addresses in one',
      { email: { ...mail, host: 'h', to: ['a@b.example,c@d.example'] } },
      'mail address',
    ],
    [
      'a sender with a header',
      { email: { ...mail, host: 'h', from: 'x\r\nBcc: a@b.example' } },
      'mail address',
    ],
  ])('%s', (_what, alerts, message) => {
    const { error } = alertsSchema.safeParse(alerts);
    const said = (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n');
    expect(said).toContain(message);
    expect(said).not.toContain('s3cret');
  });
});

it('permits plain HTTP where private addresses are', () => {
  const url = 'http://127.0.0.1:9000/hook';
  expect(read({ slack: [{ url, allow_private: true }] }).settings.slack[0]).toMatchObject({
    allowPrivate: true,
  });
});

it('takes the alerts of the last file that has any', () => {
  const sources: Record<string, string> = {};
  const files = [
    { path: 'user', content: { alerts: { slack: [{ url: 'https://a.example' }] } } },
    { path: 'project', content: { alerts: { webhooks: [hook] } } },
    { path: 'other', content: {} },
  ];
  const settings = alertSettingsOf(files, sources);
  expect([settings.slack.length, settings.webhooks.length, sources.alerts]).toEqual([0, 1, 'project']);
});

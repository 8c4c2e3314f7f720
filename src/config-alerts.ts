/** Who is told of alerts, as a configuration file declares it. */
import { z } from 'zod';
import {
  type AlertSettings,
  type EmailSettings,
  type HookSettings,
  noAlertSettings,
  type WebhookSettings,
} from './base/alert-settings.ts';
import { Secret } from './base/secret.ts';

/** Each alert is sent to each of them. */
const MAX_HOOKS = 20;
const MAX_ADDRESSES = 50;
/** Shorter ones are guessed. */
const MIN_SECRET_LENGTH = 16;

/** What is wrong with the address of a hook; undefined = nothing. The address itself is never said. */
function whyBadUrl(text: string, allowPrivate: boolean): string | undefined {
  if (!URL.canParse(text)) return 'must be a whole URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'must not hold a user or a password';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return 'must begin with https://';
  return allowPrivate ? undefined : 'must begin with https://; http:// needs allow_private: true';
}

interface HookEntry {
  readonly url: string;
  readonly allow_private?: boolean | undefined;
}

function checkUrl({ url, allow_private }: HookEntry, context: z.core.$RefinementCtx): void {
  const message = whyBadUrl(url, allow_private ?? false);
  if (message !== undefined) context.addIssue({ code: 'custom', path: ['url'], message });
}

const url = z
  .string()
  .max(2000)
  .meta({ description: 'Address to send to; best named by a variable, for whoever knows it can send too.' });
const allowPrivate = z
  .boolean()
  .meta({
    description:
      'Whether the address may be of this machine or its network, and plain HTTP. The metadata addresses of clouds never are.',
    default: false,
  })
  .optional();

const webhook = z
  .strictObject({
    url,
    secret: z
      .string()
      .min(MIN_SECRET_LENGTH)
      .max(200)
      .meta({
        description: `Signs what is sent: \`whsec_\` and base64, or any text of ${MIN_SECRET_LENGTH} characters and more; best named by a variable.`,
      }),
    allow_private: allowPrivate,
  })
  .superRefine(checkUrl);

const slack = z.strictObject({ url, allow_private: allowPrivate }).superRefine(checkUrl);

const hostName = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9.:-]+$/, 'must be a host name or an address');
const address = z
  .string()
  .max(320)
  .regex(/^[^\s@<>,;"]+@[^\s@<>,;"]+$/, 'must be a mail address, such as ops@example.com');
const sender = z
  .string()
  .max(400)
  .regex(/^(?:[^<>\r\n"]*<)?[^\s@<>,;"]+@[^\s@<>,;"]+>?$/, 'must be a mail address, or Name <address>');

const email = z
  .strictObject({
    smtp_url: z
      .string()
      .max(2000)
      .refine((text) => readSmtpUrl(text) !== undefined, 'must be smtp:// or smtps:// with a host')
      .meta({
        description:
          '`smtps://user:password@host:465`, or `smtp://…:587`, instead of the five below; best named by a variable.',
      })
      .optional(),
    host: hostName.meta({ description: 'SMTP server.' }).optional(),
    port: z
      .int()
      .min(1)
      .max(65_535)
      .meta({ description: 'Default: 465 with `tls: implicit`, else 587.' })
      .optional(),
    tls: z
      .enum(['implicit', 'starttls', 'none'])
      .meta({
        description:
          'From the first byte, after a greeting or nothing is sent, or never. Default: `implicit` at port 465 and for `smtps://`, else `starttls`.',
      })
      .optional(),
    user: z.string().min(1).max(320).meta({ description: 'Name to log in with.' }).optional(),
    password: z
      .string()
      .min(1)
      .max(1000)
      .meta({ description: 'Its password; best named by a variable.' })
      .optional(),
    from: sender.meta({ description: 'Sender: an address, or `Name <address>`.' }),
    to: z.array(address).min(1).max(MAX_ADDRESSES).meta({ description: 'Addresses; all stand in one mail.' }),
  })
  .superRefine((entry, context) => {
    const message = whyBadEmail(entry);
    if (message !== undefined) context.addIssue({ code: 'custom', path: [], message });
  });

type EmailEntry = z.infer<typeof email>;

function whyBadEmail({ smtp_url, host, port, user, password, tls }: EmailEntry): string | undefined {
  const others = [host, port, user, password].filter((one) => one !== undefined);
  if (smtp_url !== undefined && others.length > 0)
    return 'smtp_url says all of host, port, user and password';
  if (smtp_url === undefined && host === undefined) return 'needs smtp_url or host';
  if ((user === undefined) !== (password === undefined)) return 'user and password go together';
  const server = smtp_url === undefined ? undefined : readSmtpUrl(smtp_url);
  const hasLogin = user !== undefined || server?.login !== undefined;
  if (hasLogin && tls === 'none') return 'a password is not sent without TLS';
  return undefined;
}

type SmtpServer = Pick<EmailSettings, 'host' | 'login'> & {
  readonly port: number | undefined;
  readonly isImplicit: boolean;
};

function readSmtpUrl(text: string): SmtpServer | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(text);
  if ((protocol !== 'smtp:' && protocol !== 'smtps:') || hostname === '') return undefined;
  try {
    const user = decodeURIComponent(username);
    const word = decodeURIComponent(password);
    if ((user === '') !== (word === '')) return undefined;
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? undefined : Number(port),
      isImplicit: protocol === 'smtps:',
      ...(user !== '' && { login: { user, password: new Secret(word) } }),
    };
  } catch {
    return undefined;
  }
}

export const alertsSchema = z.strictObject({
  webhooks: z
    .array(webhook)
    .max(MAX_HOOKS)
    .meta({ description: 'Receivers of signed JSON ([how to check it](../guide/alerts.md)).' })
    .optional(),
  slack: z
    .array(slack)
    .max(MAX_HOOKS)
    .meta({ description: 'Incoming webhooks of Slack, or of a chat that takes the same.' })
    .optional(),
  email: email.meta({ description: 'Mail by an SMTP server.' }).optional(),
});
type AlertsEntry = z.infer<typeof alertsSchema>;

interface AlertsFile {
  readonly path: string;
  readonly content: { readonly alerts?: AlertsEntry | undefined };
}

/** Those of the last file that has any: lists of two files do not add up. Their file is noted in `sources`. */
export function alertSettingsOf(
  files: readonly AlertsFile[],
  sources: Record<string, string>,
): AlertSettings {
  const last = files.findLast(({ content }) => content.alerts !== undefined);
  if (!last?.content.alerts) return noAlertSettings;
  sources.alerts = last.path;
  const { webhooks = [], slack = [], email } = last.content.alerts;
  return {
    webhooks: webhooks.map(
      (entry): WebhookSettings => ({ ...hookOf(entry), secret: new Secret(entry.secret) }),
    ),
    slack: slack.map(hookOf),
    ...(email && { email: emailOf(email) }),
  };
}

function hookOf({ url, allow_private }: HookEntry): HookSettings {
  return { url: new Secret(url), allowPrivate: allow_private ?? false };
}

function emailOf({ smtp_url, host, port, user, password, tls, from, to }: EmailEntry): EmailSettings {
  const server: SmtpServer =
    smtp_url !== undefined
      ? readSmtpUrl(smtp_url)!
      : {
          host: host!,
          port,
          isImplicit: port === 465,
          ...(user !== undefined && { login: { user, password: new Secret(password!) } }),
        };
  const chosen = tls ?? (server.isImplicit || server.port === 465 ? 'implicit' : 'starttls');
  return {
    host: server.host,
    port: server.port ?? (chosen === 'implicit' ? 465 : 587),
    tls: chosen,
    ...(server.login && { login: server.login }),
    from,
    to,
  };
}

/** For people: how many and where, without what opens them. */
export function describeAlerts({ webhooks, slack, email }: AlertSettings): string {
  const hosts = (hooks: readonly HookSettings[]) =>
    hooks.map(({ url }) => new URL(url.reveal()).host).join(', ');
  const parts = [
    'log',
    ...(webhooks.length > 0 ? [`webhooks: ${hosts(webhooks)}`] : []),
    ...(slack.length > 0 ? [`slack: ${hosts(slack)}`] : []),
    ...(email ? [`email: ${email.to.join(', ')} by ${email.host}:${email.port}`] : []),
  ];
  return parts.join('; ');
}

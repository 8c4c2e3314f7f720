/** Sink: a mail to each address, by an SMTP server. */
import { createHash } from 'node:crypto';
import { createTransport } from 'nodemailer';
import type { EmailSettings } from '../base/alert-settings.ts';
import { failed, type Message, type Sink, taken } from './sink.ts';

/** Of one step of the conversation; a server that is slower is tried again later. */
const STEP_MS = 10_000;

export interface EmailOptions {
  /** PEM of authorities to trust besides the system's. */
  readonly authority?: string;
}

export function createEmail(settings: EmailSettings, { authority }: EmailOptions = {}): Sink {
  const { host, port, tls, login, from, to } = settings;
  const mailer = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    // Without it a server, or somebody in between, could talk us out of TLS.
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    connectionTimeout: STEP_MS,
    greetingTimeout: STEP_MS,
    socketTimeout: STEP_MS,
    dnsTimeout: STEP_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(login && { auth: { user: login.user, pass: login.password.reveal() } }),
    ...(authority !== undefined && { tls: { ca: [authority] } }),
  });
  return {
    name: 'email',
    async deliver(message, signal) {
      try {
        const sending = mailer.sendMail({ from, to: [...to], ...mailOf(message, from) });
        const sent = await Promise.race([sending, aborted(signal)]);
        if (sent === undefined) return failed('no answer in time');
        const refused = sent.rejected.length;
        const note = refused === 0 ? '' : `, ${refused} of ${to.length} addresses refused`;
        // The others have it: to send it again would give it to them twice.
        return taken(`answered ${sent.response.slice(0, 3)}${note}`);
      } catch (error) {
        return failed(sayError(error));
      }
    },
    async close() {
      mailer.close();
    },
  };
}

/** A mail that is under way cannot be called back: it may still arrive, and then again. */
function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

/** The id of the mail is made from the message's: mailboxes leave out what they have. */
function mailOf(message: Message, from: string) {
  const { id, title, lines, hint } = message;
  const domain = /@([A-Za-z0-9.-]+)>?$/.exec(from)?.[1] ?? 'turnpike';
  const digest = createHash('sha256').update(id).digest('hex').slice(0, 32);
  const paragraphs = lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
  return {
    messageId: `<${digest}@${domain}>`,
    subject: title,
    text: `${lines.join('\n')}\n\n${hint}\n`,
    html: `<h3>${escapeHtml(title)}</h3>\n${paragraphs}\n<p><code>${escapeHtml(hint)}</code></p>\n`,
    headers: { 'auto-submitted': 'auto-generated' },
  };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** What a server says may hold the user and more: only codes go on. */
function sayError(error: unknown): string {
  if (!(error instanceof Error)) return 'not sent';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const reply =
    'responseCode' in error && typeof error.responseCode === 'number' ? ` ${error.responseCode}` : '';
  return `not sent (${code}${reply})`;
}

/** Alerts of honeypots: keys that nobody was given, whose use shows that somebody looks where nobody should. */
import type { KeyId, WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import { clean } from './clean.ts';

/** `payload` of the outbox row, as JSON. */
export interface SecurityAlert {
  readonly topic: 'security.honeypot';
  readonly workspaceId: WorkspaceId;
  readonly keyId: KeyId;
  readonly keyName: string;
  /** First and last characters of the token. */
  readonly preview: string;
  /** Where the first of these uses came from; '' = unknown. */
  readonly address: string;
  readonly userAgent: string;
  /** Uses of this minute that are told of by this alert; later ones of the minute are in the log alone. */
  readonly uses: number;
  readonly at: number;
}

/** A thief may try all night: one alert of a key a minute, whoever of several processes sees it. */
const MINUTE_MS = 60_000;

/** A statement for a transaction; what was told in that minute is not told again. */
export function putSecurityAlert({ kysely }: Store, alert: SecurityAlert) {
  const { topic, keyId, at } = alert;
  const id = `${topic}/${keyId}/${Math.floor(at / MINUTE_MS) * MINUTE_MS}`;
  return kysely
    .insertInto('outbox')
    .values({ id, topic, dedupe_key: id, payload: JSON.stringify(alert), next_at: at, done_at: null })
    .onConflict((conflict) => conflict.doNothing());
}

/** One line that needs no look-up. */
export function titleOfSecurity({ keyName }: SecurityAlert): string {
  return `Honeypot "${clean(keyName)}" was used`;
}

export function saySecurity(alert: SecurityAlert) {
  const { preview, address, userAgent, uses } = alert;
  const from = address === '' ? 'an unknown address' : clean(address);
  const times = uses === 1 ? 'Once' : `${uses} times`;
  return {
    title: titleOfSecurity(alert),
    lines: [
      `The key ${clean(preview)}, which nobody was given, was sent from ${from}.`,
      `${times} so far in this minute${userAgent === '' ? '' : `, by "${clean(userAgent)}"`}. It was refused like any unknown key.`,
      'Whoever sent it has read what it was hidden in.',
    ],
    hint: `turnpike keys show ${clean(alert.keyId)}`,
  };
}

/** As JSON for programs. */
export function securityFields(alert: SecurityAlert) {
  const { workspaceId, keyId, keyName, preview, address, userAgent, uses } = alert;
  return { workspaceId, keyId, keyName, preview, address, userAgent, uses };
}

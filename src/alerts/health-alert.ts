/** Alerts of deployments' health, and how they are put into the outbox. */
import type { WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';

/** `payload` of the outbox row, as JSON. */
export interface HealthAlert {
  readonly topic: 'credential.disabled' | 'deployment.down' | 'deployment.recovered';
  /** Where it was seen: canonical `provider/model`. */
  readonly ref: string;
  readonly provider: string;
  /** Id of the provider's credential; '' = it has but one, or none. */
  readonly credential: string;
  /** Whose it is; absent = of the installation, or one member's own. */
  readonly workspaceId?: WorkspaceId;
  readonly reason: string;
  /** When it began: of what has recovered, when it went down. */
  readonly since: number;
  readonly at: number;
}

const HOUR_MS = 3_600_000;

/**
 * Unique, and the id of the row: whoever comes second finds it there.
 * @param lastGoodMs of a credential: when it was last seen to be good. What is told of it is told once until it is
 * good again, whoever asks. Deployments that come and go are told of once an hour.
 */
export function healthKeyOf(alert: HealthAlert, lastGoodMs: number | undefined): string {
  const { topic, ref, provider, credential, at } = alert;
  return topic === 'credential.disabled'
    ? `${topic}/${provider}/${credential}/${lastGoodMs ?? 'first'}`
    : `${topic}/${ref}/${credential}/${Math.floor(at / HOUR_MS) * HOUR_MS}`;
}

/** A statement for the transaction that makes it true. */
export function putHealthAlert({ kysely }: Store, alert: HealthAlert, lastGoodMs: number | undefined) {
  const id = healthKeyOf(alert, lastGoodMs);
  const { topic } = alert;
  const payload = JSON.stringify(alert);
  return kysely
    .insertInto('outbox')
    .values({ id, topic, dedupe_key: id, payload, next_at: alert.at, done_at: null })
    .onConflict((conflict) => conflict.doNothing());
}

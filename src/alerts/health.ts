/** Alerts of deployments' health, for people and for programs. */
import type { Alert } from './alert.ts';
import { clean } from './clean.ts';
import type { HealthAlert } from './health-alert.ts';

export function isHealthAlert(alert: Alert): alert is HealthAlert {
  return alert.topic.startsWith('credential.') || alert.topic.startsWith('deployment.');
}

/** One line that needs no look-up. */
export function titleOfHealth(alert: HealthAlert): string {
  switch (alert.topic) {
    case 'credential.disabled':
      return `Provider "${clean(alert.provider)}" refuses ${sayCredential(alert)}`;
    case 'deployment.down':
      return `${clean(alert.ref)} is down`;
    case 'deployment.recovered':
      return `${clean(alert.ref)} answers again`;
    default:
      return alert.topic satisfies never;
  }
}

export function sayHealth(alert: HealthAlert) {
  return { title: titleOfHealth(alert), lines: linesOf(alert), hint: 'turnpike health --events' };
}

function linesOf(alert: HealthAlert): string[] {
  const reason = `It was last seen so: ${clean(alert.reason)}.`;
  switch (alert.topic) {
    case 'credential.disabled':
      return [
        `${reason} It was ${clean(alert.ref)} that was asked.`,
        'Nothing more is sent with it until a probe is let in, or a trial is.',
        'This is told once until it is good again.',
      ];
    case 'deployment.down':
      return [reason, 'It failed again after its first wait. Requests go elsewhere where they can.'];
    case 'deployment.recovered':
      return [`It was down for ${sayMinutes(alert.at - alert.since)}.`];
    default:
      return alert.topic satisfies never;
  }
}

function sayCredential({ credential }: HealthAlert): string {
  return credential === '' ? 'its credential' : `credential "${clean(credential)}"`;
}

function sayMinutes(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}

/** As JSON for programs. */
export function healthFields({ ref, provider, credential, reason, since }: HealthAlert) {
  return { ref, provider, credential, reason, since: new Date(since).toISOString() };
}

/** What the admin API asks of health. */
import type { HealthState } from '../health/health.ts';

/** One model at one provider with one of its credentials, as this process has seen it. Times are epoch milliseconds. */
export interface DeploymentHealth {
  readonly ref: string;
  readonly provider: string;
  /** '' = the provider has but one, or none. */
  readonly credential: string;
  readonly state: HealthState;
  /** When the state ends by itself. */
  readonly untilMs?: number;
  readonly reason?: string;
  readonly p95FirstByteMs?: number;
  readonly firstByteMs?: number;
  readonly lastFailedAtMs?: number;
  readonly inFlight: number;
}

/** `unknown`: nothing was sent to it, and no probe has answered; `unreachable`: no probe could reach it. */
export type ProviderState = HealthState | 'unknown' | 'unreachable';

export interface ProviderHealth {
  readonly provider: string;
  readonly kind: string;
  /** Of what it serves, what is best off: that much of it can be used. */
  readonly state: ProviderState;
  readonly reason?: string;
  readonly isDraining: boolean;
  readonly deployments: number;
  readonly inFlight: number;
  /** The last; absent = there was none. */
  readonly probe?: {
    readonly atMs: number;
    readonly isReachable: boolean;
    readonly said: string;
    readonly tookMs: number;
  };
}

export interface HealthChange {
  readonly id: string;
  /** Of the process that saw it. */
  readonly replica: string;
  readonly ref: string;
  readonly provider: string;
  readonly credential: string;
  readonly from: HealthState;
  readonly to: HealthState;
  readonly reason: string;
  readonly atMs: number;
  readonly untilMs?: number;
}

export interface HealthFacts {
  readonly providers: readonly ProviderHealth[];
  /** Those that something was sent to since the start, and are configured still. */
  readonly deployments: readonly DeploymentHealth[];
  /** Retries into what is unwell that could be made now. */
  readonly retriesLeft: number;
}

export interface HealthDesk {
  /** Of this process, now. */
  read(): HealthFacts;
  /** Of all processes, newest first. */
  changes(query: { readonly limit: number; readonly provider?: string }): Promise<readonly HealthChange[]>;
  /** False = no such provider. Twice changes nothing. */
  drain(provider: string, isDraining: boolean): Promise<boolean>;
}

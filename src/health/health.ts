/**
 * What recent attempts showed of each deployment, and what may be sent to it. The contract between the board, which
 * lives in this process alone, and the road that asks it. Times are monotonic milliseconds.
 */

/** What has health: one model, served by one provider, with one of its credentials. */
export interface Place {
  /** Canonical `provider/model`. */
  readonly ref: string;
  readonly provider: string;
  /** Id of the credential among the provider's own; '' = it has but one, or none. */
  readonly credential: string;
}

/** What an attempt showed. */
export type Observation =
  /** The first byte of a good answer came after `firstByteMs`; told once, when it came. */
  | { readonly kind: 'first-byte'; readonly firstByteMs: number }
  /** The whole answer was good. */
  | { readonly kind: 'ok' }
  /** It counts against the deployment: no connection, no byte in time, 5xx, a broken answer. */
  | { readonly kind: 'down'; readonly reason: string }
  /** 429: unavailable for a while, though well. `retryAfterMs` as the provider says; undefined = it says nothing. */
  | { readonly kind: 'limited'; readonly retryAfterMs: number | undefined }
  /** 401, 402, 403, or an account that has run out: this credential is of no use, at any of the provider's models. */
  | {
      readonly kind: 'credential';
      readonly reason: string;
      /** It may be this model alone that it is refused for (403): then its other models are none the worse. */
      readonly isOfModel?: boolean;
    }
  /** It said no to this request, as it should; or the client left. Nothing is learnt, but a half-open trial is over. */
  | { readonly kind: 'neutral' };

export type HealthState = 'healthy' | 'degraded' | 'open' | 'half-open' | 'limited' | 'disabled' | 'draining';

export interface Standing {
  readonly state: HealthState;
  /** When it may be asked again; undefined = now, or nobody knows (a disabled credential waits for a probe). */
  readonly untilMono: number | undefined;
  /** Why, for people; undefined = there is nothing to say. */
  readonly reason: string | undefined;
  /** Of the first byte; undefined = not enough was seen. */
  readonly p95FirstByteMs: number | undefined;
  /** Smoothed time to the first byte, for `fastest`; undefined = never seen. */
  readonly firstByteMs: number | undefined;
  /** undefined = it never failed, as far as is remembered. */
  readonly lastFailedMono: number | undefined;
  readonly inFlight: number;
}

/** A change of state, to be stored and told. */
export interface HealthEvent {
  readonly place: Place;
  readonly from: HealthState;
  readonly to: HealthState;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Epoch milliseconds; undefined = open-ended. */
  readonly untilMs: number | undefined;
}

/** What an admitted attempt gives back when it is over: exactly once, in any order. */
export interface Trial {
  observe(observation: Observation): void;
  /** The attempt is over; further calls do nothing. Without an observation before it, it was neutral. */
  end(): void;
}

export interface ListedPlace {
  readonly place: Place;
  readonly standing: Standing;
  /** When somebody last asked to send there. */
  readonly usedMono: number;
}

export interface HealthBoard {
  /** Free of side effects, and cheap: asked for each candidate of each request. An unknown place is healthy. */
  standing(place: Place): Standing;
  /**
   * Asks to send there. undefined = not now: its breaker is open, its trial is taken, or it waits. With `isPanic`
   * (every candidate is unwell) it is let through up to a cap of attempts at once, whatever its breaker says, but
   * never with a disabled credential nor before the end of a limit.
   */
  admit(place: Place, isPanic?: boolean): Trial | undefined;
  /** A retry into a place that is not closed draws on this: at most a fifth of recent requests. False = spent. */
  drawRetry(): boolean;
  /** How many more could be drawn now. */
  retriesLeft(): number;
  /** A request began: what the retry budget grows by. */
  noteRequest(): void;
  /** A probe's result: may move `open` to `half-open` and enable a credential, never more. */
  probed(place: Place, result: { readonly isReachable: boolean; readonly isCredentialGood: boolean }): void;
  /** Takes a provider out of use, or back into it: what runs may end. */
  drain(provider: string, isDraining: boolean): void;
  /** Everything that was seen since the start, for the API and the metrics. */
  list(): readonly ListedPlace[];
  /** Tells of what time alone has changed: that a wait is over is otherwise found when somebody asks to send. */
  review(): void;
  /** Forgets what is no longer configured. */
  keepOnly(isKnown: (place: Place) => boolean): void;
}

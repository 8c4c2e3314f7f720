/** The numbers by which health is judged. Durations are milliseconds, shares are parts of one. */

export interface HealthSettings {
  /** Failures in a row that open a breaker. */
  readonly failuresInRow: number;
  /** How far back outcomes count. */
  readonly windowMs: number;
  /** Fewer outcomes in the window than this say nothing of a share. */
  readonly windowSamples: number;
  /** Of the outcomes in the window: as much as this opens a breaker. */
  readonly failureShare: number;
  /** The first wait of a breaker; each further one, before it was well for long, is twice as long. */
  readonly openMs: number;
  readonly maxOpenMs: number;
  /** A wait is longer or shorter by up to this share, so that many do not come back at once. */
  readonly openJitter: number;
  /** Good answers in a row that close a half-open breaker. */
  readonly goodTrials: number;
  /** After 429 without a word of when. */
  readonly limitMs: number;
  /** A provider that says "at once" would be asked in a loop. */
  readonly minLimitMs: number;
  /** A limit of a day is tried again before: limits are raised by hand, and clocks are wrong. */
  readonly maxLimitMs: number;
  /** The first wait of a credential that was refused, and the longest: then one request tries it, unless a probe did. */
  readonly credentialMs: number;
  readonly maxCredentialMs: number;
  /** First bytes remembered of a place. */
  readonly firstBytes: number;
  /** Fewer than this have no 95th percentile. */
  readonly minFirstBytes: number;
  /** First bytes that are older say nothing of now. */
  readonly firstByteAgeMs: number;
  /** Slower than its peers by more than this: degraded. */
  readonly slowFactor: number;
  /** Attempts at once at a place whose breaker is not closed, when every candidate is unwell. */
  readonly panicAtOnce: number;
  /** Retries into what is not closed, as a share of recent requests. */
  readonly retryShare: number;
  /** Retries that are always allowed in a window: where there are few requests a share of them is none. */
  readonly retryFloor: number;
  readonly retryWindowMs: number;
  /** Places of one model from which on they are compared by how often they fail. */
  readonly outlierPeers: number;
  /** It fails at least so often … */
  readonly outlierShare: number;
  /** … and so many times as often as the middle one of its peers. */
  readonly outlierFactor: number;
  /** Of a group, those put out for being outliers: what most of a group does is not out of line. */
  readonly maxOutliers: number;
  /** Places remembered; the one unused for longest goes. Config and catalog name them, not clients. */
  readonly maxPlaces: number;
}

export const defaultHealthSettings: HealthSettings = {
  failuresInRow: 5,
  windowMs: 30_000,
  windowSamples: 20,
  failureShare: 0.5,
  openMs: 30_000,
  maxOpenMs: 300_000,
  openJitter: 0.1,
  goodTrials: 2,
  limitMs: 10_000,
  minLimitMs: 1_000,
  maxLimitMs: 900_000,
  credentialMs: 300_000,
  maxCredentialMs: 3_600_000,
  firstBytes: 200,
  minFirstBytes: 20,
  firstByteAgeMs: 600_000,
  slowFactor: 3,
  panicAtOnce: 50,
  retryShare: 0.2,
  retryFloor: 3,
  retryWindowMs: 10_000,
  outlierPeers: 3,
  outlierShare: 0.2,
  outlierFactor: 3,
  maxOutliers: 0.5,
  maxPlaces: 4_096,
};

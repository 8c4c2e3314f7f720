/** Judges reported usage: what is absurd is replaced by the road's own estimate and flagged; what is sane is kept. */

/** Structurally the wire's `Usage`; the ledger may not import the wire room. */
export interface ReportedUsage {
  readonly input?: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
  readonly output?: number;
  readonly reasoning?: number;
  readonly audioInput?: number;
  readonly audioOutput?: number;
  readonly calls?: Readonly<Record<string, number>>;
  readonly reportedCostUsd?: string;
  readonly serviceTier?: string;
  readonly raw: unknown;
}

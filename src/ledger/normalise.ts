/** Judges reported usage: what is absurd is replaced by the road's own estimate and flagged; what is sane is kept. */

/** Structurally the wire's `Usage`; the ledger may not import the wire room. */
export interface ReportedUsage {
  readonly input?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite5m?: number | undefined;
  readonly cacheWrite1h?: number | undefined;
  readonly output?: number | undefined;
  readonly reasoning?: number | undefined;
  readonly audioInput?: number | undefined;
  readonly audioOutput?: number | undefined;
  readonly calls?: Readonly<Record<string, number>> | undefined;
  readonly reportedCostUsd?: string | undefined;
  readonly serviceTier?: string | undefined;
  readonly raw: unknown;
}

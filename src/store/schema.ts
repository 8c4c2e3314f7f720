/**
 * The tables, as Kysely sees them. Times are epoch milliseconds; JSON is text. A column whose name ends in
 * `_nano` is money and comes back as a bigint; every other integer comes back as a number.
 */
import type { Generated } from 'kysely';
import type { BudgetId, Period, ScopeKind } from '../base/budget.ts';
import type { ExchangeId, KeyId, PriceId, WorkspaceId } from '../base/ids.ts';
import type { RateLimitId, RateScopeKind } from '../base/rate-limit.ts';
import type { AgentEventsTable, AgentsTable, AgentTasksTable } from './schema-agents.ts';
import type { AuditEventsTable, IdempotencyKeysTable } from './schema-audit.ts';
import type { ContentKeysTable, ContentsTable, PrivacyTable } from './schema-contents.ts';
import type { CredentialsTable } from './schema-credentials.ts';
import type { DeclarationsTable } from './schema-declarations.ts';
import type { HealthEventsTable } from './schema-health.ts';
import type { KeysTable, KeyTokensTable } from './schema-keys.ts';
import type { InvitationsTable, MembersTable, PreferencesTable, WorkspacesTable } from './schema-members.ts';
import type { FallbackChainsTable, ModelRulesTable } from './schema-models.ts';
import type { OutboxDeliveriesTable, OutboxTable } from './schema-outbox.ts';
import type { PeopleTables } from './schema-people.ts';
import type { PriceOverridesTable } from './schema-prices.ts';

/** Single facts of the installation, by name. */
export interface SettingsTable {
  key: string;
  value: string;
}

/** Immutable: a price that changes is a new row. */
export interface PriceSnapshotsTable {
  /** Made from the content hash, so that the same price has the same id everywhere. */
  id: PriceId;
  content_hash: string;
  provider: string;
  model: string;
  service_tier: string;
  source: string;
  effective_from: number;
  /** JSON of `Price.tiers`. */
  tiers: string;
}

/** Attempts that may be running. The row goes when the entry comes. */
export interface ReservationsTable {
  exchange_id: ExchangeId;
  attempt: number;
  workspace_id: WorkspaceId;
  key_id: KeyId;
  member_id: string | null;
  agent_id: string | null;
  session_id: string | null;
  end_user: string | null;
  provider: string;
  model: string;
  client_format: string;
  lane: string;
  /** null = the price is unknown. */
  price_id: PriceId | null;
  input_estimate: number;
  max_output_tokens: number | null;
  observed_output: number;
  created_at: number;
  /** By the clock of the database where there is one to ask. */
  deadline_at: number;
  /** Whose it is: a replica, and which of its lives. */
  replica_id: Generated<string>;
  replica_epoch: Generated<number>;
  /** `orphaned` = its owner has been silent for too long; held until the deadline. */
  state: Generated<'pending' | 'orphaned'>;
  /** Held in each of its windows. */
  amount_nano: Generated<bigint>;
  /** JSON of `WindowKey`s (ledger/claims.ts), in lock order; null = it counts against no budget. */
  windows: string | null;
  /** JSON of `HeldRate`s (ledger/rate.ts), in lock order; null = no rate is limited. */
  rates: string | null;
}

/** Processes that serve from this database. */
export interface ReplicasTable {
  id: string;
  /** Number of its life: one more at each start, and each time it comes back from having been fenced. */
  epoch: number;
  /** `fenced` = it was silent for too long: what it reserved since may not be sent. */
  state: 'live' | 'fenced' | 'stopped';
  /** By the clock of the database. */
  heartbeat_at: number;
  /** Heartbeats of this life. */
  seq: number;
  /** Of the program. */
  version: string;
}

/** Limits on spend. Archived ones stay: windows and alerts name them. */
export interface BudgetsTable {
  id: BudgetId;
  workspace_id: WorkspaceId;
  /** No two that are not archived have the same in one workspace. */
  name: string;
  scope_kind: ScopeKind;
  /** One value of that kind, or `*` = each value has its own windows. */
  scope_id: string;
  limit_nano: bigint;
  enforcement: 'hard' | 'soft';
  period: Period;
  time_zone: string;
  anchor_day: number;
  output_cap: number | null;
  queue_ms: number;
  /** JSON array of per cents, ascending. */
  thresholds: string;
  mode: 'worst-case' | 'incremental';
  /** Grows with each change. */
  version: number;
  /** The calendar that still holds until `before_until`; null = there was no change of it. */
  before_time_zone: string | null;
  before_anchor_day: number | null;
  before_until: number | null;
  /** `file`: declared in a configuration file, which alone may change it. */
  source: 'file' | 'api';
  created_at: number;
  archived_at: number | null;
}

/** What was spent of a budget in `[start_at, end_at)`, by the value it is counted for. Made on first touch. */
export interface BudgetWindowsTable {
  budget_id: BudgetId;
  subject: string;
  start_at: number;
  end_at: number;
  /** As of the last touch. */
  limit_nano: bigint;
  settled_nano: bigint;
  reserved_nano: bigint;
  /** Attempts that cost more than was reserved for them. */
  overruns: Generated<number>;
  /** When the first request was refused for it; null = none was. */
  blocked_at: number | null;
  refusals: Generated<number>;
  requests: Generated<number>;
  /** Version of the budget that `limit_nano` and `alert_nano` are of: the newest that any replica has seen. */
  limit_version: Generated<number>;
  /** Of calendar periods: the spend at which the next threshold is crossed; null = none is left. */
  alert_nano: bigint | null;
}

/** Rates as GCRA keeps them: one row per subject and metric, made on first touch. */
export interface RateLimitsTable {
  /** `key:key_…`, `member:…`, `agent:…`, `workspace:ws_…`, `deployment:provider/model`. */
  subject: string;
  metric: 'requests' | 'input-tokens' | 'output-tokens' | 'streams';
  /** When all of it will be there again, in epoch microseconds of the database's clock. */
  full_at_us: number;
  /** Of `streams`. */
  in_flight: number;
}

/** Rate limits as they are declared: at most one of a scope. A figure that is null is not limited. */
export interface RateLimitRulesTable {
  id: RateLimitId;
  workspace_id: WorkspaceId;
  scope_kind: RateScopeKind;
  /** `*` = each value for itself. */
  scope_id: string;
  requests_per_minute: number | null;
  input_tokens_per_minute: number | null;
  output_tokens_per_minute: number | null;
  concurrent: number | null;
  burst_seconds: number;
  /** Grows with each change. */
  version: number;
  source: 'file' | 'api';
  created_at: number;
}

/** Thresholds that were crossed: one row each, so that nobody is told twice. */
export interface BudgetAlertsTable {
  budget_id: BudgetId;
  subject: string;
  start_at: number;
  /** Per cent of the limit. */
  threshold: number;
  /** Version of the budget whose limit it was. */
  limit_version: number;
  settled_nano: bigint;
  created_at: number;
}

/** One line per attempt, never edited. Corrections are further rows with a higher `sequence`. */
export interface LedgerEntriesTable {
  /** Order of commit: what keyset paging and followers go by. */
  seq: Generated<number>;
  exchange_id: ExchangeId;
  attempt: number;
  /** 0 = the settle of the attempt, 1… = corrections of it. */
  sequence: number;
  workspace_id: WorkspaceId;
  key_id: KeyId;
  member_id: string | null;
  agent_id: string | null;
  session_id: string | null;
  end_user: string | null;
  provider: string;
  model: string;
  client_format: string;
  lane: string;
  status: string;
  http_status: number | null;
  stop: string | null;
  error_class: string | null;
  upstream_request_id: string | null;
  service_tier: string | null;
  price_id: PriceId | null;
  /** `priced` by `price_id`, `reported` by the upstream, `unknown`, or `free` (nothing was charged). */
  price_state: 'priced' | 'reported' | 'unknown' | 'free';
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_5m_tokens: number;
  cache_write_1h_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  audio_input_tokens: number;
  audio_output_tokens: number;
  /** JSON of calls by tool; null = none. */
  calls: string | null;
  cost_nano: bigint;
  input_cost_nano: bigint;
  cache_cost_nano: bigint;
  output_cost_nano: bigint;
  other_cost_nano: bigint;
  is_estimated: number;
  /** Usage flags, comma-separated; null = none. */
  flags: string | null;
  /** What the upstream reported, kept only where it was not believed. */
  raw_usage: string | null;
  ttft_ms: number | null;
  /** null = nobody saw the end (interrupted). */
  latency_ms: number | null;
  started_at: number;
  created_at: number;
  /** As of its reservation: the budget windows its cost was added to; null = none. */
  windows: string | null;
}

/** What an attempt's decision record says beyond its entry. Attempts whose entry says all have none. */
export interface DecisionsTable {
  exchange_id: ExchangeId;
  attempt: number;
  /** JSON; see ledger/decision.ts. */
  facts: string;
}

/** Sums of entries by dimension; '' stands for "none" so that the primary key has no nulls. */
interface RollupColumns {
  workspace_id: WorkspaceId;
  key_id: KeyId;
  member_id: string;
  agent_id: string;
  provider: string;
  model: string;
  entries: number;
  errors: number;
  estimated: number;
  /** Entries of unknown price: their cost is not in `cost_nano`. */
  unpriced: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_5m_tokens: number;
  cache_write_1h_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  audio_input_tokens: number;
  audio_output_tokens: number;
  cost_nano: bigint;
  latency_ms: number;
  ttft_ms: number;
  /** Entries that have a time to first token. */
  ttft_entries: number;
  /** JSON array of at most 32 counts: bucket n holds latencies of n bits. Trailing zeros are left out. */
  latency_histogram: string;
}

export interface UsageHoursTable extends RollupColumns {
  /** Epoch milliseconds of the hour's start. */
  hour: number;
}

export interface UsageDaysTable extends RollupColumns {
  /** Epoch milliseconds of the UTC day's start. */
  day: number;
}

interface BilledTokenColumns {
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_5m_tokens: number;
  cache_write_1h_tokens: number;
  output_tokens: number;
  audio_input_tokens: number;
  audio_output_tokens: number;
}

/** What a provider's bill said when it was last fetched. */
export interface ProviderCostBucketsTable extends BilledTokenColumns {
  provider: string;
  width: 'hour' | 'day';
  start_at: number;
  /** As the provider spells it; '' = for no model. */
  model: string;
  /** null = no money is reported at this width. */
  cost_nano: bigint | null;
  fetched_at: number;
}

/** Runs of comparing bills with the ledger. */
export interface ReconciliationsTable {
  id: string;
  created_at: number;
  width: 'hour' | 'day';
  since_at: number;
  until_at: number;
  /** Sum over all rows: what the providers bill, less what is booked. */
  drift_nano: bigint;
  over_rows: number;
  /** JSON; see ledger/reconcile/keep.ts. */
  report: string;
}

/** Adjustments that wait for an operator, and what became of them. At most one is open for a provider, model and day. */
export interface AdjustmentProposalsTable extends BilledTokenColumns {
  id: string;
  reconciliation_id: string;
  created_at: number;
  provider: string;
  /** '' = for no model. */
  model: string;
  /** The day it is about. */
  start_at: number;
  cost_nano: bigint;
  reason: string;
  state: 'open' | 'accepted' | 'dismissed';
  decided_at: number | null;
  decided_by: string | null;
  /** Made up by whoever decides: of two at once, one finds its own here. */
  decision: string | null;
  /** Of the entry that was booked. */
  exchange_id: ExchangeId | null;
}

export interface Tables extends PeopleTables {
  workspaces: WorkspacesTable;
  members: MembersTable;
  invitations: InvitationsTable;
  preferences: PreferencesTable;
  keys: KeysTable;
  key_tokens: KeyTokensTable;
  credentials: CredentialsTable;
  settings: SettingsTable;
  privacy: PrivacyTable;
  content_keys: ContentKeysTable;
  contents: ContentsTable;
  audit_events: AuditEventsTable;
  idempotency_keys: IdempotencyKeysTable;
  price_snapshots: PriceSnapshotsTable;
  price_overrides: PriceOverridesTable;
  model_rules: ModelRulesTable;
  fallback_chains: FallbackChainsTable;
  declarations: DeclarationsTable;
  reservations: ReservationsTable;
  replicas: ReplicasTable;
  budgets: BudgetsTable;
  budget_windows: BudgetWindowsTable;
  budget_alerts: BudgetAlertsTable;
  health_events: HealthEventsTable;
  outbox: OutboxTable;
  outbox_deliveries: OutboxDeliveriesTable;
  rate_limits: RateLimitsTable;
  rate_limit_rules: RateLimitRulesTable;
  ledger_entries: LedgerEntriesTable;
  decisions: DecisionsTable;
  usage_hours: UsageHoursTable;
  usage_days: UsageDaysTable;
  provider_cost_buckets: ProviderCostBucketsTable;
  reconciliations: ReconciliationsTable;
  adjustment_proposals: AdjustmentProposalsTable;
  agents: AgentsTable;
  agent_tasks: AgentTasksTable;
  agent_events: AgentEventsTable;
}

/** What the admin API stands on: narrow faces of other rooms, handed in by server.ts. Nothing here reads a table itself. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AlertDesk } from '../alerts/desk.ts';
import type { Clock } from '../base/clock.ts';
import type { ExchangeId, WorkspaceId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import type { NanoUsd } from '../base/money.ts';
import type { RateLimitChange, RateLimitTerms } from '../base/rate-limit.ts';
import type { Model } from '../catalog/model.ts';
import type { Price } from '../catalog/price.ts';
import type { Decision } from '../ledger/decision.ts';
import type { DecisionContext } from '../ledger/decision-context.ts';
import type { EntryQuery, Place } from '../ledger/entries.ts';
import type { ExportQuery } from '../ledger/export.ts';
import type { RateUsage } from '../ledger/rate-usage.ts';
import type { Width } from '../ledger/reconcile/own-books.ts';
import type { ProposalState, StoredProposal } from '../ledger/reconcile/proposals.ts';
import type { Reconciliation } from '../ledger/reconcile/reconcile.ts';
import type { RateLimitOutcome, RateLimitRecord } from '../registry/rate-limits.ts';
import type { LiveList } from '../upstream/live-models.ts';
import type { AnalyticsDesk } from './analytics-desk.ts';
import type { AdminEnv, Identity, Presented } from './caller.ts';
import type { CredentialDesk } from './credentials-desk.ts';
import type { AgentDesk } from './deps-agents.ts';
import type { AuditDesk, OnceDesk } from './deps-audit.ts';
import type { BudgetDesk } from './deps-budgets.ts';
import type { ConfigurationDesk } from './deps-configuration.ts';
import type { DeclaredDesk } from './deps-declared.ts';
import type { ExplainChoice } from './deps-dry-run.ts';
import type { HealthDesk } from './deps-health.ts';
import type { KeyDesk } from './deps-keys.ts';
import type { LiveDesk } from './deps-live.ts';
import type { MembershipDesks } from './deps-members.ts';
import type { PriceDesk } from './deps-prices.ts';
import type { MemberDataDesk, PrivacyDesk } from './deps-privacy.ts';
import type { PromptFacts } from './deps-prompts.ts';
import type { RoutingDesk } from './deps-routing.ts';
import type { SignInDesk } from './deps-sign-in.ts';
import type { VaultDesk } from './deps-vault.ts';

/** What a resource registers its routes on. */
export type AdminApp = OpenAPIHono<AdminEnv>;

export interface AdminDeps extends MembershipDesks {
  readonly clock: Clock;
  readonly log: Log;
  /** Lower-case hex SHA-256 of the operator token. Asked for on every request, so that a rotated token counts at once. */
  operatorTokenHash(): string;
  /** Whose desks these are. */
  readonly workspaceId: WorkspaceId;
  /** The same of another workspace, which exists: who asks was let in to it. */
  inWorkspace(id: WorkspaceId): AdminDeps;
  /**
   * Who sent a request that brings no operator token; undefined = it brings nothing that says so.
   * @param workspace the one it asks to act in; undefined = its own, or the one it used last
   */
  identify(presented: Presented, workspace: string | undefined): Promise<Identity | undefined>;
  /** undefined = there is no such workspace. */
  findWorkspace(id: string): Promise<WorkspaceId | undefined>;
  /** Who sent a request with the virtual key of an agent; undefined = it brings none. */
  identifyAgent(presented: Presented): Identity | undefined;
  readonly signIn: SignInDesk;
  readonly keys: KeyDesk;
  readonly agents: AgentDesk;
  readonly credentials: CredentialDesk;
  /** Of the installation: its routes are for operators. */
  readonly vault: VaultDesk;
  readonly budgets: BudgetDesk;
  readonly rateLimits: RateLimitDesk;
  readonly prices: PriceDesk;
  readonly privacy: PrivacyDesk;
  readonly memberData: MemberDataDesk;
  readonly routing: RoutingDesk;
  readonly spending: SpendingDesk;
  readonly analytics: AnalyticsDesk;
  readonly reconciliation: ReconciliationDesk;
  readonly alerts: AlertDesk;
  readonly audit: AuditDesk;
  readonly once: OnceDesk;
  readonly updates: LiveDesk;
  readonly health: HealthDesk;
  readonly configuration: ConfigurationDesk;
  describeInstallation(): InstallationFacts;
  /** @param isLive ask providers that list their models for their lists, where those are due */
  describeModels(isLive: boolean): Promise<ModelListing>;
  describeProviders(): readonly ProviderFacts[];
  /** What the workspace declares itself. */
  readonly declared: DeclaredDesk;
  /** The prompt files as they serve now. */
  describePrompts(): PromptFacts;
  readonly explainChoice: ExplainChoice;
  /** Forgets what the deployments of a provider showed, or all; how many there were. */
  resetHealth(provider: string | undefined): number;
}

/** A rate limit and what of it is used now. */
export interface RateLimitFacts extends RateUsage {
  readonly rateLimit: RateLimitRecord;
}

export type RateLimitAnswer =
  | { readonly kind: 'done'; readonly facts: RateLimitFacts }
  | Exclude<RateLimitOutcome, { kind: 'done' }>;

export interface RateLimitDesk {
  /** By scope, at most `limit`. */
  list(limit: number): Promise<readonly RateLimitFacts[]>;
  create(terms: RateLimitTerms): Promise<RateLimitAnswer>;
  change(id: string, change: RateLimitChange): Promise<RateLimitAnswer>;
  /** Answers what it was. */
  remove(id: string): Promise<RateLimitAnswer>;
}

export const usageDimensions = ['model', 'provider', 'key', 'agent', 'member', 'day', 'session'] as const;
export type UsageDimension = (typeof usageDimensions)[number];

/** A half-open stretch of time, epoch milliseconds. */
export interface TimeRange {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Sums of ledger entries that share one value of the dimension. */
export interface UsageSum {
  /** The value; empty where the entries have none. */
  readonly value: string;
  /** What people call it, where that differs (a key's name). */
  readonly label?: string;
  /** One per attempt. */
  readonly entries: number;
  /** Entries of attempts that failed. */
  readonly errors: number;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cost: NanoUsd;
  /** Entries whose price is not known; their cost is not in `cost`. */
  readonly unpriced: number;
  /** Entries whose counts are our estimate, not the provider's report. */
  readonly estimated: number;
}

/** One immutable line of the ledger. */
export interface EntryFacts {
  readonly id: string;
  readonly exchangeId: string;
  readonly attempt: number;
  readonly kind: string;
  readonly status: string;
  /** When it was booked, and when the attempt began. */
  readonly createdAtMs: number;
  readonly startedAtMs: number;
  readonly workspaceId: string;
  readonly keyId: string;
  readonly agentId?: string;
  readonly sessionId?: string;
  readonly endUser?: string;
  readonly provider: string;
  readonly model: string;
  readonly clientFormat: string;
  readonly lane: string;
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly reasoning: number;
  /** undefined = the price is unknown, which is not 0. */
  readonly cost: NanoUsd | undefined;
  readonly isEstimated: boolean;
  readonly flags: readonly string[];
  readonly httpStatus?: number;
  readonly stop?: string;
  readonly errorClass?: string;
  readonly upstreamRequestId?: string;
  readonly ttftMs?: number;
  readonly latencyMs?: number;
}

export type ExchangeQuery = TimeRange & Omit<EntryQuery, 'workspaceId' | 'beforeSeq' | keyof TimeRange>;

export interface VerifyReport {
  readonly isSound: boolean;
  readonly entries: number;
  readonly cost: NanoUsd;
  /** What does not add up, in words; empty when sound. */
  readonly problems: readonly string[];
}

export interface SpendingDesk {
  usage(by: UsageDimension, range: TimeRange, limit: number): Promise<readonly UsageSum[]>;
  /** Entries of a page of exchanges, newest exchange first, attempts in order, and where the next page begins. */
  recent(
    query: ExchangeQuery,
    after?: Place,
  ): Promise<{ readonly entries: readonly EntryFacts[]; readonly next: Place | undefined }>;
  entriesOf(id: ExchangeId): Promise<readonly EntryFacts[]>;
  /** What was kept beside those entries, by attempt. For exchanges whose entries may be seen. */
  decisionsOf(id: ExchangeId): Promise<ReadonlyMap<number, Decision>>;
  /** Prices and budgets of those entries. For exchanges whose entries may be seen. */
  contextOf(id: ExchangeId): Promise<DecisionContext>;
  verify(): Promise<VerifyReport>;
  /** Every entry of the range as lines of text, some at a time. */
  export(query: ExportQuery): AsyncIterable<string>;
}

export interface ReconcileQuery extends TimeRange {
  /** Absent = every provider whose bill can be fetched. */
  readonly provider?: string;
  readonly width: Width;
}

export type ReconcileAnswer =
  | {
      readonly kind: 'done';
      readonly run: Reconciliation;
      /** Open proposals of this run. */
      readonly proposals: readonly StoredProposal[];
      /** Bills that could not be had; their providers are not in the run. */
      readonly failures: readonly { readonly provider: string; readonly message: string }[];
    }
  | { readonly kind: 'no_source' | 'too_long' | 'running'; readonly message: string };

/** Comparing the ledger with what the providers bill. */
export interface ReconciliationDesk {
  run(query: ReconcileQuery): Promise<ReconcileAnswer>;
  /** Newest first. */
  runs(limit: number): Promise<readonly Reconciliation[]>;
  proposals(query: { state?: ProposalState; limit: number }): Promise<readonly StoredProposal[]>;
  /** The proposal as it is then, decided now or before; undefined = no such proposal. */
  decide(id: string, verdict: 'accept' | 'dismiss', by: string): Promise<StoredProposal | undefined>;
}

export interface InstallationFacts {
  readonly version: string;
  readonly startedAtMs: number;
  readonly home: string;
  /** Its URL without what is secret. */
  readonly database: string;
  readonly durability: string;
  readonly revision: number;
  /** Client formats served. */
  readonly formats: readonly string[];
  readonly isLedgerWritable: boolean;
  readonly pendingSettles: number;
  readonly openReservations: number;
  readonly lastError?: string;
}

/** Every model that is reachable now, and the names that lead to several. */
export interface ModelListing {
  readonly models: readonly ModelFacts[];
  /** What providers have listed themselves. */
  readonly lists: readonly LiveList[];
}

export interface ModelFacts {
  /** Canonical `provider/model`, or the name of an alias or route. */
  readonly ref: string;
  readonly kind: 'model' | 'alias' | 'route';
  /** What an alias or route leads to, in order; empty for a model. */
  readonly leadsTo: readonly string[];
  readonly model?: Model;
  /** undefined = unknown, which is not free. */
  readonly price?: Price;
  /** Configured name; absent for an alias or route. */
  readonly provider?: string;
  /** It runs on the operator's own machines. */
  readonly isLocal?: boolean;
  /** Its provider lists it right now. */
  readonly isLive?: boolean;
}

export interface ProviderFacts {
  readonly name: string;
  readonly kind: string;
  readonly baseUrl: string;
  /** `registry` = the workspace declared it; `environment` also where the vault holds a key for a kind. */
  readonly source: 'file' | 'environment' | 'registry' | 'built-in';
  readonly needsCredential: boolean;
  readonly hasCredential: boolean;
  /** Where the credential came from, e.g. `env OPENAI_API_KEY`; never the credential. */
  readonly credentialSource?: string;
  readonly formats: readonly string[];
}

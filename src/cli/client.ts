/** The admin API as typed functions, over any transport that looks like `fetch`: a socket, or the application itself. */
import type { AlertList, AlertTest } from '../admin/alerts.ts';
import type { BudgetBody, BudgetChangeBody, BudgetList, NewBudgetBody } from '../admin/budgets.ts';
import type { ConfigurationBody, Reloaded } from '../admin/configuration.ts';
import type { DryRunQuery, DryRunRecord } from '../admin/dry-run.ts';
import type { ExchangeList, ExplainedExchange } from '../admin/exchanges.ts';
import type { DrainBody, HealthBody, ProviderHealthBody } from '../admin/health.ts';
import type { Installation } from '../admin/installation.ts';
import type { Verification } from '../admin/ledger.ts';
import type { ModelList } from '../admin/models.ts';
import type {
  NewPriceBody,
  PricedModelBody,
  PriceOverrideBody,
  Prices,
  RefreshedPrices,
  RerateBody,
  Rerated,
} from '../admin/prices.ts';
import type { PromptList } from '../admin/prompts.ts';
import type { ProviderList } from '../admin/providers.ts';
import type {
  NewRateLimitBody,
  RateLimitBody,
  RateLimitChangeBody,
  RateLimitList,
} from '../admin/rate-limits.ts';
import type { Proposal, ProposalList, ReconciliationRun } from '../admin/reconciliation.ts';
import type { Usage } from '../admin/usage.ts';
import { type AdminApi, createAdminApi } from '../client/admin-api.ts';
import { type AgentClient, createAgentClient } from './client-agents.ts';
import { type AnalyticsClient, createAnalyticsClient } from './client-analytics.ts';
import { type AuditClient, createAuditClient } from './client-audit.ts';
import { type CredentialClient, createCredentialClient } from './client-credentials.ts';
import { createDeclaredClient, type DeclaredClient } from './client-declared.ts';
import { createKeyClient, type KeyClient } from './client-keys.ts';
import { createMembersClient, type MembersClient } from './client-members.ts';
import { createPrivacyClient, type PrivacyClient } from './client-privacy.ts';
import { createRoutingClient, type RoutingClient } from './client-routing.ts';
import {
  asTyped,
  fetchOver,
  type Take,
  type TakePieces,
  type Transport,
  type Typed,
  takeFrom,
} from './client-take.ts';
import { createVaultClient, type VaultClient } from './client-vault.ts';

export { NotRunningError, RefusedError, send, type Transport } from './client-take.ts';

export interface AdminClient {
  installation(): Promise<Installation>;
  configuration(): Promise<ConfigurationBody>;
  reloadConfiguration(): Promise<Reloaded>;
  readonly keys: KeyClient;
  budgets(query: { readonly archived: boolean }): Promise<BudgetList>;
  budget(id: string): Promise<BudgetBody>;
  createBudget(budget: NewBudgetBody): Promise<BudgetBody>;
  changeBudget(id: string, change: BudgetChangeBody): Promise<BudgetBody>;
  archiveBudget(id: string): Promise<BudgetBody>;
  rateLimits(): Promise<RateLimitList>;
  createRateLimit(rateLimit: NewRateLimitBody): Promise<RateLimitBody>;
  changeRateLimit(id: string, change: RateLimitChangeBody): Promise<RateLimitBody>;
  /** Answers what it was. */
  removeRateLimit(id: string): Promise<RateLimitBody>;
  alerts(limit: number): Promise<AlertList>;
  testAlerts(): Promise<AlertTest>;
  health(query: { readonly changes: number; readonly provider?: string }): Promise<HealthBody>;
  drain(body: DrainBody): Promise<ProviderHealthBody>;
  usage(query: Typed<'/api/v1/usage'>): Promise<Usage>;
  readonly analytics: AnalyticsClient;
  readonly audit: AuditClient;
  readonly credentials: CredentialClient;
  /** Providers, routes and aliases that the workspace declares. */
  readonly declared: DeclaredClient;
  readonly vault: VaultClient;
  readonly privacy: PrivacyClient;
  readonly routing: RoutingClient;
  /** Workspaces, their members and invitations. */
  readonly membership: MembersClient;
  readonly agents: AgentClient;
  /** By the query's parameters; what is undefined is left out. */
  models(query: Typed<'/api/v1/models'>): Promise<ModelList>;
  prompts(): Promise<PromptList>;
  prices(withArchived: boolean): Promise<Prices>;
  /** Of `provider/model`. */
  priceOf(ref: string): Promise<PricedModelBody>;
  setPrice(price: NewPriceBody): Promise<PriceOverrideBody>;
  endPrice(id: string, neverHeld: boolean): Promise<PriceOverrideBody>;
  refreshPrices(): Promise<RefreshedPrices>;
  rerate(query: RerateBody): Promise<Rerated>;
  providers(): Promise<ProviderList>;
  exchanges(limit: number): Promise<ExchangeList>;
  exchange(id: string): Promise<ExplainedExchange>;
  /** Nothing is sent. */
  dryRun(query: DryRunQuery): Promise<DryRunRecord>;
  verifyLedger(): Promise<Verification>;
  reconcile(query: Typed<'/api/v1/ledger/reconcile', 'post'>): Promise<ReconciliationRun>;
  proposals(state: string): Promise<ProposalList>;
  decideProposal(id: string, verdict: 'accept' | 'dismiss'): Promise<Proposal>;
  /** Pieces of text as they come. Ends with {CliError} where the answer is cut off. */
  exportLedger(query: Typed<'/api/v1/ledger/export'>): AsyncIterable<string>;
}

/** As many as one answer holds. */
const PAGE = 1000;

/** @param workspace id or name of the one to act in; absent = the first */
export function createClient(
  transport: Transport,
  baseUrl: string,
  operatorToken: string,
  workspace?: string,
): AdminClient {
  const api = createAdminApi({
    url: baseUrl,
    token: operatorToken,
    ...(workspace !== undefined && { workspace }),
    fetch: fetchOver(transport, baseUrl),
  });
  const { take, takePieces } = takeFrom(baseUrl);
  return {
    ...createServerClient(api, take),
    ...createLimitClient(api, take),
    ...createPriceClient(api, take),
    ...createLedgerClient(api, take, takePieces),
    keys: createKeyClient(api, take),
    analytics: createAnalyticsClient(api, take),
    audit: createAuditClient(api, take, takePieces),
    credentials: createCredentialClient(api, take),
    declared: createDeclaredClient(api, take),
    vault: createVaultClient(api, take),
    privacy: createPrivacyClient(api, take, takePieces),
    routing: createRoutingClient(api, take),
    membership: createMembersClient(api, take),
    agents: createAgentClient(api, take),
  };
}

function createServerClient(api: AdminApi, take: Take) {
  return {
    installation: () => take(api.GET('/api/v1/installation')),
    configuration: () => take(api.GET('/api/v1/config')),
    reloadConfiguration: () => take(api.POST('/api/v1/config/reload')),
    alerts: (limit) => take(api.GET('/api/v1/alerts', { params: { query: { limit } } })),
    testAlerts: () => take(api.POST('/api/v1/alerts/test')),
    health: (query) => take(api.GET('/api/v1/health', { params: { query } })),
    drain: (body) => take(api.POST('/api/v1/health/drain', { body })),
    models: (query) =>
      take(api.GET('/api/v1/models', { params: { query: asTyped<'/api/v1/models'>(query) } })),
    prompts: () => take(api.GET('/api/v1/prompts')),
    providers: () => take(api.GET('/api/v1/providers')),
    dryRun: (body) => take(api.POST('/api/v1/routing/explain', { body })),
  } satisfies Partial<AdminClient>;
}

function createLimitClient(api: AdminApi, take: Take) {
  const at = (id: string) => ({ path: { id } });
  return {
    budgets: ({ archived }) =>
      take(api.GET('/api/v1/budgets', { params: { query: { archived: `${archived}`, limit: PAGE } } })),
    budget: (id) => take(api.GET('/api/v1/budgets/{id}', { params: at(id) })),
    createBudget: (body) => take(api.POST('/api/v1/budgets', { body })),
    changeBudget: (id, body) => take(api.PATCH('/api/v1/budgets/{id}', { params: at(id), body })),
    archiveBudget: (id) => take(api.DELETE('/api/v1/budgets/{id}', { params: at(id) })),
    rateLimits: () => take(api.GET('/api/v1/rate-limits', { params: { query: { limit: PAGE } } })),
    createRateLimit: (body) => take(api.POST('/api/v1/rate-limits', { body })),
    changeRateLimit: (id, body) => take(api.PATCH('/api/v1/rate-limits/{id}', { params: at(id), body })),
    removeRateLimit: (id) => take(api.DELETE('/api/v1/rate-limits/{id}', { params: at(id) })),
  } satisfies Partial<AdminClient>;
}

function createPriceClient(api: AdminApi, take: Take) {
  return {
    prices: (withArchived) =>
      take(api.GET('/api/v1/prices', { params: { query: { archived: `${withArchived}` } } })),
    priceOf: (ref) => take(api.GET('/api/v1/prices/model', { params: { query: { ref } } })),
    setPrice: (body) => take(api.POST('/api/v1/prices', { body })),
    endPrice: (id, neverHeld) =>
      take(
        api.DELETE('/api/v1/prices/{id}', { params: { path: { id }, query: { neverHeld: `${neverHeld}` } } }),
      ),
    refreshPrices: () => take(api.POST('/api/v1/prices/refresh')),
    rerate: (body) => take(api.POST('/api/v1/prices/rerate', { body })),
  } satisfies Partial<AdminClient>;
}

function createLedgerClient(api: AdminApi, take: Take, takePieces: TakePieces) {
  return {
    usage: (query) => take(api.GET('/api/v1/usage', { params: { query: asTyped<'/api/v1/usage'>(query) } })),
    exchanges: (limit) => take(api.GET('/api/v1/exchanges', { params: { query: { limit } } })),
    exchange: (id) => take(api.GET('/api/v1/exchanges/{id}', { params: { path: { id } } })),
    verifyLedger: () => take(api.POST('/api/v1/ledger/verify')),
    reconcile: (query) =>
      take(
        api.POST('/api/v1/ledger/reconcile', {
          params: { query: asTyped<'/api/v1/ledger/reconcile', 'post'>(query) },
        }),
      ),
    proposals: (state) =>
      take(
        api.GET('/api/v1/ledger/proposals', {
          params: { query: asTyped<'/api/v1/ledger/proposals'>({ state }) },
        }),
      ),
    decideProposal: (id, verdict) =>
      take(api.POST(`/api/v1/ledger/proposals/{id}/${verdict}`, { params: { path: { id } } })),
    async *exportLedger(query) {
      const asked = {
        params: { query: asTyped<'/api/v1/ledger/export'>(query) },
        parseAs: 'stream',
      } as const;
      yield* (await takePieces(api.GET('/api/v1/ledger/export', asked))).pieces;
    },
  } satisfies Partial<AdminClient>;
}

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
import type { Problem } from '../admin/problem.ts';
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
import { type AgentClient, createAgentClient } from './client-agents.ts';
import {
  type AnalyticsClient,
  type AnalyticsQuery,
  createAnalyticsClient,
  givenOf,
} from './client-analytics.ts';
import { type AskPieces, type AuditClient, createAuditClient } from './client-audit.ts';
import { type CredentialClient, createCredentialClient } from './client-credentials.ts';
import { createDeclaredClient, type DeclaredClient } from './client-declared.ts';
import { createKeyClient, type KeyClient } from './client-keys.ts';
import { createMembersClient, type MembersClient } from './client-members.ts';
import { createPrivacyClient, type PrivacyClient } from './client-privacy.ts';
import { createRoutingClient, type RoutingClient } from './client-routing.ts';
import { createVaultClient, type VaultClient } from './client-vault.ts';
import { CliError } from './io.ts';

export type Transport = (request: Request) => Response | Promise<Response>;

/** Nobody listens at the URL: nothing was asked, so the same may be asked elsewhere. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError';
}

/** The admin API said no. `code` is of docs/reference/refusals.md. */
export class RefusedError extends CliError {
  readonly code: string;
  constructor(problem: Problem['error']) {
    super(problem.message, problem.fix);
    this.code = problem.code;
  }
}

export interface UsageQuery {
  readonly by: string;
  readonly since?: string;
  readonly until?: string;
}

export interface ReconcileQuery {
  readonly by: string;
  readonly since: string;
  readonly until?: string;
  readonly provider?: string;
}

export interface ExportQuery {
  readonly format: string;
  readonly since?: string;
  readonly until?: string;
}

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
  usage(query: UsageQuery): Promise<Usage>;
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
  models(query: AnalyticsQuery): Promise<ModelList>;
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
  reconcile(query: ReconcileQuery): Promise<ReconciliationRun>;
  proposals(state: string): Promise<ProposalList>;
  decideProposal(id: string, verdict: 'accept' | 'dismiss'): Promise<Proposal>;
  /** Pieces of text as they come. Ends with {CliError} where the answer is cut off. */
  exportLedger(query: ExportQuery): AsyncIterable<string>;
}

/** @param workspace id or name of the one to act in; absent = the first */
export function createClient(
  transport: Transport,
  baseUrl: string,
  operatorToken: string,
  workspace?: string,
): AdminClient {
  const ask = senderOf(transport, `${baseUrl}/api/v1`, {
    authorization: `Bearer ${operatorToken}`,
    ...(workspace !== undefined && { 'x-turnpike-workspace': workspace }),
  });
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    (await readAnswer(await ask(method, path, body), baseUrl)) as T;
  const askPieces: AskPieces = async (path) => {
    const response = await ask('GET', path);
    if (!response.ok || !response.body) await readAnswer(response, baseUrl);
    return { headers: response.headers, pieces: readPieces(response.body!) };
  };
  const id = encodeURIComponent;
  return {
    installation: () => call('GET', '/installation'),
    configuration: () => call('GET', '/config'),
    reloadConfiguration: () => call('POST', '/config/reload'),
    keys: createKeyClient(call),
    // As many as one answer holds.
    budgets: ({ archived }) => call('GET', `/budgets?archived=${archived}&limit=1000`),
    budget: (budgetId) => call('GET', `/budgets/${id(budgetId)}`),
    createBudget: (budget) => call('POST', '/budgets', budget),
    changeBudget: (budgetId, change) => call('PATCH', `/budgets/${id(budgetId)}`, change),
    archiveBudget: (budgetId) => call('DELETE', `/budgets/${id(budgetId)}`),
    rateLimits: () => call('GET', '/rate-limits?limit=1000'),
    createRateLimit: (rateLimit) => call('POST', '/rate-limits', rateLimit),
    changeRateLimit: (limitId, change) => call('PATCH', `/rate-limits/${id(limitId)}`, change),
    removeRateLimit: (limitId) => call('DELETE', `/rate-limits/${id(limitId)}`),
    alerts: (limit) => call('GET', `/alerts?limit=${limit}`),
    testAlerts: () => call('POST', '/alerts/test'),
    health: ({ changes, provider }) =>
      call('GET', `/health?changes=${changes}${provider === undefined ? '' : `&provider=${id(provider)}`}`),
    drain: (body) => call('POST', '/health/drain', body),
    usage: (query) => call('GET', `/usage?${new URLSearchParams({ ...query })}`),
    analytics: createAnalyticsClient((path) => call('GET', path)),
    audit: createAuditClient(call, askPieces),
    credentials: createCredentialClient(call),
    declared: createDeclaredClient(call),
    vault: createVaultClient(call),
    privacy: createPrivacyClient(call, askPieces),
    routing: createRoutingClient(call),
    membership: createMembersClient(call),
    agents: createAgentClient(call),
    models: (query) => call('GET', `/models?${givenOf(query)}`),
    prompts: () => call('GET', '/prompts'),
    prices: (withArchived) => call('GET', `/prices?archived=${withArchived}`),
    priceOf: (ref) => call('GET', `/prices/model?ref=${id(ref)}`),
    setPrice: (price) => call('POST', '/prices', price),
    endPrice: (priceId, neverHeld) => call('DELETE', `/prices/${id(priceId)}?neverHeld=${neverHeld}`),
    refreshPrices: () => call('POST', '/prices/refresh'),
    rerate: (query) => call('POST', '/prices/rerate', query),
    providers: () => call('GET', '/providers'),
    exchanges: (limit) => call('GET', `/exchanges?limit=${limit}`),
    exchange: (exchangeId) => call('GET', `/exchanges/${id(exchangeId)}`),
    dryRun: (query) => call('POST', '/routing/explain', query),
    verifyLedger: () => call('POST', '/ledger/verify'),
    reconcile: (query) => call('POST', `/ledger/reconcile?${new URLSearchParams({ ...query })}`),
    proposals: (state) => call('GET', `/ledger/proposals?state=${id(state)}`),
    decideProposal: (proposal, verdict) => call('POST', `/ledger/proposals/${id(proposal)}/${verdict}`),
    async *exportLedger(query) {
      yield* (await askPieces(`/ledger/export?${new URLSearchParams({ ...query })}`)).pieces;
    },
  };
}

function senderOf(transport: Transport, api: string, headers: Readonly<Record<string, string>>) {
  return (method: string, path: string, body?: unknown): Promise<Response> => {
    const request = new Request(api + path, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return send(transport, request);
  };
}

/** @throws {NotRunningError} when nobody listens, {CliError} when the connection fails otherwise */
export async function send(transport: Transport, request: Request): Promise<Response> {
  try {
    return await transport(request);
  } catch (error) {
    const { origin } = new URL(request.url);
    const code = codeOf(error);
    if (code === 'ECONNREFUSED') throw new NotRunningError(`no server listens at ${origin}`);
    throw new CliError(`${origin} cannot be reached (${code})`, 'Check the address in TURNPIKE_URL.');
  }
}

/** System code of a failed fetch; several addresses tried in vain count as the first one's. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  const code = first instanceof Error && 'code' in first ? first.code : undefined;
  return typeof code === 'string' ? code : error instanceof Error ? error.message : String(error);
}

async function readAnswer(response: Response, baseUrl: string): Promise<unknown> {
  const text = await response.text();
  const content = parseJson(text);
  if (response.ok && content !== undefined) return content;
  const problem = (content as Partial<Problem> | undefined)?.error;
  if (problem?.code && problem.message) throw new RefusedError(problem);
  throw new CliError(
    `${baseUrl} answered ${response.status}, but not as a Turnpike does`,
    'Something else listens there: set TURNPIKE_URL, or TURNPIKE_PORT for the server.',
  );
}

async function* readPieces(body: ReadableStream<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  try {
    for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
      yield decoder.decode(bytes, { stream: true });
    }
  } catch (error) {
    throw new CliError(
      `the answer was cut off (${codeOf(error)})`,
      'What was written is not whole: run it again.',
    );
  }
  yield decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the admin API stands on, put together from the rooms. */
import { randomBytes } from 'node:crypto';
import { createAnalyticsDesk } from './admin/analytics-desk.ts';
import { createAuditDesk, createOnceDesk } from './admin/audit-desk.ts';
import { createBudgetDesk } from './admin/budgets-desk.ts';
import type { AdminDeps, InstallationFacts, ProviderFacts } from './admin/deps.ts';
import type { ConfigurationDesk } from './admin/deps-configuration.ts';
import type { KeyDesk } from './admin/deps-keys.ts';
import type { LiveHub } from './admin/deps-live.ts';
import type { RoutingDesk } from './admin/deps-routing.ts';
import type { SignInDesk } from './admin/deps-sign-in.ts';
import { createKeyDesk } from './admin/key-desk.ts';
import { describeModels } from './admin/models-desk.ts';
import { createPriceDesk } from './admin/prices-desk.ts';
import { createRateLimitDesk } from './admin/rate-limits-desk.ts';
import { createReconciliationDesk } from './admin/reconciliation-desk.ts';
import { createRoutingDesk } from './admin/routing-desk.ts';
import { createSpendingDesk } from './admin/spending-desk.ts';
import type { Clock } from './base/clock.ts';
import { maskDatabaseUrl } from './base/database-url.ts';
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import { STANDARD } from './catalog/service-tier.ts';
import type { Config } from './config.ts';
import type { Gateway } from './gateway/exchange.ts';
import { callGroups, callNames } from './gateway/key-scopes.ts';
import type { RunningLedger } from './ledger/create-ledger.ts';
import { createServiceTokens, type ServiceTokens } from './people/service-token.ts';
import { identifyAgent, openAgentDesk } from './server-agent-desk.ts';
import type { Alerts } from './server-alerts.ts';
import type { Contents } from './server-contents.ts';
import { openCredentialDesk } from './server-credential-desk.ts';
import type { Credentials } from './server-credentials.ts';
import { openDeclaredDesk } from './server-declared-desk.ts';
import { createExplainChoice } from './server-dry-run.ts';
import type { Installation } from './server-first-start.ts';
import type { Health } from './server-health.ts';
import { createHealthDesk } from './server-health-desk.ts';
import type { Declared } from './server-live.ts';
import { createMemberDataDesk } from './server-member-data.ts';
import { openMembers } from './server-members.ts';
import { modelProblems, problemOf } from './server-model-problems.ts';
import type { Prices } from './server-prices.ts';
import { createPrivacyDesk } from './server-privacy-desk.ts';
import { reachOf } from './server-reach.ts';
import type { Transports } from './server-transports.ts';
import { createVaultDesk } from './server-vault-desk.ts';
import type { Store } from './store/store.ts';
import { findBillSources } from './upstream/bills/sources.ts';
import type { ConfiguredProviders } from './upstream/configure.ts';
import { createLiveModels, type LiveModels } from './upstream/live-models.ts';
import type { Provider } from './upstream/provider.ts';
import { formats } from './wire/formats.ts';

export interface DeskInput {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly store: Store;
  readonly ledger: RunningLedger;
  readonly gateway: Gateway;
  readonly prices: Prices;
  readonly alerts: Pick<Alerts, 'deskOf'>;
  readonly health: Health;
  readonly configuration: ConfigurationDesk;
  readonly updates: LiveHub;
  readonly installation: Installation;
  readonly credentials: Credentials;
  readonly signIn: SignInDesk;
  readonly contents: Contents;
  /** What the files say by now. */
  declared(): Declared;
  /** What the registry holds by now serves when this resolves. */
  recompile(): Promise<void>;
  /** For the providers' bills and lists, and for trying credentials. */
  readonly transports: Transports;
  /** Where people open the console, without a trailing slash. */
  consoleUrl(): string;
  readonly startedAtMs: number;
  readonly version: string;
}

export function adminDeps(input: DeskInput): AdminDeps {
  const { transports, clock } = input;
  const live = createLiveModels({ clock, transportOf: transports.of, sleep });
  const settings = () => input.declared().config.signIn.services ?? [];
  const services = createServiceTokens({ settings, clock, ask: fetch });
  return desksOf({ ...input, live, services, workspaceId: input.installation.workspaceId });
}

/** All desks of one workspace. */
interface WorkspaceInput extends DeskInput {
  readonly workspaceId: WorkspaceId;
  /** The providers' own lists of models, kept for a while. */
  readonly live: LiveModels;
  readonly services: ServiceTokens;
}

function desksOf(input: WorkspaceInput): AdminDeps {
  const { workspaceId, clock, log, gateway, installation } = input;
  return {
    clock,
    log,
    workspaceId,
    inWorkspace: (id) => desksOf({ ...input, workspaceId: id }),
    identifyAgent: (presented) => identifyAgent(gateway, presented),
    alerts: input.alerts.deskOf(workspaceId, workspaceId === installation.workspaceId),
    updates: input.updates.of(workspaceId),
    health: createHealthDesk({ ...input, providers: () => configuredFor(input).providers }),
    configuration: input.configuration,
    operatorTokenHash: () => installation.operatorTokenHash,
    ...peopleDesks(input),
    ...bookDesks(input),
    ...modelDesks(input),
    describeInstallation: () => describeInstallation(input),
    resetHealth(provider) {
      const { health } = gateway;
      const before = health.list().length;
      health.keepOnly((place) => provider !== undefined && place.provider !== provider);
      return before - health.list().length;
    },
  };
}

/** Who may do what, with which keys, and what is kept of it. */
function peopleDesks(input: WorkspaceInput) {
  const { workspaceId, clock, log, store, gateway, installation } = input;
  const { keeper } = input.credentials;
  return {
    ...openMembers({
      ...{ store, workspaceId, clock, services: input.services, people: input.signIn.people },
      firstWorkspaceId: installation.workspaceId,
      consoleUrl: input.consoleUrl,
      problemOf: (ref) => problemOf(ref, placesOf(input)),
      providers: () => [...configuredFor(input).providers.keys()],
    }),
    signIn: input.signIn,
    audit: createAuditDesk(store, workspaceId, clock),
    once: createOnceDesk({ ...{ store, workspaceId, clock, log }, ensureVault: keeper.ensureVault }),
    keys: keyDesk(input),
    credentials: openCredentialDesk({ ...input, workspaceId, health: gateway.health }),
    vault: createVaultDesk({ ...input, keeper }),
    memberData: createMemberDataDesk({ ...input, people: input.signIn.people }),
    privacy: createPrivacyDesk({ ...input, keeper, ceiling: () => input.declared().config.privacy }),
  };
}

/** What was spent, what may be, and at which prices. */
function bookDesks(input: WorkspaceInput) {
  const { workspaceId, clock, store, ledger } = input;
  return {
    rateLimits: createRateLimitDesk(store, workspaceId, clock, () => ledger.now()),
    spending: createSpendingDesk(store, workspaceId),
    analytics: createAnalyticsDesk(store, workspaceId),
    prices: createPriceDesk({
      ...{ store, workspaceId, clock, prices: input.prices },
      catalogProviderOf: (provider) => configuredFor(input).providers.get(provider)?.catalogProvider,
    }),
    reconciliation: createReconciliationDesk({
      ...{ store, workspaceId },
      bills: () => {
        const { providers, env } = input.declared().config;
        return findBillSources(providers, env);
      },
      means: { transport: input.transports.general, clock, sleep },
      findRates: (provider, model, atMs) => findRates(input, provider, model, atMs),
    }),
  };
}

/** What can be reached, and who chooses it. */
function modelDesks(input: WorkspaceInput) {
  const { workspaceId, clock, store, gateway } = input;
  const budgets = createBudgetDesk(store, workspaceId, clock);
  const routing = routingDesk(input);
  const problem = (ref: string, hasHints?: boolean) => problemOf(ref, placesOf(input), hasHints);
  return {
    budgets,
    routing,
    agents: openAgentDesk({ ...input, problemOf: problem }, { budgets, routing }),
    describeModels: modelLister(input),
    explainChoice: createExplainChoice(gateway, workspaceId),
    describeProviders: () => describeProviders(input),
    declared: openDeclaredDesk({
      ...input,
      serving: () => gateway.snapshot().of({ workspaceId }).routing,
      problemOf: problem,
    }),
    describePrompts: () => ({
      definitions: input.declared().definitions,
      left: gateway.snapshot().prompts.left,
    }),
  };
}

function keyDesk({ store, workspaceId, clock, recompile }: WorkspaceInput): KeyDesk {
  const calls = [...callNames, ...Object.keys(callGroups)];
  return createKeyDesk({ store, workspaceId, clock, random: randomBytes, calls, recompile });
}

function configuredFor({ declared, workspaceId }: WorkspaceInput): ConfiguredProviders {
  return reachOf(declared().reaches, { workspaceId }).configured;
}

function describeInstallation(input: WorkspaceInput): InstallationFacts {
  const { ledger, gateway, config } = input;
  const health = ledger.health();
  return {
    version: input.version,
    startedAtMs: input.startedAtMs,
    home: config.home,
    database: maskDatabaseUrl(config.databaseUrl),
    durability: config.durability,
    revision: gateway.snapshot().revision,
    formats: Object.keys(formats),
    isLedgerWritable: health.isWritable,
    pendingSettles: health.pendingSettles,
    openReservations: health.openReservations,
    ...(health.lastError !== undefined && { lastError: health.lastError }),
  };
}

/** Of the lowest tier: sums of many requests say nothing of how long each was. */
function findRates({ gateway, workspaceId }: WorkspaceInput, provider: string, model: string, atMs: number) {
  const { providers, prices } = gateway.snapshot().of({ workspaceId });
  const catalogProvider = providers.get(provider)?.catalogProvider ?? provider;
  const served = { provider, catalogProvider, model };
  return prices.priceOf(workspaceId, served, STANDARD, atMs)?.tiers[0]?.rates;
}

function routingDesk(input: WorkspaceInput): RoutingDesk {
  const { store, workspaceId, clock, gateway, declared, recompile } = input;
  const state = () => gateway.snapshot().of({ workspaceId });
  const places = () => placesOf(input);
  return createRoutingDesk({
    store,
    workspaceId,
    clock,
    state,
    recompile,
    sources: () => declared().config.sources,
    problems: () => modelProblems({ ...places(), workspaceId }),
    problemOf: (ref, hasHints) => problemOf(ref, places(), hasHints),
  });
}

function placesOf(input: WorkspaceInput) {
  const { gateway, workspaceId } = input;
  return { ...gateway.snapshot().of({ workspaceId }), configured: configuredFor(input) };
}

function modelLister({ clock, gateway, workspaceId, live }: WorkspaceInput): AdminDeps['describeModels'] {
  return (isLive) =>
    describeModels(
      { clock, workspaceId, live, current: () => gateway.snapshot().of({ workspaceId }) },
      isLive,
    );
}

function sleep(ms: number): Promise<void> {
  // Nobody waits for a bill when the process is to end.
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function describeProviders(input: WorkspaceInput): ProviderFacts[] {
  const configured = configuredFor(input);
  const { sources } = input.declared().config;
  return [...configured.providers.values(), ...configured.keyless].map((provider) => {
    const credentialSource = configured.credentialSources.get(provider.name);
    return {
      name: provider.name,
      kind: provider.kind.id,
      baseUrl: provider.baseUrl,
      source: sourceOf(provider, sources),
      needsCredential: provider.kind.needsCredential,
      hasCredential: provider.credential !== undefined,
      formats: provider.kind.formats,
      ...(credentialSource !== undefined && { credentialSource }),
    };
  });
}

function sourceOf(
  { name, kind, ownerId }: Provider,
  sources: Readonly<Record<string, string>>,
): ProviderFacts['source'] {
  if (ownerId !== undefined) return 'registry';
  if (sources[`providers.${name}`] !== undefined) return 'file';
  return kind.id === 'sandbox' ? 'built-in' : 'environment';
}

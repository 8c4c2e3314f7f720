/** Builds the rooms, starts the loops, drains on the way out: the one place where everything meets. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { ADMIN_PATH, type Admin, createAdmin } from './admin/app.ts';
import type { LiveHub } from './admin/deps-live.ts';
import type { InvitationDesk } from './admin/deps-members.ts';
import type { TrustedProxies } from './base/client-address.ts';
import { type Clock, systemClock } from './base/clock.ts';
import { createLog, type Log, silentLog } from './base/log.ts';
import type { Config } from './config.ts';
import type { Exchange, Gateway } from './gateway/exchange.ts';
import { createHttpServer, type Mounts } from './gateway/http.ts';
import { startBeats } from './gateway/keep-alive.ts';
import { createMetrics } from './gateway/metrics.ts';
import { opsMounts } from './gateway/ops.ts';
import { createResponseCache, sweepCacheRegularly } from './gateway/response-cache.ts';
import { startRevocations } from './gateway/revoked.ts';
import type { Snapshot } from './gateway/snapshot.ts';
import { createStoredResponses, sweepRegularly } from './gateway/stored-responses.ts';
import type { RunningLedger } from './ledger/create-ledger.ts';
import { openDefinitions } from './server-agents.ts';
import { openAlerts } from './server-alerts.ts';
import { auditedFiles, auditedStart, openAudit } from './server-audit.ts';
import { type Books, closeBooks, openBooks, openLedger } from './server-books.ts';
import { type Contents, openContents } from './server-contents.ts';
import { type Credentials, openCredentials } from './server-credentials.ts';
import { declareAll } from './server-declared.ts';
import { adminDeps } from './server-desk.ts';
import { type KeptDoor, openDoor } from './server-door.ts';
import { type Installation, makeHome, prepareInstallation } from './server-first-start.ts';
import { type Health, openHealth } from './server-health.ts';
import { loadHeld } from './server-held.ts';
import { type Live, openLive } from './server-live.ts';
import {
  createWhereabouts,
  firstStartOf,
  hostInUrl,
  refuseOpenBind,
  type Whereabouts,
} from './server-owner.ts';
import { addressOf, createProxyReader, pageMounts } from './server-pages.ts';
import { openSignIn } from './server-people.ts';
import { openPrices, priceResolver } from './server-prices.ts';
import { reachOf } from './server-reach.ts';
import { openReload, type Reload } from './server-reload.ts';
import { keepRetention } from './server-retention.ts';
import { openTransports, type Transports } from './server-transports.ts';
import { openUpdates } from './server-updates.ts';
import type { Store } from './store/store.ts';
import type { Resolve } from './upstream/egress.ts';
import { createOllamaWindows } from './upstream/ollama-window.ts';
import { sandboxModels } from './upstream/sandbox/index.ts';

export { probeDatabase } from './store/probe.ts';

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  /** Only when this start made the installation's first key. */
  readonly firstStart?: { readonly key: string; readonly ownerLink?: string };
  /** What was found wrong with the declared providers; they are left out. */
  readonly problems: readonly string[];
  /** Reads the configuration files now; what comes of it is logged. Never rejects. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

/** How long open exchanges may go on after the call to stop. */
const DRAIN_MS = 30_000;
const DRAIN_POLL_MS = 20;
/** What listeners to live updates were told last is on its way. */
const LAST_WORD_MS = 100;
/** How long the last entries may take to become durable. */
const LEDGER_DRAIN_MS = 10_000;

/** What stands for the world outside of the process, in tests. */
export interface Means {
  /** DNS, for providers that workspaces declare. */
  readonly resolve?: Resolve;
}

/** @throws {ConfigError} and store errors: the operator's to mend; system errors of the listen */
export async function startServer(config: Config, means: Means = {}): Promise<RunningServer> {
  const log = openLog(config);
  const house = await openHouse(config, log, systemClock, true, means);
  try {
    return await listen(config, house);
  } catch (error) {
    await house.close();
    throw error;
  }
}

/** The admin application over the database alone: nothing listens, nothing is sent. */
export async function openOffline(config: Config): Promise<Admin & { close(): Promise<void> }> {
  const house = await openHouse(config, silentLog, systemClock, false, {});
  return { fetch: (request) => house.admin.fetch(request), close: () => house.close() };
}

/** On a terminal the banner speaks; the log joins in only for what needs a person, unless a level was asked for. */
function openLog({ logLevel, sources }: Config): Log {
  if (logLevel === 'silent') return silentLog;
  return createLog(sources.logLevel === 'default' && process.stderr.isTTY ? 'warn' : logLevel);
}

interface House {
  /** Streams to who listens, which end before the process does. */
  readonly updates: Pick<LiveHub, 'stop'>;
  readonly gateway: Gateway;
  readonly admin: Admin;
  /** Pages for people. */
  readonly mounts: Mounts;
  readonly proxies: () => TrustedProxies;
  readonly installation: Installation;
  readonly invitations: InvitationDesk;
  readonly whereabouts: Whereabouts;
  readonly reload: Reload;
  readonly problems: readonly string[];
  close(): Promise<void>;
}

/** @param isServing false = only to look: other replicas may be serving from the same database */
async function openHouse(
  config: Config,
  log: Log,
  clock: Clock,
  isServing: boolean,
  means: Means,
): Promise<House> {
  makeHome(config.home);
  const books = await openBooks(config, log, clock, readVersion());
  try {
    if (isServing) await refuseOpenBind(config, books.store);
    return await furnish({ config, log, clock, books, isServing, means });
  } catch (error) {
    await books.store.close();
    throw error;
  }
}

interface GroundInput {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly books: Books;
  readonly isServing: boolean;
  readonly means: Means;
}

/** What all else stands on: the registry with its audit, what was declared, and the ways out. */
async function layGround({ config, log, clock, books, isServing, means }: GroundInput) {
  const { replicaId } = books;
  const audit = openAudit({ store: books.store, clock, log });
  const { store } = audit;
  const base = { config, store, clock, log };
  const installation = await store.alone(() =>
    auditedStart(() => prepareInstallation(config, store, clock, replicaId)),
  );
  const { workspaceId } = installation;
  const credentials = await openCredentials({ ...base, replicaId, isServing });
  const prices = openPrices({ ...base, extra: sandboxModels, isServing });
  const declare = (next: Config) =>
    auditedFiles(next, workspaceId, () => declareAll(next, store, { workspaceId, nowMs: clock.now(), log }));
  if (isServing) await declare(config);
  const transports = openTransports({ config, clock, resolve: means.resolve });
  const definitions = openDefinitions(log);
  const live = await openLive({
    files: { config, definitions: await definitions.load(config) },
    ...{ store, prices, clock, log },
    loadHeld: (by) => loadHeld(by, { store, credentials }),
    workspaceId,
    transportOf: (provider) => credentials.watched(provider, transports.of(provider)),
  });
  return { ...base, audit, installation, credentials, prices, declare, transports, definitions, live };
}

async function furnish(input: GroundInput): Promise<House> {
  const { config, log, clock, books, isServing } = input;
  const ground = await layGround(input);
  const { store, audit, installation, credentials, prices, transports, live } = ground;
  const { workspaceId } = installation;
  const base = { config, store, clock, log };
  const road = await openRoad({
    ...{ config, log, clock, books, store, live, credentials, transports, isServing },
    openReload: () => openReload({ ...ground, isServing }),
  });
  const { gateway, ledger, health, reload, contents } = road;
  const signIn = openSignIn({ ...base, keeper: credentials.keeper, config: () => live.declared().config });
  const whereabouts = createWhereabouts(() => live.declared().config);
  const alerts = openAlerts({ ...base, providers: () => live.declared().config.providers });
  const updates = openUpdates({ store, clock, log, live, onLinked: audit.onLinked });
  const deps = adminDeps({
    ...base,
    ...{ ledger, gateway, health, prices, installation, credentials, contents, signIn },
    alerts,
    configuration: reload,
    updates,
    declared: live.declared,
    recompile: live.recompile,
    consoleUrl: whereabouts.consoleUrl,
    transports,
    startedAtMs: clock.now(),
    version: readVersion(),
  });
  if (isServing) alerts.start(deps.reconciliation);
  if (isServing) audit.start();
  const terms = () => live.declared().config;
  const stopRetention = isServing ? keepRetention({ store, clock, log, terms }) : async () => undefined;
  return {
    updates,
    gateway,
    admin: createAdmin(deps),
    mounts: pageMounts(signIn.people),
    proxies: createProxyReader(() => live.declared().config),
    installation,
    invitations: deps.invitations,
    whereabouts,
    reload,
    problems: [
      ...reachOf(live.declared().reaches, { workspaceId }).configured.problems,
      ...credentials.problems(),
    ],
    async close() {
      prices.stop();
      await reload.stop();
      live.stop();
      ledger.refuseNew();
      await Promise.all([contents.stop(), road.stopDoor(), credentials.stop()]);
      await transports.close();
      await road.closeLedger(LEDGER_DRAIN_MS);
      await Promise.all([health.stop(), alerts.stop(), stopRetention()]);
      await audit.stop();
      await closeBooks(books, log);
    },
  };
}

interface RoadInput {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly books: Books;
  readonly store: Store;
  readonly live: Live;
  readonly credentials: Credentials;
  readonly transports: Transports;
  readonly isServing: boolean;
  openReload(): Reload;
}

/** What traffic goes through, and what of it is kept. */
async function openRoad(input: RoadInput) {
  const { config, log, clock, books, store, live, credentials, transports, isServing } = input;
  const { ledger, close: closeLedger } = await openLedger(books, isServing, {
    ...{ clock, log },
    resolvePrice: priceResolver((id) => live.current().of({ workspaceId: id })),
  });
  const health = await openHealth({
    ...{ store, clock, log, replicaId: books.replicaId, isServing, declared: live.declared },
    transportOf: transports.of,
  });
  const reload = input.openReload();
  const { door, stop: stopDoor } = openDoor({
    ...{ store, clock, log },
    trustedProxies: () => live.declared().config.trustedProxies,
  });
  const snapshot = live.current;
  const contents = openContents({
    ...{ store, clock, log, vault: credentials.keeper.vault },
    modes: () => snapshot().contents,
    ceiling: () => live.declared().config.privacy,
  });
  const gateway = assembleGateway({
    ...{ config, log, clock, ledger, health, snapshot, transports, door, contents },
    configuration: reload.stats,
  });
  return { ledger, closeLedger, health, reload, stopDoor, contents, gateway };
}

interface GatewayParts {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly ledger: RunningLedger;
  readonly health: Health;
  readonly transports: Transports;
  readonly door: KeptDoor['door'];
  readonly contents: Contents;
  readonly configuration: Reload['stats'];
  snapshot(): Snapshot;
}

function assembleGateway(parts: GatewayParts): Gateway {
  const { config, log, clock, ledger, health, transports } = parts;
  const open = new Set<Exchange>();
  const responseCache = createResponseCache(clock, config.limits.cacheBytes);
  const metrics = createMetrics({
    openExchanges: () => open.size,
    ledger: () => ledger.health(),
    cache: () => responseCache.stats(),
    contents: () => parts.contents.log.stats(),
    configuration: parts.configuration,
    health,
  });
  return {
    clock,
    log,
    ledger,
    metrics,
    health: health.board,
    random: Math.random,
    windows: createOllamaWindows({ clock, transportOf: transports.of }),
    storedResponses: createStoredResponses(clock, config.limits.storedResponsesBytes),
    responseCache,
    contents: parts.contents.log,
    limits: config.limits,
    snapshot: parts.snapshot,
    open,
    ...parts.door,
    isDraining: false,
  };
}

async function listen(config: Config, house: House): Promise<RunningServer> {
  const { gateway, admin, installation } = house;
  const from = (env: object) =>
    'incoming' in env ? addressOf(env.incoming as IncomingMessage, house.proxies()) : undefined;
  // The listener ignores the name a client calls us by: routes never depend on it.
  const adminListener: RequestListener = getRequestListener(
    (request, env) => admin.fetch(request, from(env)),
    {
      hostname: 'localhost',
      overrideGlobalObjects: false,
    },
  );
  const mounts = {
    ...opsMounts(gateway, readVersion()),
    ...house.mounts,
    [`${ADMIN_PATH}/`]: adminListener,
  };
  const server = createHttpServer(gateway, mounts);
  const stopBeats = startBeats(gateway);
  server.once('close', stopBeats);
  server.once('close', startRevocations(gateway));
  server.once('close', sweepRegularly(gateway.storedResponses));
  server.once('close', sweepCacheRegularly(gateway.responseCache));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, () => resolve());
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${hostInUrl(config.host)}:${port}`;
  installation.writeClientFile(url);
  house.whereabouts.listensAt(url);
  const firstStart = await firstStartOf(config, installation, house.invitations);
  return {
    url,
    port,
    problems: house.problems,
    ...(firstStart && { firstStart }),
    reload: async () => void (await house.reload.reload().catch(() => undefined)),
    close: () => drain(house, server),
  };
}

/** Nothing new is taken; what is open may finish within the limit; then the ledger is made durable and the rooms are closed. */
async function drain(house: House, server: Server): Promise<void> {
  const { gateway } = house;
  gateway.isDraining = true;
  const heard = house.updates.stop();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const giveUpAt = gateway.clock.monotonic() + DRAIN_MS;
  while (gateway.open.size > 0 && gateway.clock.monotonic() < giveUpAt) {
    await new Promise((done) => setTimeout(done, DRAIN_POLL_MS));
    server.closeIdleConnections();
  }
  if (heard > 0) await new Promise((done) => setTimeout(done, LAST_WORD_MS));
  for (const exchange of gateway.open) exchange.response.destroy();
  server.closeAllConnections();
  await closed;
  await house.close();
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

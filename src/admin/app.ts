/** The control-plane API under `/api/v1`: one Hono application made of one file per resource. */
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { WorkspaceId } from '../base/ids.ts';
import { type RefusalCode, refusals, refuse } from '../base/refusal.ts';
import { StoreError } from '../store/store-error.ts';
import { isDatabaseTrouble } from '../store/trouble.ts';
import { registerAgentReports } from './agent-reports.ts';
import { registerAgents } from './agents.ts';
import { registerAlerts } from './alerts.ts';
import { registerAnalytics } from './analytics.ts';
import { registerSessions } from './analytics-sessions.ts';
import { registerSpend } from './analytics-spend.ts';
import { registerAudit } from './audit.ts';
import { routesOf, watchForAudit } from './audit-watch.ts';
import { registerOidc } from './auth-oidc.ts';
import { registerOwnSignIn } from './auth-sessions.ts';
import { registerSignIn } from './auth-sign-in.ts';
import { holdBody } from './body.ts';
import { registerBudgets } from './budgets.ts';
import { type AdminEnv, denialFor } from './caller.ts';
import { registerConfiguration } from './configuration.ts';
import { registerContents } from './contents.ts';
import { registerCredentials } from './credentials.ts';
import { registerAliases } from './declared-aliases.ts';
import { registerDeclaredProviders } from './declared-providers.ts';
import { registerRoutes } from './declared-routes.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { documentOf } from './document.ts';
import { registerDryRun } from './dry-run.ts';
import { registerExchanges } from './exchanges.ts';
import { registerHealth } from './health.ts';
import { registerHealthReset } from './health-reset.ts';
import { registerInstallation } from './installation.ts';
import { registerInvitations } from './invitations.ts';
import { urlRefusal } from './keepable.ts';
import { registerKeys } from './keys.ts';
import { registerLedger } from './ledger.ts';
import { letIn } from './let-in.ts';
import { registerLive } from './live.ts';
import { registerMe } from './me.ts';
import { registerMemberData } from './member-data.ts';
import { registerMembers } from './members.ts';
import { registerModels } from './models.ts';
import { registerPreferences } from './preferences.ts';
import { registerPrices } from './prices.ts';
import { registerPrivacy } from './privacy.ts';
import { problemOf } from './problem.ts';
import { registerPrompts } from './prompts.ts';
import { registerProviders } from './providers.ts';
import { registerRateLimits } from './rate-limits.ts';
import { registerReconciliation } from './reconciliation.ts';
import { answerReference } from './reference.ts';
import { answer, checkNeeds } from './route.ts';
import { registerRouting } from './routing.ts';
import { registerCheapest } from './routing-cheapest.ts';
import { registerFallback } from './routing-fallback.ts';
import { registerUsage } from './usage.ts';
import { registerVault } from './vault.ts';
import { registerWorkspaces } from './workspaces.ts';

/** Where server.ts mounts the application. */
export const ADMIN_PATH = '/api/v1';

export interface Admin {
  /** @param address of the client, where the transport knows it */
  fetch(request: Request, address?: string): Response | Promise<Response>;
}

const resources: readonly ((app: AdminApp, deps: AdminDeps) => void)[] = [
  registerInstallation,
  registerConfiguration,
  registerKeys,
  registerBudgets,
  registerRateLimits,
  registerUsage,
  registerAnalytics,
  registerSpend,
  registerSessions,
  registerModels,
  registerCheapest,
  registerRouting,
  registerFallback,
  registerPrices,
  registerProviders,
  registerDeclaredProviders,
  registerRoutes,
  registerAliases,
  registerPrompts,
  registerAgents,
  registerAgentReports,
  registerHealth,
  registerCredentials,
  registerVault,
  registerExchanges,
  registerContents,
  registerPrivacy,
  registerMemberData,
  registerLedger,
  registerReconciliation,
  registerAlerts,
  registerHealthReset,
  registerDryRun,
  registerSignIn,
  registerOwnSignIn,
  registerOidc,
  registerMe,
  registerPreferences,
  registerWorkspaces,
  registerMembers,
  registerInvitations,
  registerAudit,
  registerLive,
];

/** Workspaces whose applications are kept: one is made in some milliseconds, and holds about a megabyte. */
const MAX_APPS = 100;

/** Answers every request itself, with a problem where it cannot; never rejects. */
export function createAdmin(deps: AdminDeps): Admin {
  const apps = new Map<WorkspaceId, OpenAPIHono<AdminEnv>>();
  const appOf = (workspaceId: WorkspaceId): OpenAPIHono<AdminEnv> => {
    const app =
      apps.get(workspaceId) ??
      createApp(workspaceId === deps.workspaceId ? deps : deps.inWorkspace(workspaceId));
    // The one used last is the youngest.
    apps.delete(workspaceId);
    apps.set(workspaceId, app);
    for (const oldest of apps.keys()) if (apps.size > MAX_APPS) apps.delete(oldest);
    return app;
  };
  return {
    async fetch(request, address) {
      const find = () => letIn(request, deps, address);
      try {
        const env = { ...(await find()), again: find };
        return await appOf(env.caller?.workspaceId ?? deps.workspaceId).fetch(request, env);
      } catch (fault) {
        return answerUnmet(fault, request, deps);
      }
    },
  };
}

/** Nobody could be asked who calls: the database is gone, say. */
function answerUnmet(fault: unknown, { method, url }: Request, { log }: AdminDeps): Response {
  log.error({ err: fault, method, path: new URL(url).pathname }, 'an admin request could not be let in');
  const code = isDatabaseTrouble(fault) ? 'database_unavailable' : 'internal';
  const refusal = refuse(code, 'it could not be found out who calls; the log says why');
  return Response.json(problemOf(refusal), { status: refusals[code].status });
}

/** An answer is data: whatever opens it as a page may run and show nothing of it. */
const API_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

/** Of one workspace: none of what its handlers stand on knows of another. */
export function createApp(deps: AdminDeps): OpenAPIHono<AdminEnv> {
  const app = new OpenAPIHono<AdminEnv>({ defaultHook: refuseInvalid }).basePath(ADMIN_PATH);
  app.use('*', async (c, next) => {
    const refused = urlRefusal(c.req.url) ?? (await holdBody(c));
    if (refused) return answer(c, refused.code, refused.message);
    await next();
    // Answers hold spend and, once, a new key: no cache on the way may keep them.
    c.header('cache-control', 'no-store');
    // Pages have a policy of their own.
    for (const [name, value] of Object.entries(API_HEADERS))
      if (!c.res.headers.has(name)) c.header(name, value);
    return undefined;
  });
  const routes = routesOf(app);
  app.use('*', async (c, next) => {
    c.set('once', deps.once);
    await next();
  });
  app.use('*', watchForAudit({ ...deps, routes }));
  app.use('/openapi.json', checkNeeds('person'));
  for (const register of resources) register(app, deps);
  // The same for all callers: made when it is first asked for.
  let document: object | undefined;
  app.get('/openapi.json', (c) => {
    document ??= documentOf(app, deps.describeInstallation().version);
    return c.json(document);
  });
  app.get('/reference', answerReference);
  app.notFound((c) => {
    const denial = denialFor(c.env, 'person');
    if (denial) return answer(c, denial.code, denial.message);
    return answer(c, 'path_unknown', `there is nothing at ${c.req.method} ${c.req.path}`);
  });
  app.onError((fault, c) => answerFault(fault, c, deps));
  return app;
}

interface Validation {
  readonly success: boolean;
  readonly target: string;
  readonly error?: { readonly issues: readonly { path: readonly PropertyKey[]; message: string }[] };
}

const codeOfTarget: Readonly<Record<string, RefusalCode>> = {
  json: 'body_invalid',
  query: 'query_invalid',
  param: 'record_unknown',
};

function refuseInvalid(result: Validation, c: Context): Response | undefined {
  if (result.success) return undefined;
  const issues = result.error?.issues ?? [];
  const lines = issues.map(({ path, message }) => `${path.join('.') || result.target}: ${message}`);
  return answer(c, codeOfTarget[result.target] ?? 'body_invalid', lines.join('; '));
}

function answerFault(fault: Error, c: Context, deps: AdminDeps): Response {
  // Hono's own validator throws this one for a body that is not JSON.
  if (fault instanceof HTTPException && fault.status === 400) {
    return answer(c, 'body_not_json', 'the body is not JSON');
  }
  if (fault instanceof StoreError && fault.code === 'read_limit') {
    return answer(c, 'read_limit', fault.message);
  }
  deps.log.error({ err: fault, method: c.req.method, path: c.req.path }, 'admin request failed');
  if (isDatabaseTrouble(fault)) {
    return answer(c, 'database_unavailable', `the database cannot be used now (${fault.message})`);
  }
  return answer(c, 'internal', 'the request could not be carried out; the log says why');
}

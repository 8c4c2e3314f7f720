/** What the desk of declared providers, routes and aliases stands on: the files, what serves now, and what may be sent to. */
import { createProviderDesk } from './admin/declared-desk.ts';
import type { DeclaredDesk, ProviderTrial } from './admin/deps-declared.ts';
import { createNameDesk, type ServingNames } from './admin/names-desk.ts';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import { declaredOf } from './server-held.ts';
import type { Declared } from './server-live.ts';
import { newAuthorizer, reachOf } from './server-reach.ts';
import type { Transports } from './server-transports.ts';
import type { Store } from './store/store.ts';
import { withCredential } from './upstream/credentials.ts';
import { judgeDeclared } from './upstream/declared.ts';
import { canProbe, probe } from './upstream/probe.ts';
import type { Provider } from './upstream/provider.ts';
import { providerKinds } from './upstream/providers.ts';
import { tryCredential } from './upstream/try-credential.ts';

export interface DeclaredMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  readonly transports: Transports;
  declared(): Declared;
  /** All names that serve in the workspace now. */
  serving(): ServingNames;
  /** Why a ref leads nowhere now. */
  problemOf(ref: string, hasHints: boolean): string | undefined;
  recompile(): Promise<void>;
}

export function openDeclaredDesk(means: DeclaredMeans): DeclaredDesk {
  const { store, workspaceId, clock, transports, declared, recompile } = means;
  const configured = () => reachOf(declared().reaches, { workspaceId }).configured;
  const config = () => declared().config;
  const names = {
    ...{ store, workspaceId, clock, recompile },
    serving: means.serving,
    problemOf: means.problemOf,
    declared: () => ({
      aliases: new Map(Object.entries(config().aliases)),
      routes: new Map(Object.entries(config().routes)),
    }),
    fileOf: (setting: string) => config().sources[setting],
  };
  return {
    providers: createProviderDesk({
      ...{ store, workspaceId, clock, recompile },
      fixedBy: (name) => fixedBy(name, declared().config.sources, configured().providers.get(name)),
      judge: (name, terms) =>
        judgeDeclared(declaredOf(name, terms, workspaceId), providerKinds, {
          allow: new Set(config().egress.allow),
        }),
      refusalNow: async ({ baseUrl }) => {
        const refusal = await transports.guard.refusalNow(new URL(baseUrl).origin);
        return refusal && `its base URL may not be used: ${refusal.reason}`;
      },
      problemOf(name) {
        const prefix = `providers.${name}: `;
        return configured()
          .problems.find((text) => text.startsWith(prefix))
          ?.slice(prefix.length);
      },
      recompile,
      test: (name) => testProvider(means, name),
    }),
    routes: createNameDesk('route', names),
    aliases: createNameDesk('alias', names),
  };
}

function fixedBy(
  name: string,
  sources: Readonly<Record<string, string>>,
  provider: Provider | undefined,
): string | undefined {
  const file = sources[`providers.${name}`];
  if (file !== undefined) return `${name} is declared in ${file}, which wins`;
  if (!provider || provider.ownerId !== undefined) return undefined;
  return `${name} is the name of a kind, and serves with the key of the environment or the vault`;
}

async function testProvider(
  { transports, clock, declared, workspaceId }: DeclaredMeans,
  name: string,
): Promise<ProviderTrial | undefined> {
  const { config, reaches } = declared();
  const { configured } = reachOf(reaches, { workspaceId });
  const found = configured.providers.get(name) ?? configured.keyless.find((one) => one.name === name);
  if (!found) return undefined;
  const [first] = found.credentials;
  const provider = first ? withCredential(found, first) : found;
  const authorizer = newAuthorizer(provider, clock, config.env);
  const transport = transports.of(provider);
  const credential = first && (await tryCredential(provider, { transport, authorizer }));
  if (!canProbe(provider)) {
    const message = credential?.message ?? 'it has no call that costs nothing';
    return { isReachable: credential !== undefined && credential.kind !== 'unclear', message, credential };
  }
  const result = await probe(provider, transport, authorizer);
  return {
    isReachable: result?.isReachable ?? false,
    message: result?.said ?? 'nothing was asked',
    credential,
  };
}

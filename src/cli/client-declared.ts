/** The part of the admin API that `turnpike providers`, `routes` and `aliases` ask, as typed functions. */
import type { Alias, AliasList, NewAliasBody } from '../admin/declared-aliases.ts';
import type {
  DeclaredProvider,
  NewProviderBody,
  ProviderTest,
  RemovedProvider,
} from '../admin/declared-providers.ts';
import type { NewRouteBody, Route, RouteList } from '../admin/declared-routes.ts';

export interface DeclaredClient {
  addProvider(provider: NewProviderBody): Promise<DeclaredProvider>;
  /** Answers what it was, and how many credentials went with it. */
  removeProvider(name: string): Promise<RemovedProvider>;
  testProvider(name: string): Promise<ProviderTest>;
  routes(): Promise<RouteList>;
  setRoute(name: string, route: NewRouteBody): Promise<Route>;
  removeRoute(name: string): Promise<Route>;
  aliases(): Promise<AliasList>;
  setAlias(name: string, alias: NewAliasBody): Promise<Alias>;
  removeAlias(name: string): Promise<Alias>;
}

export function createDeclaredClient(
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>,
): DeclaredClient {
  const at = (kind: string, name: string) => `/${kind}/${encodeURIComponent(name)}`;
  return {
    addProvider: (provider) => call('POST', '/providers', provider),
    removeProvider: (name) => call('DELETE', at('providers', name)),
    testProvider: (name) => call('POST', `${at('providers', name)}/test`),
    routes: () => call('GET', '/routes'),
    setRoute: (name, route) => call('PUT', at('routes', name), route),
    removeRoute: (name) => call('DELETE', at('routes', name)),
    aliases: () => call('GET', '/aliases'),
    setAlias: (name, alias) => call('PUT', at('aliases', name), alias),
    removeAlias: (name) => call('DELETE', at('aliases', name)),
  };
}

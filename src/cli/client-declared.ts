/** The part of the admin API that `turnpike providers`, `routes` and `aliases` ask, as typed functions. */
import type { Alias, AliasList, NewAliasBody } from '../admin/declared-aliases.ts';
import type {
  DeclaredProvider,
  NewProviderBody,
  ProviderTest,
  RemovedProvider,
} from '../admin/declared-providers.ts';
import type { NewRouteBody, Route, RouteList } from '../admin/declared-routes.ts';
import type { AdminApi } from '../client/admin-api.ts';
import type { Take } from './client-take.ts';

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

export function createDeclaredClient(api: AdminApi, take: Take): DeclaredClient {
  const at = (name: string) => ({ path: { name } });
  return {
    addProvider: (body) => take(api.POST('/api/v1/providers', { body })),
    removeProvider: (name) => take(api.DELETE('/api/v1/providers/{name}', { params: at(name) })),
    testProvider: (name) => take(api.POST('/api/v1/providers/{name}/test', { params: at(name) })),
    routes: () => take(api.GET('/api/v1/routes')),
    setRoute: (name, body) => take(api.PUT('/api/v1/routes/{name}', { params: at(name), body })),
    removeRoute: (name) => take(api.DELETE('/api/v1/routes/{name}', { params: at(name) })),
    aliases: () => take(api.GET('/api/v1/aliases')),
    setAlias: (name, body) => take(api.PUT('/api/v1/aliases/{name}', { params: at(name), body })),
    removeAlias: (name) => take(api.DELETE('/api/v1/aliases/{name}', { params: at(name) })),
  };
}

/** The part of the admin API that `turnpike models set`, `unset` and `config` ask, as typed functions. */
import type { ModelRuleBody, ModelsConfig, NewModelRuleBody, UnsetModelRule } from '../admin/routing.ts';
import type { FallbackBody } from '../admin/routing-fallback.ts';
import type { AdminApi } from '../client/admin-api.ts';
import type { Take } from './client-take.ts';

export interface RoutingClient {
  config(): Promise<ModelsConfig>;
  rule(promptId: string): Promise<ModelRuleBody>;
  setRule(promptId: string, rule: NewModelRuleBody): Promise<ModelRuleBody>;
  unsetRule(promptId: string): Promise<UnsetModelRule>;
  /** Who would be tried for a model ref; refused where it leads nowhere. */
  fallback(model: string): Promise<FallbackBody>;
}

/** As many as one answer holds. */
const RULES = 10_000;

export function createRoutingClient(api: AdminApi, take: Take): RoutingClient {
  const at = (id: string) => ({ path: { id } });
  return {
    config: () => take(api.GET('/api/v1/routing/config', { params: { query: { limit: RULES } } })),
    rule: (promptId) => take(api.GET('/api/v1/routing/rules/{id}', { params: at(promptId) })),
    setRule: (promptId, body) => take(api.PUT('/api/v1/routing/rules/{id}', { params: at(promptId), body })),
    unsetRule: (promptId) => take(api.DELETE('/api/v1/routing/rules/{id}', { params: at(promptId) })),
    fallback: (model) => take(api.GET('/api/v1/routing/fallback', { params: { query: { model } } })),
  };
}

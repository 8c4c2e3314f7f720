/** The part of the admin API that `turnpike models set`, `unset` and `config` ask, as typed functions. */
import type { ModelRuleBody, ModelsConfig, NewModelRuleBody, UnsetModelRule } from '../admin/routing.ts';
import type { FallbackBody } from '../admin/routing-fallback.ts';

export interface RoutingClient {
  config(): Promise<ModelsConfig>;
  rule(promptId: string): Promise<ModelRuleBody>;
  setRule(promptId: string, rule: NewModelRuleBody): Promise<ModelRuleBody>;
  unsetRule(promptId: string): Promise<UnsetModelRule>;
  /** Who would be tried for a model ref; refused where it leads nowhere. */
  fallback(model: string): Promise<FallbackBody>;
}

export function createRoutingClient(
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>,
): RoutingClient {
  const id = encodeURIComponent;
  return {
    // As many rules as one answer holds.
    config: () => call('GET', '/routing/config?limit=10000'),
    rule: (promptId) => call('GET', `/routing/rules/${id(promptId)}`),
    setRule: (promptId, rule) => call('PUT', `/routing/rules/${id(promptId)}`, rule),
    unsetRule: (promptId) => call('DELETE', `/routing/rules/${id(promptId)}`),
    fallback: (model) => call('GET', `/routing/fallback?model=${id(model)}`),
  };
}

/** Makes what the configuration files declare that of the registry: when the server starts, and when they have changed. */
import type { WorkspaceId } from './base/ids.ts';
import type { Log } from './base/log.ts';
import { type Config, ConfigError } from './config.ts';
import { reconcileRateLimits } from './registry/rate-limits.ts';
import { declareBudgets } from './server-budgets.ts';
import { declarePrices } from './server-prices.ts';
import type { Store } from './store/store.ts';

interface DeclareContext {
  readonly workspaceId: WorkspaceId;
  readonly nowMs: number;
  readonly log: Log;
}

/** Processes that share a database read the same file: the last one to start has its way. @throws {ConfigError} */
export async function declareAll(config: Config, store: Store, context: DeclareContext): Promise<void> {
  await declareBudgets(config, store, context);
  await declareRateLimits(config, store, context);
  await declarePrices(config, store, context);
}

async function declareRateLimits(
  { rateLimits, sources }: Config,
  store: Store,
  { log, ...context }: DeclareContext,
): Promise<void> {
  const { created, changed, deleted, taken } = await reconcileRateLimits(store, rateLimits, context);
  if (taken[0] !== undefined) {
    throw new ConfigError(
      `${sources[`rateLimits.${taken[0]}`]}: the rate limit of ${taken[0]} was made by the admin API already. ` +
        `Take it out of the file, or remove the other with \`turnpike limits remove ${taken[0]}\`.`,
    );
  }
  if (created.length + changed.length + deleted.length > 0) {
    log.info({ created, changed, deleted }, 'the rate limits of the configuration file have changed');
  }
}

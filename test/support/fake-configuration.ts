/** Configuration files behind the admin API that hold still. */
import type {
  ConfigurationDesk,
  ConfigurationFacts,
  ReloadAnswer,
} from '../../src/admin/deps-configuration.ts';

/** In order, unless it is said what is not. */
export function fakeConfigurationDesk(
  asked: unknown[],
  nowMs: number,
  more: Partial<ConfigurationFacts> = {},
  answer: ReloadAnswer = {
    kind: 'done',
    added: ['aliases.fast'],
    changed: ['routes.team'],
    removed: ['budgets.old'],
  },
): ConfigurationDesk {
  return {
    describe: () => ({
      revision: 7,
      files: ['/home/ada/.turnpike/config.yaml', '/home/ada/shop/turnpike.yaml'],
      loadedAtMs: nowMs - 60_000,
      pendingRestart: [],
      warnings: [],
      reloads: { done: 2, failed: 1 },
      ...more,
    }),
    reload: async () => {
      asked.push({ kind: 'reload' });
      return answer;
    },
  };
}

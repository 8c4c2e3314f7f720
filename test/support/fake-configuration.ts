/** Configuration files behind the admin API that hold still; `fakeFiles` says how they fare. */
import type { ConfigurationDesk, ReloadAnswer } from '../../src/admin/deps-configuration.ts';

/** A file that is in order, and a setting that waits for the next start. */
export function fakeConfigurationDesk(
  asked: object[],
  nowMs: number,
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
      files: ['/home/ada/.turnpike/config.yaml', '/home/ada/work/turnpike.yaml'],
      loadedAtMs: nowMs - 60_000,
      ...(answer.kind === 'failed' && { problem: { message: answer.message, atMs: nowMs - 1_000 } }),
      pendingRestart: ['port'],
      warnings: ['turnpike.yaml: guards: requests are not scanned by this version'],
      reloads: { done: 2, failed: 1 },
    }),
    reload: async () => {
      asked.push({ kind: 'reload' });
      return answer;
    },
  };
}

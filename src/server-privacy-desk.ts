/** What the desk of privacy stands on: the terms of a workspace within those of the installation, and what is kept. */
import type { PrivacyDesk, PrivacyFacts } from './admin/deps-privacy.ts';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import { countContents } from './ledger/contents.ts';
import {
  CONTENT_MODES,
  findPrivacy,
  type PrivacyCeiling,
  type PrivacyTerms,
  setPrivacy,
  withinCeiling,
} from './registry/privacy.ts';
import type { Contents } from './server-contents.ts';
import type { VaultKeeper } from './server-vault.ts';
import type { Store } from './store/store.ts';

export interface PrivacyMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  readonly contents: Contents;
  readonly keeper: Pick<VaultKeeper, 'ensureVault'>;
  /** As the files have it by now. */
  ceiling(): PrivacyCeiling;
  /** What the registry holds by now serves when this resolves. */
  recompile(): Promise<void>;
}

export function createPrivacyDesk(means: PrivacyMeans): PrivacyDesk {
  const { store, workspaceId, contents } = means;
  return {
    show: () => show(means),
    async set(terms) {
      const ceiling = means.ceiling();
      if (isAbove(terms, ceiling)) return { kind: 'above', ceiling };
      if (terms.content !== 'metadata' && !(await means.keeper.ensureVault()))
        return { kind: 'vault_closed' };
      await setPrivacy(store, workspaceId, terms, means.clock.now());
      await means.recompile();
      return { kind: 'done', facts: await show(means) };
    },
    eraseContent: () => contents.erase({ workspaceId, memberId: undefined }),
    content: (id) => contents.read(workspaceId, id),
  };
}

function isAbove({ content, retentionDays = 0 }: PrivacyTerms, ceiling: PrivacyCeiling): boolean {
  const isMore = CONTENT_MODES.indexOf(content) > CONTENT_MODES.indexOf(ceiling.content);
  return isMore || retentionDays > ceiling.retentionDays;
}

async function show({ store, workspaceId, contents, ceiling }: PrivacyMeans): Promise<PrivacyFacts> {
  const [record, stored] = await Promise.all([
    findPrivacy(store, workspaceId),
    countContents(store, workspaceId),
  ]);
  const { content = 'metadata', retentionDays } = record ?? {};
  const terms = { content, ...(retentionDays !== undefined && { retentionDays }) };
  const { kept, dropped, failed } = contents.log.stats();
  const { content: most, retentionDays: days } = ceiling();
  return {
    terms,
    ceiling: { content: most, retentionDays: days },
    effective: withinCeiling(terms, ceiling()),
    stored,
    ...{ kept, dropped, failed },
  };
}

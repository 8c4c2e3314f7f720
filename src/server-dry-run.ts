/** Explains requests that are not sent, for the admin API: the road's own choice for a key of this workspace. */
import type { ExplainChoice } from './admin/deps-dry-run.ts';
import type { KeyId, WorkspaceId } from './base/ids.ts';
import type { Gateway } from './gateway/exchange.ts';
import { type DryRequest, explainChoice } from './gateway/explain-choice.ts';
import { UNSTATED_OUTPUT_TOKENS } from './gateway/request-needs.ts';
import type { KeyRecord } from './registry/keys.ts';

export function createExplainChoice(gateway: Gateway, workspaceId: WorkspaceId): ExplainChoice {
  return async (query) => {
    const key =
      query.key === undefined
        ? unlimitedKey(workspaceId)
        : findKey(gateway, workspaceId, query.key, query.keysOf);
    if (!key) return 'key_unknown';
    return explainChoice(gateway, {
      key,
      explicit: query.model,
      request: query.requestModel,
      prompt: query.prompt,
      pipeline: query.pipeline,
      step: query.step,
      session: query.session,
      needs: {
        inputTokens: query.inputTokens ?? 0,
        outputTokens: query.outputTokens ?? UNSTATED_OUTPUT_TOKENS,
        capabilities: query.capabilities ?? [],
      },
    });
  };
}

function unlimitedKey(workspaceId: WorkspaceId): DryRequest['key'] {
  return { id: 'key_none' as KeyId, workspaceId, name: 'none' };
}

/** By id, else by name, else by the beginning of either; undefined = none, or several. */
function findKey(
  gateway: Gateway,
  workspaceId: WorkspaceId,
  which: string,
  keysOf: string | undefined,
): KeyRecord | undefined {
  const keys: KeyRecord[] = [];
  for (const key of gateway.snapshot().keys.values()) {
    // A key that was rotated is there for each of its tokens, and a honeypot asks for nothing.
    const isOne = key.oldToken === undefined && !key.isHoneypot;
    const isSeen = keysOf === undefined || key.memberId === keysOf;
    if (isOne && isSeen && key.workspaceId === workspaceId) keys.push(key);
  }
  const fits: readonly ((key: KeyRecord) => boolean)[] = [
    ({ id }) => id === which,
    ({ name }) => name === which,
    ({ id, preview }) => id.startsWith(which) || preview.startsWith(which),
  ];
  for (const fit of fits) {
    const found = keys.filter(fit);
    if (found.length > 0) return found.length === 1 ? found[0] : undefined;
  }
  return undefined;
}

/** The agents registry as the admin API has it, and who may report with the virtual key of an agent. */
import { createAgentDesk } from './admin/agents-desk.ts';
import type { Identity, Presented } from './admin/caller.ts';
import type { AdminDeps } from './admin/deps.ts';
import type { AgentDesk } from './admin/deps-agents.ts';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import { admit, noteUse } from './gateway/admit.ts';
import type { Gateway } from './gateway/exchange.ts';
import type { Declared } from './server-live.ts';
import type { Store } from './store/store.ts';

export interface AgentInput {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  readonly gateway: Pick<Gateway, 'snapshot'>;
  declared(): Pick<Declared, 'definitions'>;
  recompile(): Promise<void>;
  problemOf(ref: string, hasHints: boolean): string | undefined;
}

export function openAgentDesk(
  input: AgentInput,
  { budgets, routing }: Pick<AdminDeps, 'budgets' | 'routing'>,
): AgentDesk {
  const { gateway, workspaceId, declared } = input;
  return createAgentDesk({
    ...input,
    budgets,
    routing,
    definitions: () => declared().definitions,
    rules: () => gateway.snapshot().of({ workspaceId }).rules,
  });
}

/** Tokens that operators have chosen themselves may look like anything: they are for the data plane. */
const VIRTUAL_KEY = /^bearer +tp-/i;

/**
 * Judged as the data plane judges it: expiry, places, honeypots. undefined = no virtual key, or one that is not let in
 * or belongs to no agent, which get no further than any other text.
 */
export function identifyAgent(gateway: Gateway, { headers, address }: Presented): Identity | undefined {
  const authorization = headers.get('authorization') ?? '';
  if (!VIRTUAL_KEY.test(authorization)) return undefined;
  const nowMs = gateway.clock.now();
  const asking = {
    request: { rawHeaders: ['authorization', authorization] },
    query: '',
    callName: undefined,
    address: () => address,
  };
  const admission = admit(gateway.snapshot().keys, asking, nowMs);
  if (!admission.ok) {
    if (admission.honeypot) {
      const userAgent = headers.get('user-agent') ?? undefined;
      gateway.noteHoneypot({ key: admission.honeypot, atMs: nowMs, address, userAgent });
    }
    return undefined;
  }
  const { key } = admission;
  if (key.agentId === undefined) return undefined;
  noteUse(gateway.keyUse, key, nowMs);
  const { id, name, workspaceId, agentId: agentName } = key;
  const caller = { id, name, workspaceId, role: undefined, isOperator: false, keyId: id, agentName };
  return { ok: true, caller };
}

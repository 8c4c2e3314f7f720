/** Who calls the admin API, and whether that is enough for a route. */
import type { Context } from 'hono';
import type { KeyId, MemberId, PersonId, WorkspaceId } from '../base/ids.ts';
import { type Refusal, refuse } from '../base/refusal.ts';
import { isRoleAtLeast, type Need, type Role } from '../base/role.ts';
import type { OnceDesk } from './deps-audit.ts';

export interface Caller {
  /** For the audit: `operator`, `mem_…`, `per_…`, `key_…` or `service:<issuer>/<subject>`. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** The one it acts in. Nothing of another is ever shown to it or changed by it. */
  readonly workspaceId: WorkspaceId;
  /** In that workspace; undefined = a person who is no member of it. */
  readonly role: Role | undefined;
  /** Changes the installation itself: the operator token, and who administers the first workspace while acting in it. */
  readonly isOperator: boolean;
  readonly personId?: PersonId;
  readonly memberId?: MemberId;
  /** It came with a virtual key: it may call what is open to agents, and only as the agent that the key belongs to. */
  readonly keyId?: KeyId;
  /** Of that key. */
  readonly agentName?: string;
  /** A browser brought it along by itself, so that another site may have caused the request. */
  readonly isByCookie?: boolean;
}

/** What a request brings to say who sent it. */
export interface Presented {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** Address of the client, where the transport knows it. */
  readonly address?: string;
}

export type Identity =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly refusal: Refusal };

/** What the transport hands to every handler. `denial` is why there is no caller. */
export interface AdminEnv {
  Bindings: {
    readonly caller?: Caller;
    readonly denial?: Refusal;
    readonly address?: string;
    /** Who it is by now: for answers that last. */
    readonly again?: () => Promise<{ readonly caller?: Caller }>;
  };
  Variables: {
    once?: OnceDesk;
    /** The answer is shown this once, also to whoever comes again with the same Idempotency-Key. */
    isShownOnce?: boolean;
  };
}

/** For handlers of routes that need more than `anyone`. */
export function callerOf(c: Context<AdminEnv>): Caller {
  const { caller } = c.env;
  if (!caller) throw new Error('a route without a caller asked for one');
  return caller;
}

/** Why the caller may not; undefined = it may. */
export function denialFor({ caller, denial }: AdminEnv['Bindings'], need: Need): Refusal | undefined {
  if (need === 'anyone') return undefined;
  if (!caller) return denial ?? refuse('operator_token_missing', 'no operator token was sent');
  if (caller.keyId !== undefined)
    return refuse('role_insufficient', 'a virtual key may only report for the agent it belongs to');
  if (need === 'person') return undefined;
  if (need === 'operator') {
    return caller.isOperator
      ? undefined
      : refuse('role_insufficient', 'only an operator of this installation may do that');
  }
  if (caller.role && isRoleAtLeast(caller.role, need)) return undefined;
  return refuse('role_insufficient', `that needs the role ${need}; yours is ${caller.role ?? 'none'}`);
}

/** Whose keys alone the caller may see; '' = nobody's, as it is no member. undefined = all of the workspace's. */
export function ownOf({ role, memberId }: Caller): string | undefined {
  return role !== undefined && isRoleAtLeast(role, 'admin') ? undefined : (memberId ?? '');
}

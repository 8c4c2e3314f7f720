/** The desk for virtual keys on top of the registry: one workspace, ids only. */
import { isAgentId } from '../base/agent.ts';
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import { findAgent } from '../registry/agents.ts';
import { createKeyWithLimits, findLimitsOf } from '../registry/key-limits.ts';
import { hasRoomForKey, listKeys } from '../registry/key-list.ts';
import { oldTokensOf, rotateKey } from '../registry/key-rotation.ts';
import { changeKey, findKey, type KeyRecord, type Random, revokeKey } from '../registry/keys.ts';
import { findMember } from '../registry/members.ts';
import type { Store } from '../store/store.ts';
import type { KeyDesk, KeyFacts, Unfound } from './deps-keys.ts';

export interface KeyDeskInput {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  readonly random: Random;
  readonly calls: readonly string[];
  /** What the registry holds by now serves when this resolves. */
  recompile(): Promise<void>;
}

export function createKeyDesk(input: KeyDeskInput): KeyDesk {
  const { store, workspaceId, clock, random, calls } = input;
  const whole = async (key: KeyRecord): Promise<KeyFacts> => (await withAll(input, [key]))[0]!;
  /** What is answered is in force here. It is done, and a token is seen only now, also where that takes longer. */
  const serve = () => input.recompile().catch(() => undefined);
  return {
    calls,
    list: async (search) =>
      withAll(input, await listKeys(store, { ...search, workspaceId, nowMs: clock.now() })),
    async find(id, own) {
      const key = await findKey(store, id, { workspaceId, memberId: own });
      return key && whole(key);
    },
    async create({ budgets, rateLimit, ...wanted }, drawnBy) {
      const terms = await placed(input, wanted);
      if (isUnfound(terms)) return terms;
      const { memberId } = terms;
      const nowMs = clock.now();
      if (memberId !== undefined && !(await hasRoomForKey(store, { workspaceId, memberId, nowMs })))
        return { kind: 'too_many' };
      const limits = { budgets, rateLimit };
      const made = await createKeyWithLimits(
        store,
        { ...terms, workspaceId, drawnBy },
        limits,
        clock.now(),
        random,
      );
      if (made.kind !== 'done') return made;
      await serve();
      return { kind: 'done', key: await whole(made.key), token: made.token };
    },
    async change(id, change, own) {
      const place = { workspaceId, memberId: own };
      const known = await findKey(store, id, place);
      if (!known) return { kind: 'unknown' };
      // Its owner would find it among the own keys, and use it.
      if (known.isHoneypot && typeof change.memberId === 'string') return { kind: 'honeypot' };
      const wanted = await placed(input, change);
      if (isUnfound(wanted)) return wanted;
      const outcome = await changeKey(store, id, wanted, place);
      if (outcome.kind !== 'done') return outcome;
      await serve();
      return { kind: 'done', key: await whole(outcome.key) };
    },
    async rotate(id, overlapMs, own, drawnBy) {
      const rotation = { overlapMs, nowMs: clock.now(), random, drawnBy };
      const rotated = await rotateKey(store, id, { workspaceId, memberId: own }, rotation);
      if (rotated.kind !== 'rotated') return rotated;
      await serve();
      return { kind: 'done', key: await whole(rotated.key), token: rotated.token };
    },
    async revoke(id, own) {
      const key = await revokeKey(store, id, clock.now(), { workspaceId, memberId: own });
      if (key) await serve();
      return key && whole(key);
    },
  };
}

async function withAll(
  { store, workspaceId, clock }: KeyDeskInput,
  keys: readonly KeyRecord[],
): Promise<KeyFacts[]> {
  const ids = keys.map(({ id }) => id);
  const [limits, tokens] = await Promise.all([
    findLimitsOf(store, workspaceId, ids),
    oldTokensOf(store, ids, clock.now()),
  ]);
  return keys.map((key) => ({
    ...key,
    ...limits.get(key.id)!,
    // What is revoked works by none of them.
    oldTokens: key.revokedAtMs === undefined ? (tokens.get(key.id) ?? []) : [],
  }));
}

/** Agents are known by name to traffic; who names one by id means one of this workspace. */
async function placed<T extends Named>({ store, workspaceId }: KeyDeskInput, named: T): Promise<T | Unfound> {
  const { memberId, agentId } = named;
  if (typeof memberId === 'string' && !(await findMember(store, memberId, workspaceId))) {
    return { kind: 'member_unknown' };
  }
  if (typeof agentId !== 'string' || !isAgentId(agentId)) return named;
  const agent = await findAgent(store, agentId, workspaceId);
  return agent ? { ...named, agentId: agent.name } : { kind: 'agent_unknown' };
}

interface Named {
  readonly memberId?: string | null | undefined;
  readonly agentId?: string | null | undefined;
}

function isUnfound(terms: object): terms is Unfound {
  return 'kind' in terms;
}

/** The desks of the audit and of writes that are done once, on top of the registry: of one workspace. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Log } from '../base/log.ts';
import { Secret } from '../base/secret.ts';
import { findHead } from '../registry/audit-chain.ts';
import { listAudit, recordAudit } from '../registry/audit-events.ts';
import { findChains } from '../registry/audit-retention.ts';
import { currentScope } from '../registry/audit-scope.ts';
import { verifyChain } from '../registry/audit-verify.ts';
import {
  type Claim,
  claimWrite,
  committedQuery,
  forgetClaim,
  keepAnswer,
  type WriteKey,
} from '../registry/idempotency.ts';
import type { Belonging, Vault } from '../registry/vault.ts';
import type { Store } from '../store/store.ts';
import { exportAudit } from './audit-export.ts';
import type { AuditDesk, OnceDesk, OnceTurn } from './deps-audit.ts';

export function createAuditDesk(store: Store, workspaceId: WorkspaceId, clock: Clock): AuditDesk {
  return {
    list: (query) => listAudit(store, { ...query, workspaceId }),
    record: (event) => recordAudit(store, { ...event, workspaceId }, clock.now()),
    async verify(ofAll, expected) {
      const own = await verifyChain(store, workspaceId, expected);
      if (!ofAll) return [own];
      const others = (await findChains(store)).filter((id) => id !== workspaceId);
      const reports = [own];
      for (const id of others) reports.push(await verifyChain(store, id));
      return reports;
    },
    head: () => findHead(store, workspaceId),
    export: (format, filter) => exportAudit(store, { ...filter, workspaceId }, format),
  };
}

export interface OnceMeans {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  readonly log: Log;
  /** undefined = no master key is at hand. Throws where it cannot be used. */
  ensureVault(): Promise<Vault | undefined>;
}

/** Answers may hold a secret that is shown once: larger ones are not kept either. */
const MAX_ANSWER = 256 * 1024;

export function createOnceDesk(means: OnceMeans): OnceDesk {
  const { store, workspaceId, clock } = means;
  return {
    async claim({ callerId, key, request }) {
      const claim: Claim = {
        ...{ workspaceId, callerId },
        keyHash: sha256(key),
        // With the key, which lies nowhere: a body may be a password, which its hash alone would let be guessed.
        requestHash: createHmac('sha256', key).update(request).digest('hex'),
        claim: randomUUID(),
      };
      const outcome = await claimWrite(store, claim, clock.now());
      if (outcome.kind === 'ours') return { kind: 'ours', turn: turnOf(means, claim) };
      if (outcome.kind !== 'done') return outcome;
      const body = outcome.answer === undefined ? undefined : await open(means, outcome.answer, claim);
      return { kind: 'done', status: outcome.status, body };
    },
  };
}

function turnOf(means: OnceMeans, claim: Claim): OnceTurn {
  const { store, log } = means;
  const scope = currentScope();
  /** What was done is done: whoever asks again is told that the answer is not known. */
  const orTell = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) =>
      log.warn({ error: String(error) }, 'the end of a write with an Idempotency-Key could not be noted'),
    );
  return {
    mark: () => void scope?.along.push(committedQuery(store, claim)),
    isCommitted: () => scope?.state === 'written',
    keep: (status, body) =>
      orTell(seal(means, body, claim).then((answer) => keepAnswer(store, claim, { status, answer }))),
    forget: () => orTell(forgetClaim(store, claim)),
  };
}

/** undefined = it cannot be sealed now, and nothing is kept in plain. */
async function seal(
  { ensureVault, log }: OnceMeans,
  body: string | undefined,
  key: WriteKey,
): Promise<string | undefined> {
  if (body === undefined || body.length > MAX_ANSWER) return undefined;
  try {
    return (await ensureVault())?.seal(new Secret(body), belongingOf(key));
  } catch (error) {
    log.warn({ error: String(error) }, 'the answer to a write with an Idempotency-Key could not be sealed');
    return undefined;
  }
}

/** undefined = the master key is another by now. */
async function open({ ensureVault }: OnceMeans, sealed: string, key: WriteKey): Promise<string | undefined> {
  try {
    const opened = (await ensureVault())?.open(sealed, belongingOf(key));
    return opened?.ok ? opened.secret.reveal() : undefined;
  } catch {
    return undefined;
  }
}

/** As the vault binds a secret to its row: one of another caller, or of another key, does not open. */
function belongingOf({ workspaceId, callerId, keyHash }: WriteKey): Belonging {
  return {
    workspaceId,
    memberId: callerId,
    provider: 'idempotency',
    credentialId: `cred_${keyHash}`,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

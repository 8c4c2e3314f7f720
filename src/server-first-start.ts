/** What an installation needs before it can serve: a workspace, a first key, an operator token, and the CLI's note of them. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from './base/clock.ts';
import type { WorkspaceId } from './base/ids.ts';
import type { Config } from './config.ts';
import { createKey, findByHash, hasKeys } from './registry/keys.ts';
import { readSetting, writeSetting } from './registry/settings.ts';
import { hashToken } from './registry/token.ts';
import { ensureFirstWorkspace } from './registry/workspaces.ts';
import type { Store } from './store/store.ts';

export interface Installation {
  readonly workspaceId: WorkspaceId;
  /** SHA-256 of the operator token, lower-case hex. */
  readonly operatorTokenHash: string;
  /** The first virtual key, only on the start that made it. */
  readonly firstKey: string | undefined;
  /** Writes `client.json`, once it is known where the server listens. */
  writeClientFile(url: string): void;
}

interface ClientFile {
  readonly url?: string;
  readonly key?: string;
  readonly operatorToken?: string;
}

const OPERATOR_HASH = 'operator_token_hash';
const TOKEN_BYTES = 32;

/** The data folder holds spend and hashes: for its owner alone. */
export function makeHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
}

/** @param replicaId where several processes share the database: each has an operator token of its own */
export async function prepareInstallation(
  config: Config,
  store: Store,
  clock: Clock,
  replicaId?: string,
): Promise<Installation> {
  const path = join(config.home, 'client.json');
  const before = readClientFile(path);
  const workspace = await ensureFirstWorkspace(store, clock.now());
  const firstKey = await ensureKey(config, store, clock, workspace.id);
  const operatorToken = await ensureOperatorToken(store, before.operatorToken, replicaId);
  const key = config.bootstrapKey?.reveal() ?? firstKey ?? before.key;
  const secrets = { operatorToken, ...(key !== undefined && { key }) };
  // Kept at once: a start that fails later (a port that is taken) must not lose the only copy of a new key.
  if (key !== before.key || operatorToken !== before.operatorToken) writeClientFile(path, secrets);
  return {
    workspaceId: workspace.id,
    operatorTokenHash: hashToken(operatorToken),
    firstKey,
    writeClientFile: (url) => writeClientFile(path, { url, ...secrets }),
  };
}

/** The bootstrap key where one is set, else a random first key for an installation that never had any. */
async function ensureKey(
  config: Config,
  store: Store,
  clock: Clock,
  workspaceId: WorkspaceId,
): Promise<string | undefined> {
  const token = config.bootstrapKey?.reveal();
  if (token !== undefined) {
    if (await findByHash(store, hashToken(token))) return undefined;
    return (await createKey(store, { workspaceId, name: 'bootstrap', token }, clock.now(), randomBytes))
      .token;
  }
  if (await hasKeys(store)) return undefined;
  return (await createKey(store, { workspaceId, name: 'first' }, clock.now(), randomBytes)).token;
}

/** The token of the client file as long as it is the one we know; else a new one, and the old one is void. */
async function ensureOperatorToken(
  store: Store,
  kept: string | undefined,
  replicaId: string | undefined,
): Promise<string> {
  const setting = replicaId === undefined ? OPERATOR_HASH : `${OPERATOR_HASH}:${replicaId}`;
  const known = await readSetting(store, setting);
  if (kept !== undefined && known !== undefined && isSame(hashToken(kept), known)) return kept;
  const token = `tpo-${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  await writeSetting(store, setting, hashToken(token));
  return token;
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function readClientFile(path: string): ClientFile {
  if (!existsSync(path)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Half a file of a crash: it is written anew.
    return {};
  }
}

/** Renamed into place, so that a reader never sees half of it. */
function writeClientFile(path: string, content: ClientFile): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** A Turnpike process whose vault is under attack: what is sealed in its database, and whoever may write there. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Credential, CredentialList, MadeCredential } from '../../src/admin/credentials.ts';
import type { VaultBody } from '../../src/admin/vault.ts';
import { operatorToken } from './open-house.ts';
import { BOOTSTRAP_KEY } from './turnpike-process.ts';

/** A row as it lies in the database. */
export interface SealedCredential {
  readonly id: `cred_${string}`;
  readonly workspace_id: `ws_${string}`;
  readonly member_id: string | null;
  readonly provider: string;
  readonly label: string;
  readonly sealed: string;
}

export interface Asked<T> {
  readonly status: number;
  readonly body: T;
}

export interface VaultClient {
  ask<T>(method: string, path: string, body?: object, workspace?: string): Promise<Asked<T>>;
  /** Saves it whatever its provider says. */
  save(secret: string, more?: object, workspace?: string): Promise<Credential>;
  list(workspace?: string): Promise<readonly Credential[]>;
  vault(): Promise<VaultBody>;
  /** Status of a chat with `team/m`. */
  chat(): Promise<number>;
}

/** @param url of the process now: it may be another after a restart */
export function vaultClient(url: () => string, home: string): VaultClient {
  const client: VaultClient = {
    async ask<T>(method: string, path: string, body?: object, workspace?: string) {
      const answer = await fetch(`${url()}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${operatorToken(home)}`,
          'content-type': 'application/json',
          ...(workspace !== undefined && { 'x-turnpike-workspace': workspace }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as T };
    },
    async save(secret, more = {}, workspace) {
      const wanted = { provider: 'team', secret, isForced: true, ...more };
      const { status, body } = await client.ask<MadeCredential>('POST', '/credentials', wanted, workspace);
      if (status !== 201) throw new Error(`saving was answered with ${status}: ${JSON.stringify(body)}`);
      return body.credential;
    },
    list: async (workspace) =>
      (await client.ask<CredentialList>('GET', '/credentials', undefined, workspace)).body.credentials,
    vault: async () => (await client.ask<VaultBody>('GET', '/vault')).body,
    async chat() {
      const answer = await fetch(`${url()}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'team/m', messages: [{ role: 'user', content: 'well?' }] }),
      });
      await answer.text();
      return answer.status;
    },
  };
  return client;
}

/** Also while a process has it open: WAL lets others read, and write between its transactions. */
export function inDatabase<T>(home: string, work: (database: Database.Database) => T): T {
  const database = new Database(join(home, 'turnpike.db'), { timeout: 5_000 });
  try {
    return work(database);
  } finally {
    database.close();
  }
}

export function sealedCredentials(home: string): SealedCredential[] {
  return inDatabase(
    home,
    (database) => database.prepare('select * from credentials order by id').all() as SealedCredential[],
  );
}

/** Requests at a steady rate; `hold` and `go` stand around a time in which nobody listens. */
export interface SteadyLoad {
  /** How many were answered with each status; 0 = with none. */
  readonly answers: Map<number, number>;
  hold(): Promise<void>;
  go(): void;
  end(): Promise<void>;
}

export function startSteadyLoad(send: () => Promise<number>, perSecond: number): SteadyLoad {
  const answers = new Map<number, number>();
  const open = new Set<Promise<void>>();
  let isHeld = false;
  let isOver = false;
  const sendOne = async (): Promise<void> => {
    const status = await send().catch(() => 0);
    answers.set(status, (answers.get(status) ?? 0) + 1);
  };
  const loop = (async () => {
    while (!isOver) {
      if (!isHeld) {
        const one = sendOne().finally(() => open.delete(one));
        open.add(one);
      }
      await pause(1_000 / perSecond);
    }
  })();
  return {
    answers,
    async hold() {
      isHeld = true;
      await Promise.all(open);
    },
    go() {
      isHeld = false;
    },
    async end() {
      isOver = true;
      await loop;
      await Promise.all(open);
    },
  };
}

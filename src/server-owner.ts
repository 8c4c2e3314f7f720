/** Whose installation it is: its first owner's link, and who must be known before other machines can reach it. */
import type { InvitationDesk } from './admin/deps-members.ts';
import { SIGN_UP_PATH } from './admin/invitations.ts';
import { type Config, ConfigError } from './config.ts';
import { hasOwner } from './registry/members.ts';
import { listWorkspaces } from './registry/workspaces.ts';
import type { Installation } from './server-first-start.ts';
import type { Store } from './store/store.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

/**
 * A port that others can reach needs an owner: somebody who has signed up, or whose key was chosen on purpose, not one
 * made up at first start. @throws {ConfigError}
 */
export async function refuseOpenBind(config: Config, store: Store): Promise<void> {
  if (LOOPBACK.has(config.host) || config.bootstrapKey) return;
  const [first] = await listWorkspaces(store);
  if (first && (await hasOwner(store, first.id))) return;
  throw new ConfigError(
    `Turnpike does not listen on ${config.host}, which other machines can reach, before an owner is configured. ` +
      'Start it with --host 127.0.0.1 and sign up by the link it prints (`turnpike console` prints a new one), ' +
      'or set TURNPIKE_BOOTSTRAP_KEY to a key of your own.',
  );
}

/** Where this installation is: known only once it listens. */
export interface Whereabouts {
  /** Where people open the console, without a trailing slash. */
  consoleUrl(): string;
  listensAt(url: string): void;
}

export function createWhereabouts(config: () => Config): Whereabouts {
  let listens: string | undefined;
  return {
    consoleUrl() {
      const { publicUrl, host, port } = config();
      return (publicUrl ?? listens ?? `http://${hostInUrl(host)}:${port}`).replace(/\/+$/, '');
    },
    listensAt(url) {
      listens = url;
    },
  };
}

/** An address for people and clients of this machine: the wildcard addresses are none. */
export function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** What the start that made the installation has to tell, this once; undefined = another start did. */
export async function firstStartOf(
  { bootstrapKey }: Pick<Config, 'bootstrapKey'>,
  { firstKey }: Installation,
  invitations: InvitationDesk,
): Promise<{ readonly key: string; readonly ownerLink?: string } | undefined> {
  if (firstKey === undefined) return undefined;
  // Who sets the key itself starts without anybody there to follow a link.
  const made = bootstrapKey ? undefined : await invitations.ownerLink();
  const ownerLink = made && `${invitations.consoleUrl()}${SIGN_UP_PATH}?token=${made.token}`;
  return { key: firstKey, ...(ownerLink !== undefined && { ownerLink }) };
}

/**
 * Providers that a workspace declares through the API. Their addresses are nobody's word but the workspace's: what is
 * sealed in the vault for one of them was given for that address, so neither it nor the kind changes while the vault
 * holds a credential of the name, and with the provider its credentials go.
 */
import type { WorkspaceId } from '../base/ids.ts';
import type { Store } from '../store/store.ts';
import {
  addDeclaration,
  type Condition,
  changeDeclaration,
  type Declaration,
  type DeclarationContext,
  findDeclaration,
  listDeclarations,
  loadDeclarations,
  MAX_DECLARATIONS,
  removalOf,
} from './declarations.ts';

/** As a file has it, but for keys: those come from the vault alone. */
export interface ProviderTerms {
  readonly kind: string;
  /** Absent = the kind's own. */
  readonly baseUrl?: string;
  /** None that carries a secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly models: readonly string[];
  readonly streamUsage?: 'ask' | 'leave';
  /** Wire formats, preferred one first. */
  readonly formats?: readonly string[];
  readonly autoCache?: boolean;
  /** In milliseconds. */
  readonly timeouts: {
    readonly connectMs?: number;
    readonly firstByteMs?: number;
    readonly idleMs?: number;
    readonly contentMs?: number;
    readonly totalMs?: number;
  };
  readonly settings: {
    readonly apiVersion?: string;
    readonly region?: string;
    readonly project?: string;
    readonly location?: string;
  };
}

export type ProviderRecord = Declaration<ProviderTerms>;

export type ProviderOutcome =
  | { readonly kind: 'done'; readonly provider: ProviderRecord }
  | { readonly kind: 'unknown' | 'taken' | 'too_many' }
  /** The vault holds credentials of the name, which were given for another address. */
  | { readonly kind: 'has_credentials' };

/** By workspace: what traffic goes by. */
export function loadDeclaredProviders(
  store: Store,
): Promise<ReadonlyMap<WorkspaceId, readonly ProviderRecord[]>> {
  return loadDeclarations(store, 'provider');
}

/** By name. */
export function listProviders(store: Store, workspaceId: WorkspaceId): Promise<readonly ProviderRecord[]> {
  return listDeclarations(store, 'provider', workspaceId);
}

export function findProvider(
  store: Store,
  name: string,
  workspaceId: WorkspaceId,
): Promise<ProviderRecord | undefined> {
  return findDeclaration(store, 'provider', name, workspaceId);
}

export async function createProvider(
  store: Store,
  wanted: { readonly name: string; readonly terms: ProviderTerms },
  context: DeclarationContext,
): Promise<ProviderOutcome> {
  const { workspaceId } = context;
  const known = await listProviders(store, workspaceId);
  if (known.some(({ name }) => name === wanted.name)) return { kind: 'taken' };
  if (known.length >= MAX_DECLARATIONS) return { kind: 'too_many' };
  if ((await credentialsOf(store, wanted.name, workspaceId)) > 0) return { kind: 'has_credentials' };
  if (!(await addDeclaration(store, 'provider', wanted, context))) return { kind: 'taken' };
  return found(store, wanted.name, workspaceId);
}

export async function changeProvider(
  store: Store,
  wanted: { readonly name: string; readonly terms: ProviderTerms },
  context: Omit<DeclarationContext, 'by'>,
): Promise<ProviderOutcome> {
  const { name, terms } = wanted;
  const { workspaceId } = context;
  const before = await findProvider(store, name, workspaceId);
  if (!before) return { kind: 'unknown' };
  // Asked within the change, so that a credential that is saved just now counts.
  const isMoved = addressOf(before.terms) !== addressOf(terms);
  const condition = isMoved ? holdsNone(workspaceId, name) : undefined;
  if (await changeDeclaration(store, 'provider', wanted, context, condition))
    return found(store, name, workspaceId);
  return { kind: isMoved ? 'has_credentials' : 'unknown' };
}

/** What decides where a credential is sent; regions and their like lead to the kind's own vendor only. */
function addressOf({ kind, baseUrl }: ProviderTerms): string {
  return JSON.stringify([kind, baseUrl ?? null]);
}

const holdsNone =
  (workspaceId: WorkspaceId, name: string): Condition =>
  ({ not, exists, selectFrom }) =>
    not(
      exists(
        selectFrom('credentials')
          .select('id')
          .where('credentials.workspace_id', '=', workspaceId)
          .where('credentials.provider', '=', name),
      ),
    );

/** What it was, and how many credentials went with it; undefined = there is none of that name. */
export async function removeProvider(
  store: Store,
  name: string,
  workspaceId: WorkspaceId,
): Promise<{ readonly provider: ProviderRecord; readonly credentials: number } | undefined> {
  const provider = await findProvider(store, name, workspaceId);
  if (!provider) return undefined;
  const [rows, credentials = 0] = await store.change([
    removalOf(store, 'provider', name, workspaceId),
    store.kysely
      .deleteFrom('credentials')
      .where('workspace_id', '=', workspaceId)
      .where('provider', '=', name),
  ]);
  return rows === 1 ? { provider, credentials } : undefined;
}

async function found(store: Store, name: string, workspaceId: WorkspaceId): Promise<ProviderOutcome> {
  const provider = await findProvider(store, name, workspaceId);
  return provider ? { kind: 'done', provider } : { kind: 'unknown' };
}

async function credentialsOf(store: Store, name: string, workspaceId: WorkspaceId): Promise<number> {
  const { count } = await store.kysely
    .selectFrom('credentials')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('workspace_id', '=', workspaceId)
    .where('provider', '=', name)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** The table of what workspaces declare through the API. As in schema.ts. */
import type { WorkspaceId } from '../base/ids.ts';

/** A provider, a route or an alias, by its name in the workspace. */
export interface DeclarationsTable {
  workspace_id: WorkspaceId;
  kind: 'provider' | 'route' | 'alias';
  name: string;
  /** JSON; see registry/providers.ts, routes.ts and aliases.ts. No secret is in it. */
  terms: string;
  /** Who declared it first. */
  created_by: string;
  created_at: number;
  changed_at: number;
}

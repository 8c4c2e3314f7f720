/** What the admin API knows of the configuration files of the process that answers. */

export interface ConfigurationFacts {
  /** Of what serves now. */
  readonly revision: number;
  /** Read, in rising precedence. */
  readonly files: readonly string[];
  /** When the files last were in order and in force. */
  readonly loadedAtMs: number;
  /** Of the last reading, where it was not taken: the state before it serves on. */
  readonly problem?: { readonly message: string; readonly atMs: number };
  /** Settings that the files have changed and that count from the next start. */
  readonly pendingRestart: readonly string[];
  readonly warnings: readonly string[];
  /** Since the start. */
  readonly reloads: { readonly done: number; readonly failed: number };
}

/** Names of settings and prompts, never values. */
export interface ChangedNames {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

export type ReloadAnswer =
  | ({ readonly kind: 'done' } & ChangedNames)
  | { readonly kind: 'unchanged' }
  /** What is wrong, where, and how to mend it. */
  | { readonly kind: 'failed'; readonly message: string };

export interface ConfigurationDesk {
  describe(): ConfigurationFacts;
  /** Reads the files now. */
  reload(): Promise<ReloadAnswer>;
}

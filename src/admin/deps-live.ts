/** Live updates: what happens in a workspace, told as it happens to who listens. */
import type { WorkspaceId } from '../base/ids.ts';

/** What a listener must be to hear of it. */
export type LiveNeed = 'viewer' | 'admin';

export interface LiveEvent {
  /** `exchange`, `budget`, `health`, `task`, `registry`, `audit`, or another room's own word. */
  readonly type: string;
  readonly needs: LiveNeed;
  /** What JSON can say, without secrets and without anything of another workspace. */
  readonly data: object;
}

export interface ListenOptions {
  /** The id of the last event that the listener has had; what came since is told first. */
  readonly lastEventId: string | undefined;
  /** What the listener is now, and again every some seconds; undefined = it may not hear anything any more. */
  check(): Promise<LiveNeed | undefined>;
}

export type Listening =
  | { readonly kind: 'open'; readonly stream: ReadableStream<Uint8Array> }
  | { readonly kind: 'full' | 'ending' };

/** Of one workspace. */
export interface LiveDesk {
  listen(options: ListenOptions): Promise<Listening>;
}

export interface LiveHub {
  of(workspaceId: WorkspaceId): LiveDesk;
  /** For other rooms: told to who listens at this process now, kept for nobody. Costs nothing while nobody does. */
  publish(workspaceId: WorkspaceId, event: LiveEvent): void;
  /** There is something to be read: asks now and not at the next turn. */
  stir(): void;
  /** Ends every stream with a last word, and takes no new ones. How many there were. */
  stop(): number;
}

/** The two lanes behind one face: what happens to the bytes of a reply between the upstream's socket and the client's. */
import type { Trial } from '../health/health.ts';
import type { UpstreamRequest } from '../upstream/transport.ts';
import type { FactSource } from '../wire/body-facts.ts';
import type { ChatError, Usage, Warning } from '../wire/chat.ts';
import type { Format } from '../wire/format.ts';
import type { Deployment } from './snapshot.ts';
import type { HeldSpend } from './spending.ts';

/** One send to one deployment, made ready: all that is decided before the first byte goes out. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  readonly deployment: Deployment;
  readonly lane: 'relay' | 'translate';
  /** The format spoken to the upstream. */
  readonly upstreamFormat: Format;
  readonly isStream: boolean;
  readonly request: UpstreamRequest;
  readonly inputEstimate: number;
  readonly maxOutputTokens: number | undefined;
  /** That limit is the only one in the body; or, where there is none, the body has none. Absent = not known. */
  readonly isLimitSure?: boolean;
  /** What one walk found in the body, where that is the client's own; absent = it is to be walked. */
  readonly facts?: FactSource | undefined;
  /** What was reserved for it, once it is held. */
  readonly held?: HeldSpend;
  /** What the translated request could not carry. */
  readonly warnings: readonly Warning[];
  /** Usage was asked for on the client's behalf and is taken out of the relayed stream again. */
  readonly isUsageHidden: boolean;
  /** Only the answer tells whether the price applies (images, sound): until then the attempt is held without one. */
  readonly isPricedByReport?: boolean;
  /** Tells the health board how it went. */
  readonly trial?: Trial;
}

/** What a lane knows of the reply's usage at any moment, for settling and checkpoints. */
export interface Observed {
  readonly usage: Usage | undefined;
  readonly outputEstimate: number;
  readonly hasContent: boolean;
  readonly stop: string | undefined;
  /** False: what is reported is in units that the price does not know. */
  readonly isPriceable?: boolean;
}

export interface WholeReply {
  readonly body: Uint8Array;
  readonly contentType: string | undefined;
  readonly observed: Observed;
  /** Losses found while translating the reply. */
  readonly warnings: readonly Warning[];
}

/** `all`: until its end. `short`: until its end or up to a size. `nothing`: each chunk goes on, and none is kept. */
export type Hold = 'all' | 'short' | 'nothing';

export interface StreamEnd {
  /** The rest for the client. After a cut it holds the client format's own error event. */
  readonly rest: Uint8Array | string;
  /** undefined = the stream ended as its format says it must. */
  readonly error: ChatError | undefined;
}

/** What ends a stream whose model goes on. */
export interface StreamCut {
  /** Written to the client last: open parts are closed, the stop reason says that the output limit was reached. */
  readonly rest: Uint8Array | string;
}

export interface Lane {
  /** Takes what one socket read brought and gives what goes to the client now (maybe nothing). */
  take(bytes: Buffer): Uint8Array | string;
  /** Content went by: from here the client may be committed to this attempt. */
  hasContent(): boolean;
  /** Content came since this was last asked; the first time, since the beginning. Asked a few times in minutes. */
  tookContent(): boolean;
  /** An error event came by. Before the commit point it is a failure like any status. */
  error(): ChatError | undefined;
  end(): StreamEnd;
  /** The client format's own error event, for a stream that ends after the commit point without its end. */
  breakOff(error: ChatError): string;
  /**
   * Ends the client's stream as if the model had come to its output limit; in place of `end`, and nothing is taken
   * afterwards. undefined = it has no such end: nothing went out yet, all of it did, or the reply is no text.
   */
  cut?(): StreamCut | undefined;
  /** What went out so far ends where a frame ends: something of ours may be written here. */
  isBetweenFrames(): boolean;
  observed(): Observed;
  /** Losses of the stream so far; absent where nothing is translated. */
  streamWarnings?(): readonly Warning[];
  /** False: the length of a reply says nothing of the tokens in it (vectors, images, sound). */
  readonly isText?: boolean;
  /** How a reply that is no stream is held back; absent = `short` where it is relayed, `all` where it is translated. */
  holdOf?(contentType: string): Hold;
  /** A reply that is no stream, complete. `undefined` = not of the upstream's format. */
  whole(body: Buffer): WholeReply | undefined;
}

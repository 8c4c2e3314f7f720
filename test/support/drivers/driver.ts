/** One little interface over every client of the matrix: what is asked in its words, and what it understood, in ours. */
import type { FormatId, StopKind } from '../../../src/wire/chat.ts';
import type { CountClass } from '../voices/voice.ts';

export interface Image {
  readonly mediaType: string;
  /** Base64. */
  readonly data: string;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of an object. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface Call {
  /** As the client was given it; empty in formats whose calls have none. */
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

export interface Result {
  readonly call: Call;
  readonly text: string;
  readonly isError?: boolean;
}

export type Turn =
  | { readonly role: 'user'; readonly text: string; readonly image?: Image }
  | { readonly role: 'assistant'; readonly text: string }
  /** What the model said before, exactly as the client's library returned it. */
  | { readonly role: 'echo'; readonly heard: Heard }
  | { readonly role: 'results'; readonly results: readonly Result[] };

export type ToolChoice = 'required' | 'none' | { readonly name: string };

export interface Conversation {
  readonly system?: string;
  readonly turns: readonly Turn[];
  readonly tools?: readonly Tool[];
  /** Absent = as the model likes. */
  readonly toolChoice?: ToolChoice;
  /** Shape of the answer. */
  readonly schema?: Readonly<Record<string, unknown>>;
  readonly isThinking?: boolean;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly stop?: readonly string[];
}

/** Totals as the client's own words have them; a class its wire does not know is undefined. */
export interface Shown {
  /** All input, cached or not. */
  readonly input: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  /** All output, reasoning included. */
  readonly output: number | undefined;
  readonly reasoning?: number | undefined;
}

export interface Heard {
  readonly text: string;
  readonly thinking: string;
  readonly refusal: string;
  readonly calls: readonly Call[];
  /** The client's own word. */
  readonly stop: string;
  readonly usage: Shown;
  /** For the next request; only the driver that made it can read it. */
  readonly echo: unknown;
}

export interface Saying {
  readonly isStream: boolean;
  readonly signal?: AbortSignal;
  /** Called with each piece of a stream. */
  onPiece?(): void;
}

export interface Place {
  /** Of Turnpike, without a slash at the end. */
  readonly url: string;
  readonly key: string;
}

export interface Speaker {
  /** @throws what the client's library throws */
  say(model: string, conversation: Conversation, saying: Saying): Promise<Heard>;
  /** How many tokens a request has, where the driver `counts`. */
  count?(model: string, conversation: Conversation): Promise<number>;
  /** Ids of the models there are. */
  list?(): Promise<string[]>;
}

export interface Driver {
  readonly name: string;
  readonly format: FormatId;
  /** Classes of tokens this client can tell apart, beside all input and all output. */
  readonly shows: readonly CountClass[];
  /** The library's own sums over a stream are not what any event of it says, not even the vendor's. */
  readonly misreadsStreamUsage?: true;
  /** The library passes its own vendor's error event by, and Turnpike relays what the vendor says. */
  readonly isDeafToOwnErrors?: true;
  /** Its sum of output is that of the answer alone, without the thinking before it. */
  readonly leavesOutReasoning?: true;
  /** What a model can do is judged by its name: none but Gemini's is shown an image. */
  readonly wantsGeminiNames?: true;
  /** Schemas are sent in the subset the vendor knew first. */
  readonly cutsSchemas?: true;
  /** Its word for each kind of stop that can reach it. */
  readonly stopWords: Readonly<
    Record<'end' | 'length' | 'stop-sequence' | 'tool-calls' | 'refusal' | 'content-filter', string>
  >;
  /** It can say that a tool failed. */
  readonly tellsToolErrors?: true;
  /** It can ask how many tokens a request has. */
  readonly counts?: true;
  /** It can say which tool is to be called. */
  readonly choosesTools?: true;
  /** Name of the class it throws, by HTTP status. */
  readonly errorClasses: Readonly<Record<number, string>>;
  /** Where the status of a thrown error is. */
  statusOf(error: unknown): number | undefined;
  /** What a turn can hold that is no message of the format. */
  readonly nonsense: unknown;
  connect(place: Place): Speaker;
}

export type Settled = Extract<StopKind, keyof Driver['stopWords']>;

export function classOf(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}

/** A number in a field of an error, where there is one. */
export function numberIn(error: unknown, field: string): number | undefined {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
  return typeof value === 'number' ? value : undefined;
}

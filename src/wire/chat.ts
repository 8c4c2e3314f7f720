/**
 * The canonical chat: what every wire format means, in one vendor-free vocabulary.
 *
 * A format parses its wire into these types and renders these types into its wire. Nothing here knows a
 * format. What a format has and the chat has not travels in `extra` (fields) or `opaque` (whole blocks),
 * tagged with the format it came from: the same format puts it back unchanged, another format names it in
 * a warning. Nothing is dropped in silence.
 */

/** Wire formats by name. Kept as a closed list, so that a switch over it can be exhaustive. */
export type FormatId =
  | 'anthropic-messages'
  | 'openai-chat'
  | 'openai-responses'
  | 'gemini-generate'
  | 'ollama-chat';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };
export type JsonObject = { [key: string]: JsonValue };

/** Fields of the source wire that the chat has no word for. Rendered back by the same format only. */
export interface Extra {
  readonly format: FormatId;
  readonly fields: JsonObject;
  /**
   * How the source spelled what the chat does have a word for (`max_tokens` or `max_completion_tokens`, null
   * or absent). Read by the same format only; another format loses nothing by it, so it is worth no warning.
   */
  readonly spelling?: JsonObject;
}

/** A prompt-cache breakpoint set on a part, a turn's last part or a tool. `ttl` absent = vendor default (5m). */
export interface CacheMark {
  readonly ttl?: string;
}

/** Where the bytes of an image, document or audio clip are. `data` is base64 text as it came. */
export type MediaSource =
  | { readonly kind: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly kind: 'url'; readonly url: string }
  /** `vendor`: whose service keeps it, as the parser of its format calls it; the id means nothing elsewhere. */
  | { readonly kind: 'file'; readonly fileId: string; readonly vendor?: string }
  | { readonly kind: 'text'; readonly text: string; readonly mediaType?: string };

/**
 * Opaque state of a model's thinking, valid only for the vendor that made it. Its own format writes `value` as it
 * is; another format carries it sealed (`seal.ts`), so that it comes back whole when the conversation returns.
 */
export interface Signature {
  /** The format of the upstream that made it. */
  readonly format: FormatId;
  readonly value: string;
  /** What else its own format needs to write the part again as it was (ids, summaries). */
  readonly fields?: JsonObject;
}

interface PartBase {
  readonly cache?: CacheMark;
  readonly extra?: Extra;
}

export interface TextPart extends PartBase {
  readonly type: 'text';
  readonly text: string;
}
export interface ImagePart extends PartBase {
  readonly type: 'image';
  readonly source: MediaSource;
  /** OpenAI's `detail`: low, high, auto. */
  readonly detail?: string;
}
export interface DocumentPart extends PartBase {
  readonly type: 'document';
  readonly source: MediaSource;
  readonly title?: string;
}
export interface AudioPart extends PartBase {
  readonly type: 'audio';
  readonly source: MediaSource;
  /** Codec name such as `wav` or `mp3`. */
  readonly encoding?: string;
}
export interface ToolCallPart extends PartBase {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** JSON text exactly as the model wrote it; may be empty or cut. Formats with object inputs parse it. */
  readonly arguments: string;
  /** Opaque state its vendor wants back with this call (Gemini's `thoughtSignature`). */
  readonly signature?: Signature;
}
export interface ToolResultPart extends PartBase {
  readonly type: 'tool-result';
  readonly callId: string;
  readonly content: readonly ToolResultContent[];
  /** The wire had a bare string (or nothing at all: `empty`) where a list of blocks may stand. */
  readonly shape?: 'string' | 'empty';
  readonly isError?: boolean;
}
export type ToolResultContent = TextPart | ImagePart | DocumentPart | OpaquePart;
export interface ThinkingPart extends PartBase {
  readonly type: 'thinking';
  readonly text: string;
  /** Opaque proof, or encrypted content, of the thought. */
  readonly signature?: Signature;
}
export interface RedactedThinkingPart extends PartBase {
  readonly type: 'redacted-thinking';
  readonly data: Signature;
}
export interface RefusalPart extends PartBase {
  readonly type: 'refusal';
  readonly text: string;
}
/** A block only its own format understands (server tools, containers, references, …), kept verbatim. */
export interface OpaquePart {
  readonly type: 'opaque';
  readonly format: FormatId;
  readonly value: JsonObject;
}

export type ChatPart =
  | TextPart
  | ImagePart
  | DocumentPart
  | AudioPart
  | ToolCallPart
  | ToolResultPart
  | ThinkingPart
  | RedactedThinkingPart
  | RefusalPart
  | OpaquePart;

export type ChatRole = 'system' | 'developer' | 'user' | 'assistant' | 'tool';

/**
 * One turn. System text stands as ordinary turns at its place: a format with a separate system field
 * (Anthropic) parses it into leading `system` turns marked `lead`, and renders leading system and developer
 * turns back into that field. Tool results may stand in a `tool` turn (OpenAI) or in a `user` turn
 * (Anthropic); renderers regroup them as their wire wants.
 */
export interface ChatTurn {
  readonly role: ChatRole;
  readonly parts: readonly ChatPart[];
  /** The wire had a bare string (`string`), or null / no content at all (`empty`), instead of a list of parts. */
  readonly shape?: 'string' | 'empty';
  /** This system turn stood in the format's own system field, not among the messages. */
  readonly lead?: boolean;
  /** Name of the speaker (OpenAI's `name`). */
  readonly name?: string;
  readonly extra?: Extra;
}

export interface ChatTool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the arguments; absent when the wire had none. */
  readonly inputSchema?: JsonObject;
  readonly strict?: boolean;
  readonly cache?: CacheMark;
  readonly extra?: Extra;
  /** A built-in tool of the vendor (web search, code execution, …): whole wire value, own format only. */
  readonly builtin?: { readonly format: FormatId; readonly value: JsonObject };
}

export type ToolChoice =
  | { readonly type: 'auto' }
  | { readonly type: 'none' }
  | { readonly type: 'required' }
  | { readonly type: 'tool'; readonly name: string };

/** How much the model should think. `effort` is the vendor word: minimal, low, medium, high, xhigh, max. */
export interface Reasoning {
  readonly mode: 'off' | 'on' | 'adaptive';
  readonly effort?: string;
  readonly budgetTokens?: number;
  readonly extra?: Extra;
}

export type OutputShape =
  | { readonly type: 'text' }
  | { readonly type: 'json' }
  | {
      readonly type: 'json-schema';
      readonly schema: JsonObject;
      readonly name?: string;
      readonly description?: string;
      readonly strict?: boolean;
    };

export interface ChatRequest {
  readonly model: string;
  readonly turns: readonly ChatTurn[];
  readonly tools: readonly ChatTool[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  /** Upper bound of output tokens, thinking included. */
  readonly maxOutputTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly reasoning?: Reasoning;
  readonly output?: OutputShape;
  readonly stream: boolean;
  /** The client asked for a usage report inside the stream (OpenAI's `stream_options.include_usage`). */
  readonly streamUsage?: boolean;
  readonly endUser?: string;
  readonly serviceTier?: string;
  /** Names of fields that point at state kept by the source's own servers (`previous_response_id`): no other upstream has it. */
  readonly serverState?: readonly string[];
  readonly extra?: Extra;
}

export type StopKind =
  | 'end'
  | 'length'
  | 'stop-sequence'
  | 'tool-calls'
  | 'refusal'
  | 'content-filter'
  | 'pause'
  | 'context-window'
  | 'unknown';

export interface StopReason {
  readonly kind: StopKind;
  /** The wire's own word, or null where the wire gave none. */
  readonly raw: string | null;
  /** The stop sequence that was met. */
  readonly sequence?: string;
}

/**
 * Token counts as reported, split into classes that do not overlap: `input` excludes cache reads and
 * writes and audio, whatever the vendor's own field includes; `output` includes `reasoning` and excludes
 * audio. A class the wire did not report is absent (never 0). A reported value that is no number is NaN:
 * readers do not repair, the ledger judges.
 */
export interface Usage {
  readonly input?: number | undefined;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite5m?: number | undefined;
  readonly cacheWrite1h?: number | undefined;
  readonly output?: number | undefined;
  /** Shown apart, already inside `output`. */
  readonly reasoning?: number | undefined;
  readonly audioInput?: number | undefined;
  readonly audioOutput?: number | undefined;
  /** Billable calls of built-in tools, e.g. `{ web_search: 2 }`. */
  readonly calls?: Readonly<Record<string, number>> | undefined;
  /** Cost in US dollars as the upstream stated it (OpenRouter), decimal text or number as it came. */
  readonly reportedCostUsd?: string | undefined;
  /** Service tier the upstream says it used (`standard`, `batch`, `flex`, `priority`, …). */
  readonly serviceTier?: string | undefined;
  /** The wire's own usage object. */
  readonly raw: JsonValue;
}

export interface ChatReply {
  readonly id: string;
  readonly model: string;
  /** Epoch milliseconds, where the wire tells. */
  readonly createdAtMs?: number;
  readonly parts: readonly ChatPart[];
  readonly stop: StopReason;
  readonly usage?: Usage;
  readonly extra?: Extra;
}

/** Error classes every format can spell. */
export type ChatErrorKind =
  | 'invalid-request'
  | 'authentication'
  | 'permission'
  | 'not-found'
  | 'too-large'
  | 'rate-limit'
  | 'budget'
  | 'overloaded'
  | 'timeout'
  | 'blocked'
  | 'upstream'
  | 'internal';

export interface ChatError {
  readonly kind: ChatErrorKind;
  readonly message: string;
  /** HTTP status that goes with it. */
  readonly status: number;
  /** Machine-readable code: Turnpike's refusal code or the upstream's own. */
  readonly code?: string;
  /** Field of the request at fault. */
  readonly param?: string;
  /** Seconds until a retry makes sense. */
  readonly retryAfterS?: number;
  readonly extra?: Extra;
}

/**
 * One step of a streamed reply. `index` counts the reply's parts from 0. Each part has one start and one
 * end. Parts of different indexes may interleave (OpenAI's parallel calls can); encoders of formats that
 * cannot interleave put `sequenceEvents` (wire/sequence.ts) in front.
 *
 * Order: `start`, then parts, `usage` any number of times (each later one replaces the earlier: cumulative,
 * never summed), `stop` once, `end` once. `error` may come instead of `stop`/`end` and is last.
 */
export type ChatEvent =
  | {
      readonly type: 'start';
      readonly id: string;
      readonly model: string;
      readonly createdAtMs?: number;
      readonly extra?: Extra;
    }
  | { readonly type: 'text-start'; readonly index: number; readonly extra?: Extra }
  | { readonly type: 'text-delta'; readonly index: number; readonly text: string }
  | { readonly type: 'text-end'; readonly index: number }
  | { readonly type: 'thinking-start'; readonly index: number; readonly extra?: Extra }
  | { readonly type: 'thinking-delta'; readonly index: number; readonly text: string }
  | { readonly type: 'thinking-signature'; readonly index: number; readonly signature: Signature }
  | { readonly type: 'thinking-end'; readonly index: number }
  | {
      readonly type: 'redacted-thinking';
      readonly index: number;
      readonly data: Signature;
      readonly extra?: Extra;
    }
  | {
      readonly type: 'tool-call-start';
      readonly index: number;
      readonly id: string;
      readonly name: string;
      readonly signature?: Signature;
      readonly extra?: Extra;
    }
  | { readonly type: 'tool-call-delta'; readonly index: number; readonly arguments: string }
  /** `isCut`: the stream is ended here, whatever the arguments lack. */
  | { readonly type: 'tool-call-end'; readonly index: number; readonly isCut?: boolean }
  | { readonly type: 'refusal-start'; readonly index: number; readonly extra?: Extra }
  | { readonly type: 'refusal-delta'; readonly index: number; readonly text: string }
  | { readonly type: 'refusal-end'; readonly index: number }
  /** A whole image: models that draw it give it in one piece. */
  | { readonly type: 'image-part'; readonly index: number; readonly part: ImagePart }
  /** A whole part only its own format understands. */
  | { readonly type: 'opaque-part'; readonly index: number; readonly part: OpaquePart }
  /**
   * A fragment inside an open part (e.g. a citation on a text part) only its own format understands. `value`
   * is a patch of the part's `extra.fields`: lists are appended, other values replaced.
   */
  | {
      readonly type: 'opaque-delta';
      readonly index: number;
      readonly format: FormatId;
      readonly value: JsonObject;
    }
  /** The upstream says it is alive. */
  | { readonly type: 'ping' }
  | { readonly type: 'usage'; readonly usage: Usage }
  | { readonly type: 'stop'; readonly stop: StopReason; readonly extra?: Extra }
  | { readonly type: 'error'; readonly error: ChatError }
  | { readonly type: 'end' };

/** One thing a renderer could not carry over as it was. */
export interface Warning {
  readonly kind: 'dropped' | 'approximated';
  /** Where, as a path of canonical or source names: `turns[2].parts[0].cache`, `extra.logit_bias`. */
  readonly path: string;
  /** What was done instead, one short sentence. */
  readonly note: string;
}

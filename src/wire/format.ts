/**
 * What a wire format is: the interface each folder of this room fills in, and that the gateway, the sandbox
 * and the tests use without knowing which format it is.
 */
import type {
  ChatError,
  ChatEvent,
  ChatReply,
  ChatRequest,
  ChatTool,
  FormatId,
  JsonObject,
  Usage,
  Warning,
} from './chat.ts';
import type { Frame, FrameReader } from './frames.ts';

/** Input that is not a valid request of the format. A refusal, not a fault: shown to the client as it is. */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** Path of the field at fault, e.g. `messages[0].content`. */
  readonly param: string | undefined;
  constructor(message: string, param?: string) {
    super(message);
    this.param = param;
  }
}

export interface Rendered<T> {
  readonly body: T;
  readonly warnings: readonly Warning[];
}

/** What a reply or stream encoder needs to know of the request it answers. */
export interface ReplyContext {
  /** Model name to show: the one the client asked for. */
  readonly model: string;
  /** Used where the upstream gave no id. */
  readonly fallbackId: string;
  readonly nowMs: number;
  /** What an error inside the stream says to ask after, in formats with a place for it. */
  readonly requestId?: string;
  /** The client asked for usage inside the stream (formats where that is a choice). */
  readonly streamUsage: boolean;
  /** How the client wants its stream framed, in formats that know two ways (Gemini); absent = server-sent events. */
  readonly streamShape?: StreamShape;
  /** Tools of the request, for formats that write a call differently by the kind of its tool. */
  readonly tools?: readonly ChatTool[];
  /** Fields of the client's own wire that the reply repeats of its request, or says of how it is kept. */
  readonly echo?: JsonObject;
}

/** `array` = one JSON array whose elements come one after the other. */
export type StreamShape = 'sse' | 'array';

/** What the URL says of a request, in formats that say it there and not in the body. */
export interface RequestPath {
  readonly model: string;
  readonly isStream: boolean;
}

/** What a reader of replies needs to know that the reply does not say. */
export interface DecodeContext {
  /** Unique to the exchange. Ids the wire does not give (of replies, of tool calls) are made from it. */
  readonly fallbackId: string;
}

/** Where a request of the format says what routing needs, for those who do not parse it whole. */
export interface RequestPlaces {
  /** `path`: the URL names the model and says whether to stream; the body has neither. */
  readonly model: 'body' | 'path';
  /** Whether the answer is a stream where the body does not say. */
  readonly streamsByDefault: boolean;
  /** Fields that bound the output tokens, best first; each a path of names from the top. */
  readonly outputLimit: readonly (readonly string[])[];
  /** Which of their names (without the object around it) a request of this model is given; absent = the first. */
  addedLimit?(model: string): string;
  /** A limit of 0 or less is none: the model writes until it ends. */
  readonly isOpenBelowOne?: true;
  /** Tokens of thinking inside the output, where the format has a number for them. */
  readonly thinkingBudget?: ThinkingBudgetPlaces;
}

export interface ThinkingBudgetPlaces {
  /** Each a path of names from the top. */
  readonly places: readonly (readonly string[])[];
  /** No vendor's model takes less than this, or all take it. */
  readonly least: number;
  /** Requests whose budget is not below their limit are refused. */
  readonly isBelowLimit?: true;
}

/** Upstream frames -> chat events. State is one record; one handler per wire event. Never throws on bad input. */
export interface StreamDecoder {
  push(frame: Frame): ChatEvent[];
  /**
   * Call once when the bytes have ended. Closes open parts. Yields `end` only if the wire's own terminal
   * event was seen; otherwise an `error` of kind `upstream` with code `stream_truncated`.
   */
  end(): ChatEvent[];
}

/** Chat events -> text for the client's socket. */
export interface StreamEncoder {
  push(event: ChatEvent): string;
  /** Things this stream could not carry, known after the last event. */
  warnings(): readonly Warning[];
}

/** What a relay learns by reading along without decoding. */
export interface TapReport {
  /** Merged view of every usage report seen (Anthropic's start and delta; OpenAI's last). */
  readonly usage: Usage | undefined;
  /** The format's terminal event went by. */
  readonly isComplete: boolean;
  /** An error event went by (its parsed content). */
  readonly error: ChatError | undefined;
  /** Raw stop reason, where seen. */
  readonly stop: string | undefined;
  /** Output tokens estimated from the bytes that went by; for streams that end without a usage report. */
  readonly outputEstimate: number;
  /** Content (not pings, not the opening frame) went by. */
  readonly hasContent: boolean;
}

export interface TapOptions {
  /** `outputEstimate` counts each piece of text, not samples: for streams that may be ended by it. Costs a parse a frame. */
  readonly countsAll?: boolean;
}

/**
 * Reads along a relayed stream. Must cost far less than decoding: native searches for the few frames that
 * matter. Holds at most one incomplete frame.
 */
export interface StreamTap {
  push(chunk: Uint8Array): void;
  /** One whole frame, for those who part the bytes themselves. Wants `countsAll`; not to be mixed with `push`. */
  read(frame: Frame): void;
  report(): TapReport;
}

/** What the end of a cut stream depends on beside the stream itself. */
export interface CutContext {
  readonly streamShape: StreamShape;
  /** The client asked for usage inside the stream (formats where that is a choice). */
  readonly streamUsage: boolean;
}

/**
 * Reads along a relayed stream that may have to be ended early, and keeps the little that its end needs. Costs about
 * what a tap does.
 */
export interface StreamCutter {
  /** A frame that goes to the client, whole. Never throws. */
  read(frame: Frame): void;
  /**
   * Frames between the first, which was read, and the next to be read went by unread. Absent = all have to be read, as
   * its end repeats them.
   */
  skip?(): void;
  /**
   * The frames that end the stream as if the model had come to its output limit: open parts are closed, the reason is
   * told, and the usage where the format does. Where the reason was told already, only what is missing after it.
   * undefined = there is nothing to end: the stream has not begun, is over, or is too long to be ended.
   */
  cut(usage: Usage): string | undefined;
}

export interface Format {
  readonly id: FormatId;

  readonly places: RequestPlaces;

  /**
   * @param path given where `places.model` is `path`; without it the model is empty and nothing is streamed.
   * @throws {WireError}
   */
  parseRequest(body: JsonObject, path?: RequestPath): ChatRequest;
  renderRequest(chat: ChatRequest): Rendered<JsonObject>;
  /** Reply to a request without a turn, where the format has one (Ollama loads a model so); undefined = it says something. */
  renderLoaded?(chat: ChatRequest, context: ReplyContext): JsonObject | undefined;
  /** The chat with prompt-cache breakpoints where it has none, for vendors that cache only what is marked. */
  withAutoCache?(chat: ChatRequest): ChatRequest;

  /** @throws {WireError} when the body is no reply of this format at all. Lenient otherwise. */
  parseReply(body: JsonObject, context?: DecodeContext): ChatReply;
  renderReply(reply: ChatReply, context: ReplyContext): Rendered<JsonObject>;

  /**
   * Turns the tool names of a reply back into the ones its request had, where this format could only write
   * them shortened or changed: a parsed reply knows nothing of its request.
   */
  createNameRestorer(tools: readonly ChatTool[]): (name: string) => string;

  /** Cuts the bytes of an upstream's stream into frames; finds out by itself how they are framed. */
  createReader(): FrameReader;
  createDecoder(context?: DecodeContext): StreamDecoder;
  createEncoder(context: ReplyContext): StreamEncoder;
  createTap(options?: TapOptions): StreamTap;
  createCutter(context: CutContext): StreamCutter;

  /** Usage of a unary reply, without parsing the rest. */
  readUsage(body: JsonObject): Usage | undefined;
  /** Raw stop reason of a unary reply. */
  readStop(body: JsonObject): string | undefined;

  /** An upstream's error body (any JSON or text) with its status, in chat terms. */
  parseError(status: number, body: unknown): ChatError;
  /** Body of an error answer; `requestId` is shown where the format has a place for it. */
  renderError(error: ChatError, requestId: string): JsonObject;
  /** Terminal error event inside a stream, ready for the socket. */
  renderStreamError(error: ChatError, requestId: string, shape?: StreamShape): string;

  /** Answer to "how many tokens is this", where the format has that question. */
  renderTokenCount(tokens: number): JsonObject | undefined;

  /** What parts its streams into frames (those framed as server-sent events, where there are two ways). */
  readonly streamFraming: 'sse' | 'lines';
  /** Content type of this format's streams (those framed as server-sent events, where there are two ways). */
  readonly streamContentType: string;
  /**
   * What may be written between two frames to keep a silent connection open, and is passed over by the format's
   * official clients; undefined = nothing is.
   */
  readonly keepAlive: string | undefined;
}

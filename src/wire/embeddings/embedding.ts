/**
 * The canonical embedding: what the shapes of an embeddings call mean, in one vendor-free vocabulary, and what
 * a shape is. Embeddings are no chat: one request, one answer, no stream.
 */
import type { FormatId, JsonObject, Usage, Warning } from '../chat.ts';
import type { Rendered, RequestPath } from '../format.ts';

/** One way to ask for embeddings: a path and the bodies that go over it. */
export type EmbeddingShapeId =
  | 'openai-embeddings'
  | 'gemini-embed'
  | 'gemini-batch-embed'
  | 'ollama-embed'
  | 'ollama-embeddings';

/** How a client wants numbers written: as JSON numbers, or as base64 of little-endian float32. */
export type EmbeddingEncoding = 'float' | 'base64';

/** What one vector is made of. */
export interface EmbeddingInput {
  /** A text, or the ids of a tokenizer only the client and its model know. */
  readonly content: string | readonly number[];
  /** The text was several parts on the wire, put together here. */
  readonly isJoined?: true;
  /** What the vector is for (`RETRIEVAL_QUERY`), where the wire has it. */
  readonly taskType?: string;
  readonly title?: string;
  readonly extra?: EmbeddingExtra;
}

/** Fields without a word here, and the shape they came from. */
export interface EmbeddingExtra {
  readonly shape: EmbeddingShapeId;
  readonly fields: JsonObject;
}

export interface EmbeddingRequest {
  readonly model: string;
  /** At least one. */
  readonly inputs: readonly EmbeddingInput[];
  readonly dimensions?: number;
  readonly encoding: EmbeddingEncoding;
  /** False: an input longer than the model reads is an error. Absent = as the vendor does it. */
  readonly truncate?: boolean;
  readonly endUser?: string;
  readonly extra?: EmbeddingExtra;
}

/** A vector as it came. Base64 is kept as it is until someone needs the numbers. */
export type EmbeddingVector =
  | { readonly encoding: 'float'; readonly values: readonly number[] }
  | { readonly encoding: 'base64'; readonly data: string };

export interface EmbeddingReply {
  readonly model: string;
  /** In the order of the inputs. */
  readonly vectors: readonly EmbeddingVector[];
  readonly usage?: Usage;
}

/** What a reply says that the upstream's did not. */
export interface EmbeddingContext {
  /** Model name to show: the one the client asked for. */
  readonly model: string;
  readonly encoding: EmbeddingEncoding;
  /** Input tokens by our own count, for wires that must tell some. */
  readonly inputEstimate: number;
}

export interface EmbeddingShape {
  readonly id: EmbeddingShapeId;
  /** The format whose errors its clients read. */
  readonly format: FormatId;
  /** Last word of the path: what of the vendor's calls it is. */
  readonly call: string;
  /** `path`: the URL names the model; the body may repeat it. */
  readonly modelPlace: 'body' | 'path';
  /** @throws {WireError} */
  parseRequest(body: JsonObject, path?: RequestPath): EmbeddingRequest;
  /** @throws {WireError} where leaving something out would give other vectors than were asked for. */
  renderRequest(request: EmbeddingRequest): Rendered<JsonObject>;
  /** @throws {WireError} when the body is no reply of this shape. */
  parseReply(body: JsonObject): EmbeddingReply;
  /** @throws {WireError} when there are other vectors than this shape has places for. */
  renderReply(reply: EmbeddingReply, context: EmbeddingContext): Rendered<JsonObject>;
  readUsage(body: JsonObject): Usage | undefined;
  /** Top-level fields of a reply that `readUsage` looks at. */
  readonly usageFields: readonly string[];
  /** The encoding asked for, without parsing the request. */
  readEncoding(body: Buffer): EmbeddingEncoding;
  /** A reply of this shape in the encoding asked for, where the upstream gave another. The same bytes otherwise. */
  recode(body: Buffer, encoding: EmbeddingEncoding): Buffer;
  /** Where the body repeats the model of the path: the body with this one. The same object when nothing changes. */
  withModel(body: JsonObject, model: string): JsonObject;
}

export type Warn = (warning: Warning) => void;

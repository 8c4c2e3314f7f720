/** Simulated embeddings: vectors of length 1 made from a hash of the text, in every shape there is. */
import type { ChatError, JsonObject } from '../../wire/chat.ts';
import {
  type EmbeddingInput,
  type EmbeddingRequest,
  type EmbeddingShape,
  type EmbeddingVector,
  embeddingShapes,
} from '../../wire/embeddings/index.ts';
import { type Format, WireError } from '../../wire/format.ts';
import { type Directive, extractDirectives, parseDirectiveHeader } from './directive.ts';
import type { EmbeddingEndpoint } from './endpoint.ts';
import { statusError, unknownModel } from './errors.ts';
import { type Fault, faults } from './fault.ts';
import { findSandboxModel, type SandboxModel } from './models.ts';
import { createRandom, hashText } from './random.ts';
import { errorAnswer, replyHeaders } from './respond.ts';
import { type Answer, piecesOf, type Script, wholeAnswer } from './script.ts';

/** Where a request asks for none. */
const DEFAULT_DIMENSIONS = 256;
/** More vectors in one answer than any vendor gives; each costs memory. */
const MAX_INPUTS = 2048;
/** Numbers in one answer; a quarter of a gigabyte of JSON is no test any more. */
const MAX_NUMBERS = 4_000_000;
const CHARS_PER_TOKEN = 4;

/**
 * @param orders a directive beside the prompt
 * @throws {WireError | DirectiveError | SyntaxError} for what the client got wrong
 */
export function answerEmbedding(
  format: Format,
  endpoint: EmbeddingEndpoint,
  body: Buffer,
  orders: string | undefined,
  requestId: string,
): Script {
  const shape: EmbeddingShape = embeddingShapes[endpoint.shape];
  const request = shape.parseRequest(parsedBody(body), { model: endpoint.model ?? '', isStream: false });
  const model = findSandboxModel(request.model);
  if (!model) return errorAnswer(format, unknownModel(request.model), requestId);
  const { inputs, directive } = readInputs(request.inputs, orders);
  const fault = faults[directive.fail ?? model.fault ?? ''];
  const error = statusError(fault, directive) ?? refuseInput(model, request);
  if (error) return errorAnswer(format, error, requestId, directive.firstByteMs);
  const tokens = directive.inputTokens ?? inputs.reduce((sum, input) => sum + tokensOf(input), 0);
  const vectors = inputs.map((input) => vectorOf(input, request.dimensions ?? DEFAULT_DIMENSIONS));
  const context = { model: request.model, encoding: request.encoding, inputEstimate: 0 };
  const usage = { input: tokens, raw: null };
  const reply = shape.renderReply({ model: request.model, vectors, usage }, context).body;
  if (fault?.kind === 'answer' && fault.name === 'no-usage')
    for (const name of shape.usageFields) delete reply[name];
  return withFault(JSON.stringify(reply), requestId, directive, fault);
}

function parsedBody(body: Buffer): JsonObject {
  const value: unknown = JSON.parse(body.toString('utf8'));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new WireError('the body must be a JSON object');
}

interface ReadInputs {
  readonly inputs: readonly EmbeddingInput[];
  readonly directive: Directive;
}

/** The orders in the last text; those in the header go over them. */
function readInputs(given: readonly EmbeddingInput[], header: string | undefined): ReadInputs {
  const last = given.at(-1)!;
  const ordered = header === undefined ? {} : parseDirectiveHeader(header);
  if (typeof last.content !== 'string') return { inputs: given, directive: ordered };
  const { text, directives } = extractDirectives(last.content);
  const inputs = [...given.slice(0, -1), { ...last, content: text }];
  return { inputs, directive: { ...directives[0], ...ordered } };
}

function refuseInput(model: SandboxModel, { inputs, dimensions }: EmbeddingRequest): ChatError | undefined {
  const refused = (message: string, param: string): ChatError => ({
    kind: 'invalid-request',
    status: 400,
    message,
    param,
  });
  if (!model.embeds) return refused(`the model ${model.id} makes no embeddings; embedder does`, 'model');
  if (inputs.length > MAX_INPUTS) return refused(`at most ${MAX_INPUTS} inputs are taken`, 'input');
  if (inputs.length * (dimensions ?? DEFAULT_DIMENSIONS) > MAX_NUMBERS)
    return refused(`at most ${MAX_NUMBERS} numbers are given in one answer`, 'dimensions');
  const long = inputs.findIndex((input) => tokensOf(input) > model.contextWindow);
  return long === -1
    ? undefined
    : refused(`input[${long}] is longer than ${model.contextWindow} tokens`, `input[${long}]`);
}

function tokensOf({ content }: EmbeddingInput): number {
  return typeof content === 'string' ? Math.ceil(content.length / CHARS_PER_TOKEN) : content.length;
}

/** Rounded to float32, so that numbers and base64 say the same. */
function vectorOf({ content }: EmbeddingInput, dimensions: number): EmbeddingVector {
  const random = createRandom(hashText(typeof content === 'string' ? content : JSON.stringify(content)));
  const values = Array.from({ length: dimensions }, () => random() * 2 - 1);
  const length = Math.hypot(...chunkLengths(values)) || 1;
  return { encoding: 'float', values: values.map((value) => Math.fround(value / length)) };
}

/** `Math.hypot` takes its numbers as arguments, of which there may not be too many. */
function chunkLengths(values: readonly number[]): number[] {
  const lengths: number[] = [];
  for (let at = 0; at < values.length; at += 1000) lengths.push(Math.hypot(...values.slice(at, at + 1000)));
  return lengths;
}

/** Faults that a whole answer can show; those of streams leave it as it is. */
function withFault(
  text: string,
  requestId: string,
  { firstByteMs = 0 }: Directive,
  fault: Fault | undefined,
): Script {
  const whole = wholeAnswer(200, replyHeaders('application/json', requestId), text, firstByteMs);
  if (fault?.kind !== 'transport') return whole;
  const half: Answer = { ...whole, next: piecesOf([text.slice(0, text.length >> 1)]) };
  switch (fault.name) {
    case 'refuse':
      return { type: 'refused' };
    case 'hang':
      return { ...whole, headAfterMs: Infinity };
    case 'stall':
      return { ...half, ending: 'silence' };
    case 'cut':
      return { ...half, ending: 'cut' };
    case 'malformed':
      return wholeAnswer(200, replyHeaders('application/json', requestId), text.slice(0, -1), firstByteMs);
    default:
      return whole;
  }
}

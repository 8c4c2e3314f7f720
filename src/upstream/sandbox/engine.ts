/**
 * The simulated upstream without its sockets: a request in, a script of what to answer out. Deterministic: the
 * same requests in the same order get the same bytes (time of day apart, which is the clock's).
 */
import type { Clock } from '../../base/clock.ts';
import type { ChatError, ChatReply, ChatRequest, FormatId, JsonObject } from '../../wire/chat.ts';
import { type Format, WireError } from '../../wire/format.ts';
import { DirectiveError } from './directive.ts';
import { answerEmbedding } from './embedding.ts';
import { findEndpoint, type SandboxEndpoint } from './endpoint.ts';
import { statusError, unknownModel } from './errors.ts';
import { type Fault, faults } from './fault.ts';
import { applyAnswerFault, limitSpeech } from './limits.ts';
import { listModels, tokenCount } from './listing.ts';
import { findSandboxModel, type Pace, type SandboxModel } from './models.ts';
import { type Prompt, readPrompt } from './prompt.ts';
import { createPromptCache, type PromptCache } from './prompt-cache.ts';
import { createRandom, hashText } from './random.ts';
import { errorAnswer, replyHeaders, respond } from './respond.ts';
import { type SandboxRequest, type Script, wholeAnswer } from './script.ts';
import { findForgedThought, speak } from './speech.ts';
import { countInput, inputTokens, segmentsOf, usageOf } from './usage.ts';

export interface SandboxOptions {
  /** The formats it speaks; a path of another is 404. */
  readonly formats: readonly Format[];
  readonly clock: Clock;
  /** `none` answers without the models' own pace; what a directive orders still holds. Default `real`. */
  readonly timing?: 'real' | 'none';
}

export interface SandboxEngine {
  /** Never throws on bad input: that is an error answer. */
  answer(request: SandboxRequest): Script;
}

/** Header that carries a directive beside the prompt. */
export const DIRECTIVE_HEADER = 'x-sandbox';

interface Sandbox {
  readonly formats: ReadonlyMap<FormatId, Format>;
  readonly clock: Clock;
  readonly hasPace: boolean;
  readonly cache: PromptCache;
}

export function createSandboxEngine(options: SandboxOptions): SandboxEngine {
  const sandbox: Sandbox = {
    formats: new Map(options.formats.map((format) => [format.id, format])),
    clock: options.clock,
    hasPace: options.timing !== 'none',
    cache: createPromptCache(options.clock),
  };
  return { answer: (request) => answer(sandbox, request) };
}

function answer(sandbox: Sandbox, request: SandboxRequest): Script {
  const endpoint = findEndpoint(request.method, request.path);
  if (endpoint?.operation === 'list-models') return jsonAnswer(listModels(endpoint.shape), 'list');
  const format = endpoint && sandbox.formats.get(endpoint.format);
  if (!endpoint || !format) return unknownPath(request);
  const requestId = requestIdOf(request.body);
  try {
    const orders = request.headers[DIRECTIVE_HEADER];
    if (endpoint.operation === 'embeddings')
      return answerEmbedding(format, endpoint, request.body, orders, requestId);
    const chat = readChat(format, endpoint, request.body);
    const prompt = readPrompt(chat, orders);
    return answerChat({ sandbox, format, endpoint, chat, prompt, requestId });
  } catch (error) {
    return errorAnswer(format, badRequest(error), requestId);
  }
}

const ID_BYTES = 4096;

/** Equal requests have equal ids; a conversation that grew has another. */
function requestIdOf(body: Buffer): string {
  const ends =
    body.toString('latin1', 0, ID_BYTES) + body.toString('latin1', Math.max(0, body.length - ID_BYTES));
  return `req_sandbox${hashText(ends, body.length).toString(36)}`;
}

function jsonAnswer(body: JsonObject, requestId: string): Script {
  return wholeAnswer(200, replyHeaders('application/json', requestId), JSON.stringify(body));
}

function unknownPath({ method, path }: SandboxRequest): Script {
  const message = `the sandbox has no ${method} ${path.slice(0, 200)}`;
  const body = JSON.stringify({ error: { message, type: 'not_found_error' } });
  return wholeAnswer(404, replyHeaders('application/json', 'none'), body);
}

/** The client's mistakes as an error; anything else is ours. */
function badRequest(error: unknown): ChatError {
  const isTheirs =
    error instanceof WireError || error instanceof DirectiveError || error instanceof SyntaxError;
  if (!isTheirs) throw error;
  const param = error instanceof WireError ? error.param : undefined;
  return {
    kind: 'invalid-request',
    status: 400,
    message: error.message,
    ...(param !== undefined && { param }),
  };
}

type ChatEndpoint = Exclude<SandboxEndpoint, { operation: 'list-models' | 'embeddings' }>;

function readChat(format: Format, endpoint: ChatEndpoint, body: Buffer): ChatRequest {
  const value: unknown = JSON.parse(body.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WireError('the body must be a JSON object');
  const chat = format.parseRequest(value as JsonObject);
  if (endpoint.model === undefined) return chat;
  return { ...chat, model: endpoint.model, stream: endpoint.isStream ?? chat.stream };
}

interface Asked {
  readonly sandbox: Sandbox;
  readonly format: Format;
  readonly endpoint: ChatEndpoint;
  readonly chat: ChatRequest;
  readonly prompt: Prompt;
  readonly requestId: string;
}

function answerChat(asked: Asked): Script {
  const { format, chat, prompt, requestId } = asked;
  const model = findSandboxModel(chat.model);
  if (!model) return errorAnswer(format, unknownModel(chat.model), requestId);
  const segments = segmentsOf(chat);
  const tokens = inputTokens(segments);
  if (asked.endpoint.operation === 'count-tokens')
    return jsonAnswer(tokenCount(format.id, tokens), requestId);
  const fault = faults[prompt.directive.fail ?? model.fault ?? ''];
  const pace = paceOf(asked, model);
  const error = statusError(fault, prompt.directive) ?? refuseInput(asked, model, tokens);
  if (error) return errorAnswer(format, error, requestId, pace.firstByteMs);
  const cache = model.hasPromptCache ? asked.sandbox.cache : undefined;
  const input = countInput(segments, cache, prompt.directive);
  const { parts, stop } = makeSpeech(asked, model, fault);
  const reply: ChatReply = {
    id: replyId(format.id, requestId),
    model: chat.model,
    createdAtMs: asked.sandbox.clock.now(),
    parts,
    stop,
    usage: usageOf(input, parts, prompt.directive, chat.maxOutputTokens),
  };
  return respond({
    format,
    reply,
    isStream: chat.stream,
    context: {
      model: chat.model,
      fallbackId: reply.id,
      nowMs: asked.sandbox.clock.now(),
      streamUsage: chat.streamUsage ?? false,
      ...(asked.endpoint.isArray && { streamShape: 'array' }),
    },
    requestId,
    pace,
    fault,
    after: prompt.directive.after ?? DEFAULT_AFTER,
    hasOrderedPace: prompt.directive.pieceMs !== undefined,
  });
}

/** Content pieces a broken stream shows before it breaks. */
const DEFAULT_AFTER = 5;

/** What vendors refuse too: more than the context holds, and thoughts that were tampered with. */
function refuseInput({ chat, format }: Asked, model: SandboxModel, tokens: number): ChatError | undefined {
  if (tokens > model.contextWindow) {
    const message = `prompt is too long: ${tokens} tokens > ${model.contextWindow} maximum`;
    return { kind: 'invalid-request', status: 400, message, code: 'context_length_exceeded' };
  }
  const forged = findForgedThought(chat, format.id);
  if (forged === undefined) return undefined;
  return {
    kind: 'invalid-request',
    status: 400,
    message: 'Invalid `signature` in `thinking` block',
    param: forged,
  };
}

function paceOf({ sandbox, prompt }: Asked, model: SandboxModel): Pace {
  const own = sandbox.hasPace ? model.pace : { firstByteMs: 0, pieceMs: 0 };
  const { firstByteMs, pieceMs } = prompt.directive;
  return { firstByteMs: firstByteMs ?? own.firstByteMs, pieceMs: pieceMs ?? own.pieceMs };
}

/** Formats in which a thought carries a signature to send back. */
const SIGNED: readonly FormatId[] = ['anthropic-messages', 'gemini-generate', 'openai-responses'];

function makeSpeech(
  { chat, prompt, format, requestId }: Asked,
  model: SandboxModel,
  fault: Fault | undefined,
) {
  const seed = hashText(prompt.text, (chat.seed ?? 0) + (prompt.directive.seed ?? 0) + chat.turns.length);
  const speech = speak({
    model,
    chat,
    prompt,
    random: createRandom(seed),
    callIdPrefix: `${format.id === 'anthropic-messages' ? 'toolu_' : 'call_'}${requestId.slice(4)}_`,
    ...(SIGNED.includes(format.id) && { signer: format.id }),
  });
  const faulty = fault?.kind === 'answer' ? applyAnswerFault(speech, fault.name) : speech;
  return limitSpeech(faulty, chat, model.maxOutputTokens);
}

const ID_PREFIXES: Readonly<Record<FormatId, string>> = {
  'anthropic-messages': 'msg_',
  'openai-chat': 'chatcmpl-',
  'openai-responses': 'resp_',
  'gemini-generate': '',
  'ollama-chat': '',
};

function replyId(format: FormatId, requestId: string): string {
  return ID_PREFIXES[format] + requestId.slice(4);
}

/**
 * Token estimates without a tokenizer: for `count_tokens` on upstreams that have none, and for what the ledger
 * holds before the upstream has counted. Linear, no dependency; meant to err upwards.
 *
 * The weights follow how byte-pair tokenizers split text (a word with its leading space is a token, long words
 * are several, digits go by threes, indentation is merged) and the ratios vendors publish: OpenAI about 4
 * characters of English a token, Anthropic about 3.5; Chinese, Japanese and Korean about one token a character,
 * emoji two or three. No tokenizer is at hand to check them against, so they were checked against what
 * providers themselves reported for recorded replies (prose, Markdown, JSON, reasoning; OpenAI, Anthropic,
 * Qwen, DeepSeek, Llama): see the test for the band they stay in. Scripts that no recording has are set high.
 */
import type { ChatPart, ChatRequest, ChatTool, ChatTurn, MediaSource } from './chat.ts';
import { type MediaKind, type MediaSpan, mediaTokens } from './media.ts';
import { signatureChars } from './seal.ts';

/** Weights are in quarters of a token, so that the sum stays an integer. */
const QUARTERS = 4;
/** On top of the likely number. The recorded replies lie up to a tenth above it without this. */
const MARGIN = 1.15;

const WORD = 0;
const UPPER = 1;
const DIGIT = 2;
const SPACE = 3;
const LINE = 4;
const MARK = 5;
const NO_CLASS = -1;

/** ASCII by class; everything else is weighed by `foreignWeight`. */
const classes = Uint8Array.from({ length: 128 }, (_, code) => classOf(code));

function classOf(code: number): number {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return WORD;
  if (/[A-Z]/.test(character)) return UPPER;
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[ \t]/.test(character)) return SPACE;
  return /[\r\n]/.test(character) ? LINE : MARK;
}

/** Letters of one word that still make one token; every so many more make another. */
const FIRST_LETTERS = 7;
const NEXT_LETTERS = 4;
const DIGITS_OF_TOKEN = 3;

/** Tokens of a text, likely a little too many. */
export function estimateTokens(text: string): number {
  return Math.ceil((textQuarters(text) / QUARTERS) * MARGIN);
}

function textQuarters(text: string): number {
  let quarters = 0;
  let last = NO_CLASS;
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 128) {
      quarters += foreignWeight(code);
      // An accented letter stays inside its word.
      if (code >= LATIN_END) last = NO_CLASS;
      continue;
    }
    const kind = classes[code]!;
    length = kind === last || (kind === WORD && last === UPPER) ? length + 1 : 1;
    quarters += asciiWeight(kind, length);
    last = kind;
  }
  return quarters;
}

/** What the character that makes a run of this class so long adds. */
function asciiWeight(kind: number, length: number): number {
  if (length === 1) return kind === SPACE ? 0 : QUARTERS;
  switch (kind) {
    case DIGIT:
      return length % DIGITS_OF_TOKEN === 1 ? QUARTERS : 0;
    case SPACE:
      // One space belongs to the word after it; a second makes an indentation, which is one token.
      return length === 2 ? QUARTERS : 0;
    case LINE:
      return 0;
    case MARK:
      // Runs of punctuation merge (`":"`, `});`), but seldom more than two.
      return length % 2 === 1 ? QUARTERS : 1;
    default:
      return length > FIRST_LETTERS && (length - FIRST_LETTERS) % NEXT_LETTERS === 1 ? QUARTERS : 0;
  }
}

const LATIN_END = 0x0250;

/** Blocks of Unicode up to `end`, by how badly tokenizers that were trained on English split them. */
const blocks: readonly { readonly end: number; readonly quarters: number }[] = [
  { end: LATIN_END, quarters: 2 },
  // Greek, Cyrillic, Armenian: two letters a token.
  { end: 0x0590, quarters: 2 },
  // Hebrew, Arabic.
  { end: 0x0900, quarters: 3 },
  // Indic scripts, Thai, Georgian, Ethiopic and the like: the older tokenizers fall back to bytes.
  { end: 0x2000, quarters: 5 },
  // Punctuation, arrows, box drawing.
  { end: 0x2e80, quarters: 4 },
  // Chinese, Japanese, Korean.
  { end: 0xd800, quarters: 5 },
  // Halves of a surrogate pair: an emoji is three tokens.
  { end: 0xe000, quarters: 6 },
  { end: 0x10000, quarters: 5 },
];

function foreignWeight(code: number): number {
  for (const block of blocks) if (code < block.end) return block.quarters;
  return QUARTERS;
}

/** What the chat template adds for each turn: role and separators (OpenAI states 3 or 4). */
const TURN_TOKENS = 4;
/** Call id, type and separators around a tool call or its result. */
const CALL_TOKENS = 12;
/** Vendors put a text of their own in front of the tools: Anthropic states 313 to 346 tokens for its current models. */
const TOOLS_PREFACE_TOKENS = 346;
/** What opens the reply. */
const REPLY_TOKENS = 3;

/** Input tokens of a request. Images, documents and audio by the rules of `mediaTokens`; unknown blocks as JSON. */
export function estimateChatTokens(chat: ChatRequest): number {
  let tokens = REPLY_TOKENS;
  for (const turn of chat.turns) tokens += turnTokens(turn);
  if (chat.tools.length > 0) tokens += TOOLS_PREFACE_TOKENS;
  for (const tool of chat.tools) tokens += toolTokens(tool);
  if (chat.output?.type === 'json-schema') tokens += jsonTokens(chat.output.schema);
  return tokens;
}

function turnTokens(turn: ChatTurn): number {
  let tokens = TURN_TOKENS + estimateTokens(turn.name ?? '');
  for (const part of turn.parts) tokens += partTokens(part);
  return tokens;
}

function toolTokens(tool: ChatTool): number {
  if (tool.builtin) return CALL_TOKENS + jsonTokens(tool.builtin.value);
  const words = estimateTokens(tool.name) + estimateTokens(tool.description ?? '');
  return CALL_TOKENS + words + jsonTokens(tool.inputSchema ?? {});
}

function partTokens(part: ChatPart): number {
  switch (part.type) {
    case 'text':
    case 'thinking':
    case 'refusal':
      return estimateTokens(part.text);
    case 'image':
      // OpenAI states 85 for low detail; other vendors know no detail.
      return part.detail === 'low' ? LOW_DETAIL_TOKENS : sourceTokens('image', part.source);
    case 'document':
      return estimateTokens(part.title ?? '') + sourceTokens('document', part.source);
    case 'audio':
      return sourceTokens('audio', part.source);
    case 'tool-call':
      return CALL_TOKENS + estimateTokens(part.name) + estimateTokens(part.arguments);
    case 'tool-result':
      return part.content.reduce((tokens, inner) => tokens + partTokens(inner), CALL_TOKENS);
    case 'redacted-thinking':
      // Sealed base64 of about as many bytes as the thought had.
      return Math.ceil(signatureChars(part.data) / SEALED_CHARACTERS_PER_TOKEN);
    case 'opaque':
      return jsonTokens(part.value);
    default:
      part satisfies never;
      return 0;
  }
}

const LOW_DETAIL_TOKENS = 85;
const SEALED_CHARACTERS_PER_TOKEN = 4;

function sourceTokens(kind: MediaKind, source: MediaSource): number {
  if (source.kind === 'text') return estimateTokens(source.text);
  return mediaTokens(kind, source.kind === 'base64' ? source.data.length : 0);
}

function jsonTokens(value: unknown): number {
  return estimateTokens(JSON.stringify(value));
}

/** English prose in JSON has 4 bytes a token, source code 3, Chinese 2.4. */
const BYTES_PER_TOKEN = 3;

/** Input tokens of a body of which only the length is known. Far too many where it carries images. */
export function estimateBodyTokens(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** So many bytes are looked at of every `STRIDE_BYTES`: 3 % of a long text, all of a short one. */
const SAMPLE_BYTES = 256;
const STRIDE_BYTES = 8 * 1024;

/**
 * Input tokens of a body that was walked but not parsed, from samples of its text; media apart by their own
 * rule. On 200 KB about a twentieth of what reading it all takes.
 * @param media as `walkTopLevel` found them: in order, not overlapping
 */
export function sampleBodyTokens(body: Buffer, media: readonly MediaSpan[]): number {
  let tokens = 0;
  let from = 0;
  for (const span of media) {
    tokens += sampleTokens(body, from, span.start) + mediaTokens(span.kind, span.end - span.start);
    from = span.end;
  }
  return Math.ceil(tokens + sampleTokens(body, from, body.length));
}

function sampleTokens(body: Buffer, start: number, end: number): number {
  let quarters = 0;
  let sampled = 0;
  const isShort = end - start <= STRIDE_BYTES;
  for (let at = start; at < end; at += STRIDE_BYTES) {
    const stop = isShort ? end : Math.min(end, at + SAMPLE_BYTES);
    quarters += textQuarters(body.toString('utf8', at, stop));
    sampled += stop - at;
  }
  return sampled === 0 ? 0 : (quarters / QUARTERS) * MARGIN * ((end - start) / sampled);
}

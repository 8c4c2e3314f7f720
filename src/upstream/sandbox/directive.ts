/**
 * Orders to the simulated upstream, written in the prompt as `[[sandbox words=40 fail=529]]` or in the header
 * `x-sandbox` without the brackets. Strict: what is not known is an error that lists what is.
 */
import type { JsonObject, JsonValue } from '../../wire/chat.ts';
import { faultNames, faults } from './fault.ts';

/** All optional: what is absent is the model's own way. */
export interface Directive {
  readonly words?: number;
  readonly thinking?: number;
  readonly text?: string;
  /** Tools to call, in one answer. */
  readonly tools?: readonly string[];
  readonly args?: JsonObject;
  readonly parallel?: number;
  readonly firstByteMs?: number;
  readonly pieceMs?: number;
  readonly fail?: string;
  /** Content pieces before a fault of the stream strikes. */
  readonly after?: number;
  readonly retryAfterS?: number;
  readonly seed?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
}

/** An order nobody understands. The message is for the client and names what would be understood. */
export class DirectiveError extends Error {
  override readonly name = 'DirectiveError';
}

interface DirectiveKey {
  /** As in docs/reference/sandbox.md. */
  readonly value: string;
  readonly does: string;
  read(value: JsonValue, key: string): Directive;
}

/** More words would be a memory test, not an answer. */
const MAX_WORDS = 100_000;
const MAX_MS = 600_000;
const MAX_PARALLEL = 32;
const MAX_TOKENS = 100_000_000;
const MAX_RETRY_AFTER_S = 86_400;

const number = (most: number, make: (value: number) => Directive, least = 0) => ({
  value: `${least} to ${most}`,
  read(value: JsonValue, key: string): Directive {
    const count = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    if (typeof count !== 'number' || count < least || count > most)
      throw new DirectiveError(`sandbox directive "${key}" takes a whole number from ${least} to ${most}`);
    return make(count);
  },
});

const words = (example: string, make: (value: string, key: string) => Directive) => ({
  value: example,
  read(value: JsonValue, key: string): Directive {
    if (typeof value !== 'string' || value === '')
      throw new DirectiveError(`sandbox directive "${key}" takes ${example}`);
    return make(value, key);
  },
});

/** Every order there is, in the order of the docs page. */
export const directiveKeys: Readonly<Record<string, DirectiveKey>> = {
  words: { ...number(MAX_WORDS, (count) => ({ words: count })), does: 'Length of the text.' },
  thinking: {
    ...number(MAX_WORDS, (count) => ({ thinking: count })),
    does: 'Words of thinking before the text.',
  },
  text: { ...words('text in double quotes', (text) => ({ text })), does: 'The text itself, word for word.' },
  tool: {
    ...words('a tool name, or several with commas', (names) => ({ tools: names.split(',') })),
    does: 'Calls this declared tool (or these, in one answer).',
  },
  args: {
    value: 'a JSON object',
    does: 'Arguments of the call; without it they are made up to fit the schema.',
    read(value, key) {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw new DirectiveError(`sandbox directive "${key}" takes a JSON object, such as {"command":"ls"}`);
      return { args: value };
    },
  },
  parallel: {
    ...number(MAX_PARALLEL, (count) => ({ parallel: count }), 1),
    does: 'Makes the call this many times in one answer.',
  },
  ttfb: {
    ...number(MAX_MS, (ms) => ({ firstByteMs: ms })),
    does: 'Milliseconds before the response head.',
  },
  pace: {
    ...number(MAX_MS, (ms) => ({ pieceMs: ms })),
    does: 'Milliseconds from one piece to the next; 0 sends all at once.',
  },
  fail: { ...words('the name of a fault', readFail), does: 'Shows the fault; see the table of faults.' },
  after: {
    ...number(MAX_WORDS, (count) => ({ after: count })),
    does: 'Content pieces before a fault of the stream strikes.',
  },
  cut: {
    ...number(MAX_WORDS, (count) => ({ fail: 'cut', after: count })),
    does: 'Short for `fail=cut after=…`.',
  },
  'retry-after': {
    ...number(MAX_RETRY_AFTER_S, (seconds) => ({ retryAfterS: seconds })),
    does: 'Seconds in the `retry-after` header of a failing status.',
  },
  seed: {
    ...number(999_999_999, (seed) => ({ seed })),
    does: 'Another answer to the same prompt.',
  },
  'input-tokens': {
    ...number(MAX_TOKENS, (count) => ({ inputTokens: count })),
    does: 'Uncached input tokens to report.',
  },
  'output-tokens': {
    ...number(MAX_TOKENS, (count) => ({ outputTokens: count })),
    does: 'Output tokens to report, at most what the request allows.',
  },
  'cache-read-tokens': {
    ...number(MAX_TOKENS, (count) => ({ cacheReadTokens: count })),
    does: 'Cached input tokens to report.',
  },
  'cache-write-tokens': {
    ...number(MAX_TOKENS, (count) => ({ cacheWriteTokens: count })),
    does: 'Tokens to report as written to the cache (5 minutes).',
  },
};

function readFail(value: string, key: string): Directive {
  if (Object.hasOwn(faults, value)) return { fail: value };
  throw new DirectiveError(
    `sandbox directive "${key}" knows no "${value}"; it knows ${faultNames.join(', ')}`,
  );
}

const OPENING = '[[sandbox';
/** A prompt that asks for more answers than this in advance is not a test any more. */
const MAX_DIRECTIVES = 64;

/** The orders in a text, in their order, and the text without them. @throws {DirectiveError} */
export function extractDirectives(text: string): {
  readonly text: string;
  readonly directives: readonly Directive[];
} {
  const directives: Directive[] = [];
  let rest = '';
  let from = 0;
  for (;;) {
    const start = findOpening(text, from);
    if (start === -1) break;
    if (directives.length === MAX_DIRECTIVES)
      throw new DirectiveError(`a prompt holds at most ${MAX_DIRECTIVES} sandbox directives`);
    const { directive, end } = readPairs(text, start + OPENING.length, true);
    directives.push(directive);
    rest += text.slice(from, start);
    from = end;
  }
  return { text: from === 0 ? text : (rest + text.slice(from)).trim(), directives };
}

/** `[[sandboxes]]` is not for us. */
function findOpening(text: string, from: number): number {
  for (let at = text.indexOf(OPENING, from); at !== -1; at = text.indexOf(OPENING, at + 1)) {
    if (/[\s\]]/.test(text[at + OPENING.length] ?? ' ')) return at;
  }
  return -1;
}

/** The header's value: pairs without brackets. @throws {DirectiveError} */
export function parseDirectiveHeader(value: string): Directive {
  return readPairs(value, 0, false).directive;
}

function readPairs(text: string, from: number, isBracketed: boolean): { directive: Directive; end: number } {
  const seen = new Set<string>();
  let directive: Directive = {};
  let at = from;
  for (;;) {
    at = skipSpace(text, at);
    if (isBracketed && text.startsWith(']]', at)) return { directive, end: at + 2 };
    if (at >= text.length) {
      if (isBracketed) throw new DirectiveError('a sandbox directive is not closed: "]]" is missing');
      return { directive, end: at };
    }
    const key = readKey(text, at);
    if (seen.has(key)) throw new DirectiveError(`sandbox directive "${key}" stands twice`);
    seen.add(key);
    const { value, end } = readValue(text, at + key.length + 1, key);
    directive = { ...directive, ...directiveKeys[key]!.read(value, key) };
    at = end;
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && /\s/.test(text[at]!)) at += 1;
  return at;
}

function readKey(text: string, at: number): string {
  const word = /^[^\s=\]]*/.exec(text.slice(at, at + 40))![0];
  if (!Object.hasOwn(directiveKeys, word)) {
    const known = Object.keys(directiveKeys).join(', ');
    throw new DirectiveError(`unknown sandbox directive "${word || text[at]}"; known are ${known}`);
  }
  if (text[at + word.length] !== '=')
    throw new DirectiveError(`sandbox directive "${word}" needs a value: ${word}=…`);
  return word;
}

/** A quoted text or JSON is read as JSON; anything else ends at a space or at the closing brackets. */
function readValue(text: string, at: number, key: string): { value: JsonValue; end: number } {
  const first = text[at];
  if (first !== '{' && first !== '[' && first !== '"') {
    const end = /\s|\]\]|$/.exec(text.slice(at))!.index + at;
    return { value: text.slice(at, end), end };
  }
  const end = findJsonEnd(text, at);
  try {
    return { value: JSON.parse(text.slice(at, end)), end };
  } catch {
    throw new DirectiveError(`the value of sandbox directive "${key}" is not valid JSON`);
  }
}

/** Index after the JSON text that starts at `at`; the end of the text where it never closes. */
function findJsonEnd(text: string, at: number): number {
  let depth = 0;
  let isQuoted = false;
  for (let i = at; i < text.length; i++) {
    const char = text[i];
    if (isQuoted) {
      if (char === '\\') i += 1;
      else if (char === '"') isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    if (depth === 0 && !isQuoted) return i + 1;
  }
  return text.length;
}

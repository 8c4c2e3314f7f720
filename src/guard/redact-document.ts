/**
 * Redacts JSON documents: texts are read as what they mean (escapes undone, JSON inside of texts too), and what is left
 * is JSON as before. What need not be changed keeps its bytes. Cut documents and plain texts are redacted as well.
 */
import { type Redacted, redactText } from './redact.ts';

/** JSON inside of texts (arguments of tools, results): deeper ones are read as plain text. */
const MAX_DEPTH = 4;
/** Longer texts of nothing but base64 are images, files or sealed state: nobody can say what they hold. */
const MAX_ENCODED_CHARS = 2_048;

const secretName =
  /^(?:.{0,60}[_.-])?(?:password|passwd|passphrase|pwd|secret|api[_-]?key|access[_-]?key|private[_-]?key|(?:access|refresh|auth|id|bearer|session)[_-]?token|client[_-]?secret|authorization|cookie|set-cookie|x-api-key|connection[_-]?string)$/i;

export function redactDocument(text: string): Redacted {
  if (!looksLikeJson(text)) return redactText(text);
  const redacted = redactJson(text, 1);
  if (isJson(text)) return redacted;
  // It was cut, or is none: what stands between its quotes may be anything.
  const again = redactText(redacted.text);
  return { text: again.text, count: redacted.count + again.count };
}

function redactNested(text: string, depth: number): Redacted {
  const isNested = depth < MAX_DEPTH && looksLikeJson(text) && isJson(text);
  return isNested ? redactJson(text, depth + 1) : redactText(text);
}

const looksLikeJson = (text: string): boolean => /^\s*[[{]/.test(text);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Walk {
  readonly text: string;
  readonly depth: number;
  out: string[];
  count: number;
  /** The text before was the name of a field, and which one. */
  name: string | undefined;
}

function redactJson(text: string, depth: number): Redacted {
  const walk: Walk = { text, depth, out: [], count: 0, name: undefined };
  let at = 0;
  while (at < text.length) {
    const opening = text.indexOf('"', at);
    takeBetween(walk, at, opening < 0 ? text.length : opening);
    if (opening < 0) break;
    const closing = endOfText(text, opening + 1);
    takeString(walk, opening + 1, closing);
    at = closing + 1;
  }
  return walk.count === 0 ? { text, count: 0 } : { text: walk.out.join(''), count: walk.count };
}

/** Where the quote stands that ends it; the end of the document where it was cut. */
function endOfText(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - slashes > from && text[at - slashes - 1] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return text.length;
}

/** Numbers and punctuation. A number that is taken out becomes a text, so that it stays JSON. */
function takeBetween(walk: Walk, start: number, end: number): void {
  const between = walk.text.slice(start, end);
  if (between.trim() !== ':') walk.name = undefined;
  walk.out.push(
    between.replace(/(?<![\w.+-])-?\d{12,19}(?![\w.])/g, (number) => {
      const redacted = redactText(number);
      walk.count += redacted.count;
      return redacted.count === 0 ? number : JSON.stringify(redacted.text);
    }),
  );
}

function takeString(walk: Walk, start: number, end: number): void {
  const { text, depth } = walk;
  const raw = text.slice(start, end);
  const meant = raw.includes('\\') ? meaningOf(raw) : raw;
  const redacted = redactValue(meant, walk.name, depth);
  walk.count += redacted.count;
  walk.name = meant.length <= 100 ? meant : undefined;
  const written = redacted.count === 0 ? raw : JSON.stringify(redacted.text).slice(1, -1);
  walk.out.push('"', written, end < text.length ? '"' : '');
}

function redactValue(meant: string, name: string | undefined, depth: number): Redacted {
  if (name !== undefined && meant !== '' && secretName.test(name)) return { text: '[secret]', count: 1 };
  if (meant.length > MAX_ENCODED_CHARS && isEncoded(meant)) return { text: '[encoded]', count: 1 };
  return redactNested(meant, depth);
}

/** Base64, as a data URL too. */
function isEncoded(text: string): boolean {
  const data = /^data:[^,]{0,200};base64,/.exec(text);
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(data ? text.slice(data[0].length) : text);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** As JSON means it; what is no escape of JSON stands for itself. */
function meaningOf(raw: string): string {
  return raw.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_all, code?: string, char?: string) =>
    code === undefined ? (escapes[char!] ?? char!) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

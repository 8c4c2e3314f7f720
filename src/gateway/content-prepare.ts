/** Makes ready for keeping what was noted of an exchange: as its mode wants it, and packed. Pure; some milliseconds a megabyte. */
import { isUtf8 } from 'node:buffer';
import { redactDocument } from '../guard/redact-document.ts';
import { type KeptText, packContent } from '../ledger/content-pack.ts';
import type { ChatPart } from '../wire/chat.ts';
import { createFold } from '../wire/fold.ts';
import type { Format } from '../wire/format.ts';
import { formatOf } from '../wire/formats.ts';
import type { NotedContent, Said } from './content-noted.ts';

export function prepareContent(noted: NotedContent): Buffer {
  const { format, status, mode } = noted;
  const isFull = mode === 'full';
  return packContent({
    format,
    status,
    request: isFull ? whole(noted.request) : redacted(noted.request),
    reply: isFull ? whole(noted.reply) : redactedReply(noted),
  });
}

function factsOf({ bytes, totalBytes }: Said) {
  return { bytes: totalBytes, isCut: bytes.length < totalBytes, isFolded: false, redactions: 0 };
}

function whole(said: Said): KeptText {
  const bytes = withoutCutCharacter(said);
  return isUtf8(bytes)
    ? { kind: 'text', text: bytes.toString('utf8'), ...factsOf(said) }
    : { kind: 'base64', text: said.bytes.toString('base64'), ...factsOf(said) };
}

/** What cannot be read cannot be looked through either. */
function leftOut(said: Said): KeptText {
  return { kind: 'left-out', text: '', ...factsOf(said) };
}

function redacted(said: Said): KeptText {
  const bytes = withoutCutCharacter(said);
  return isUtf8(bytes) ? redactedText(said, bytes.toString('utf8'), false) : leftOut(said);
}

function redactedText(said: Said, text: string, isFolded: boolean): KeptText {
  const facts = factsOf(said);
  const { text: kept, count } = redactDocument(facts.isCut && !isFolded ? withoutLastWord(text) : text);
  return { kind: 'text', text: kept, ...facts, isFolded, redactions: count };
}

/** In a stream a secret may be cut in pieces that look like nothing: it is put together first, or not kept. */
function redactedReply(noted: NotedContent): KeptText {
  const { reply } = noted;
  if (!isStream(noted)) return redacted(reply);
  const folded = noted.isChat ? foldStream(formatOf(noted.format), reply.bytes) : undefined;
  return folded === undefined ? leftOut(reply) : redactedText(reply, folded, true);
}

const LEFT_BRACKET = '['.charCodeAt(0);

function isStream({ contentType, reply }: NotedContent): boolean {
  return /event-stream|ndjson/i.test(contentType) || reply.bytes[0] === LEFT_BRACKET;
}

/** The reply as one JSON document in the client's format; undefined = it is no stream of that format. */
function foldStream(format: Format | undefined, bytes: Buffer): string | undefined {
  if (!format) return undefined;
  try {
    const reader = format.createReader();
    const decoder = format.createDecoder();
    const fold = createFold();
    for (const frame of [...reader.push(bytes), ...reader.end()])
      for (const event of decoder.push(frame)) fold.push(event);
    for (const event of decoder.end()) fold.push(event);
    const result = fold.result();
    const folded = result.type === 'reply' ? result.reply : result.partial;
    const reply = { ...folded, parts: joinTexts(folded.parts) };
    const context = {
      model: reply.model,
      fallbackId: reply.id,
      nowMs: reply.createdAtMs ?? 0,
      streamUsage: true,
    };
    const error = result.type === 'error' && { error: result.error };
    return JSON.stringify({ ...format.renderReply(reply, context).body, ...error });
  } catch {
    return undefined;
  }
}

/** Texts that follow one another as one: a secret may begin in one and end in the next. */
function joinTexts(parts: readonly ChatPart[]): ChatPart[] {
  const joined: ChatPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.type === 'text' && last?.type === 'text')
      joined[joined.length - 1] = { ...last, text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}

/** The longest secret that is looked for may have been cut in the middle, and what is left of it be too short to be seen. */
const MAX_WORD_CHARS = 4_096;

function withoutLastWord(text: string): string {
  const from = Math.max(0, text.length - MAX_WORD_CHARS);
  const tail = text.slice(from);
  const last = Math.max(...[' ', '\n', '\t', '"', ','].map((end) => tail.lastIndexOf(end)));
  return text.slice(0, from + Math.max(0, last));
}

/** Only where the cut may have parted a character. */
function withoutCutCharacter({ bytes, totalBytes }: Said): Buffer {
  if (bytes.length === totalBytes) return bytes;
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 4 && (bytes[end - 1]! & 0xc0) === 0x80) end -= 1;
  return (bytes[end - 1] ?? 0) >= 0xc0 ? bytes.subarray(0, end - 1) : bytes.subarray(0, end);
}

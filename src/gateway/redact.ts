/**
 * Takes our own credential out of what an upstream says: some echo the key they refuse, and it is not the client's to
 * see. Bodies and errors lose its parts and its base64 as well; headers, which every reply has, the whole of it.
 */
import type { Secret } from '../base/secret.ts';
import type { ChatError } from '../wire/chat.ts';

/** Shorter ones are placeholders of local servers (`x`, `none`); taking them out would garble what is said. */
const MIN_LENGTH = 8;
/** Parts of this length tell too much of a key, and are too long to stand anywhere by chance. */
const PART_LENGTH = 12;
const MASK = '[credential]';

/** Of errors. The same bytes where there is nothing of it. */
export function withoutCredential(body: Buffer, credential: Secret | undefined): Buffer {
  const text = textOf(credential);
  if (text === undefined) return body;
  // Each byte a character, so that what is no text stays as it is.
  const said = body.toString('latin1');
  const clean = withoutParts(said, Buffer.from(text).toString('latin1'));
  return clean === said ? body : Buffer.from(clean, 'latin1');
}

/** In any field of the error: upstreams put what they like into codes and fields of their own. */
export function withoutCredentialInError(error: ChatError, credential: Secret | undefined): ChatError {
  const text = textOf(credential);
  if (text === undefined) return error;
  const spelled = JSON.stringify(error);
  const said = withoutParts(spelled, JSON.stringify(text).slice(1, -1));
  if (said === spelled && withoutParts(spelled, text) === spelled) return error;
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return withoutParts(value, text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, field]) => [withoutParts(name, text), field]),
    );
  };
  // Text by text: in the middle of its JSON a mask might part an escape.
  return JSON.parse(spelled, (_name, value: unknown) => clean(value)) as ChatError;
}

/** Headers as they came, nearly always; where one quotes the key, a copy without it. */
export function withoutCredentialInHeaders(
  headers: Readonly<Record<string, string>>,
  credential: Secret | undefined,
): Readonly<Record<string, string>> {
  const text = textOf(credential);
  if (text === undefined) return headers;
  let isClean = true;
  for (const name in headers) if (headers[name]!.includes(text)) isClean = false;
  if (isClean) return headers;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replaceAll(text, MASK)]),
  );
}

function textOf(credential: Secret | undefined): string | undefined {
  const text = credential?.reveal();
  return text !== undefined && text.length >= MIN_LENGTH ? text : undefined;
}

function withoutParts(said: string, text: string): string {
  const spans: [start: number, end: number][] = [];
  for (const spelling of [text, ...inBase64(text)]) {
    const length = Math.min(PART_LENGTH, spelling.length);
    for (let at = 0; at + length <= spelling.length; at += 1) {
      const part = spelling.slice(at, at + length);
      for (let found = said.indexOf(part); found >= 0; found = said.indexOf(part, found + 1))
        spans.push([found, found + length]);
    }
  }
  return spans.length === 0 ? said : masked(said, spans);
}

/** What overlaps or touches is one. */
function masked(said: string, spans: readonly (readonly [number, number])[]): string {
  let out = '';
  let from = 0;
  let end = -1;
  for (const [start, next] of spans.toSorted(([a], [b]) => a - b)) {
    if (start > end) {
      out += said.slice(from, start) + MASK;
      from = start;
    }
    end = Math.max(end, next);
    from = end;
  }
  return out + said.slice(from);
}

/** In base64 a text looks one of three ways, by what stands before it; its first and last characters hang on that too. */
function inBase64(text: string): readonly string[] {
  const bytes = Buffer.from(text, 'latin1');
  if (bytes.length < PART_LENGTH) return [];
  return [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const kept = whole.subarray(0, whole.length - (whole.length % 3)).toString('base64');
    return kept.slice(before === 0 ? 0 : 4);
  });
}

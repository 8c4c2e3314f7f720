/** Where in a body of each format a prompt's text may stand: the system texts, and the last thing the user said. */
import type { FormatId } from '../wire/chat.ts';
import { isText } from '../wire/find-names.ts';
import { createWalker, kindOf, skipSpace, type Walker } from '../wire/skip.ts';
import type { ValueSpan } from '../wire/walk.ts';
import { decodeBeginning, eachField, lastText, textsIn } from './find-prompt-text.ts';

interface PlaceRow {
  /** Top-level fields that are system text. */
  readonly system: readonly string[];
  /** The top-level field of the messages. */
  readonly messages: string;
  /** System messages stand at the beginning of the messages, or also further on. */
  readonly systemMessages: 'leading' | 'scattered';
}

const rows: Readonly<Record<FormatId, PlaceRow>> = {
  // Claude Code puts system messages after the user's first, where it does not know the model.
  'anthropic-messages': { system: ['system'], messages: 'messages', systemMessages: 'scattered' },
  'openai-chat': { system: [], messages: 'messages', systemMessages: 'leading' },
  'openai-responses': { system: ['instructions'], messages: 'input', systemMessages: 'leading' },
  'gemini-generate': {
    system: ['systemInstruction', 'system_instruction'],
    messages: 'contents',
    systemMessages: 'leading',
  },
  'ollama-chat': { system: [], messages: 'messages', systemMessages: 'leading' },
};

const fieldsByFormat = new Map<FormatId, readonly string[]>();

/** Top-level fields that may hold a prompt's text; the same list for all bodies of a format. */
export function promptFields(format: FormatId): readonly string[] {
  let names = fieldsByFormat.get(format);
  if (!names) {
    names = [...rows[format].system, rows[format].messages];
    fieldsByFormat.set(format, names);
  }
  return names;
}

/** Clients send 3 to 5 blocks of system text; a prompt far behind others is no agent's own. */
const MAX_BLOCKS = 12;
/** System messages that are read; Codex begins with two. */
const MAX_SYSTEM_MESSAGES = 4;
/** Where they are scattered, they are looked for in the first of these. */
const SCATTERED_BYTES = 8 * 1024;

const OPEN_ARRAY = 91;
const OPEN_OBJECT = 123;
const COMMA = 44;
const SPACE = 32;

type Fields = ReadonlyMap<string, ValueSpan>;

/** Opening quotes of the system texts, in order; messages are looked at only when those before were not enough. */
export function* systemTexts(format: FormatId, body: Buffer, fields: Fields): Generator<number> {
  const row = rows[format];
  for (const name of row.system) {
    const span = fields.get(name);
    if (span) yield* textsIn(body, span, MAX_BLOCKS);
  }
  const messages = fields.get(row.messages);
  if (messages?.kind !== 'array') return;
  yield* row.systemMessages === 'leading' ? leadingTexts(body, messages) : scatteredTexts(body, messages);
}

function leadingTexts(body: Buffer, span: ValueSpan): number[] {
  const found: number[] = [];
  const walker = createWalker(body);
  let at = skipSpace(body, span.start + 1);
  for (let count = 0; count < MAX_SYSTEM_MESSAGES && body[at] === OPEN_OBJECT; count += 1) {
    let role = '';
    let content = -1;
    const end = eachField(walker, at, (name, start) => {
      if (name === 'role') role = wordAt(body, start);
      if (name === 'content') content = start;
      return role === '' || isSystem(role);
    });
    if (end === -1 || !isSystem(role)) break;
    addTexts(body, content, end, found);
    at = skipSpace(body, end + 1);
    if (body[at] !== COMMA) break;
    at = skipSpace(body, at + 1);
  }
  return found;
}

function scatteredTexts(body: Buffer, span: ValueSpan): number[] {
  const found: number[] = [];
  const needle = `"role"${colonIn(body, span)}"system"`;
  const near = body.subarray(span.start, Math.min(span.end, span.start + SCATTERED_BYTES));
  const walker = createWalker(body);
  let at = near.indexOf(needle, 0, 'latin1');
  for (let count = 0; count < MAX_SYSTEM_MESSAGES && at !== -1; count += 1) {
    const from = span.start + at + needle.length;
    let content = -1;
    const end = eachField(walker, skipSpace(body, from), (name, start) => {
      if (name === 'content') content = start;
      return true;
    });
    addTexts(body, content, end, found);
    at = near.indexOf(needle, at + 1, 'latin1');
  }
  return found;
}

function addTexts(body: Buffer, start: number, end: number, found: number[]): void {
  if (start === -1 || end === -1 || found.length >= MAX_BLOCKS) return;
  found.push(...textsIn(body, { start, end, kind: kindOf(body[start]!) }, MAX_BLOCKS - found.length));
}

function isSystem(role: string): boolean {
  return role === 'system' || role === 'developer';
}

/** Words of a format are short. */
const WORD_BYTES = 40;

function wordAt(body: Buffer, at: number): string {
  return decodeBeginning(body, at, WORD_BYTES).text;
}

/** What the user said last, and all that has happened since. */
export interface Turn {
  /** Opening quotes of its texts, in order. */
  readonly texts: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** Messages of a user, results of tools included, that are passed on the way back to what was said last. */
const MAX_PASSED = 2_000;

/** Found from the end of the messages; undefined = the user has said nothing that can be found so. */
export function lastTurn(format: FormatId, body: Buffer, fields: Fields): Turn | undefined {
  const span = fields.get(rows[format].messages);
  if (!span) return undefined;
  if (span.kind === 'string') return { texts: [span.start], start: span.start, end: span.end };
  const colon = colonIn(body, span);
  const needle = userNeedle(body, span, colon);
  const walker = createWalker(body);
  let from = span.end;
  for (let passed = 0; passed < MAX_PASSED; passed += 1) {
    const start = body.lastIndexOf(needle, from, 'latin1');
    if (start < span.start) return undefined;
    const texts = userTexts(walker, start + USER.length + colon.length);
    if (texts.length > 0) return afterInterruption(body, { texts, start, end: span.end }, colon);
    from = start - 1;
  }
  return undefined;
}

const USER = '"role""user"';

/** The longer the needle, the larger the steps of the native search: where the first message is like all, so it is. */
function userNeedle(body: Buffer, { start }: ValueSpan, colon: string): string {
  const first = body.toString('latin1', start, start + FIRST_MESSAGE_BYTES);
  const rest = /^\[\{(?:"type":"message",)?"role":"[a-z]+"(,"(?:content|parts)":)/.exec(first)?.[1] ?? '';
  return `"role"${colon}"user"${rest}`;
}

const FIRST_MESSAGE_BYTES = 64;

/** What Claude Code notes when it is stopped, among the results of tools; what the user says next stands behind it. */
const INTERRUPTED = '[Request interrupted by user';
const RARE_LETTER = INTERRUPTED.indexOf('q');

function afterInterruption(body: Buffer, turn: Turn, colon: string): Turn {
  const rest = body.subarray(turn.start, turn.end);
  const found = lastText(rest, INTERRUPTED, RARE_LETTER);
  if (found === -1) return turn;
  const start = turn.start + found;
  const answer = body.indexOf(`"role"${colon}"assistant"`, start, 'latin1');
  const end = answer === -1 ? turn.end : answer;
  return { texts: textsIn(body, { start, end, kind: 'array' }, MAX_USER_BLOCKS), start, end: turn.end };
}

/** Some encoders put a blank after every colon: those that did so before the messages do so in them. */
function colonIn(body: Buffer, { start }: ValueSpan): string {
  return body[start - 1] === SPACE ? ': ' : ':';
}

/** The texts of a user's message from behind its role on; none where it only brings results of tools, or notes. */
function userTexts(walker: Walker, from: number): number[] {
  const { body } = walker;
  let content = -1;
  eachField(walker, skipSpace(body, from), (name, start) => {
    if (name === 'content' || name === 'parts') content = start;
    return content === -1;
  });
  if (content === -1) return [];
  const texts = isText(body, content) ? [content] : blockTexts(walker, content);
  return texts.some((at) => isSaid(body, at)) ? texts : [];
}

/** Blocks of one message that are looked at: reminders, what was typed, pictures. */
const MAX_USER_BLOCKS = 24;

function blockTexts(walker: Walker, start: number): number[] {
  const { body } = walker;
  if (body[start] !== OPEN_ARRAY) return [];
  const texts: number[] = [];
  let at = skipSpace(body, start + 1);
  for (let count = 0; count < MAX_USER_BLOCKS && body[at] === OPEN_OBJECT; count += 1) {
    let isResult = false;
    const end = eachField(walker, at, (name, value) => {
      if (name === 'text' && isText(body, value)) texts.push(value);
      isResult ||= name === 'tool_use_id' || name === 'functionResponse' || name === 'function_response';
      return !isResult;
    });
    if (isResult) return [];
    if (end === -1) break;
    at = skipSpace(body, end + 1);
    if (body[at] !== COMMA) break;
    at = skipSpace(body, at + 1);
  }
  return texts;
}

/** Notes that a client adds by itself are not what the user said. */
function isSaid(body: Buffer, at: number): boolean {
  return !decodeBeginning(body, at, WORD_BYTES).text.trimStart().startsWith('<system-reminder>');
}

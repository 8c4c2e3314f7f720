/**
 * Requests that point at responses translated here: the conversation, or the item, is put in the place of its id, so
 * that any model can go on from it. Ids of a provider's own are left for the provider.
 */
import { type Refusal, refuse } from '../base/refusal.ts';
import type { JsonObject, JsonValue, Warning } from '../wire/chat.ts';
import { editFields } from '../wire/edit-fields.ts';
import { createWalker, skipSpace, skipValue } from '../wire/skip.ts';
import { decodeJsonString, type ValueSpan, type Walk, walkTopLevel } from '../wire/walk.ts';
import type { AskResult } from './ask.ts';
import type { Exchange, Gateway, Span } from './exchange.ts';
import { type Conversation, MAX_LINKS, OWN_MARK, responseIdIn } from './stored-responses.ts';

/** The request as `read` has it, once what it names of ours is put in. */
export function askWithStored(
  gateway: Gateway,
  exchange: Exchange,
  body: Buffer,
  read: (body: Buffer) => AskResult,
): AskResult {
  const asked = read(body);
  if (!asked.ok || exchange.format.id !== 'openai-responses' || !body.includes(OWN_MARK, 0, 'latin1'))
    return asked;
  const made = rebuild(gateway, exchange, body);
  if (!made) return asked;
  if (!made.ok) return made;
  const again = read(made.body);
  if (!again.ok) return again;
  return { ok: true, ask: { ...again.ask, rebuiltFrom: { body, previousId: made.previousId } } };
}

type Rebuilt =
  | { readonly ok: true; readonly body: Buffer; readonly previousId: string | undefined }
  | { readonly ok: false; readonly refusal: Refusal };

/** undefined = it names nothing that is ours. */
function rebuild(gateway: Gateway, exchange: Exchange, body: Buffer): Rebuilt | undefined {
  const walk = walkTopLevel(body, ['input', 'previous_response_id']);
  // Of two fields of a name nobody knows which one counts: such a request is not ours to mend.
  if (!walk.ok || walk.duplicates.length > 0) return undefined;
  const input = walk.fields.get('input');
  const previous = walk.fields.get('previous_response_id');
  const previousId = previous && decodeJsonString(body, previous);
  const conversation = conversationBefore(gateway, exchange, previousId);
  if (conversation && !conversation.ok) return { ok: false, refusal: lostRefusal(conversation.problem) };
  if (!conversation && !hasReference(body, input)) return undefined;
  const items = itemsAt(body, input);
  if (!items) return undefined;
  const resolved = resolveItems(gateway, exchange, items, conversation?.responseIds);
  if (!conversation && !resolved.isChanged) return undefined;
  const texts = [...(conversation?.items ?? []), ...resolved.items];
  const limit = gateway.limits.bodyBytes;
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > limit) return { ok: false, refusal: tooLarge(limit) };
  const removed = conversation && previous ? [previous] : [];
  return {
    ok: true,
    body: withInput(body, walk, { input, removed }, `[${texts.join(',')}]`),
    previousId: conversation && previousId,
  };
}

function withInput(
  body: Buffer,
  walk: Walk & { ok: true },
  { input, removed }: { readonly input: ValueSpan | undefined; readonly removed: readonly ValueSpan[] },
  text: string,
): Buffer {
  const put = input ? { replaced: [{ ...input, text }] } : { added: [['input', text] as const] };
  return Buffer.concat(editFields(body, walk, { ...put, removed }));
}

/** undefined = it goes on from none that we know. */
function conversationBefore(
  { storedResponses }: Gateway,
  { key }: Exchange,
  previousId: string | undefined,
): Conversation | undefined {
  if (previousId === undefined) return undefined;
  const found = storedResponses.conversationOf(key!.id, previousId);
  return !found.ok && found.problem === 'unknown' ? undefined : found;
}

function lostRefusal(problem: 'unknown' | 'broken' | 'too-long'): Refusal {
  const message =
    problem === 'too-long'
      ? `the conversation before it is longer than ${MAX_LINKS} responses`
      : 'an earlier response of this conversation is not kept any more';
  return refuse('state_not_portable', message, { param: 'previous_response_id' });
}

function tooLarge(limit: number): Refusal {
  const message = `with the conversation it goes on from, the body is larger than ${limit} bytes`;
  return refuse('body_too_large', message, { param: 'previous_response_id' });
}

/** A text as `input` is one message; undefined = it is nothing that `input` may be. */
function itemsAt(body: Buffer, input: ValueSpan | undefined): string[] | undefined {
  if (!input || input.kind === 'null') return [];
  if (input.kind === 'array') return elementsAt(body, input);
  if (input.kind !== 'string') return undefined;
  const text = body.toString('utf8', input.start, input.end);
  return [`{"type":"message","role":"user","content":[{"type":"input_text","text":${text}}]}`];
}

const COMMA = 44;
const CLOSE_ARRAY = 93;

function elementsAt(body: Buffer, array: ValueSpan): string[] {
  const texts: string[] = [];
  for (const { start, end } of walkElements(body, array)) texts.push(body.toString('utf8', start, end));
  return texts;
}

/** The array was walked before, so it is one; a loop without end would stop everything else. */
function* walkElements(body: Buffer, array: ValueSpan): Generator<Span> {
  const walker = createWalker(body);
  let start = skipSpace(body, array.start + 1);
  while (body[start] !== CLOSE_ARRAY) {
    const end = skipValue(walker, start);
    if (end === -1) throw new Error(`an array that was walked is none: ${walker.message}`);
    yield { start, end };
    start = skipSpace(body, end);
    if (body[start] === COMMA) start = skipSpace(body, start + 1);
  }
}

/** Most items are long: their texts are not made to find that there is none. */
function hasReference(body: Buffer, input: ValueSpan | undefined): boolean {
  if (input?.kind !== 'array') return false;
  for (const { start, end } of walkElements(body, input)) {
    const isShort = end - start <= MAX_REFERENCE_CHARS;
    if (isShort && referredId(body.toString('utf8', start, end)) !== undefined) return true;
  }
  return false;
}

/** A reference is an id and hardly more; what is longer is not looked into. */
const MAX_REFERENCE_CHARS = 1_000;

/** The id of ours that an item refers to; undefined = it is no reference to anything of ours. */
function referredId(text: string): string | undefined {
  if (text.length > MAX_REFERENCE_CHARS || !text.includes(OWN_MARK)) return undefined;
  const item = parsedItem(text);
  const isUntyped = item?.type === undefined || item.type === null;
  const isReference = item?.type === 'item_reference' || (isUntyped && item?.role === undefined);
  return isReference && typeof item?.id === 'string' ? item.id : undefined;
}

/** The walk leaves bad escapes to whoever reads the text. */
function parsedItem(text: string): Partial<JsonObject> | null {
  try {
    return JSON.parse(text) as JsonObject | null;
  } catch {
    return null;
  }
}

/** @param present responses whose items are there already: a reference to one of them would say it twice */
function resolveItems(
  { storedResponses }: Gateway,
  { key }: Exchange,
  items: readonly string[],
  present: ReadonlySet<string> | undefined,
): { readonly items: readonly string[]; readonly isChanged: boolean } {
  let isChanged = false;
  const resolved = items.flatMap((text) => {
    const id = referredId(text);
    const found = id === undefined ? undefined : storedResponses.itemOf(key!.id, id);
    if (found === undefined) return [text];
    isChanged = true;
    return present?.has(responseIdIn(id!)!) ? [] : [found];
  });
  return { items: resolved, isChanged };
}

/** What a request brought anew, as it is kept: with the items that it referred to. */
export function ownItems(gateway: Gateway, exchange: Exchange, body: Buffer): readonly string[] {
  const walk = walkTopLevel(body, ['input']);
  const items = (walk.ok && itemsAt(body, walk.fields.get('input'))) || [];
  return resolveItems(gateway, exchange, items, undefined).items;
}

/** Whether a field of server state, as a parser names it, points at a response of ours. */
export function namesOwnState(body: JsonObject, field: string): boolean {
  const place = /^input\[(\d+)\]\.item_reference$/.exec(field)?.[1];
  if (place === undefined) return holdsMark(body[field]);
  const item = (body.input as JsonValue[])[Number(place)];
  return holdsMark((item as JsonObject).id);
}

function holdsMark(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.includes(OWN_MARK);
}

/**
 * A rebuilt request for servers of the format itself, which know none of our ids, and refuse thoughts that have
 * neither state nor an id they know.
 */
export function withoutOwnIds(body: JsonObject): { readonly body: JsonObject; readonly warnings: Warning[] } {
  const warnings: Warning[] = [];
  const input = (body.input as JsonValue[]).flatMap((value, index): JsonValue[] => {
    const item = value as JsonObject;
    if (!holdsMark(item?.id)) return [value];
    const { id: _, ...rest } = item;
    if (item.type !== 'reasoning' || typeof item.encrypted_content === 'string') return [rest];
    warnings.push({
      kind: 'dropped',
      path: `input[${index}]`,
      note: 'the thinking is of another vendor’s model',
    });
    return [];
  });
  return { body: { ...body, input }, warnings };
}

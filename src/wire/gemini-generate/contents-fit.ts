/**
 * Turns of another format as contents. Google refuses much that other formats allow, so here:
 *
 * - leading system and developer turns become the system instruction, later ones user text where they stand;
 * - neighbouring turns of one speaker become one content, empty ones vanish;
 * - each model content with calls is followed by a user content that begins with as many results: results further on
 *   are moved there, missing ones filled in, results without a call become text;
 * - ids stand only in answers to which the model gave them: Vertex AI refuses any, and in this order name and place say
 *   which result is whose;
 * - the first content is the user's: a placeholder is put before a model that begins;
 * - calls of other vendors' models get Google's word for "no signature" where the running turn needs it.
 */
import type { ChatRequest, ChatTurn, JsonObject } from '../chat.ts';
import { asObject, asText, isObject, setField } from '../json.ts';
import { approximate, drop } from '../place.ts';
import { dropTurnNames } from './contents.ts';
import { below, type Place } from './fields.ts';
import { renderParts } from './part-render.ts';
import { isIdGiven, NO_SIGNATURE } from './state.ts';

export interface Draft {
  readonly role: 'user' | 'model';
  parts: JsonObject[];
  /** A call in it has its id from the model, so each has one. */
  hasIds: boolean;
}

export interface FittedContents {
  readonly system: JsonObject[];
  readonly contents: JsonObject[];
}

/** Stands where Google demands the user's words and the conversation has none. */
export const OPENING_TEXT = '(The conversation begins here.)';
/** Stands for the result of a call nobody answered. */
export const NO_RESULT_TEXT = '(This call has no result.)';

export function fitContents(chat: ChatRequest, place: Place): FittedContents {
  const system: JsonObject[] = [];
  const drafts: Draft[] = [];
  let isLeading = true;
  for (const [index, turn] of chat.turns.entries()) {
    const at = below(place, `turns[${index}]`);
    dropTurnNames(turn, at);
    const parts = renderParts(turn.parts, at);
    isLeading = isLeading && isSystem(turn);
    if (isLeading) addAll(system, textsOnly(parts, at));
    else append(drafts, { role: turn.role === 'assistant' ? 'model' : 'user', parts, hasIds: hasIds(turn) });
    if (isSystem(turn) && !isLeading && parts.length > 0) {
      approximate(at, '', `a later ${turn.role} turn is sent as user text`);
    }
  }
  const paired = pairResults(drafts, place);
  if (paired[0]?.role !== 'user') {
    const note = 'a placeholder opens the conversation: the first content must be the user\u2019s';
    approximate(place, 'turns', note);
    paired.unshift({ role: 'user', parts: [{ text: OPENING_TEXT }], hasIds: false });
  }
  if (place.traits.demandsSignatures) markUnsigned(paired);
  if (!place.traits.takesSystem && system.length > 0) {
    approximate(place, 'turns', 'this model takes no system instruction: it stands before the first words');
    paired[0]!.parts.unshift(...system.splice(0));
  }
  return { system, contents: paired.map(({ role, parts }) => ({ role, parts })) };
}

function isSystem(turn: ChatTurn): boolean {
  return turn.role === 'system' || turn.role === 'developer';
}

function textsOnly(parts: readonly JsonObject[], at: Place): JsonObject[] {
  const texts = parts.filter(({ text }) => typeof text === 'string');
  if (texts.length < parts.length) drop(at, '', 'the system instruction is text only');
  return texts;
}

function hasIds({ parts }: ChatTurn): boolean {
  return parts.some((part) => part.type === 'tool-call' && part.signature && isIdGiven(part.signature));
}

function append(drafts: Draft[], more: Draft): void {
  if (more.parts.length === 0) return;
  const last = drafts.at(-1);
  if (last?.role !== more.role) {
    drafts.push({ ...more, parts: [...more.parts] });
    return;
  }
  addAll(last.parts, more.parts);
  last.hasIds ||= more.hasIds;
}

/** Not `push(...)`: a client may send more parts than a call takes arguments. */
function addAll(list: JsonObject[], more: readonly JsonObject[]): void {
  for (const part of more) list.push(part);
}

/** A call, and its result once one is found. */
interface Call {
  /** What call and result have in common on the wire: the name, and the id where one stands. */
  readonly head: { readonly name: string; readonly id?: string };
  result: JsonObject | undefined;
  /** Media of the result that the model takes only beside it. */
  beside: JsonObject[];
}

interface Pairing {
  readonly place: Place;
  /** All calls of one id (servers that count calls per answer reuse them), and how many of them have their result. */
  readonly byId: Map<string, { readonly calls: Call[]; answered: number }>;
  readonly byDraft: Map<Draft, Call[]>;
  readonly usedIds: Set<string>;
}

function pairResults(drafts: readonly Draft[], place: Place): Draft[] {
  const pairing: Pairing = { place, byId: new Map(), byDraft: new Map(), usedIds: new Set() };
  for (const draft of drafts) {
    draft.parts = draft.parts.flatMap<JsonObject>((part) => {
      if (isObject(part.functionCall)) return openCall(pairing, draft, part, part.functionCall);
      if (isObject(part.functionResponse)) return takeResult(pairing, part.functionResponse);
      return part;
    });
  }
  const paired: Draft[] = [];
  for (const draft of drafts) {
    append(paired, draft);
    const calls = pairing.byDraft.get(draft) ?? [];
    const results = calls.map((call) => ({ functionResponse: call.result ?? fillIn(call, place) }));
    const beside = calls.flatMap((call) => call.beside);
    append(paired, { role: 'user', parts: [...results, ...beside], hasIds: false });
  }
  return paired;
}

function openCall(pairing: Pairing, draft: Draft, part: JsonObject, call: JsonObject): JsonObject {
  const id = String(call.id);
  const name = String(call.name);
  const head = draft.hasIds ? { id: takeId(pairing, id), name } : { name };
  const opened: Call = { head, result: undefined, beside: [] };
  const sameId = pairing.byId.get(id) ?? { calls: [], answered: 0 };
  pairing.byId.set(id, sameId);
  sameId.calls.push(opened);
  const ofDraft = pairing.byDraft.get(draft);
  if (ofDraft) ofDraft.push(opened);
  else pairing.byDraft.set(draft, [opened]);
  return { ...part, functionCall: putFields({ ...head }, call, ['id']) };
}

/** The id, or one like it where another call has it. */
function takeId({ usedIds }: Pairing, id: string): string {
  let free = id;
  for (let count = 2; usedIds.has(free); count += 1) free = `${id}_${count}`;
  usedIds.add(free);
  return free;
}

/** Gives the result to the oldest open call of its id; a result nobody waits for becomes text where it stands. */
function takeResult(pairing: Pairing, result: JsonObject): JsonObject[] {
  const { id, parts } = result;
  const sameId = pairing.byId.get(String(id));
  const call = sameId?.calls[sameId.answered];
  const media = Array.isArray(parts) ? parts.filter(isObject) : [];
  if (!sameId || !call) return orphanText(pairing, String(id), asObject(result.response) ?? {}, media);
  sameId.answered += 1;
  const isInside = pairing.place.traits.takesResultMedia || media.length === 0;
  call.result = putFields({ ...call.head }, result, ['id', 'name', 'parts']);
  if (isInside && media.length > 0) call.result.parts = media;
  if (!isInside) {
    approximate(pairing.place, 'turns', `files in a result of ${call.head.name} stand after it`);
    call.beside = [{ text: `The files returned by ${call.head.name}:` }, ...media];
  }
  return [];
}

function putFields(target: JsonObject, fields: JsonObject, leftOut: readonly string[]): JsonObject {
  for (const key in fields) if (!leftOut.includes(key)) setField(target, key, fields[key]!);
  return target;
}

function orphanText({ place }: Pairing, id: string, said: JsonObject, media: JsonObject[]): JsonObject[] {
  approximate(place, 'turns', `the result of ${id} has no call: sent as text`);
  const text = asText(said.output) ?? asText(said.error) ?? '';
  return text === '' ? media : [{ text }, ...media];
}

function fillIn({ head }: Call, place: Place): JsonObject {
  approximate(place, 'turns', `a call of ${head.name} has no result: an error is filled in`);
  return { ...head, response: { error: NO_RESULT_TEXT } };
}

/** The first call of each answer in the running turn, which begins with the last content that is the user's own words. */
function markUnsigned(drafts: readonly Draft[]): void {
  const begin = drafts.findLastIndex(({ role, parts }) => role === 'user' && !parts.some(isResult));
  for (const draft of drafts.slice(begin + 1)) {
    const at = draft.parts.findIndex(({ functionCall }) => functionCall !== undefined);
    const call = draft.parts[at];
    if (call && call.thoughtSignature === undefined)
      draft.parts[at] = { ...call, thoughtSignature: NO_SIGNATURE };
  }
}

function isResult({ functionResponse }: JsonObject): boolean {
  return functionResponse !== undefined;
}

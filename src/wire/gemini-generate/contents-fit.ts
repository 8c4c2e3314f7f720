/**
 * Turns of another format as contents. Google refuses much that other formats allow, so here:
 *
 * - leading system and developer turns become the system instruction, later ones user text where they stand;
 * - neighbouring turns of one speaker become one content, empty ones vanish;
 * - each model content with calls is followed by a user content that begins with as many results: results further on
 *   are moved there, missing ones filled in, results without a call become text;
 * - call ids occur once (servers that count calls per answer reuse them);
 * - the first content is the user's: a placeholder is put before a model that begins;
 * - calls of other vendors' models get Google's word for "no signature" where the running turn needs it.
 */
import type { ChatRequest, ChatTurn, JsonObject } from '../chat.ts';
import { dropTurnNames } from './contents.ts';
import { approximate, asObject, asText, below, drop, isObject, type Place } from './fields.ts';
import { renderParts } from './part-render.ts';
import { NO_SIGNATURE } from './state.ts';

export interface Draft {
  readonly role: 'user' | 'model';
  parts: JsonObject[];
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
    else append(drafts, turn.role === 'assistant' ? 'model' : 'user', parts);
    if (isSystem(turn) && !isLeading && parts.length > 0) {
      approximate(at, '', `a later ${turn.role} turn is sent as user text`);
    }
  }
  const paired = pairResults(drafts, place);
  if (paired[0]?.role !== 'user') {
    const note = 'a placeholder opens the conversation: the first content must be the user\u2019s';
    approximate(place, 'turns', note);
    paired.unshift({ role: 'user', parts: [{ text: OPENING_TEXT }] });
  }
  if (place.traits.demandsSignatures) markUnsigned(paired);
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

function append(drafts: Draft[], role: Draft['role'], parts: readonly JsonObject[]): void {
  if (parts.length === 0) return;
  const last = drafts.at(-1);
  if (last?.role === role) addAll(last.parts, parts);
  else drafts.push({ role, parts: [...parts] });
}

/** Not `push(...)`: a client may send more parts than a call takes arguments. */
function addAll(list: JsonObject[], more: readonly JsonObject[]): void {
  for (const part of more) list.push(part);
}

/** A call under the id it has on the wire, and its result once one is found. */
interface Call {
  readonly wireId: string;
  readonly name: string;
  result: JsonObject | undefined;
  /** Media of the result that the model takes only beside it. */
  beside: JsonObject[];
}

interface Pairing {
  readonly place: Place;
  /** All calls of one id, and how many of them have their result. */
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
    append(paired, draft.role, draft.parts);
    const calls = pairing.byDraft.get(draft) ?? [];
    append(paired, 'user', [
      ...calls.map((call) => ({ functionResponse: call.result ?? fillIn(call, place) })),
      ...calls.flatMap(({ beside }) => beside),
    ]);
  }
  return paired;
}

function openCall(pairing: Pairing, draft: Draft, part: JsonObject, call: JsonObject): JsonObject {
  const id = String(call.id);
  const sameId = pairing.byId.get(id) ?? { calls: [], answered: 0 };
  pairing.byId.set(id, sameId);
  let count = sameId.calls.length + 1;
  let wireId = count === 1 ? id : `${id}_${count}`;
  while (pairing.usedIds.has(wireId)) {
    count += 1;
    wireId = `${id}_${count}`;
  }
  pairing.usedIds.add(wireId);
  const opened: Call = { wireId, name: String(call.name), result: undefined, beside: [] };
  sameId.calls.push(opened);
  const ofDraft = pairing.byDraft.get(draft);
  if (ofDraft) ofDraft.push(opened);
  else pairing.byDraft.set(draft, [opened]);
  return { ...part, functionCall: { ...call, id: wireId } };
}

/** Gives the result to the oldest open call of its id; a result nobody waits for becomes text where it stands. */
function takeResult(pairing: Pairing, { parts = [], ...result }: JsonObject): JsonObject[] {
  const sameId = pairing.byId.get(String(result.id));
  const call = sameId?.calls[sameId.answered];
  const media = Array.isArray(parts) ? parts.filter(isObject) : [];
  if (!sameId || !call) return orphanText(pairing, result, media);
  sameId.answered += 1;
  const named = { ...result, id: call.wireId, name: call.name };
  const isInside = pairing.place.traits.takesResultMedia || media.length === 0;
  call.result = isInside && media.length > 0 ? { ...named, parts: media } : named;
  if (!isInside) {
    approximate(pairing.place, 'turns', `files in the result of ${call.wireId} stand after it`);
    call.beside = [{ text: `The files returned by ${call.name} (${call.wireId}):` }, ...media];
  }
  return [];
}

function orphanText({ place }: Pairing, { id, response }: JsonObject, media: JsonObject[]): JsonObject[] {
  approximate(place, 'turns', `the result of ${String(id)} has no call: sent as text`);
  const said = asObject(response) ?? {};
  const text = asText(said.output) ?? asText(said.error) ?? '';
  return text === '' ? media : [{ text }, ...media];
}

function fillIn({ wireId, name }: Call, place: Place): JsonObject {
  approximate(place, 'turns', `call ${wireId} has no result: an error is filled in`);
  return { id: wireId, name, response: { error: NO_RESULT_TEXT } };
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

/**
 * Tool call deltas to events. The wire keys calls by index; servers forget it, give all calls the same one,
 * repeat ids and names in each delta, or rotate ids, so this is where their habits are told apart.
 */
import type { ChatEvent, Extra, JsonObject, JsonValue } from '../chat.ts';
import { asFullText, asObject, isObject, unknownFields } from '../json.ts';
import { argumentsText } from '../openai-content.ts';
import { extraOf, takeCallState } from './call-state.ts';
import { createJsonEnd, feedJsonEnd, type JsonEnd } from './json-end.ts';
import { FORMAT } from './own.ts';

interface Call {
  /** Index among the reply's parts; given when the call starts. */
  index: number | undefined;
  id: string | undefined;
  name: string | undefined;
  readonly isCustom: boolean;
  readonly isLegacy: boolean;
  /** Unknown fields of its first delta. */
  fields: JsonObject;
  /** Arguments that came before the name. */
  waiting: string;
  readonly end: JsonEnd;
  isClosed: boolean;
}

/** Arguments held while a call has no name. No server is known to need it; a call over this starts nameless. */
const MAX_WAITING_CHARS = 65_536;

export interface CallsState {
  readonly calls: Call[];
  /** The call each wire index means now. */
  readonly byIndex: Map<number, Call>;
}

export function createCallsState(): CallsState {
  return { calls: [], byIndex: new Map() };
}

/** What the calls need of the decoder around them. */
export interface CallsHost {
  /** Called before a call starts: closes the open text. */
  beforeCall(): void;
  nextIndex(): number;
  emit(event: ChatEvent): void;
  /** Makes an id for a call that has none. */
  fallbackId(index: number): string;
}

export function decodeToolCalls(state: CallsState, host: CallsHost, deltas: JsonValue): void {
  if (!Array.isArray(deltas)) return;
  for (const delta of deltas) if (isObject(delta)) decodeDelta(state, host, delta);
}

const DELTA_FIELDS = new Set(['index', 'id', 'type', 'function', 'custom']);
const INNER_FIELDS = new Set(['name', 'arguments', 'input']);

function decodeDelta(state: CallsState, host: CallsHost, delta: JsonObject): void {
  const custom = asObject(delta.custom);
  const inner = custom ?? asObject(delta.function) ?? {};
  const known = findCall(state, delta, inner);
  const call = known ?? openCall(state, host, { isCustom: custom !== undefined, isLegacy: false });
  if (typeof delta.index === 'number') state.byIndex.set(delta.index, call);
  if (call.index === undefined) call.fields = { ...call.fields, ...readFields(delta, inner, custom) };
  advance(call, host, asFullText(delta.id), inner);
}

function readFields(delta: JsonObject, inner: JsonObject, custom: JsonObject | undefined): JsonObject {
  const fields = unknownFields(delta, DELTA_FIELDS);
  const unknown = unknownFields(inner, INNER_FIELDS);
  if (Object.keys(unknown).length > 0) fields[custom ? 'custom' : 'function'] = unknown;
  return custom ? { ...fields, type: 'custom' } : fields;
}

/** The legacy `function_call` of a delta: there is only ever one. */
export function decodeLegacyCall(state: CallsState, host: CallsHost, value: JsonValue): void {
  if (!isObject(value)) return;
  const known = state.calls.find((call) => call.isLegacy);
  const call = known ?? openCall(state, host, { isCustom: false, isLegacy: true });
  advance(call, host, undefined, value);
}

/** The call a delta continues; undefined when it begins a new one. */
function findCall(state: CallsState, delta: JsonObject, inner: JsonObject): Call | undefined {
  const id = asFullText(delta.id);
  const sameId = id === undefined ? undefined : state.calls.find((call) => call.id === id);
  if (typeof delta.index !== 'number')
    return sameId ?? (id === undefined ? lastCall(state, inner) : undefined);
  const call = state.byIndex.get(delta.index);
  if (!call || sameId) return sameId ?? call;
  return isAnother(call, id, inner) ? undefined : call;
}

/** Without index and id only the last call can be meant. */
function lastCall(state: CallsState, inner: JsonObject): Call | undefined {
  const call = state.calls.at(-1);
  return call && isAnother(call, undefined, inner) ? undefined : call;
}

/**
 * A known index that begins a new call all the same. With a name and another id it is one (Gemini's compatible
 * endpoint counts every call as 0); another id alone is a server that rotates ids. Without an id, a name after
 * whole arguments begins one.
 */
function isAnother(call: Call, id: string | undefined, inner: JsonObject): boolean {
  if (asFullText(inner.name) === undefined || call.name === undefined) return false;
  if (id !== undefined) return call.id !== undefined && call.id !== id;
  return call.end.isWhole && argumentsText(inner.arguments) !== '';
}

function openCall(
  state: CallsState,
  host: CallsHost,
  { isCustom, isLegacy }: Pick<Call, 'isCustom' | 'isLegacy'>,
): Call {
  host.beforeCall();
  closeWholeCalls(state, host);
  const call: Call = {
    index: undefined,
    id: undefined,
    name: undefined,
    isCustom,
    isLegacy,
    fields: {},
    waiting: '',
    end: createJsonEnd(),
    isClosed: false,
  };
  state.calls.push(call);
  return call;
}

function advance(call: Call, host: CallsHost, id: string | undefined, inner: JsonObject): void {
  if (call.isClosed) return;
  call.id ??= id;
  call.name ??= asFullText(inner.name);
  const text = argumentsText(call.isCustom ? inner.input : inner.arguments);
  if (call.index === undefined && call.name === undefined && call.waiting.length < MAX_WAITING_CHARS) {
    call.waiting += text;
    return;
  }
  startCall(call, host);
  addArguments(call, host, text);
}

function startCall(call: Call, host: CallsHost): void {
  if (call.index !== undefined) return;
  const index = host.nextIndex();
  call.index = index;
  call.id ??= host.fallbackId(index);
  const { rest, signature } = takeCallState(call.fields);
  const legacy: Extra = { format: FORMAT, fields: rest, spelling: { legacy: true } };
  const extra = call.isLegacy ? legacy : extraOf(rest);
  host.emit({
    type: 'tool-call-start',
    index,
    id: call.id,
    name: call.name ?? '',
    ...(signature && { signature }),
    ...(extra && { extra }),
  });
  addArguments(call, host, call.waiting);
  call.waiting = '';
}

function addArguments(call: Call, host: CallsHost, text: string): void {
  // After whole arguments comes nothing but the same again, from servers that repeat the call at the end.
  if (text === '' || call.index === undefined || call.end.isWhole) return;
  if (!call.isCustom) feedJsonEnd(call.end, text);
  host.emit({ type: 'tool-call-delta', index: call.index, arguments: text });
}

/** Ends the calls whose arguments are whole: the next part begins, and nothing can follow for them. */
export function closeWholeCalls(state: CallsState, host: CallsHost): void {
  for (const call of state.calls) if (call.end.isWhole) closeCall(call, host);
}

/** The reply is over: what is open ends, whole or not. */
export function closeAllCalls(state: CallsState, host: CallsHost): void {
  for (const call of state.calls) closeCall(call, host);
}

function closeCall(call: Call, host: CallsHost): void {
  if (call.isClosed) return;
  startCall(call, host);
  if (call.index !== undefined) host.emit({ type: 'tool-call-end', index: call.index });
  call.isClosed = true;
}

/** An id for a call whose server gives none. @param replyId unique to the reply or its exchange */
export function fallbackCallId(index: number, replyId: string): string {
  return `call_${index}_${replyId.replace(/[^a-zA-Z0-9]/g, '').slice(-16)}`;
}

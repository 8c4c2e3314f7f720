/** Tool calls: arguments are objects here, and ids came late to this wire: where there is none, one is made. */
import type { ChatPart, Extra, JsonObject, JsonValue, Signature, ToolCallPart } from '../chat.ts';
import { asFullText, asObject, asText, defined, isObject } from '../json.ts';
import { unsealId } from '../seal.ts';
import { isBlank, ownExtra, ownFields, unknownFields } from './own.ts';

export interface CallId {
  readonly id: string;
  readonly signature?: Signature;
}

const CALL_FIELDS = new Set(['id', 'type', 'function']);
const FUNCTION_FIELDS = new Set(['index', 'name', 'arguments']);

/** @param takeId makes an id where the wire has none */
export function readCall(
  call: JsonObject,
  takeId: (given: string | undefined) => CallId,
): ToolCallPart | undefined {
  const inner = asObject(call.function);
  const name = asText(inner?.name);
  if (!inner || name === undefined) return undefined;
  const fields = unknownFields(call, CALL_FIELDS);
  const unknown = unknownFields(inner, FUNCTION_FIELDS);
  if (!isBlank(unknown)) fields.function = unknown;
  const { id, signature } = takeId(asFullText(call.id));
  return defined<ToolCallPart>({
    type: 'tool-call',
    id,
    name,
    arguments: argumentsText(inner.arguments),
    signature,
    extra: ownExtra(fields),
  });
}

export function argumentsText(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The object this wire wants for JSON text; undefined when the text is none. No text means no arguments. */
export function argumentsObject(text: string): JsonObject | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Said where arguments are written as `{ raw: text }`. */
export const RAW_ARGUMENTS_NOTE = 'arguments that are no JSON object are sent as { raw: text }';

/** @param index place among the calls of a reply, which newer servers tell */
export function writeCall(part: ToolCallPart, id: string, index?: number): JsonObject {
  const about: JsonObject = index === undefined ? {} : { index };
  about.name = part.name;
  about.arguments = argumentsObject(part.arguments) ?? { raw: part.arguments };
  const call: JsonObject = { id, function: about };
  return part.extra ? withOwnFields(call, part.extra) : call;
}

/** A call or tool with what only this wire has in it: fields of its function, and beside it. */
export function withOwnFields(written: JsonObject, extra: Extra): JsonObject {
  const { function: inner, ...outer } = ownFields(extra);
  return { ...written, function: { ...asObject(written.function), ...asObject(inner) }, ...outer };
}

/**
 * Ids for the calls of one reply: the given ones, and made ones where there is none or where a server gives all calls
 * the same. `stem` is unique to the exchange, so no id occurs twice in a conversation.
 */
export function createCallIds(stem: string): (given: string | undefined) => CallId {
  const used = new Set<string>();
  const word = stem.replace(/[^a-zA-Z0-9_-]/g, '');
  let count = 0;
  const make = (): string => {
    count += 1;
    return word === '' ? `call_${count}` : `call_${word}_${count}`;
  };
  return (given) => {
    const read: CallId = given === undefined ? { id: '' } : unsealId(given);
    let { id } = read;
    while (id === '' || used.has(id)) id = make();
    used.add(id);
    return { ...read, id };
  };
}

export function callsOf(parts: readonly ChatPart[]): ToolCallPart[] {
  return parts.filter((part): part is ToolCallPart => part.type === 'tool-call');
}

/** Finds the call a result belongs to: by id, else by name, else the first that waits. */
export interface OpenCalls {
  /** The calls of one assistant turn; those of turns before it wait no longer. */
  add(calls: readonly ToolCallPart[]): void;
  /** Takes the call that waits for this result; undefined when none does. */
  answer(id: string | undefined, name: string | undefined): ToolCallPart | undefined;
}

export function createOpenCalls(): OpenCalls {
  let open: readonly ToolCallPart[] = [];
  return {
    add: (calls) => {
      open = calls;
    },
    answer: (id, name) => {
      const found =
        id === undefined
          ? (open.find((call) => call.name === name) ?? (name === undefined ? open[0] : undefined))
          : open.find((call) => call.id === id);
      if (found) open = open.filter((call) => call !== found);
      return found;
    },
  };
}

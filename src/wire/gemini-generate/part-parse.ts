/**
 * Parts of a content to parts of the chat: one reader for each kind of data. What has no reader is opaque. One part of the
 * wire may be two of the chat: a text and the signature that stands on it (see state.ts).
 */
import type {
  ChatPart,
  JsonObject,
  JsonValue,
  OpaquePart,
  Signature,
  TextPart,
  ThinkingPart,
  ToolResultContent,
  ToolResultPart,
} from '../chat.ts';
import { asText, defined, isObject, objectsOf } from '../json.ts';
import { type Rest, takeObject, takeText } from '../rest.ts';
import type { CallIds } from './call-ids.ts';
import { FORMAT, leftExtra } from './fields.ts';
import { isMedia, readMedia } from './media.ts';
import { isNoSignature, onText, type ReadState, readState, withId } from './state.ts';

/** A part, and what its seal says of it that only the parts around can confirm (see thoughts.ts). */
export interface ReadPart {
  readonly part: ChatPart;
  /** Length of the whole thought that was signed. */
  readonly signedChars?: number;
  /** Another maker's state, or a mark of ours, was sealed in it: the wire's part must not go upstream as it is. */
  readonly isSealed?: boolean;
}

/** Gives undefined for a part that lacks what its kind demands. */
type Reader = (rest: Rest, ids: CallIds) => ReadPart[] | undefined;

/** In the order in which they are looked for. */
const readers: readonly (readonly [field: string, read: Reader])[] = [
  ['functionCall', readCall],
  ['functionResponse', readResult],
  ['inlineData', readData],
  ['fileData', readData],
  ['text', readText],
  ['thoughtSignature', readText],
];

/** A part as it is: nothing of it is read. */
export function opaque(value: JsonObject): OpaquePart {
  return { type: 'opaque', format: FORMAT, value };
}

/** A text and nothing beside it. */
export function isBareText(wire: JsonValue): boolean {
  return isObject(wire) && typeof wire.text === 'string' && Object.keys(wire).length === 1;
}

/** @param wire under camel-case names */
export function readPart(wire: JsonObject, ids: CallIds): ReadPart[] {
  if (isBareText(wire)) return [{ part: { type: 'text', text: String(wire.text) } }];
  const reader = readers.find(([field]) => wire[field] !== undefined && wire[field] !== null);
  const read = reader?.[1]({ ...wire }, ids);
  return read ?? [{ part: opaque(wire) }];
}

function takeState(rest: Rest): ReadState | undefined {
  const text = takeText(rest, 'thoughtSignature');
  return text === undefined ? undefined : readState(text);
}

function takeThought(rest: Rest): boolean {
  const { thought } = rest;
  if (typeof thought === 'boolean') delete rest.thought;
  return thought === true;
}

function readText(rest: Rest): ReadPart[] | undefined {
  const text = takeText(rest, 'text') ?? '';
  if (rest.text !== undefined && rest.text !== null) return undefined;
  // Another kind of data beside: not a text after all.
  if (isObject(rest.executableCode) || isObject(rest.codeExecutionResult)) return undefined;
  if (isObject(rest.toolCall) || isObject(rest.toolResponse)) return undefined;
  const isThought = takeThought(rest);
  const state = takeState(rest);
  const extra = leftExtra(rest);
  if (!isThought) return readPlainText(text, state, extra);
  return state?.isSealed
    ? readSealed(text, state)
    : [{ part: defined<ThinkingPart>({ type: 'thinking', text, signature: state?.signature, extra }) }];
}

function readPlainText(
  text: string,
  state: ReadState | undefined,
  extra: ReturnType<typeof leftExtra>,
): ReadPart[] {
  const said: ReadPart[] =
    text === '' && state ? [] : [{ part: defined<TextPart>({ type: 'text', text, extra }) }];
  if (!state) return said;
  // A client that joins parts has moved it here from a thought without text.
  if (state.isSealed) return [...said, ...readSealed('', state)];
  const joined =
    said.length > 0 ? ({ format: FORMAT, fields: {}, spelling: { joined: true } } as const) : extra;
  const signature = onText(state.signature);
  return [...said, { part: defined<ThinkingPart>({ type: 'thinking', text: '', signature, extra: joined }) }];
}

/** The thought of another maker's model. */
function readSealed(text: string, { signature, note }: ReadState): ReadPart[] {
  if (note?.type === 'redacted-thinking') {
    return [{ part: { type: 'redacted-thinking', data: signature }, isSealed: true }];
  }
  const part = { type: 'thinking', text, signature } as const;
  const signedChars = note?.type === 'thinking' ? note.chars : text.length;
  return [{ part, signedChars, isSealed: true }];
}

function readCall(rest: Rest, ids: CallIds): ReadPart[] | undefined {
  const call = { ...takeObject(rest, 'functionCall') };
  const name = takeText(call, 'name');
  if (name === undefined) return undefined;
  const { args } = call;
  delete call.args;
  const givenId = takeText(call, 'id');
  const { id, spelling } = ids.call(givenId, name);
  const state = takeState(rest);
  const word = state?.signature.value ?? '';
  const unsigned = isNoSignature(word) ? { unsigned: state?.isSealed ? true : word } : {};
  const isNone = 'unsigned' in unsigned;
  if (Object.keys(call).length > 0) rest.functionCall = call;
  const part = defined<ChatPart & { type: 'tool-call' }>({
    type: 'tool-call',
    id,
    name,
    arguments: args === undefined || args === null ? '' : JSON.stringify(args),
    signature: isNone || !state ? undefined : callSignature(state, givenId),
    extra: leftExtra(rest, { ...spelling, ...unsigned }),
  });
  return [state?.isSealed ? { part, isSealed: true } : { part }];
}

function callSignature({ signature, isSealed }: ReadState, givenId: string | undefined): Signature {
  return isSealed || givenId === undefined ? signature : withId(signature);
}

function readData(rest: Rest): ReadPart[] | undefined {
  // A picture that was only thought is no picture of the answer.
  if (rest.thought === true) return undefined;
  const field = isObject(rest.inlineData) ? 'inlineData' : 'fileData';
  const { [field]: data, ...others } = rest;
  const media = isObject(data) ? readMedia(data) : undefined;
  if (!media || !isObject(data)) return undefined;
  const { mimeType, data: _data, fileUri: _uri, ...more } = data;
  if (Object.keys(more).length > 0) others[field] = more;
  const spelling = field === 'fileData' && mimeType !== undefined ? { mimeType } : {};
  const extra = leftExtra(others, spelling);
  return [{ part: { ...media, ...(extra && { extra }) } }];
}

function readResult(rest: Rest, ids: CallIds): ReadPart[] | undefined {
  const wire = { ...takeObject(rest, 'functionResponse') };
  const name = takeText(wire, 'name') ?? '';
  const { id, spelling } = ids.result(takeText(wire, 'id'), name);
  const said = readResponse(takeObject(wire, 'response'), name);
  const media = objectsOf(wire.parts).map(readResultPart);
  if (wire.parts !== undefined) delete wire.parts;
  if (Object.keys(wire).length > 0) rest.functionResponse = wire;
  const part = defined<ToolResultPart>({
    type: 'tool-result',
    callId: id,
    content: [...(said.text === undefined ? [] : [{ type: 'text', text: said.text } as const]), ...media],
    shape: media.length > 0 ? undefined : said.text === undefined ? 'empty' : 'string',
    isError: said.isError || undefined,
    extra: leftExtra(rest, { ...spelling, name, ...(said.isJson && { response: 'json' }) }),
  });
  return [{ part }];
}

interface Said {
  readonly text: string | undefined;
  readonly isError: boolean;
  /** The text is the response itself, as JSON. */
  readonly isJson: boolean;
}

/** Names under which clients give a result that is plain text. */
const TEXT_NAMES = ['output', 'result', 'content'];

function readResponse(response: JsonObject | undefined, name: string): Said {
  const entries = Object.entries(response ?? {});
  if (entries.length === 0) return { text: undefined, isError: false, isJson: false };
  // The AI SDK says the tool's name once more inside.
  const telling = entries.filter(([key, value]) => key !== 'name' || value !== name);
  const [first, ...more] = telling;
  if (!first || more.length > 0) return { text: JSON.stringify(response), isError: false, isJson: true };
  const [key, value] = first;
  const isError = key === 'error';
  const text = asText(value);
  if (text !== undefined && (isError || TEXT_NAMES.includes(key))) return { text, isError, isJson: false };
  return { text: JSON.stringify(response), isError, isJson: true };
}

function readResultPart(wire: JsonObject): ToolResultContent {
  const data = isObject(wire.inlineData) ? wire.inlineData : wire.fileData;
  const media = isObject(data) && Object.keys(wire).length === 1 ? readMedia(data) : undefined;
  return media && isMedia(media) && media.type !== 'audio' ? media : opaque(wire);
}

/** Parts of the chat to parts of a content: one renderer for each type. What Google refuses is left out with a warning. */
import type {
  ChatPart,
  JsonObject,
  JsonValue,
  OpaquePart,
  RedactedThinkingPart,
  Signature,
  TextPart,
  ThinkingPart,
  ToolCallPart,
  ToolResultPart,
} from '../chat.ts';
import { asObject, asText, isObject, present } from '../json.ts';
import { isPlainText } from '../own-extra.ts';
import { approximate, drop } from '../place.ts';
import { isIdMade } from './call-ids.ts';
import { below, FORMAT, ownSpelling, type Place, restore } from './fields.ts';
import { renderMedia } from './media.ts';
import { fitName } from './names.ts';
import { isNoSignature, isOnText, NO_SIGNATURE, type SealedNote, writeState } from './state.ts';

/** Gives undefined when the part is left out. */
type PartRenderer<P extends ChatPart> = (part: P, place: Place) => JsonObject | undefined;

const renderers: { readonly [T in ChatPart['type']]: PartRenderer<Extract<ChatPart, { type: T }>> } = {
  text: renderText,
  image: renderFile,
  document: renderFile,
  audio: renderFile,
  'tool-call': renderCall,
  'tool-result': renderResult,
  thinking: renderThinking,
  'redacted-thinking': renderRedacted,
  refusal: (part, place) => {
    approximate(
      place,
      '',
      place.side === 'client' ? 'a refusal is shown as text' : 'a refusal is sent as text',
    );
    return renderText({ ...part, type: 'text' }, place);
  },
  opaque: renderOpaque,
};

/** The wire's part; undefined when it is left out, with the reason in the place's warnings. */
export function renderPart(part: ChatPart, place: Place): JsonObject | undefined {
  if (part.type !== 'opaque' && part.cache && !place.isOwn) {
    drop(place, 'cache', 'Gemini caches prompts without marks');
  }
  return (renderers[part.type] as PartRenderer<ChatPart>)(part, place);
}

/** The wire's parts of a list, without those left out. `place` is the list's owner. */
export function renderParts(parts: readonly ChatPart[], place: Place, list = 'parts'): JsonObject[] {
  const rendered: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    const wire = isPlainText(part)
      ? { text: part.text }
      : renderPart(part, below(place, `${list}[${index}]`));
    if (!wire) continue;
    const last = rendered.at(-1);
    // The signature of a text stood on the text itself.
    if (isJoined(part) && last && last.text !== undefined && last.thought === undefined) {
      rendered[rendered.length - 1] = { ...last, thoughtSignature: wire.thoughtSignature! };
    } else rendered.push(wire);
  }
  return rendered;
}

function isJoined(part: ChatPart): boolean {
  return part.type === 'thinking' && ownSpelling(part.extra).joined === true;
}

function renderText(part: TextPart, place: Place): JsonObject | undefined {
  const body = restore({ text: part.text }, part.extra, place);
  // Google refuses an empty text; to leave it out is no loss.
  return part.text === '' && !place.isOwn ? undefined : body;
}

function renderFile(
  part: ChatPart & { type: 'image' | 'document' | 'audio' },
  place: Place,
): JsonObject | undefined {
  const wire = renderMedia(part, place);
  if (!wire) return undefined;
  const mimeType = asText(ownSpelling(part.extra).mimeType);
  const file = asObject(wire.fileData);
  return restore(file && mimeType ? { fileData: { ...file, mimeType } } : wire, part.extra, place);
}

function renderCall(part: ToolCallPart, place: Place): JsonObject {
  const call = present({
    id: isIdMade(part.extra) ? undefined : part.id,
    name: place.isOwn || place.side === 'client' ? part.name : fitName(part.name),
    args: parseArguments(part.arguments, place),
  });
  return restore(
    present({ functionCall: call, thoughtSignature: callState(part, place) }),
    part.extra,
    place,
  );
}

/** The object Google wants where other formats have JSON text. */
function parseArguments(text: string, place: Place): JsonValue | undefined {
  if (text.trim() === '') return place.isOwn ? undefined : {};
  try {
    const value = JSON.parse(text) as JsonValue;
    if (place.isOwn || isObject(value)) return value;
  } catch {
    // Cut or garbled by the model: the text itself is all there is.
  }
  approximate(place, 'arguments', 'arguments that are no JSON object are written as { raw: text }');
  return { raw: text };
}

function callState({ signature, extra }: ToolCallPart, place: Place): string | undefined {
  if (!signature) {
    const { unsigned } = ownSpelling(extra);
    // The client's own word for it; or ours, which is written where it is needed.
    return place.isOwn && unsigned === true ? unsignedWord(place) : asText(unsigned);
  }
  if (place.side === 'client') return writeState(signature, { type: 'tool-call' });
  if (signature.format === FORMAT)
    return isNoSignature(signature.value) ? unsignedWord(place) : signature.value;
  drop(place, 'signature', 'state of another vendor is not sent');
  return place.isOwn ? unsignedWord(place) : undefined;
}

/** What stands for the signature of a call another model made, where the model demands one. */
function unsignedWord({ side, traits }: Place): string | undefined {
  return side === 'upstream' && traits.demandsSignatures ? NO_SIGNATURE : undefined;
}

function renderResult(part: ToolResultPart, place: Place): JsonObject {
  const texts: string[] = [];
  const media: JsonObject[] = [];
  for (const [index, inner] of part.content.entries()) {
    const wire = renderPart(inner, below(place, `content[${index}]`));
    if (wire && typeof wire.text === 'string') texts.push(wire.text);
    else if (wire) media.push(wire);
  }
  const response = present({
    id: isIdMade(part.extra) ? undefined : part.callId,
    name: asText(ownSpelling(part.extra).name) ?? '',
    response: writeResponse(part, texts.join('\n\n')),
    parts: media.length > 0 ? media : undefined,
  });
  return restore({ functionResponse: response }, part.extra, place);
}

/** Google's two names for what a function gave: the output, and what went wrong. */
function writeResponse({ isError, shape, extra }: ToolResultPart, text: string): JsonObject {
  if (ownSpelling(extra).response === 'json') {
    const value = readJson(text);
    if (value) return value;
  }
  if (shape === 'empty' && text === '' && extra?.format === FORMAT) return {};
  return isError ? { error: text } : { output: text };
}

function readJson(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Edited on the way: then it is text.
    return undefined;
  }
}

function renderThinking(part: ThinkingPart, place: Place): JsonObject | undefined {
  const { signature, text } = part;
  if (place.side === 'upstream' && signature?.format !== FORMAT) {
    if (signature) return leaveOut(place, "the thinking is signed for another vendor's models");
    if (!place.isOwn) return leaveOut(place, 'Gemini takes thinking back only with a signature of its own');
  }
  if (text === '' && !signature && !place.isOwn) return undefined;
  const state = signature && thoughtState(signature, text, place);
  const body: JsonObject = signature && isOnText(signature) ? { text } : { text, thought: true };
  return restore(present({ ...body, thoughtSignature: state }), part.extra, place);
}

function thoughtState(signature: Signature, text: string, place: Place): string {
  const note: SealedNote = { type: 'thinking', chars: text.length };
  return place.side === 'client' ? writeState(signature, note) : signature.value;
}

function renderRedacted(part: RedactedThinkingPart, place: Place): JsonObject | undefined {
  if (place.side === 'upstream' && part.data.format !== FORMAT) {
    return leaveOut(place, "the thinking is encrypted for another vendor's models");
  }
  const thoughtSignature =
    place.side === 'client' ? writeState(part.data, { type: 'redacted-thinking' }) : part.data.value;
  return restore({ text: '', thought: true, thoughtSignature }, part.extra, place);
}

function renderOpaque(part: OpaquePart, place: Place): JsonObject | undefined {
  if (part.format === FORMAT) return part.value;
  const type = typeof part.value.type === 'string' ? part.value.type : 'block';
  return leaveOut(place, `${part.format} ${type} without an equivalent`);
}

function leaveOut(place: Place, note: string): undefined {
  drop(place, '', note);
}

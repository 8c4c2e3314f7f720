/** Parts to content blocks: one renderer per part type. What Anthropic refuses is left out with a warning. */
import type {
  CacheMark,
  ChatPart,
  DocumentPart,
  ImagePart,
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
import { isObject } from '../json.ts';
import { isPlainText } from '../own-extra.ts';
import { approximate, drop, type Place } from '../place.ts';
import { isDamagedSeal } from '../seal.ts';
import { below, FORMAT, restore } from './fields.ts';
import { renderDocumentSource, renderImageSource, withoutSource } from './media.ts';
import { fitName, writeName } from './names.ts';

/** Gives undefined when the part is left out. */
type PartRenderer<P extends ChatPart> = (part: P, place: Place) => JsonObject | undefined;

const renderers: { readonly [T in ChatPart['type']]: PartRenderer<Extract<ChatPart, { type: T }>> } = {
  text: renderText,
  image: renderImage,
  document: renderDocument,
  audio: (_part, place) => leaveOut(place, 'Anthropic takes no audio'),
  'tool-call': renderToolCall,
  'tool-result': renderToolResult,
  thinking: renderThinking,
  'redacted-thinking': renderRedacted,
  refusal: (part, place) => {
    approximate(place, '', 'a refusal is sent as text');
    return renderText({ ...part, type: 'text' }, place);
  },
  opaque: renderOpaque,
};

/** The block of a part; undefined when it is left out, with the reason in the place's warnings. */
export function renderPart(part: ChatPart, place: Place): JsonObject | undefined {
  return (renderers[part.type] as PartRenderer<ChatPart>)(part, place);
}

/** The blocks of a list of parts, without those left out. `place` is the list's owner. */
export function renderParts(parts: readonly ChatPart[], place: Place, list = 'parts'): JsonObject[] {
  const blocks: JsonObject[] = [];
  for (const [index, part] of parts.entries()) {
    const block =
      isPlainText(part) && part.text.trim() !== ''
        ? { type: 'text', text: part.text }
        : renderPart(part, below(place, `${list}[${index}]`));
    if (block) blocks.push(block);
  }
  return blocks;
}

export function renderCache(cache: CacheMark | undefined): JsonObject {
  if (!cache) return {};
  return {
    cache_control: cache.ttl === undefined ? { type: 'ephemeral' } : { type: 'ephemeral', ttl: cache.ttl },
  };
}

export function leaveOut(place: Place, note: string): undefined {
  drop(place, '', note);
}

function renderText(part: TextPart, place: Place): JsonObject | undefined {
  if (!place.isOwn && part.text.trim() === '') {
    // Anthropic refuses blank text; an empty one is no loss, but a mark on it is.
    if (part.text !== '') drop(place, '', 'text without a visible character');
    else if (part.cache) drop(place, 'cache', 'the marked text is empty');
    return undefined;
  }
  return restore({ type: 'text', text: part.text, ...renderCache(part.cache) }, part.extra, place);
}

function renderImage(part: ImagePart, place: Place): JsonObject | undefined {
  const source = renderImageSource(part, place);
  return source && restore({ type: 'image', source, ...renderCache(part.cache) }, part.extra, place);
}

function renderDocument(part: DocumentPart, place: Place): JsonObject | undefined {
  const source = renderDocumentSource(part, place);
  if (!source) return undefined;
  const body: JsonObject = { type: 'document', source };
  if (part.title !== undefined) body.title = part.title;
  return restore({ ...body, ...renderCache(part.cache) }, withoutSource(part.extra), place);
}

function renderToolCall(part: ToolCallPart, place: Place): JsonObject {
  if (part.signature) drop(place, 'signature', `only ${part.signature.format} knows this state`);
  const body = {
    type: 'tool_use',
    id: writeName(part.id),
    name: place.isOwn ? writeName(part.name) : fitName(part.name),
    input: parseArguments(part.arguments, place),
    ...renderCache(part.cache),
  };
  return restore(body, part.extra, place);
}

/** The object Anthropic wants where other formats have JSON text. */
function parseArguments(text: string, place: Place): JsonValue {
  if (text.trim() === '') return {};
  try {
    const value = JSON.parse(text) as JsonValue;
    if (place.isOwn || isObject(value)) return value;
  } catch {
    // Cut or garbled by the model: the text itself is all there is.
  }
  approximate(place, 'arguments', 'arguments that are no JSON object are sent as { raw: text }');
  return { raw: text };
}

function renderToolResult(part: ToolResultPart, place: Place): JsonObject {
  const body: JsonObject = { type: 'tool_result', tool_use_id: writeName(part.callId) };
  const blocks = renderParts(part.content, place, 'content');
  if (blocks.length > 0 || (place.isOwn && part.shape !== 'empty'))
    body.content = shapeContent(blocks, part.shape);
  if (part.isError !== undefined && (place.isOwn || part.isError)) body.is_error = part.isError;
  return restore({ ...body, ...renderCache(part.cache) }, part.extra, place);
}

/** A bare string where the source had one and nothing but text is in it. */
export function shapeContent(
  blocks: JsonObject[],
  shape: 'string' | 'empty' | undefined,
): string | JsonObject[] {
  const text = shape === 'string' && blocks.length === 1 ? plainText(blocks[0]!) : undefined;
  return text ?? blocks;
}

/** The text of a text block that has nothing else. */
export function plainText(block: JsonObject): string | undefined {
  const isPlain = block.type === 'text' && Object.keys(block).length === 2;
  return isPlain && typeof block.text === 'string' ? block.text : undefined;
}

/** State that Anthropic would refuse, as it is not what its models gave. */
export function isForeign(state: Signature | undefined): boolean {
  return state !== undefined && (state.format !== FORMAT || isDamagedSeal(state));
}

function renderThinking(part: ThinkingPart, place: Place): JsonObject | undefined {
  const { signature } = part;
  if (isForeign(signature)) return leaveOut(place, "the thinking is another vendor's");
  if (!place.isOwn && !signature?.value) {
    return leaveOut(place, 'Anthropic refuses thinking without its signature');
  }
  const body: JsonObject = { type: 'thinking', thinking: part.text };
  if (signature) body.signature = signature.value;
  return restore(body, part.extra, place);
}

function renderRedacted(part: RedactedThinkingPart, place: Place): JsonObject | undefined {
  const { data } = part;
  if (isForeign(data)) return leaveOut(place, "the thinking is another vendor's");
  return restore({ type: 'redacted_thinking', data: data.value }, part.extra, place);
}

function renderOpaque(part: OpaquePart, place: Place): JsonObject | undefined {
  if (part.format === FORMAT) return part.value;
  const type = typeof part.value.type === 'string' ? part.value.type : 'block';
  return leaveOut(place, `${part.format} ${type} without an equivalent`);
}

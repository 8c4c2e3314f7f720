/**
 * What an assistant does: the same items stand in requests (as history) and in the output of replies. Each item
 * becomes one part, a message one part for each of its content parts; the item itself stands in the spelling of its
 * first part, which is also how a message of several parts is told from several messages.
 */
import type { ChatPart, ImagePart, JsonObject } from '../chat.ts';
import { asFullText, asText, isBlank, lookUp, objectsOf, unknownFields } from '../json.ts';
import { readContent } from '../openai-content.ts';
import { readCall } from './calls.ts';
import { MESSAGE_CONTENT, writePart } from './content.ts';
import { FORMAT, ownExtra, spelled } from './own.ts';
import { readReasoning } from './reasoning-item.ts';

type ItemReader = (item: JsonObject) => ChatPart[];

/** The parts of one item; items only this format understands are one opaque part. */
export function readItem(item: JsonObject): ChatPart[] {
  return lookUp(READERS, item.type)?.(item) ?? [opaqueItem(item)];
}

export function opaqueItem(item: JsonObject): ChatPart {
  return { type: 'opaque', format: FORMAT, value: item };
}

const READERS: Readonly<Record<string, ItemReader>> = {
  message: readMessage,
  function_call: (item) => [readCall(item)],
  custom_tool_call: (item) => [readCall(item)],
  reasoning: (item) => [readReasoning(item)],
  image_generation_call: (item) => [readImage(item) ?? opaqueItem(item)],
};

export const MESSAGE_FIELDS: ReadonlySet<string> = new Set([
  'type',
  'id',
  'role',
  'status',
  'content',
  'phase',
]);

/**
 * A message's parts. One only this format understands looks like a message that says nothing else; where it is the
 * first, like the message itself.
 */
export function readMessage(item: JsonObject): ChatPart[] {
  const { parts } = readContent(item.content, MESSAGE_CONTENT, () => undefined);
  const [first = { type: 'text', text: '' } as const, ...rest] = parts;
  return [withMessage(first, item), ...rest.map((part) => withMessage(part, undefined))];
}

function withMessage(part: ChatPart, item: JsonObject | undefined): ChatPart {
  if (part.type === 'opaque') return { ...part, value: { type: 'message', ...item, content: [part.value] } };
  if (!item) return part;
  const { fields, spelling } = messageExtra(item);
  return {
    ...part,
    extra: ownExtra({ ...part.extra?.fields, ...fields }, { ...part.extra?.spelling, ...spelling }),
  };
}

/** The content part in an opaque part that is one. */
export function contentOf(value: JsonObject): JsonObject | undefined {
  const isMessage = value.type === 'message' || (value.type === undefined && value.role !== undefined);
  return isMessage ? objectsOf(value.content)[0] : undefined;
}

/** What a message says beside its content. */
export function messageExtra(item: JsonObject): ReturnType<typeof ownExtra> {
  const unknown = unknownFields(item, MESSAGE_FIELDS);
  return ownExtra(isBlank(unknown) ? {} : { item: unknown }, { item });
}

const IMAGE_FIELDS = new Set([
  'type',
  'id',
  'status',
  'result',
  'output_format',
  'background',
  'quality',
  'size',
  'revised_prompt',
  'prompt',
]);

function readImage(item: JsonObject): ImagePart | undefined {
  const data = asFullText(item.result);
  if (data === undefined) return undefined;
  const mediaType = `image/${asText(item.output_format) ?? 'png'}`;
  const source = { kind: 'base64', mediaType, data } as const;
  return { type: 'image', source, extra: ownExtra(unknownFields(item, IMAGE_FIELDS), { item }) };
}

/** An image the model drew, as an item; undefined for one that is not here as bytes. */
export function writeImageItem(part: ImagePart): JsonObject | undefined {
  const was = spelled(part.extra, 'item');
  if (part.source.kind !== 'base64') return was;
  if (was) return was.result === part.source.data ? was : { ...was, result: part.source.data };
  const format = part.source.mediaType.split('/')[1] ?? 'png';
  return {
    type: 'image_generation_call',
    status: 'completed',
    result: part.source.data,
    output_format: format,
  };
}

/** Whether a part stands in the content of a message, not as an item of its own. */
export function isContent(part: ChatPart): boolean {
  if (part.type === 'opaque') return part.format === FORMAT && contentOf(part.value) !== undefined;
  if (part.type === 'image')
    return spelled(part.extra, 'item')?.type !== 'image_generation_call' && isPlaced(part);
  return part.type === 'text' || part.type === 'refusal' || part.type === 'document' || part.type === 'audio';
}

/** An image stood in a message, of which no reply has any. */
function isPlaced(part: ImagePart): boolean {
  return spelled(part.extra, 'part') !== undefined;
}

/** The message a part begins, if it begins one: all of it but the other parts. */
export function messageOf(part: ChatPart): JsonObject | undefined {
  if (part.type !== 'opaque') return spelled(part.extra, 'item');
  return contentOf(part.value) && part.value.role !== undefined ? part.value : undefined;
}

/** The content of a message as it came, with what was changed since. */
export function writeMessage(base: JsonObject, parts: readonly ChatPart[]): JsonObject {
  const [only] = parts;
  const isOne = parts.length === 1 && only?.type === 'text' && !spelled(only.extra, 'part');
  const was = base.content;
  if (isOne && typeof was === 'string') return { ...base, content: only.text };
  if (isOne && only.text === '' && 'content' in base && (was === null || isBlank(was))) return base;
  const content = parts.flatMap((part) =>
    part.type === 'opaque' ? (contentOf(part.value) ?? []) : (writePart(part, 'assistant') ?? []),
  );
  return { ...base, content };
}

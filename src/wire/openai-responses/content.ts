/** Content parts of messages and of tool outputs. What is no known part stays as it is, opaque. */
import type {
  AudioPart,
  ChatPart,
  ChatRole,
  DocumentPart,
  Extra,
  ImagePart,
  JsonObject,
  JsonValue,
  RefusalPart,
  TextPart,
} from '../chat.ts';
import { asObject, asText, defined, isObject, isSameJson, lookUp, unknownFields } from '../json.ts';
import { type ContentReader, type ContentShape, writeContent as writeContentOf } from '../openai-content.ts';
import { readFileSource, readImageSource, writeFile, writeImage } from './media.ts';
import { FORMAT, ownExtra, ownFields, spelled } from './own.ts';

/** Content of a message; what is no known part is opaque. */
export const MESSAGE_CONTENT: ContentReader = { field: 'content', readPart };
export const OUTPUT_CONTENT: ContentReader = { field: 'output', readPart };

/** The inverse of `readContent`, for a speaker of this role. */
export function writeContent(parts: readonly ChatPart[], shape: ContentShape, role: ChatRole): JsonValue {
  return writeContentOf(parts, shape, (part) => writePart(part, role));
}

type PartReader = (part: JsonObject) => ChatPart | undefined;

/** One part. Of unknown types, and of known ones without what they must have, it is opaque. */
export function readPart(part: JsonObject): ChatPart {
  return lookUp(READERS, part.type)?.(part) ?? { type: 'opaque', format: FORMAT, value: part };
}

const readText: PartReader = (part) => {
  const text = asText(part.text);
  return text === undefined ? undefined : { type: 'text', text, ...marks(part, ['text']) };
};

const READERS: Readonly<Record<string, PartReader>> = {
  input_text: readText,
  output_text: readText,
  refusal: (part) => {
    const text = asText(part.refusal);
    return text === undefined ? undefined : { type: 'refusal', text, ...marks(part, ['refusal']) };
  },
  input_image: (part) => {
    const source = readImageSource(part);
    if (!source) return undefined;
    const known = ['image_url', 'file_id', 'detail'];
    return defined<ImagePart>({
      type: 'image',
      source,
      detail: asText(part.detail),
      ...marks(part, known),
    });
  },
  input_file: (part) => {
    const source = readFileSource(part);
    if (!source) return undefined;
    const known = ['file_id', 'file_data', 'file_url', 'filename'];
    return defined<DocumentPart>({
      type: 'document',
      source,
      title: asText(part.filename),
      ...marks(part, known),
    });
  },
  input_audio: (part) => {
    const audio = asObject(part.input_audio);
    const data = asText(audio?.data);
    if (!audio || data === undefined) return undefined;
    const encoding = asText(audio.format);
    const mediaType = encoding === 'mp3' ? 'audio/mpeg' : `audio/${encoding ?? 'wav'}`;
    const source = { kind: 'base64', mediaType, data } as const;
    return defined<AudioPart>({ type: 'audio', source, encoding, ...marks(part, ['input_audio']) });
  },
};

/** Breakpoint and unknown fields of a part; the part itself stands in the spelling. */
function marks(part: JsonObject, known: readonly string[]): Pick<TextPart, 'cache' | 'extra'> {
  const fields = unknownFields(part, new Set(['type', 'prompt_cache_breakpoint', ...known]));
  const extra = ownExtra(fields, { part });
  return isObject(part.prompt_cache_breakpoint) ? { cache: {}, extra } : { extra };
}

/** As it came, with what was changed since; undefined for parts that are no content (calls, thinking, …). */
export function writePart(part: ChatPart, role: ChatRole): JsonObject | undefined {
  if (part.type === 'opaque') return part.format === FORMAT ? part.value : undefined;
  const was = spelled(part.extra, 'part');
  if (was && isSameSaid(readPart(was), part)) return was;
  if (was && part.type === 'text') return { ...was, text: part.text };
  if (was && part.type === 'refusal') return { ...was, refusal: part.text };
  const written = writeBare(part, role);
  if (!written) return undefined;
  if (part.cache) written.prompt_cache_breakpoint = { mode: 'explicit' };
  return { ...written, ...ownFields(withoutItem(part.extra)) };
}

/** Fields of the message around a part are not the part's own. */
function withoutItem(extra: Extra | undefined): Extra | undefined {
  if (!extra || !('item' in extra.fields)) return extra;
  const { item: _, ...fields } = extra.fields;
  return { ...extra, fields };
}

function isSameSaid(a: ChatPart, b: ChatPart): boolean {
  return isSameJson({ ...a, extra: undefined }, { ...b, extra: undefined });
}

function writeBare(part: Exclude<ChatPart, { type: 'opaque' }>, role: ChatRole): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return { type: role === 'assistant' ? 'output_text' : 'input_text', text: part.text };
    case 'refusal':
      return writeRefusal(part);
    case 'image':
      return writeImage(part);
    case 'document':
      return writeFile(part);
    case 'audio':
      return writeAudio(part);
    case 'tool-call':
    case 'tool-result':
    case 'thinking':
    case 'redacted-thinking':
      return undefined;
    default:
      return part satisfies never;
  }
}

export function writeRefusal({ text }: RefusalPart): JsonObject {
  return { type: 'refusal', refusal: text };
}

function writeAudio({ source, encoding }: AudioPart): JsonObject | undefined {
  if (source.kind !== 'base64') return undefined;
  return { type: 'input_audio', input_audio: { data: source.data, format: encoding ?? 'wav' } };
}

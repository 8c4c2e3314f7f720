/** Content parts: text, image_url, input_audio, file, refusal. What else stands there stays as it is, opaque. */
import type {
  AudioPart,
  CacheMark,
  ChatPart,
  DocumentPart,
  Extra,
  ImagePart,
  JsonObject,
  MediaSource,
  RefusalPart,
  TextPart,
} from '../chat.ts';
import { readDataUrl, writeDataUrl } from '../data-url.ts';
import { asFullText, asObject, asText, defined, isObject, lookUp, setField, unknownFields } from '../json.ts';
import { openaiFile } from '../openai-files.ts';
import { FORMAT, ownFields, ownSpelling } from './own.ts';
import { ownSignature, placeOf } from './thinking.ts';

/** Undefined: the part names a known type, and its content is not what that type has. */
type PartReader = (part: JsonObject) => ChatPart | undefined;

const CACHE_FIELDS = ['cache_control', 'prompt_cache_breakpoint'] as const;

/** Reads one entry of a content list. Unknown types become opaque parts; undefined means malformed. */
export function readContentPart(part: JsonObject): ChatPart | undefined {
  const reader = lookUp(READERS, part.type);
  return reader ? reader(part) : { type: 'opaque', format: FORMAT, value: part };
}

const READERS: Readonly<Record<string, PartReader>> = {
  text: (part) => {
    const text = asText(part.text);
    return text === undefined
      ? undefined
      : defined<TextPart>({ type: 'text', text, ...readMarks(part, ['type', 'text']) });
  },
  image_url: (part) => {
    const image = asObject(part.image_url);
    // Some clients write the URL itself where the object should stand.
    const url = asText(image?.url ?? part.image_url);
    if (url === undefined) return undefined;
    return defined<ImagePart>({
      type: 'image',
      source: readUrl(url),
      detail: asText(image?.detail),
      ...readMarks(part, ['type', 'image_url'], image && { image_url: unknownFields(image, IMAGE_FIELDS) }),
    });
  },
  input_audio: (part) => {
    const audio = asObject(part.input_audio);
    const data = asText(audio?.data);
    if (!audio || data === undefined) return undefined;
    const encoding = asText(audio.format);
    return defined<AudioPart>({
      type: 'audio',
      source: { kind: 'base64', mediaType: audioMediaType(encoding), data },
      encoding,
      ...readMarks(part, ['type', 'input_audio'], { input_audio: unknownFields(audio, AUDIO_FIELDS) }),
    });
  },
  file: (part) => {
    const file = asObject(part.file);
    const source = file && readFileSource(file);
    if (!file || !source) return undefined;
    return defined<DocumentPart>({
      type: 'document',
      source,
      title: asText(file.filename),
      ...readMarks(part, ['type', 'file'], { file: unknownFields(file, FILE_FIELDS) }),
    });
  },
  refusal: (part) => {
    const text = asText(part.refusal);
    return text === undefined
      ? undefined
      : defined<RefusalPart>({ type: 'refusal', text, ...readMarks(part, ['type', 'refusal']) });
  },
  thinking: readThinkingList,
};

const IMAGE_FIELDS = new Set(['url', 'detail']);
const AUDIO_FIELDS = new Set(['data', 'format']);
const FILE_FIELDS = new Set(['file_id', 'file_data', 'filename']);

/** Mistral's thinking block: a list of text parts. */
function readThinkingList(part: JsonObject): ChatPart | undefined {
  const pieces = Array.isArray(part.thinking) ? part.thinking : undefined;
  if (!pieces) return undefined;
  const text = pieces.map((piece) => asText(asObject(piece)?.text) ?? '').join('');
  return { type: 'thinking', text, signature: ownSignature('content') };
}

interface Marks {
  readonly cache: CacheMark | undefined;
  readonly extra: Extra | undefined;
}

/** Cache breakpoint and unknown fields of a part; `inner` are the unknown fields of its inner object. */
function readMarks(part: JsonObject, known: readonly string[], inner: JsonObject = {}): Marks {
  const fields = unknownFields(part, new Set([...known, ...CACHE_FIELDS]));
  for (const [key, value] of Object.entries(inner)) {
    if (isObject(value) && Object.keys(value).length > 0) fields[key] = value;
  }
  const isBreakpoint = part.prompt_cache_breakpoint !== undefined;
  const spelling = isBreakpoint ? { cache: 'prompt_cache_breakpoint' } : undefined;
  const hasExtra = spelling !== undefined || Object.keys(fields).length > 0;
  return {
    cache: readCacheMark(part),
    extra: hasExtra ? { format: FORMAT, fields, ...(spelling && { spelling }) } : undefined,
  };
}

/** `cache_control` as OpenRouter and Anthropic-like servers take it, or OpenAI's own breakpoint. */
export function readCacheMark(wire: JsonObject): CacheMark | undefined {
  const control = asObject(wire.cache_control);
  if (!control && !isObject(wire.prompt_cache_breakpoint)) return undefined;
  const ttl = asFullText(control?.ttl);
  return ttl === undefined ? {} : { ttl };
}

export function writeCacheMark(cache: CacheMark | undefined): JsonObject {
  if (!cache) return {};
  return { cache_control: { type: 'ephemeral', ...(cache.ttl !== undefined && { ttl: cache.ttl }) } };
}

/** A data URL is taken apart; any other URL stays one. */
function readUrl(url: string): MediaSource {
  return readDataUrl(url) ?? { kind: 'url', url };
}

function readFileSource(file: JsonObject): MediaSource | undefined {
  const fileId = asText(file.file_id);
  if (fileId !== undefined) return openaiFile(fileId);
  const data = asText(file.file_data);
  if (data === undefined) return undefined;
  const inline = readDataUrl(data);
  if (inline) return inline;
  // OpenRouter takes a URL here; bare base64 can only be the one type OpenAI reads.
  if (/^https?:/.test(data)) return { kind: 'url', url: data };
  return { kind: 'base64', mediaType: 'application/pdf', data };
}

const MEDIA_TYPE_OF_ENCODING: Readonly<Record<string, string>> = { mp3: 'audio/mpeg' };

function audioMediaType(encoding: string | undefined): string {
  return lookUp(MEDIA_TYPE_OF_ENCODING, encoding) ?? `audio/${encoding ?? 'wav'}`;
}

/** The `format` of an audio part; a media type such as `audio/x-wav` or `audio/wav; rate=8000` will do. */
export function audioEncoding(mediaType: string): string {
  const subtype = mediaType.split(';')[0]?.split('/')[1]?.replace(/^x-/, '') ?? 'wav';
  return subtype === 'mpeg' ? 'mp3' : subtype;
}

/** Undefined for parts that are no content of a message here (calls, results, thinking, foreign blocks). */
export function writeContentPart(part: ChatPart): JsonObject | undefined {
  const written = writeBare(part);
  if (!written || part.type === 'opaque') return written;
  const spelling = ownSpelling(part.extra);
  const cache =
    part.cache && spelling?.cache === 'prompt_cache_breakpoint'
      ? { prompt_cache_breakpoint: { mode: 'explicit' } }
      : writeCacheMark(part.cache);
  return mergeInner({ ...written, ...cache }, ownFields(part.extra));
}

/** Unknown fields of an inner object (`image_url`, `function`) go back into it, the others beside it. */
export function mergeInner(written: JsonObject, fields: JsonObject | undefined): JsonObject {
  for (const [key, value] of Object.entries(fields ?? {})) {
    const inner = written[key];
    setField(written, key, isObject(inner) && isObject(value) ? { ...inner, ...value } : value);
  }
  return written;
}

function writeBare(part: ChatPart): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'refusal':
      return { type: 'refusal', refusal: part.text };
    case 'image':
      return writeImage(part.source, part.detail);
    case 'audio':
      return writeAudio(part.source, part.encoding);
    case 'document':
      return writeFile(part.source, part.title);
    case 'thinking':
      return placeOf(part.signature) === 'content'
        ? { type: 'thinking', thinking: [{ type: 'text', text: part.text }] }
        : undefined;
    case 'opaque':
      return part.format === FORMAT ? part.value : undefined;
    case 'tool-call':
    case 'tool-result':
    case 'redacted-thinking':
      return undefined;
    default:
      return part satisfies never;
  }
}

function writeImage(source: MediaSource, detail: string | undefined): JsonObject | undefined {
  const url = writeUrl(source);
  if (url === undefined) return undefined;
  return { type: 'image_url', image_url: { url, ...(detail !== undefined && { detail }) } };
}

function writeUrl(source: MediaSource): string | undefined {
  if (source.kind === 'url') return source.url;
  return source.kind === 'base64' ? writeDataUrl(source) : undefined;
}

function writeAudio(source: MediaSource, encoding: string | undefined): JsonObject | undefined {
  if (source.kind !== 'base64') return undefined;
  const format = encoding ?? audioEncoding(source.mediaType);
  return { type: 'input_audio', input_audio: { data: source.data, format } };
}

function writeFile(source: MediaSource, title: string | undefined): JsonObject | undefined {
  const filename = title !== undefined && { filename: title };
  if (source.kind === 'file') return { type: 'file', file: { file_id: source.fileId, ...filename } };
  const data = writeUrl(source);
  return data === undefined ? undefined : { type: 'file', file: { file_data: data, ...filename } };
}

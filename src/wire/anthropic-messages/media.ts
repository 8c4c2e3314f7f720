/** Where images and documents come from: Anthropic's `source` objects and the chat's media sources. */
import type { DocumentPart, Extra, ImagePart, JsonObject, JsonValue, MediaSource } from '../chat.ts';
import { openDataUrl } from '../data-url.ts';
import { isObject } from '../json.ts';
import { approximate, drop, type Place } from '../place.ts';
import { openObject, type Rest, takeText } from '../rest.ts';
import { ownSpelling } from './fields.ts';

type SourceReader = (inner: Rest) => MediaSource | undefined;

const readers: Readonly<Record<string, SourceReader>> = {
  base64: (inner) => {
    const mediaType = takeText(inner, 'media_type');
    const data = takeText(inner, 'data');
    if (mediaType === undefined || data === undefined) return undefined;
    return { kind: 'base64', mediaType, data };
  },
  url: (inner) => {
    const url = takeText(inner, 'url');
    return url === undefined ? undefined : { kind: 'url', url };
  },
  file: (inner) => {
    const fileId = takeText(inner, 'file_id');
    return fileId === undefined ? undefined : { kind: 'file', fileId, vendor: 'anthropic' };
  },
  text: (inner) => {
    const text = takeText(inner, 'data');
    const mediaType = takeText(inner, 'media_type');
    if (text === undefined) return undefined;
    return mediaType === undefined ? { kind: 'text', text } : { kind: 'text', text, mediaType };
  },
};

/** Takes `source` out of the rest; undefined when it is of a kind the chat has no word for. */
export function takeSource(rest: Rest): MediaSource | undefined {
  return openObject(rest, 'source', (inner) => {
    const type = takeText(inner, 'type') ?? '';
    return Object.hasOwn(readers, type) ? readers[type]!(inner) : undefined;
  });
}

/**
 * A document given as content blocks, read as its text; the blocks themselves are kept as a spelling. Undefined
 * when it is something else, or has more than text in it.
 */
export function takeContentSource(rest: Rest): { source: MediaSource; spelling: JsonObject } | undefined {
  const source = rest.source;
  const text = isObject(source) && source.type === 'content' ? textOf(source.content) : undefined;
  if (text === undefined || !isObject(source)) return undefined;
  delete rest.source;
  return { source: { kind: 'text', text }, spelling: { source } };
}

function textOf(content: JsonValue | undefined): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const texts: string[] = [];
  for (const block of content) {
    if (!isObject(block) || block.type !== 'text' || typeof block.text !== 'string') return undefined;
    texts.push(block.text);
  }
  return texts.join('\n');
}

/** Image types Anthropic reads; it answers any other with a 400. */
const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];
function renderPlain(source: MediaSource): JsonObject {
  switch (source.kind) {
    case 'base64':
      return { type: 'base64', media_type: source.mediaType, data: source.data };
    case 'url':
      return { type: 'url', url: source.url };
    case 'file':
      return { type: 'file', file_id: source.fileId };
    case 'text':
      return { type: 'text', media_type: source.mediaType ?? 'text/plain', data: source.text };
    default:
      return source satisfies never;
  }
}

/** The `source` of an image block; undefined (with a warning) when Anthropic could not read it. */
export function renderImageSource(part: ImagePart, place: Place): JsonObject | undefined {
  if (place.isOwn) return renderPlain(part.source);
  const source = openDataUrl(part.source);
  if (part.detail !== undefined && part.detail !== 'auto') {
    drop(place, 'detail', 'Anthropic has no level of image detail');
  }
  if (source.kind === 'file') return refuse(place, "the file is kept by another vendor's service");
  if (source.kind === 'text') return refuse(place, 'an image cannot be text');
  if (source.kind === 'base64' && !IMAGE_TYPES.includes(source.mediaType)) {
    return refuse(place, `Anthropic reads no ${source.mediaType} images`);
  }
  return renderPlain(source);
}

/** The `source` of a document block; undefined (with a warning) when Anthropic could not read it. */
export function renderDocumentSource(part: DocumentPart, place: Place): JsonObject | undefined {
  const blocks = ownSpelling(part.extra).source;
  if (isObject(blocks) && part.source.kind === 'text' && textOf(blocks.content) === part.source.text) {
    return blocks;
  }
  if (place.isOwn) return renderPlain(part.source);
  const source = openDataUrl(part.source);
  if (source.kind === 'file') return refuse(place, "the file is kept by another vendor's service");
  if (source.kind === 'text') return renderPlain({ kind: 'text', text: source.text });
  if (source.kind !== 'base64' || source.mediaType === 'application/pdf') return renderPlain(source);
  if (!/^text\/|^application\/(json|xml)/.test(source.mediaType)) {
    return refuse(place, `Anthropic reads no ${source.mediaType} documents`);
  }
  approximate(place, 'source', `${source.mediaType} is sent as plain text`);
  return renderPlain({ kind: 'text', text: Buffer.from(source.data, 'base64').toString('utf8') });
}

function refuse(place: Place, note: string): undefined {
  drop(place, '', note);
}

/** The extra of a document without the blocks `renderDocumentSource` has dealt with. */
export function withoutSource(extra: Extra | undefined): Extra | undefined {
  const blocks = ownSpelling(extra).source;
  if (!extra || !isObject(blocks) || blocks.type !== 'content') return extra;
  const { source: _blocks, ...spelling } = ownSpelling(extra);
  return { ...extra, spelling };
}

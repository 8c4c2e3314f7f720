/** Where images, documents and audio come from: Google's `inlineData` and `fileData`, and the chat's sources. */
import type { AudioPart, ChatPart, DocumentPart, ImagePart, JsonObject, MediaSource } from '../chat.ts';
import { openDataUrl } from '../data-url.ts';
import { asText } from '../json.ts';
import { approximate, drop } from '../place.ts';
import type { Place } from './fields.ts';

/** Images Google reads; it answers others with a 400. */
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'];
/** Files in Google's own stores: no other vendor can fetch them. */
const OWN_FILE = /^(?:gs:|https:\/\/generativelanguage\.googleapis\.com\/)|^files\//;

/** Types by the end of a URL's path, for Google wants one with every file. */
const TYPE_OF_ENDING: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  gif: 'image/gif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  csv: 'text/csv',
  html: 'text/html',
  json: 'application/json',
  xml: 'text/xml',
};

type MediaPart = ImagePart | DocumentPart | AudioPart;

/** The part that `inlineData` or `fileData` is; undefined for video and whatever else the chat has no word for. */
export function readMedia(wire: JsonObject): MediaPart | undefined {
  const mimeType = asText(wire.mimeType);
  const source = readSource(wire, mimeType);
  if (mimeType === undefined || !source) return undefined;
  const kind = mimeType.split('/')[0];
  if (kind === 'image') return { type: 'image', source };
  if (kind === 'audio') return { type: 'audio', source };
  return kind === 'text' || kind === 'application' ? { type: 'document', source } : undefined;
}

function readSource(wire: JsonObject, mediaType: string | undefined): MediaSource | undefined {
  const data = asText(wire.data);
  if (data !== undefined && mediaType !== undefined) return { kind: 'base64', mediaType, data };
  const url = asText(wire.fileUri);
  if (url === undefined) return undefined;
  return OWN_FILE.test(url) ? { kind: 'file', fileId: url, vendor: 'google' } : { kind: 'url', url };
}

/** The wire's part for a medium; undefined (with a warning) when Google could not read it. */
export function renderMedia(part: MediaPart, place: Place): JsonObject | undefined {
  const source = place.isOwn ? part.source : openDataUrl(part.source);
  if (part.type === 'image' && part.detail !== undefined && part.detail !== 'auto' && !place.isOwn) {
    drop(place, 'detail', 'Gemini sets the level of detail for all images together');
  }
  if (part.type === 'document' && part.title !== undefined && source.kind !== 'text') {
    drop(place, 'title', 'a file has no title here');
  }
  switch (source.kind) {
    case 'base64':
      return renderInline(part, source, place);
    case 'url':
      return { fileData: { mimeType: typeOfUrl(part, source.url, place), fileUri: source.url } };
    case 'file':
      if (OWN_FILE.test(source.fileId)) {
        return { fileData: { mimeType: typeOfUrl(part, source.fileId, place), fileUri: source.fileId } };
      }
      drop(place, '', "the file is kept by another vendor's service");
      return undefined;
    case 'text':
      return renderTextSource(part, source.text);
    default:
      return source satisfies never;
  }
}

function renderInline(
  part: MediaPart,
  { mediaType, data }: MediaSource & { kind: 'base64' },
  place: Place,
): JsonObject | undefined {
  if (!place.isOwn && place.side === 'upstream' && !isReadable(part, mediaType)) {
    drop(place, '', `Gemini reads no ${mediaType}`);
    return undefined;
  }
  return { inlineData: { mimeType: mediaType, data } };
}

function isReadable({ type }: MediaPart, mediaType: string): boolean {
  if (type === 'image') return IMAGE_TYPES.includes(mediaType);
  if (type === 'audio') return mediaType.startsWith('audio/');
  return mediaType === 'application/pdf' || mediaType.startsWith('text/');
}

/** A document that is only text is text: Google knows no other way for it. */
function renderTextSource(part: MediaPart, text: string): JsonObject {
  const title = part.type === 'document' ? part.title : undefined;
  return { text: title === undefined ? text : `${title}\n\n${text}` };
}

function typeOfUrl({ type }: MediaPart, url: string, place: Place): string {
  const ending = /\.([a-z0-9]+)(?:[?#].*)?$/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const known = Object.hasOwn(TYPE_OF_ENDING, ending) ? TYPE_OF_ENDING[ending]! : undefined;
  if (known !== undefined) return known;
  const guess = { image: 'image/jpeg', document: 'application/pdf', audio: 'audio/mpeg' }[type];
  if (!place.isOwn) approximate(place, 'source', `Gemini wants the type of a file: ${guess} is taken for it`);
  return guess;
}

/** Whether the part is one of those above. */
export function isMedia(part: ChatPart): part is MediaPart {
  return part.type === 'image' || part.type === 'document' || part.type === 'audio';
}

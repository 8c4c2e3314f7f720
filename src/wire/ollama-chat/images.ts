/** Images: base64 text without a media type, in a list beside the text. */
import type { ImagePart, JsonValue } from '../chat.ts';

/** First bytes of the file types models take, in base64. */
const TYPES: readonly (readonly [pattern: RegExp, mediaType: string])[] = [
  [/^iVBORw0KGg/, 'image/png'],
  [/^\/9j\//, 'image/jpeg'],
  [/^R0lGOD/, 'image/gif'],
  [/^UklGR.{7}RUJQ/, 'image/webp'],
];
/** For bytes of no known type. Vendors refuse an image without a type, and look at the bytes all the same. */
const UNKNOWN_TYPE = 'image/png';

/** Some clients send what a browser gave them; the server takes the part after the comma only. */
const DATA_URL = /^data:([^;,]*)[^,]*;base64,/;

export function readImages(images: JsonValue | undefined): ImagePart[] {
  if (!Array.isArray(images)) return [];
  return images.flatMap((image) => (typeof image === 'string' && image !== '' ? [readImage(image)] : []));
}

function readImage(text: string): ImagePart {
  const url = DATA_URL.exec(text);
  const data = url ? text.slice(url[0].length) : text;
  const mediaType = TYPES.find(([pattern]) => pattern.test(data))?.[1] ?? (url?.[1] || UNKNOWN_TYPE);
  return { type: 'image', source: { kind: 'base64', mediaType, data } };
}

/** The base64 text of an image; undefined for one whose bytes are elsewhere. */
export function writeImage({ source }: ImagePart): string | undefined {
  return source.kind === 'base64' ? source.data : undefined;
}

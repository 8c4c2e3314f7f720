/** Where images and files are: `input_image` and `input_file` to media sources and back. */
import type { DocumentPart, ImagePart, JsonObject, MediaSource } from '../chat.ts';
import { readDataUrl, writeDataUrl } from '../data-url.ts';
import { asFullText, asText, present } from '../json.ts';
import { openaiFile } from '../openai-files.ts';

/** A data URL is taken apart; any other URL stays one. */
function readUrl(url: string): MediaSource {
  return readDataUrl(url) ?? { kind: 'url', url };
}

/** Where the image of an `input_image` is; undefined when it says nowhere. */
export function readImageSource(part: JsonObject): MediaSource | undefined {
  const url = asFullText(part.image_url);
  if (url !== undefined) return readUrl(url);
  const fileId = asFullText(part.file_id);
  return fileId === undefined ? undefined : openaiFile(fileId);
}

/** Bare base64 can only be the one type that needs no name. */
const DEFAULT_FILE_TYPE = 'application/pdf';

/** Where the file of an `input_file` is; undefined when it says nowhere. */
export function readFileSource(part: JsonObject): MediaSource | undefined {
  const fileId = asFullText(part.file_id);
  if (fileId !== undefined) return openaiFile(fileId);
  const data = asText(part.file_data);
  if (data !== undefined) {
    return readDataUrl(data) ?? { kind: 'base64', mediaType: DEFAULT_FILE_TYPE, data };
  }
  const url = asFullText(part.file_url);
  return url === undefined ? undefined : { kind: 'url', url };
}

/** Undefined for an image that is a text. */
export function writeImage({ source, detail }: ImagePart): JsonObject | undefined {
  switch (source.kind) {
    case 'base64':
      return present({ type: 'input_image', image_url: writeDataUrl(source), detail });
    case 'url':
      return present({ type: 'input_image', image_url: source.url, detail });
    case 'file':
      return present({ type: 'input_image', file_id: source.fileId, detail });
    case 'text':
      return undefined;
    default:
      return source satisfies never;
  }
}

/** Undefined for a document that is a text: that is no file here. */
export function writeFile({ source, title }: DocumentPart): JsonObject | undefined {
  switch (source.kind) {
    case 'base64':
      return present({ type: 'input_file', filename: title, file_data: writeDataUrl(source) });
    case 'url':
      // The API takes no name beside a URL.
      return { type: 'input_file', file_url: source.url };
    case 'file':
      return { type: 'input_file', file_id: source.fileId };
    case 'text':
      return undefined;
    default:
      return source satisfies never;
  }
}

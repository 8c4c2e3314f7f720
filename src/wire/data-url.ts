/** Data URLs: media that stand in a request as a URL of their own bytes. */
import type { MediaSource } from './chat.ts';

type Inline = MediaSource & { readonly kind: 'base64' };

const HEAD = /^data:([^;,]*)(?:;[^;,]*)*;base64,/;

/** Undefined for any other text, and for data that is no base64. */
export function readDataUrl(url: string): Inline | undefined {
  if (!url.startsWith('data:')) return undefined;
  const head = HEAD.exec(url);
  return head ? { kind: 'base64', mediaType: head[1]!, data: url.slice(head[0].length) } : undefined;
}

export function writeDataUrl({ mediaType, data }: Inline): string {
  return `data:${mediaType};base64,${data}`;
}

/** The source with its bytes in it, where it is a data URL. One without a type is text. */
export function openDataUrl(source: MediaSource): MediaSource {
  const inline = source.kind === 'url' ? readDataUrl(source.url) : undefined;
  return inline ? { ...inline, mediaType: inline.mediaType || 'text/plain' } : source;
}

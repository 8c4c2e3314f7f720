/** What is kept of one exchange, and how it is packed before it is sealed. */
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';

/** One side of an exchange. */
export interface KeptText {
  /** `base64`: it is no text. `left-out`: it cannot be looked into, so that nothing of it is kept. */
  readonly kind: 'text' | 'base64' | 'left-out';
  readonly text: string;
  /** Of the whole. */
  readonly bytes: number;
  /** Only its beginning is kept. */
  readonly isCut: boolean;
  /** The pieces of a stream, put together. */
  readonly isFolded: boolean;
  /** Stretches that were taken out. */
  readonly redactions: number;
}

export interface KeptContent {
  readonly format: string;
  /** HTTP status of the reply; 0 = there was none. */
  readonly status: number;
  readonly request: KeptText;
  readonly reply: KeptText;
}

/** Far more than two sides can be; what unpacks to more was not packed by us. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

export function packContent(content: KeptContent): Buffer {
  return gzipSync(JSON.stringify(content));
}

const unzip = promisify(gunzip);

/** Rejects where it is not what was packed. */
export async function unpackContent(packed: Buffer): Promise<KeptContent> {
  const text = await unzip(packed, { maxOutputLength: MAX_UNPACKED_BYTES });
  return JSON.parse(text.toString('utf8')) as KeptContent;
}

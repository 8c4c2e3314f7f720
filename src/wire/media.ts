/**
 * Images, documents and audio that stand in a body as base64: how to know them without parsing, and how many
 * tokens they are. Taken for text, one picture would count as half a million tokens and stop a request that
 * costs a cent.
 */

export type MediaKind = 'image' | 'document' | 'audio';

/** Where the base64 text is in a body, quotes excluded. */
export interface MediaSpan {
  readonly kind: MediaKind;
  readonly start: number;
  readonly end: number;
}

const HEAD_BYTES = 128;
const SAMPLES = 64;

/** First bytes of the file types that vendors take, in base64. */
const signatures: readonly { readonly kind: MediaKind; readonly pattern: RegExp }[] = [
  // PNG, JPEG, GIF, WebP
  { kind: 'image', pattern: /^(?:iVBORw0KGg|\/9j\/|R0lGOD|UklGR.{7}RUJQ)/ },
  // PDF
  { kind: 'document', pattern: /^JVBERi/ },
  // WAV, MP3 with and without its tag, FLAC, Ogg
  { kind: 'audio', pattern: /^(?:UklGR.{7}QVZF|SUQz|\/\/[tuvsMNOP]|ZkxhQ|T2dnU)/ },
];

/** What the string between `start` and `end` holds, when it is base64 (bare or a data URL) of a known file type. */
export function sniffMedia(body: Buffer, start: number, end: number): MediaKind | undefined {
  const head = body.toString('latin1', start, start + HEAD_BYTES);
  const data = head.replace(/^data:[^,"]{1,100};base64,/, '');
  const found = signatures.find(({ pattern }) => pattern.test(data));
  return found && isBase64(body, start + head.length - data.length, end) ? found.kind : undefined;
}

/** By samples: prose has a space or a stop among so many letters, base64 nowhere. */
function isBase64(body: Buffer, start: number, end: number): boolean {
  const step = Math.max(1, Math.floor((end - start) / SAMPLES));
  for (let at = start; at < end; at += step) {
    if (!isBase64Byte(body[at]!)) return false;
  }
  return true;
}

function isBase64Byte(byte: number): boolean {
  const isLetter = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
  return isLetter || (byte >= 0x2f && byte <= 0x39) || byte === 0x2b || byte === 0x3d;
}

/** Anthropic scales images down to at most this many tokens; OpenAI's full models stay below for most sizes. */
const IMAGE_TOKENS = 1600;
/** Anthropic states 1,500 to 3,000 tokens of text for a page, and the page again as an image. */
const PAGE_TOKENS = 4600;
/** A page of a text-only file is seldom smaller than this; scans are ten times larger and so counted high. */
const PAGE_CHARACTERS = 60_000;
/** Google states 32 tokens a second, OpenAI 10; speech as MP3 has 8 KB a second, which is 10.7 KB of base64. */
const AUDIO_CHARACTERS_PER_TOKEN = 333;
/** A minute, where the length is not known. */
const UNKNOWN_AUDIO_TOKENS = 1920;

/**
 * Tokens of one medium, by the vendors' own rules of thumb. Models that count images otherwise (gpt-4o-mini
 * takes twenty times as many, at a twentieth of the price) are not told apart.
 * @param base64Length 0 when the bytes are elsewhere (a URL, an uploaded file)
 */
export function mediaTokens(kind: MediaKind, base64Length: number): number {
  switch (kind) {
    case 'image':
      return IMAGE_TOKENS;
    case 'document':
      return PAGE_TOKENS * Math.max(1, Math.ceil(base64Length / PAGE_CHARACTERS));
    case 'audio':
      return base64Length === 0 ? UNKNOWN_AUDIO_TOKENS : Math.ceil(base64Length / AUDIO_CHARACTERS_PER_TOKEN);
    default:
      kind satisfies never;
      return 0;
  }
}

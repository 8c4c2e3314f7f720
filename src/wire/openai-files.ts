/** Files that OpenAI keeps: both of its APIs know them by the same ids. */
import type { MediaSource } from './chat.ts';

const VENDOR = 'openai';

export function openaiFile(fileId: string): MediaSource {
  return { kind: 'file', fileId, vendor: VENDOR };
}

export function isOpenaiFile(source: MediaSource): boolean {
  return source.kind === 'file' && source.vendor === VENDOR;
}

/** Asks the sandbox in any format and reads its answers with that format's own decoder. */
import { pathOf } from '../../src/upstream/sandbox/endpoint.ts';
import type { ChatError, ChatReply, ChatRequest, ChatTurn } from '../../src/wire/chat.ts';
import { type FoldResult, foldEvents } from '../../src/wire/fold.ts';
import { type Format, formats } from '../../src/wire/formats.ts';

export const allFormats: readonly Format[] = Object.values(formats);

/** Where the format asks; formats that name the model in the path need to know it and whether a stream is wanted. */
export function chatPath(format: Format, model = 'scribe', isStream = false): string {
  const path = pathOf(format.id, 'chat', { model, isStream });
  if (path === undefined) throw new Error(`the sandbox has no path for ${format.id}`);
  return path;
}

export function userTurn(text: string): ChatTurn {
  return { role: 'user', parts: [{ type: 'text', text }], shape: 'string' };
}

/** A native request body. */
export function requestBody(
  format: Format,
  model: string,
  prompt: string,
  more: Partial<ChatRequest> = {},
): string {
  const chat: ChatRequest = {
    model,
    turns: [userTurn(prompt)],
    tools: [],
    stream: false,
    streamUsage: true,
    maxOutputTokens: 4096,
    ...more,
  };
  return JSON.stringify(format.renderRequest(chat).body);
}

/** A stream's bytes, decoded and folded. */
export function readStream(format: Format, bytes: Uint8Array): FoldResult {
  const reader = format.createReader();
  const decoder = format.createDecoder();
  const frames = [...reader.push(bytes), ...reader.end()];
  return foldEvents([...frames.flatMap((frame) => decoder.push(frame)), ...decoder.end()]);
}

/** What came, as a reply or as an error, however it was asked for. */
export function readAnswer(
  format: Format,
  status: number | undefined,
  bytes: Buffer,
  isStream: boolean,
): { readonly reply?: ChatReply; readonly error?: ChatError } {
  if (status !== 200) return { error: format.parseError(status ?? 0, JSON.parse(bytes.toString('utf8'))) };
  if (!isStream) return { reply: format.parseReply(JSON.parse(bytes.toString('utf8'))) };
  const result = readStream(format, bytes);
  return result.type === 'reply' ? { reply: result.reply } : { error: result.error, reply: result.partial };
}

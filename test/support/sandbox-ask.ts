/** Asks the sandbox in any format and reads its answers with that format's own decoder. */
import type { ChatError, ChatReply, ChatRequest, ChatTurn, FormatId } from '../../src/wire/chat.ts';
import { type FoldResult, foldEvents } from '../../src/wire/fold.ts';
import { type Format, formats } from '../../src/wire/formats.ts';

export const allFormats: readonly Format[] = Object.values(formats);

const paths: Readonly<Partial<Record<FormatId, string>>> = {
  'anthropic-messages': '/v1/messages',
  'openai-chat': '/v1/chat/completions',
};

export function chatPath(format: Format): string {
  const path = paths[format.id];
  if (path === undefined) throw new Error(`no path for ${format.id} in this test`);
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

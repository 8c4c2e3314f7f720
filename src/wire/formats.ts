/** The wire formats there are. Adding one: its folder, and one line here. */
import { anthropicMessages } from './anthropic-messages/index.ts';
import type { FormatId } from './chat.ts';
import type { Format } from './format.ts';
import { geminiGenerate } from './gemini-generate/index.ts';
import { ollamaChat } from './ollama-chat/index.ts';
import { openaiChat } from './openai-chat/index.ts';
import { openaiResponses } from './openai-responses/index.ts';

export type { Format } from './format.ts';

export const formats = {
  'anthropic-messages': anthropicMessages,
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'gemini-generate': geminiGenerate,
  'ollama-chat': ollamaChat,
} as const satisfies Partial<Record<FormatId, Format>>;

/** The format of this name; `undefined` for one that is named but not built yet. */
export function formatOf(id: FormatId): Format | undefined {
  return (formats as Partial<Record<FormatId, Format>>)[id];
}

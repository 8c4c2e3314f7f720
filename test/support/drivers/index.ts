/** The official clients of the matrix, one for each format (OpenAI's library speaks two). */
import type { FormatId } from '../../../src/wire/chat.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import type { Driver } from './driver.ts';
import { geminiGenerate } from './gemini-generate.ts';
import { ollamaChat } from './ollama-chat.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';

export * from './driver.ts';

export const drivers: Readonly<Record<FormatId, Driver>> = {
  'anthropic-messages': anthropicMessages,
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'gemini-generate': geminiGenerate,
  'ollama-chat': ollamaChat,
};

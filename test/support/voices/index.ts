/** The voices of the five formats, and the answers the fake upstream gives in them. */
import type { FormatId } from '../../../src/wire/chat.ts';
import type { CannedAnswer, RecordedRequest } from '../../fake-upstream.ts';
import { anthropicMessages } from './anthropic-messages.ts';
import { geminiGenerate } from './gemini-generate.ts';
import { ollamaChat } from './ollama-chat.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import type { Said, Voice } from './voice.ts';

export * from './voice.ts';

export const voices: Readonly<Record<FormatId, Voice>> = {
  'anthropic-messages': anthropicMessages,
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'gemini-generate': geminiGenerate,
  'ollama-chat': ollamaChat,
};

const JSON_TYPE = { 'content-type': 'application/json' };

/** A good answer to this request, as a stream or whole. */
export function answerTo(request: RecordedRequest, voice: Voice, said: Said): CannedAnswer {
  if (!asksForStream(request)) return { headers: JSON_TYPE, chunks: [JSON.stringify(voice.whole(said))] };
  const { opening, content, closing } = voice.stream(said);
  return { headers: { 'content-type': voice.streamType }, chunks: [...opening, ...content, ...closing] };
}

function asksForStream({ path, body }: RecordedRequest): boolean {
  if (path.includes(':generateContent')) return false;
  if (path.includes(':streamGenerateContent')) return true;
  const { stream = path.startsWith('/api/chat') } = JSON.parse(body.toString('utf8')) as { stream?: boolean };
  return stream;
}

export type Break = 'error event' | 'reset' | 'early end' | 'silence';

/** A stream that says half of it and then breaks. */
export function brokenAnswer(voice: Voice, said: Said, how: Break): CannedAnswer {
  const { opening, content } = voice.stream(said);
  const half = [...opening, ...content.slice(0, Math.ceil(content.length / 2))];
  const head = { path: voice.path, headers: { 'content-type': voice.streamType } };
  if (how === 'error event') return { ...head, chunks: [...half, voice.streamError('the model fell over')] };
  const ending = { reset: 'cut', 'early end': 'end', silence: 'silence' } as const;
  return { ...head, chunks: half, ending: ending[how] };
}

export function errorAnswer(voice: Voice, status: number, message: string): CannedAnswer {
  return {
    path: voice.path,
    status,
    headers: JSON_TYPE,
    chunks: [JSON.stringify(voice.error(status, message))],
  };
}

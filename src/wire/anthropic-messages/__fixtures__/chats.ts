/** Chats as other formats make them, and what renders from them. */
import type { ChatPart, ChatRequest, ChatTurn, JsonObject } from '../../chat.ts';
import { anthropicMessages } from '../index.ts';

export const MODEL = 'claude-sonnet-4-5';

export function chat(more: Partial<ChatRequest> = {}): ChatRequest {
  return { model: MODEL, turns: [user('hi')], tools: [], stream: false, maxOutputTokens: 1000, ...more };
}

export function turn(role: ChatTurn['role'], ...parts: (ChatPart | string)[]): ChatTurn {
  return {
    role,
    parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
  };
}
export const user = (...parts: (ChatPart | string)[]) => turn('user', ...parts);
export const assistant = (...parts: (ChatPart | string)[]) => turn('assistant', ...parts);
export const call = (id: string, args = '{}', name = 'f'): ChatPart => ({
  type: 'tool-call',
  id,
  name,
  arguments: args,
});
export const result = (callId: string, text = 'ok'): ChatPart => ({
  type: 'tool-result',
  callId,
  shape: 'string',
  content: [{ type: 'text', text }],
});
export const tool = { name: 'f', inputSchema: { type: 'object', properties: {} } };

export function render(request: ChatRequest): { body: JsonObject; warned: string[] } {
  const { body, warnings } = anthropicMessages.renderRequest(request);
  return { body, warned: warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

export const toolUse = (id: string, input: JsonObject = {}) => ({ type: 'tool_use', id, name: 'f', input });
export const toolResult = (id: string, content = 'ok') => ({ type: 'tool_result', tool_use_id: id, content });


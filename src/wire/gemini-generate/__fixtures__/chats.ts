/** Chats as other formats make them, and what renders from them. */
import type { ChatPart, ChatRequest, ChatTurn, JsonObject } from '../../chat.ts';
import { geminiGenerate } from '../index.ts';

export const OLD = 'gemini-2.5-flash';
export const NEW = 'gemini-3-flash-preview';

export function chat(more: Partial<ChatRequest> = {}): ChatRequest {
  return { model: NEW, turns: [user('hi')], tools: [], stream: false, ...more };
}

export function turn(role: ChatTurn['role'], ...parts: (ChatPart | string)[]): ChatTurn {
  return {
    role,
    parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
  };
}
export const user = (...parts: (ChatPart | string)[]) => turn('user', ...parts);
export const assistant = (...parts: (ChatPart | string)[]) => turn('assistant', ...parts);
export const call = (id: string, args = '{}', name = 'f'): ChatPart & { type: 'tool-call' } => ({
  type: 'tool-call',
  id,
  name,
  arguments: args,
});
export const result = (callId: string, text = 'ok'): ChatPart & { type: 'tool-result' } => ({
  type: 'tool-result',
  callId,
  shape: 'string',
  content: [{ type: 'text', text }],
});
export const tool = { name: 'f', inputSchema: { type: 'object', properties: {} } };

export function render(request: ChatRequest): { body: JsonObject; warned: string[] } {
  const { body, warnings } = geminiGenerate.renderRequest(request);
  return { body, warned: warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

export const SKIP = 'skip_thought_signature_validator';
export const wireUser = (...parts: (JsonObject | string)[]): JsonObject => ({ role: 'user', parts: wireParts(parts) });
export const wireModel = (...parts: (JsonObject | string)[]): JsonObject => ({ role: 'model', parts: wireParts(parts) });
export const functionCall = (args: JsonObject = {}, signature?: string): JsonObject => ({
  functionCall: { name: 'f', args },
  ...(signature && { thoughtSignature: signature }),
});
export const functionResponse = (response: JsonObject = { output: 'ok' }): JsonObject => ({
  functionResponse: { name: 'f', response },
});

function wireParts(parts: readonly (JsonObject | string)[]): JsonObject[] {
  return parts.map((part) => (typeof part === 'string' ? { text: part } : part));
}

/** Tool names, call ids and end users that must be fitted, and still mean the same everywhere. */
import { describe, expect, it } from 'vitest';
import type { ChatPart, ChatRequest, ChatTurn } from '../chat.ts';
import { createNameRestorer, fitName } from '../openai-names.ts';
import { openaiChat } from './index.ts';

const chat: ChatRequest = { model: 'gpt-4o', turns: [], tools: [], stream: false };
const user = (...parts: ChatPart[]): ChatTurn => ({ role: 'user', parts });
const call = (id: string): ChatPart => ({ type: 'tool-call', id, name: 'f', arguments: '{}' });
const result = (callId: string): ChatPart => ({ type: 'tool-result', callId, content: [] });

describe('names and ids another format allows', () => {
  const long = `mcp__server__${'x'.repeat(80)}`;
  it.each([long, `${long}y`, 'a.b', 'naïve tool', ''])('%s fits, always the same way', (name) => {
    expect(fitName(name)).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(fitName(name)).toBe(fitName(name));
    expect(createNameRestorer([{ name }, { name: 'ok' }])(fitName(name))).toBe(name);
  });
  it('good names stay, different names stay different', () => {
    expect(fitName('get_weather-2')).toBe('get_weather-2');
    expect(new Set([long, `${long}y`, 'a.b', 'a_b', 'a b'].map(fitName)).size).toBe(5);
    expect(createNameRestorer([{ name: 'ok' }])('ok')).toBe('ok');
  });
  it('are renamed in tools, choice and history alike', () => {
    const { body, warnings } = openaiChat.renderRequest({
      ...chat,
      tools: [{ name: 'a.b' }],
      toolChoice: { type: 'tool', name: 'a.b' },
      turns: [
        { role: 'assistant', parts: [{ type: 'tool-call', id: 'i', name: 'a.b', arguments: '{}' }] },
        user(result('i')),
      ],
    });
    const name = fitName('a.b');
    expect(JSON.stringify(body).split(name)).toHaveLength(4);
    expect(JSON.stringify(body)).not.toContain('a.b');
    expect(warnings.map(({ path }) => path)).toEqual(['tools[0].name']);
  });
  it.each([
    ['gpt-4o', /^[\w-]{40}$/],
    ['mistral-large-latest', /^[a-z0-9]{9}$/],
  ])('call and result keep one id that %s takes', (model, pattern) => {
    const id = `toolu_${'0'.repeat(60)}`;
    const { body } = openaiChat.renderRequest({
      ...chat,
      model,
      turns: [{ role: 'assistant', parts: [call(id)] }, user(result(id))],
    });
    const [asked, answered] = body.messages as [{ tool_calls: [{ id: string }] }, { tool_call_id: string }];
    expect(asked.tool_calls[0].id).toMatch(pattern);
    expect(answered.tool_call_id).toBe(asked.tool_calls[0].id);
  });
});

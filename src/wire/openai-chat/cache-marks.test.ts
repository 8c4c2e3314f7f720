/** Prompt-cache marks of other formats: kept where the model's server caches by marks, named as lost elsewhere. */
import { describe, expect, it } from 'vitest';
import type { CacheMark, ChatRequest, ChatTurn, TextPart } from '../chat.ts';
import { openaiChat } from './index.ts';

const text = (value: string, cache?: CacheMark): TextPart => ({
  type: 'text',
  text: value,
  ...(cache && { cache }),
});
const mark = { cache_control: { type: 'ephemeral' } };

const marked: ChatRequest = {
  model: 'anthropic/claude-sonnet-4.5',
  turns: [
    { role: 'system', lead: true, parts: [text('Be brief.'), text('Rules.', { ttl: '1h' })] },
    { role: 'user', parts: [text('What is this?'), text('Look well.', {})] },
    {
      role: 'assistant',
      parts: [text('I look.'), { type: 'tool-call', id: 'c1', name: 'look', arguments: '{}', cache: {} }],
    },
    { role: 'user', parts: [{ type: 'tool-result', callId: 'c1', content: [text('A cat.')], cache: {} }] },
  ],
  tools: [{ name: 'feel' }, { name: 'look', cache: {} }],
  stream: false,
};

describe('marks', () => {
  it('reach a model whose server takes them, in lists of parts', () => {
    const { body, warnings } = openaiChat.renderRequest(marked);
    expect(body.messages).toEqual([
      {
        role: 'system',
        content: [
          { type: 'text', text: 'Be brief.' },
          { type: 'text', text: 'Rules.', cache_control: { type: 'ephemeral', ttl: '1h' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'text', text: 'Look well.', ...mark },
        ],
      },
      expect.objectContaining({ role: 'assistant', content: 'I look.' }),
      { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: 'A cat.', ...mark }] },
    ]);
    expect(body.tools).toEqual([
      { type: 'function', function: { name: 'feel' } },
      { type: 'function', function: { name: 'look' }, ...mark },
    ]);
    expect(warnings.map(({ path }) => path)).toEqual(['turns[2].parts[1].cache']);
  });

  it('are named where they are lost', () => {
    const { body, warnings } = openaiChat.renderRequest({ ...marked, model: 'gpt-4o' });
    expect(JSON.stringify(body)).not.toContain('cache_control');
    expect(warnings.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'dropped tools[1].cache',
      'dropped turns[0].parts[1].cache',
      'dropped turns[1].parts[1].cache',
      'dropped turns[2].parts[1].cache',
      'dropped turns[3].parts[0].cache',
    ]);
  });

  it.each([
    ['on a part of a result', [text('A cat.', {})]],
    ['on the second of two', [text('A'), text('cat.', {})]],
  ])('stand on the whole result: %s', (_name, content) => {
    const result: ChatTurn = {
      role: 'tool',
      parts: [{ type: 'tool-result', callId: 'c1', content }],
    };
    const { body } = openaiChat.renderRequest({ ...marked, turns: [...marked.turns.slice(0, 3), result] });
    const last = (body.messages as { content: unknown }[]).at(-1);
    expect(last?.content).toEqual([expect.objectContaining(mark)]);
  });
});

/** Requests of this format: edits between parse and render, and what is refused. */
import { describe, expect, it } from 'vitest';
import type { ChatRequest, JsonObject } from '../chat.ts';
import { render, user } from './__fixtures__/chats.ts';
import { anthropicMessages } from './index.ts';

describe('a request of this format', () => {
  it('keeps edits: a lower limit, redacted text, another model', () => {
    const parsed = anthropicMessages.parseRequest({
      model: 'a',
      max_tokens: 9,
      stream: false,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'secret' }] } },
          ],
        },
      ],
    });
    const edited: ChatRequest = {
      ...parsed,
      model: 'b',
      maxOutputTokens: 5,
      stream: true,
      turns: [user({ type: 'document', source: { kind: 'text', text: '[redacted]' }, ...extraOf(parsed) })],
    };
    expect(render(edited)).toEqual({
      body: {
        model: 'b',
        max_tokens: 5,
        stream: true,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'document', source: { type: 'text', media_type: 'text/plain', data: '[redacted]' } },
            ],
          },
        ],
      },
      warned: [],
    });
  });

  function extraOf(request: ChatRequest) {
    const part = request.turns[0]!.parts[0]!;
    return part.type === 'document' && part.extra ? { extra: part.extra } : {};
  }
});

describe('parseRequest refuses', () => {
  const good = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] };
  const content = (block: unknown) =>
    ({ ...good, messages: [{ role: 'user', content: [block] }] }) as JsonObject;
  it.each<[JsonObject, string]>([
    [{}, 'model'],
    [{ ...good, model: '' }, 'model'],
    [{ ...good, messages: 'x' }, 'messages'],
    [{ ...good, messages: [1] }, 'messages[0]'],
    [{ ...good, messages: [{ role: 'tool', content: 'x' }] }, 'messages[0].role'],
    [{ ...good, messages: [{ role: 'user', content: 1 }] }, 'messages[0].content'],
    [{ ...good, max_tokens: '9' }, 'max_tokens'],
    [{ ...good, temperature: 'hot' }, 'temperature'],
    [{ ...good, stop_sequences: [1] }, 'stop_sequences'],
    [{ ...good, stream: 'yes' }, 'stream'],
    [{ ...good, tools: {} }, 'tools'],
    [{ ...good, tools: [1] }, 'tools[0]'],
    [{ ...good, tools: [{ description: 'x' }] }, 'tools[0].name'],
    [{ ...good, tools: [{ type: 7 }] }, 'tools[0].type'],
    [{ ...good, tool_choice: { type: 'tool' } }, 'tool_choice.name'],
    [{ ...good, system: 7 }, 'system'],
    [{ ...good, system: [7] }, 'system[0]'],
    [content(7), 'messages[0].content[0]'],
    [content({ text: 'x' }), 'messages[0].content[0].type'],
    [content({ type: 'text' }), 'messages[0].content[0]'],
    [content({ type: 'tool_use', id: 'a' }), 'messages[0].content[0]'],
    [content({ type: 'tool_result', content: 'x' }), 'messages[0].content[0]'],
    [content({ type: 'tool_result', tool_use_id: 'a', content: [1] }), 'messages[0].content[0]'],
  ])('%j', (body, param) => {
    expect(() => anthropicMessages.parseRequest(body)).toThrow(
      expect.objectContaining({ name: 'WireError', param }),
    );
  });
});

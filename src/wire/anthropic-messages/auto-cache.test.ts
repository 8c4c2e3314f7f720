/** Breakpoints set for clients that set none: where they stand, how many, and never over a client's own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chatRequest } from '../__fixtures__/arbitrary-chat.ts';
import type { ChatPart, ChatRequest, ChatTurn, JsonObject } from '../chat.ts';
import { withCacheMarks } from './auto-cache.ts';
import { anthropicMessages } from './index.ts';

const text = (value: string): ChatPart => ({ type: 'text', text: value });
const thought: ChatPart = {
  type: 'thinking',
  text: 'hm',
  signature: { format: 'anthropic-messages', value: 'Eq' },
};
const call = (id: string): ChatPart => ({ type: 'tool-call', id, name: 'look', arguments: '{}' });
const result = (callId: string): ChatPart => ({ type: 'tool-result', callId, content: [] });
const turn = (role: ChatTurn['role'], ...parts: ChatPart[]): ChatTurn => ({ role, parts });

const agent: ChatRequest = {
  model: 'claude-sonnet-4-5',
  turns: [
    { ...turn('system', text('Be brief.'), text('Rules.')), lead: true },
    turn('user', text('What is this?'), text('')),
    turn('assistant', thought, call('a'), call('b')),
    turn('tool', result('a')),
    turn('tool', result('b')),
    turn('assistant', text('A cat.')),
    turn('user', text('And this?'), text(' ')),
  ],
  tools: [
    { name: 'feel' },
    { name: 'look' },
    { name: 'web_search', builtin: { format: 'anthropic-messages', value: { type: 'web_search_20250305' } } },
  ],
  stream: false,
};

/** Paths of all marks. */
function marksOf(chat: ChatRequest): string[] {
  const ofTools = chat.tools.flatMap(({ cache }, index) => (cache ? [`tools[${index}]`] : []));
  const ofParts = chat.turns.flatMap(({ parts }, at) =>
    parts.flatMap((part, index) =>
      part.type !== 'opaque' && part.cache ? [`turns[${at}].parts[${index}]`] : [],
    ),
  );
  return [...ofTools, ...ofParts];
}

function isUnmarked(chat: ChatRequest): boolean {
  return !JSON.stringify(chat).includes('"cache"');
}

describe('withCacheMarks', () => {
  it.each<[string, Partial<ChatRequest>, string[]]>([
    [
      'tools, system, and the last two turns of the user',
      {},
      ['tools[1]', 'turns[0].parts[1]', 'turns[4].parts[0]', 'turns[6].parts[0]'],
    ],
    ['a first question alone', { turns: [turn('user', text('Hi'))], tools: [] }, ['turns[0].parts[0]']],
    ['nothing but a system prompt', { turns: [turn('system', text('x'))], tools: [] }, ['turns[0].parts[0]']],
    [
      'an assistant that begins, and one that is continued',
      {
        turns: [turn('assistant', text('Hi')), turn('user', text('?')), turn('assistant', text('{'))],
        tools: [],
      },
      ['turns[1].parts[0]'],
    ],
    [
      'an image as the last part',
      { turns: [turn('user', text('x'), image())], tools: [] },
      ['turns[0].parts[1]'],
    ],
    ['nothing to mark', { turns: [turn('user', text(' '))], tools: [] }, []],
  ])('marks %s', (_name, changes, marks) => {
    expect(marksOf(withCacheMarks({ ...agent, ...changes }))).toEqual(marks);
  });

  it.each<[string, Partial<ChatRequest>]>([
    ['a part', { turns: [turn('user', { type: 'text', text: 'x', cache: { ttl: '1h' } })] }],
    ['a tool', { tools: [{ name: 'look', cache: {} }] }],
    [
      'a part of a result',
      {
        turns: [
          turn('user', { ...result('a'), content: [{ type: 'text', text: 'x', cache: {} }] } as ChatPart),
        ],
      },
    ],
    ['a block kept verbatim', { turns: [turn('user', opaque({ type: 'x', cache_control: {} }))] }],
    [
      'a tool of the vendor',
      {
        tools: [
          {
            name: 'w',
            builtin: { format: 'anthropic-messages', value: { cache_control: { type: 'ephemeral' } } },
          },
        ],
      },
    ],
    [
      'the whole request',
      { extra: { format: 'anthropic-messages', fields: { cache_control: { type: 'ephemeral' } } } },
    ],
  ])('leaves a chat as it is that marks %s', (_name, changes) => {
    const chat = { ...agent, ...changes };
    expect(withCacheMarks(chat)).toBe(chat);
  });

  it('never sets more than four, nor one the API refuses, nor changes anything else', () => {
    fc.assert(
      fc.property(chatRequest, (chat) => {
        const marked = withCacheMarks(chat);
        if (!isUnmarked(chat)) {
          expect(marked).toBe(chat);
          return;
        }
        expect(marksOf(marked).length).toBeLessThanOrEqual(4);
        expect(JSON.parse(JSON.stringify(marked).replaceAll(',"cache":{}', ''))).toEqual(
          JSON.parse(JSON.stringify(chat)),
        );
        const blocks = blocksOf(anthropicMessages.renderRequest(marked).body);
        for (const block of blocks) {
          if (block.cache_control === undefined) continue;
          expect(block.type).not.toMatch(/thinking/);
          if (block.type === 'text') expect(String(block.text).trim()).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is what the format offers for its upstreams', () => {
    expect(anthropicMessages.withAutoCache?.(agent)).toEqual(withCacheMarks(agent));
  });
});

function image(): ChatPart {
  return { type: 'image', source: { kind: 'url', url: 'https://example.test/a.png' } };
}

function opaque(value: JsonObject): ChatPart {
  return { type: 'opaque', format: 'anthropic-messages', value };
}

function blocksOf({ messages, system }: JsonObject): JsonObject[] {
  const contents = [system, ...(messages as JsonObject[]).map(({ content }) => content)];
  return contents.flatMap((content) => (Array.isArray(content) ? (content as JsonObject[]) : []));
}

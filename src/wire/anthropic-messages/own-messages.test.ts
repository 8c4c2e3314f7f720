/** Requests of this format whose client carries other vendors' state: that goes, all else goes on as it came. */
import { describe, expect, it } from 'vitest';
import type { JsonObject, Signature } from '../chat.ts';
import { seal, sealId } from '../seal.ts';
import { anthropicMessages } from './index.ts';

const gemini: Signature = { format: 'gemini-generate', value: 'CvQB' };
const openai: Signature = { format: 'openai-chat', value: '', fields: { field: 'reasoning_content' } };

const ownThought = { type: 'thinking', thinking: 'I know.', signature: 'EqQB' };
const thought = { type: 'thinking', thinking: 'Hm.', signature: seal(openai) };
const hidden = { type: 'redacted_thinking', data: seal({ format: 'openai-responses', value: 'gAAA' }) };
const text = (value: string) => ({ type: 'text', text: value });
const use = (id: string) => ({ type: 'tool_use', id, name: 'look', input: {}, cache_control: null });
const result = (id: string) => ({ type: 'tool_result', tool_use_id: id, content: 'A cat.', is_error: false });
const user = (...content: JsonObject[]) => ({ role: 'user', content });
const assistant = (...content: JsonObject[]) => ({ role: 'assistant', content });

function relay(messages: JsonObject[], more: JsonObject = {}) {
  const body = { model: 'claude-sonnet-4-5', max_tokens: 4096, messages, ...more };
  const rendered = anthropicMessages.renderRequest(anthropicMessages.parseRequest(body));
  return { ...rendered, paths: rendered.warnings.map(({ kind, path }) => `${kind} ${path}`) };
}

describe('state of others', () => {
  it('goes, and nothing else', () => {
    const id = sealId('call_1', gemini);
    const messages = [
      { role: 'user', content: 'What is this?' },
      assistant(thought, hidden, text('I look.'), use(id), use('toolu_2')),
      user(result(id), result('toolu_2')),
      assistant(ownThought, text('A cat.')),
      user(text('Thanks')),
    ];
    const { body, paths } = relay(messages, { system: 'Be brief.', metadata: { odd: null } });
    expect(body).toEqual({
      model: 'claude-sonnet-4-5',
      max_tokens: 4096,
      system: 'Be brief.',
      metadata: { odd: null },
      messages: [
        messages[0],
        assistant(text('I look.'), use('call_1'), use('toolu_2')),
        user(result('call_1'), result('toolu_2')),
        messages[3],
        messages[4],
      ],
    });
    expect(paths).toEqual([
      'dropped turns[2].parts[0]',
      'dropped turns[2].parts[1]',
      'dropped turns[2].parts[3].signature',
    ]);
  });

  it.each<[string, JsonObject[], JsonObject[]]>([
    [
      'between two of the user, which become one',
      [{ role: 'user', content: 'a' }, assistant(thought), user(text('b'))],
      [user(text('a'), text('b'))],
    ],
    ['at the end', [user(text('a')), assistant(thought)], [user(text('a'))]],
    [
      'at the beginning',
      [assistant(hidden), user(text('a')), assistant(text('b'))],
      [user(text('a')), assistant(text('b'))],
    ],
    [
      'next to two of the user that came as two',
      [user(text('a')), assistant(hidden), user(text('b')), user(text('c'))],
      [user(text('a'), text('b')), user(text('c'))],
    ],
  ])('leaves no empty message %s', (_name, messages, sent) => {
    expect(relay(messages).body.messages).toEqual(sent);
  });

  it.each([
    ['thinking', { ...thought, signature: `${seal(openai)}%` }],
    ['redacted thinking', { ...hidden, data: hidden.data.slice(0, 12) }],
  ])('goes also where its seal is damaged: %s', (_name, block) => {
    const { body, paths } = relay([user(text('a')), assistant(block, text('b')), user(text('c'))]);
    expect(body.messages).toEqual([user(text('a')), assistant(text('b')), user(text('c'))]);
    expect(paths).toEqual(['dropped turns[1].parts[0]']);
  });
});

describe('a thinking budget in a running tool loop', () => {
  const loop = (...said: JsonObject[]) => [user(text('?')), assistant(...said, use('a')), user(result('a'))];
  const thinking = { type: 'enabled', budget_tokens: 2000 };
  const clearing = { type: 'clear_thinking_20251015', keep: 'all' };
  const other = { type: 'clear_tool_uses_20250919' };

  it('is given up where the loop began with thoughts of another model', () => {
    const { body, paths } = relay(loop(thought), {
      thinking,
      context_management: { edits: [clearing, other] },
    });
    expect(body).not.toHaveProperty('thinking');
    expect(body.context_management).toEqual({ edits: [other] });
    expect(paths).toEqual(['dropped turns[1].parts[0]', 'dropped reasoning']);
    expect(
      relay(loop(thought), { thinking, context_management: { edits: [clearing] } }).body,
    ).not.toHaveProperty('context_management');
  });

  it.each<[string, JsonObject[], JsonObject]>([
    ['own thoughts begin it', loop(ownThought), { thinking }],
    ['own thoughts are left', loop(thought, ownThought), { thinking }],
    ['the client alone is to blame', loop(text('I look.')), { thinking }],
    ['the model thinks as it likes', loop(thought), { thinking: { type: 'adaptive' } }],
    ['the loop is over', [...loop(thought), assistant(text('b')), user(text('c'))], { thinking }],
  ])('stays where %s', (_name, messages, more) => {
    expect(relay(messages, more).body.thinking).toEqual(more.thinking);
  });
});

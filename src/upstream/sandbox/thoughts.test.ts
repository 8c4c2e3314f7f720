/** Thoughts that are sent back: taken as they were given, refused where they were changed or are a stranger's. */
import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../../test/support/manual-time.ts';
import {
  allFormats,
  chatPath,
  readAnswer,
  requestBody,
  userTurn,
} from '../../../test/support/sandbox-ask.ts';
import type { ChatPart, ChatRequest, ThinkingPart } from '../../wire/chat.ts';
import type { Format } from '../../wire/format.ts';
import { formats } from '../../wire/formats.ts';
import { seal } from '../../wire/seal.ts';
import { createSandboxEngine } from './engine.ts';

const engine = createSandboxEngine({ formats: allFormats, clock: createManualTime().clock, timing: 'none' });

function send(format: Format, body: string): { status: number; bytes: Buffer } {
  const path = chatPath(format, 'thinker');
  const script = engine.answer({ method: 'POST', path, headers: {}, body: Buffer.from(body) });
  if (script.type !== 'answer') throw new Error('refused');
  const chunks: Buffer[] = [];
  for (let piece = script.next(); piece !== undefined; piece = script.next())
    chunks.push(Buffer.from(piece as string));
  return { status: script.status, bytes: Buffer.concat(chunks) };
}

function thoughtOf(format: Format): ThinkingPart {
  const { status, bytes } = send(format, requestBody(format, 'thinker', 'why'));
  const part = readAnswer(format, status, bytes, false).reply?.parts[0];
  if (part?.type !== 'thinking') throw new Error('no thought');
  return part;
}

describe('thoughts that come back', () => {
  const format = formats['anthropic-messages'];
  const turnsWith = (thought: ChatPart): ChatRequest['turns'] => [
    userTurn('why'),
    { role: 'assistant', parts: [thought, { type: 'text', text: 'so' }] },
    userTurn('and?'),
  ];
  const thought = thoughtOf(format);
  it.each<[string, ChatPart, number]>([
    ['whole', thought, 200],
    ['with other words', { ...thought, text: 'never mind' }, 400],
    [
      'of another vendor',
      { ...thought, text: 'never mind', signature: { format: 'anthropic-messages', value: 'EqQBCkYIBxgC' } },
      200,
    ],
    ['with its text withheld', { ...thought, text: '' }, 200],
  ])('%s', (_name, part, status) => {
    const body = requestBody(format, 'thinker', '', {
      turns: turnsWith(part),
      reasoning: { mode: 'on', budgetTokens: 1024 },
    });
    expect(send(format, body).status).toBe(status);
  });
});

describe('state of strangers', () => {
  const sealed = seal({ format: 'gemini-generate', value: 'CvQB' });
  const ofOthers: readonly [name: string, format: Format, message: object][] = [
    [
      'a thought',
      formats['anthropic-messages'],
      { role: 'assistant', content: [{ type: 'thinking', thinking: 'x', signature: sealed }] },
    ],
    [
      'a damaged one',
      formats['anthropic-messages'],
      { role: 'assistant', content: [{ type: 'redacted_thinking', data: sealed.slice(0, 14) }] },
    ],
    [
      'a call',
      formats['openai-chat'],
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: `c_${sealed}`, type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
    ],
  ];
  it.each(ofOthers)('is refused: %s', (_name, format, message) => {
    const user = { role: 'user', content: 'x' };
    const body = JSON.stringify({ model: 'echo', max_tokens: 9, messages: [user, message, user] });
    expect(send(format, body).status).toBe(400);
  });
});

/** Commands and skills: known by what the user said last, and what came of it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePromptId, promptIdText } from '../base/prompt-id.ts';
import type { FormatId } from '../wire/chat.ts';
import { walkTopLevel } from '../wire/walk.ts';
import { compilePromptFinder, type KnownPrompt, promptFields } from './find-prompt.ts';

const prompt = (id: string, text: string): KnownPrompt => ({ id: parsePromptId(id)!, text });

const REVIEWER = 'You are a senior code reviewer.\n\nRead the change before you say anything.\n';
const SHIP = '# Ship\n\nShip the change: $ARGUMENTS\n\nRun the tests first.';
const PDF = '# Reading PDFs\n\nUse the script to take the text out of each page.\n';

const finder = compilePromptFinder([
  prompt('agent:oss:code-reviewer', REVIEWER),
  prompt('command:oss:ship', `Take the change to main, with all that belongs to it. ${SHIP}`),
  prompt('command:plan', ''),
  prompt('skill:pdf', PDF),
]);

function findIn(format: FormatId, body: object | Buffer, among = finder): string | undefined {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const walk = walkTopLevel(bytes, promptFields(format));
  if (!walk.ok) throw new Error(walk.message);
  const id = among.find(format, bytes, walk.fields);
  return id && promptIdText(id);
}

const text = (value: string) => ({ type: 'text', text: value });
const user = { role: 'user', content: 'Please look at it.' };

const COMMAND = text(
  '<command-message>ship is running…</command-message>\n<command-name>/oss:ship</command-name>',
);
const toolUse = {
  role: 'assistant',
  content: [{ type: 'tool_use', id: 't', name: 'Read', input: { role: 'x' } }],
};
const result = (content: unknown) => ({
  role: 'user',
  content: [{ tool_use_id: 't', type: 'tool_result', content }],
});
const reminder = text('<system-reminder>\nBe kind.\n</system-reminder>');

describe('a turn of Claude Code', () => {
  const asked = { role: 'user', content: [reminder, COMMAND, text('Ship it. All of it.')] };
  it.each<[string, string | undefined, readonly object[]]>([
    ['begins with a command', 'command:oss:ship', [asked]],
    [
      'begins with a command alone',
      'command:plan',
      [{ role: 'user', content: '<command-name>/plan</command-name>' }],
    ],
    [
      'has a command and results since',
      'command:oss:ship',
      [asked, toolUse, result('ok'), toolUse, result([text('ok')])],
    ],
    [
      'has reminders since',
      'command:oss:ship',
      [asked, toolUse, result('ok'), { role: 'user', content: [reminder] }],
    ],
    ['is of the user again', undefined, [asked, toolUse, result('ok'), user]],
    [
      'is of another command',
      'command:plan',
      [asked, toolUse, result('ok'), { role: 'user', content: [text('<command-name>/plan</command-name>')] }],
    ],
    [
      'is of a command nobody knows',
      undefined,
      [{ role: 'user', content: [COMMAND, text('<command-name>/model</command-name>')] }],
    ],
    [
      'only reads about a command',
      undefined,
      [user, toolUse, result(COMMAND.text), toolUse, result([COMMAND])],
    ],
    ['talks of a command', undefined, [{ role: 'user', content: `What is ${COMMAND.text}?` }]],
    [
      'was interrupted',
      undefined,
      [
        asked,
        toolUse,
        {
          role: 'user',
          content: [
            ...result('no').content,
            text('[Request interrupted by user for tool use]'),
            text('Stop.'),
          ],
        },
      ],
    ],
    [
      'was interrupted for a command',
      'command:plan',
      [
        user,
        toolUse,
        {
          role: 'user',
          content: [
            ...result('no').content,
            text('[Request interrupted by user]'),
            text('<command-name>/plan</command-name>'),
          ],
        },
        toolUse,
        result('ok'),
      ],
    ],
    [
      'loads a skill',
      'skill:pdf',
      [
        user,
        toolUse,
        {
          role: 'user',
          content: [
            ...result('Launching skill: pdf').content,
            text(`Base directory for this skill: /s/other\n\n${PDF}`),
          ],
        },
        toolUse,
        result('ok'),
      ],
    ],
    [
      'loads a skill known by its folder',
      'skill:pdf',
      [
        user,
        toolUse,
        {
          role: 'user',
          content: [...result('').content, text('Base directory for this skill: /s/pdf\n\nChanged since.')],
        },
      ],
    ],
    [
      'had a skill before',
      undefined,
      [
        text(''),
        { role: 'user', content: [text(`Base directory for this skill: /s/pdf\n\n${PDF}`)] },
        toolUse,
        user,
      ],
    ],
    [
      'begins with a skill',
      'skill:pdf',
      [
        {
          role: 'user',
          content: [text('<command-message>pdf</command-message>\n<command-name>/pdf</command-name>')],
        },
      ],
    ],
    [
      'has a picture',
      'command:plan',
      [
        {
          role: 'user',
          content: [
            { type: 'image', source: { type: 'base64', data: 'a'.repeat(9_000) } },
            text('<command-name>/plan</command-name>'),
          ],
        },
      ],
    ],
  ])('that %s: %s', (_, expected, messages) => {
    expect(findIn('anthropic-messages', { messages })).toBe(expected);
    const spaced = JSON.stringify({ messages }, null, 1);
    expect(findIn('anthropic-messages', Buffer.from(spaced))).toBe(expected);
  });

  it.each<[string, string | undefined, readonly object[]]>([
    ['names any command', 'command:other', [text('<command-name>/other</command-name>'), text('Do.')]],
    ['names a known one', 'command:oss:ship', [COMMAND]],
    [
      'begins with one that the client carried out itself',
      undefined,
      [
        text('<command-name>/model</command-name>'),
        text('<local-command-stdout>ok</local-command-stdout>'),
        text('Do.'),
      ],
    ],
    ['names one that cannot be', undefined, [text(`<command-name>/${'x'.repeat(300)}</command-name>`)]],
  ])('that %s, where there is a rule for all of them: %s', (_, expected, content) => {
    const among = compilePromptFinder([prompt('command:oss:ship', '')], { hasAnyCommand: true });
    expect(findIn('anthropic-messages', { messages: [{ role: 'user', content }] }, among)).toBe(expected);
  });

  it("comes before the agent's text, a loaded skill after it", () => {
    expect(findIn('anthropic-messages', { system: REVIEWER, messages: [asked] })).toBe('command:oss:ship');
    const messages = [{ role: 'user', content: [text(`Base directory for this skill: /s/pdf\n\n${PDF}`)] }];
    expect(findIn('anthropic-messages', { messages })).toBe('skill:pdf');
    expect(findIn('anthropic-messages', { system: REVIEWER, messages })).toBe('agent:oss:code-reviewer');
  });
});

describe('the text of a command', () => {
  const said = 'Take the change to main, with all that belongs to it. # Ship\n\nShip the change: now\n';
  it.each<[FormatId, object]>([
    ['anthropic-messages', { messages: [{ role: 'user', content: said }] }],
    [
      'openai-chat',
      { messages: [user, { role: 'assistant', content: 'Hi' }, { role: 'user', content: [text(said)] }] },
    ],
    ['openai-responses', { input: said }],
    [
      'openai-responses',
      {
        input: [
          { role: 'user', content: [{ type: 'input_text', text: said }] },
          { type: 'function_call_output', output: 'x' },
        ],
      },
    ],
    [
      'gemini-generate',
      {
        contents: [
          { role: 'user', parts: [{ text: said }] },
          { role: 'model', parts: [] },
          { role: 'user', parts: [{ functionResponse: { name: 'x' } }] },
        ],
      },
    ],
    [
      'ollama-chat',
      {
        messages: [
          { role: 'user', content: said },
          { role: 'tool', content: 'ok' },
        ],
      },
    ],
  ])('is found where the user said it last (%s)', (format, body) => {
    expect(findIn(format, body)).toBe('command:oss:ship');
  });
});

it('finds a hook where its client says it in place of the user', () => {
  const among = compilePromptFinder([
    prompt('hook:stop', 'Say whether the work is done, in one word and no more.'),
  ]);
  const said = 'Say whether the work is done, in one word and no more. {"stop": true}';
  expect(findIn('anthropic-messages', { messages: [{ role: 'user', content: said }] }, among)).toBe(
    'hook:stop',
  );
});

interface Message {
  readonly role: string;
  readonly content: string | readonly { readonly text?: string; readonly tool_use_id?: string }[];
}

/** The same rules, over the parsed messages: what the user said last decides. */
function commandOf(messages: readonly Message[]): string | undefined {
  for (const { role, content } of messages.toReversed()) {
    const blocks = typeof content === 'string' ? [{ text: content }] : content;
    if (role !== 'user' || blocks.some((block) => 'tool_use_id' in block)) continue;
    const texts = blocks
      .map((block) => block.text ?? '')
      .filter((said) => !said.startsWith('<system-reminder>'));
    if (texts.length === 0) continue;
    const named = texts.flatMap((said) => /^<command-name>\/([a-z:]+)</.exec(said)?.[1] ?? []).at(-1);
    return named && ['oss:ship', 'plan'].includes(named) ? `command:${named}` : undefined;
  }
  return undefined;
}

describe('the last turn', () => {
  const words = fc.constantFrom(
    '<command-name>/oss:ship</command-name>',
    '<command-name>/plan</command-name>',
    '<command-name>/nobody</command-name>',
    '<system-reminder>Be kind.</system-reminder>',
    'Say "role":"user","content":[ and \\"role\\":\\"user\\" and go on.',
    'Base directory for this skill: is said in the middle',
    '',
  );
  const said = fc.oneof(words, fc.string({ unit: 'binary', maxLength: 200 }));
  const blocks = fc.oneof(
    fc.array(said.map(text), { maxLength: 4 }),
    fc.array(
      said.map((content) => ({ type: 'tool_result', tool_use_id: 't', content: [text(content)] })),
      { minLength: 1, maxLength: 3 },
    ),
  );
  const message = fc.record({
    role: fc.constantFrom('user', 'user', 'assistant', 'system'),
    content: fc.oneof(said, blocks),
  });
  it.each([undefined, 1])('is what it is when all is parsed (indented by %s)', (indent) => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 12 }), (messages) => {
        const body = Buffer.from(JSON.stringify({ model: 'm', messages }, null, indent));
        expect(findIn('anthropic-messages', body)).toBe(commandOf(messages));
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('lastTurn', () => {
  it('takes any list of messages for what it is', () => {
    const block = fc.oneof(
      fc.record({ type: fc.constant('text'), text: fc.string() }),
      fc.record({ tool_use_id: fc.string(), content: fc.string() }),
      fc.string(),
    );
    const message = fc.record({
      role: fc.constantFrom('user', 'assistant'),
      content: fc.oneof(fc.string(), fc.array(block)),
    });
    fc.assert(
      fc.property(
        fc.array(message),
        fc.array(message.filter(({ role }) => role === 'assistant')),
        (before, after) => {
          const messages = [...before, { role: 'user', content: [COMMAND] }, ...after, toolUse, result('ok')];
          expect(findIn('anthropic-messages', { messages })).toBe('command:oss:ship');
        },
      ),
      { numRuns: 200 },
    );
  });
});

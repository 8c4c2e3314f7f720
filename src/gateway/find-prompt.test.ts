/** Prompts found by the system text of requests, in every format, however it is written. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePromptId, promptIdText } from '../base/prompt-id.ts';
import type { FormatId } from '../wire/chat.ts';
import { walkTopLevel } from '../wire/walk.ts';
import { compilePromptFinder, type KnownPrompt, noPrompts, promptFields } from './find-prompt.ts';

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

/** Each place where clients put system text, in each format. */
const systemPlaces: readonly (readonly [string, FormatId, (system: string) => object])[] = [
  ['the system text', 'anthropic-messages', (system) => ({ system, messages: [user] })],
  [
    "a block of Claude Code's",
    'anthropic-messages',
    (system) => ({
      messages: [
        { role: 'user', content: [text('<system-reminder>\nBe kind.\n</system-reminder>'), text('Hi')] },
      ],
      system: [
        text('x-anthropic-billing-header: cc_version=2.1.329.abc; cc_entrypoint=cli;'),
        {
          ...text("You are Claude Code, Anthropic's official CLI for Claude."),
          cache_control: { type: 'ephemeral' },
        },
        {
          ...text(`${system}\n\nNotes:\n- Agent threads always have their cwd reset.`),
          cache_control: { type: 'ephemeral' },
        },
      ],
      tools: [{ name: 'Read', description: 'Reads.', input_schema: { type: 'object' } }],
    }),
  ],
  [
    'a system message after the first',
    'anthropic-messages',
    (system) => ({ messages: [user, { role: 'system', content: [{ ...text(system), cache_control: {} }] }] }),
  ],
  ['a system message', 'openai-chat', (content) => ({ messages: [{ role: 'system', content }, user] })],
  [
    'the second of two developer messages',
    'openai-chat',
    (system) => ({
      messages: [
        { role: 'developer', content: [text('Be brief.')] },
        { content: [text(system)], role: 'developer' },
        user,
      ],
    }),
  ],
  ['the instructions', 'openai-responses', (instructions) => ({ instructions, input: 'Hi' })],
  [
    "a developer item of Codex's",
    'openai-responses',
    (system) => ({
      input: [
        { type: 'message', id: 'msg_1', role: 'developer', content: [{ type: 'input_text', text: system }] },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      ],
    }),
  ],
  [
    'the system instruction',
    'gemini-generate',
    (system) => ({
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      systemInstruction: { parts: [{ text: system }] },
    }),
  ],
  [
    'its other spelling',
    'gemini-generate',
    (system) => ({
      system_instruction: { role: 'user', parts: [{ text: 'Be brief.' }, { text: system }] },
      contents: [],
    }),
  ],
  ['a system message', 'ollama-chat', (content) => ({ messages: [{ role: 'system', content }, user] })],
];

describe('system text', () => {
  it.each(systemPlaces)('is found in %s (%s)', (_, format, render) => {
    expect(findIn(format, render(REVIEWER))).toBe('agent:oss:code-reviewer');
    expect(findIn(format, render(`${REVIEWER}And some more.`))).toBe('agent:oss:code-reviewer');
    expect(findIn(format, render(`Hello. ${REVIEWER}`))).toBeUndefined();
  });

  it.each(systemPlaces)('is found in %s (%s), however it is written', (_, format, render) => {
    const spaced = JSON.stringify(render(REVIEWER.replaceAll('\n', '\r\n')), null, 2);
    expect(findIn(format, Buffer.from(spaced))).toBe('agent:oss:code-reviewer');
    const escaped = JSON.stringify(render(REVIEWER)).replaceAll('You are', '\\u0059ou\\u0020are');
    expect(findIn(format, Buffer.from(escaped))).toBe('agent:oss:code-reviewer');
  });

  it.each(systemPlaces)('of any kind is found in %s (%s)', (_, format, render) => {
    const anyText = fc
      .string({ unit: 'binary', minLength: 40, maxLength: 3_000 })
      .map((own) => own.toWellFormed());
    fc.assert(
      fc.property(anyText, fc.string(), (own, more) => {
        fc.pre(own.replace(/\s+/g, ' ').trim().length >= 32);
        const among = compilePromptFinder([prompt('agent:own', own)]);
        expect(findIn(format, render(`${own}${more}`), among)).toBe('agent:own');
        expect(findIn(format, render(`.${own}${more}`), among)).toBeUndefined();
      }),
      { numRuns: 40 },
    );
  });

  it('is not taken from what the user or the model says', () => {
    const messages = [
      { role: 'user', content: REVIEWER },
      { role: 'assistant', content: [text(REVIEWER)] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: [text(REVIEWER)] }] },
    ];
    expect(findIn('anthropic-messages', { system: 'Be brief.', messages })).toBeUndefined();
    expect(findIn('openai-chat', { messages })).toBeUndefined();
  });

  it('is told from another that begins alike by the longest that fits', () => {
    const common = 'You are an expert in software engineering, and you know ';
    const names = Array.from({ length: 300 }, (_, at) => `${common}all of subject number ${at}`);
    const among = compilePromptFinder([
      ...names.map((own, at) => prompt(`agent:a${at}`, own)),
      prompt('agent:short', common),
    ]);
    for (const at of [0, 1, 17, 170, 299]) {
      expect(findIn('ollama-chat', { messages: [{ role: 'system', content: `${names[at]}.` }] }, among)).toBe(
        `agent:a${at}`,
      );
    }
    const other = { messages: [{ role: 'system', content: `${common}all of subject x` }] };
    expect(findIn('ollama-chat', other, among)).toBe('agent:short');
  });

  it('says which prompts it cannot tell by their text', () => {
    const long = 'word '.repeat(300);
    const among = compilePromptFinder([
      prompt('agent:a', `${long}one`),
      prompt('agent:b', `${long}two`),
      prompt('agent:short', 'You are a helpful assistant.'),
      prompt('agent:good', REVIEWER),
    ]);
    expect([...among.left]).toEqual([
      ['agent:short', expect.stringContaining('fewer than 32')],
      ['agent:a', expect.stringContaining('same 1000 characters as that of agent:b')],
      ['agent:b', expect.stringContaining('same 1000 characters as that of agent:a')],
    ]);
    expect(
      findIn('openai-chat', { messages: [{ role: 'system', content: `${long}one` }] }, among),
    ).toBeUndefined();
  });
});

describe('find', () => {
  it('is not asked where nothing is known', () => {
    expect(noPrompts.isEmpty).toBe(true);
    expect(compilePromptFinder([]).isEmpty).toBe(true);
    expect(compilePromptFinder([prompt('agent:a', 'short'), prompt('agent:b', '')]).isEmpty).toBe(true);
    expect(compilePromptFinder([prompt('command:a', '')]).isEmpty).toBe(false);
  });

  it('never throws, whatever the bytes and spans are', () => {
    const bodies = systemPlaces.map(([, format, render]) => ({
      format,
      bytes: Buffer.from(JSON.stringify(render(REVIEWER))),
    }));
    const values = fc.jsonValue({ maxDepth: 4 });
    const names = ['system', 'messages', 'input', 'contents', 'instructions', 'systemInstruction'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.nat(), ({ format, bytes }, cut) => {
        const walk = walkTopLevel(bytes, promptFields(format));
        if (!walk.ok) throw new Error(walk.message);
        const part = bytes.subarray(0, cut % bytes.length);
        expect(() => finder.find(format, part, walk.fields)).not.toThrow();
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...bodies),
        fc.constantFrom(...names),
        values,
        ({ format }, name, value) => {
          expect(findIn(format, { [name]: value })).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** The toolsmith through a whole turn of a coding agent, as Claude Code and opencode make them. */
import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../../test/support/manual-time.ts';
import {
  allFormats,
  chatPath,
  readAnswer,
  requestBody,
  userTurn,
} from '../../../test/support/sandbox-ask.ts';
import type { ChatReply, ChatTool, ChatTurn, JsonObject, ToolCallPart } from '../../wire/chat.ts';
import type { Format } from '../../wire/format.ts';
import { createSandboxEngine } from './engine.ts';

const engine = createSandboxEngine({ formats: allFormats, clock: createManualTime().clock, timing: 'none' });

function tool(name: string, properties: JsonObject, required: string[]): ChatTool {
  return {
    name,
    description: `${name}, at length.`,
    inputSchema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties,
      required,
      additionalProperties: false,
    },
  };
}

const text = { type: 'string' };
const tools: readonly ChatTool[] = [
  tool('Task', { description: text, prompt: text, subagent_type: text }, ['description', 'prompt']),
  tool('Bash', { command: text, timeout: { type: 'number' }, description: text }, ['command']),
  tool('Read', { file_path: text, offset: { type: 'integer', exclusiveMinimum: 0 } }, ['file_path']),
  tool('Write', { file_path: text, content: text }, ['file_path', 'content']),
];

/** Plays the agent: asks, does as told, and asks again until the model has nothing more to call. */
function runTurn(
  format: Format,
  prompt: string,
  execute: (call: ToolCallPart) => string,
  shape: 'claude' | 'plain',
) {
  const reminder: ChatTurn['parts'] = [
    { type: 'text', text: '<system-reminder>Mind the tools.</system-reminder>' },
  ];
  const turns: ChatTurn[] = [
    { role: 'system', parts: [{ type: 'text', text: 'You are an agent. [[sandbox fail=500]]' }], lead: true },
    shape === 'claude'
      ? { role: 'user', parts: [...reminder, { type: 'text', text: prompt }] }
      : userTurn(prompt),
  ];
  const calls: ToolCallPart[] = [];
  for (let round = 0; round < 8; round++) {
    const reply = ask(format, turns);
    const made = reply.parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
    if (made.length === 0) return { calls, reply };
    calls.push(...made);
    const results = made.map((call) => ({
      type: 'tool-result' as const,
      callId: call.id,
      content: [{ type: 'text' as const, text: execute(call) }],
    }));
    turns.push({ role: 'assistant', parts: reply.parts });
    if (shape === 'claude') turns.push({ role: 'user', parts: [...results, ...reminder] });
    else for (const result of results) turns.push({ role: 'tool', parts: [result] });
  }
  throw new Error('the turn does not end');
}

function ask(format: Format, turns: readonly ChatTurn[]): ChatReply {
  const body = requestBody(format, 'toolsmith', '', { turns, tools, stream: true });
  const script = engine.answer({
    method: 'POST',
    path: chatPath(format, 'toolsmith', true),
    headers: {},
    body: Buffer.from(body),
  });
  if (script.type !== 'answer') throw new Error('refused');
  let stream = '';
  for (let piece = script.next(); piece !== undefined; piece = script.next()) stream += piece;
  const { reply, error } = readAnswer(format, script.status, Buffer.from(stream), true);
  if (!reply || error) throw new Error(error?.message ?? 'no reply');
  return reply;
}

const shapes = allFormats.flatMap((format) =>
  (['claude', 'plain'] as const).map((shape) => ({ format, shape, id: format.id })),
);

describe.each(shapes)('in $id, shaped like $shape', ({ format, shape }) => {
  const finalText = (reply: ChatReply) =>
    reply.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');

  it('calls one tool, then answers from its result', () => {
    const { calls, reply } = runTurn(format, 'Please look around', () => 'README.md src', shape);
    expect(calls.map((call) => [call.name, JSON.parse(call.arguments)])).toEqual([
      ['Bash', { command: 'echo "hello from the Turnpike sandbox"' }],
    ]);
    expect(finalText(reply)).toBe('The tool answered:\n\nREADME.md src');
  });

  it('follows a script of several rounds, each call with an id of its own', () => {
    const script = [
      '[[sandbox tool=Write args={"file_path":"a.txt","content":"hi ]]"}]]',
      '[[sandbox tool=Bash args={"command":"cat a.txt","description":"Show it"} parallel=2]]',
      '[[sandbox text="all done"]]',
    ];
    const { calls, reply } = runTurn(
      format,
      `Do this: ${script.join(' ')}`,
      (call) => `${call.name} ok`,
      shape,
    );
    expect(calls.map((call) => call.name)).toEqual(['Write', 'Bash', 'Bash']);
    expect(JSON.parse(calls[0]!.arguments)).toEqual({ file_path: 'a.txt', content: 'hi ]]' });
    expect(new Set(calls.map((call) => call.id)).size).toBe(3);
    expect(finalText(reply)).toBe('all done');
  });
});

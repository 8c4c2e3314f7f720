/** What requests need: the same as their parsed chat says, for every fixture, and the cases one by one. */
import { describe, expect, it } from 'vitest';
import type { Capability } from '../catalog/model.ts';
import { recordedOf, samplesOf } from '../wire/__fixtures__/corpus.ts';
import type { ChatPart, ChatRequest, FormatId, JsonObject } from '../wire/chat.ts';
import { formats } from '../wire/formats.ts';
import { walkTopLevel } from '../wire/walk.ts';
import { needFields, needsOf, UNSTATED_OUTPUT_TOKENS } from './request-needs.ts';

function read(format: FormatId, bytes: Buffer) {
  const walk = walkTopLevel(bytes, needFields(format));
  if (!walk.ok) throw new Error(walk.message);
  const ask = { body: bytes, inputEstimate: 12, maxOutputTokens: undefined };
  return needsOf(format, ask, walk.fields, walk.media);
}

const capabilitiesOf = (format: FormatId, body: unknown) =>
  read(format, Buffer.from(JSON.stringify(body))).capabilities;

/** The slow way. */
function needsOfChat(chat: ChatRequest): Capability[] {
  const parts = chat.turns.flatMap(({ parts }) => parts).flatMap(within);
  const has = (type: ChatPart['type']) => parts.some((part) => part.type === type);
  const needs: Capability[] = [];
  if (chat.tools.length > 0) needs.push('tools');
  if (has('image')) needs.push('vision');
  if (has('document')) needs.push('documents');
  if (has('audio')) needs.push('audio');
  if (chat.reasoning?.mode === 'on') needs.push('thinking');
  if (chat.output?.type === 'json-schema') needs.push('structured-output');
  return needs;
}

function within(part: ChatPart): ChatPart[] {
  return part.type === 'tool-result' ? [part, ...part.content] : [part];
}

/** What the parser keeps for its own format alone is a need all the same. */
const beyondChat: Readonly<Record<string, readonly Capability[]>> = {
  'openai-responses odd-content': ['vision'],
  'gemini-generate enum-output': ['structured-output'],
};

describe('of every fixture and recording', () => {
  const samples = Object.values(formats).flatMap((format) => [
    ...samplesOf(format, 'requests'),
    ...recordedOf(format, 'requests'),
  ]);
  it.each(samples.map((sample) => [`${sample.source.id} ${sample.name}`, sample] as const))(
    '%s',
    (name, { source, bytes }) => {
      const body = JSON.parse(bytes.toString()) as JsonObject;
      const chat = source.parseRequest(body, { model: 'm', isStream: false });
      expect(read(source.id, bytes).capabilities).toEqual([
        ...(beyondChat[name] ?? []),
        ...needsOfChat(chat),
      ]);
    },
  );
});

describe('one by one', () => {
  const cases: [string, FormatId, unknown, Capability[]][] = [
    ['nothing', 'openai-chat', { messages: [{ role: 'user', content: 'hi' }] }, []],
    ['no tools', 'openai-chat', { tools: [] }, []],
    ['no tools, with a space', 'ollama-chat', { tools: null, format: 'json' }, []],
    ['the former name of tools', 'openai-chat', { functions: [{ name: 'f' }] }, ['tools']],
    ['thinking switched off', 'anthropic-messages', { thinking: { type: 'disabled' } }, []],
    ['thinking as the model likes', 'anthropic-messages', { thinking: { type: 'adaptive' } }, []],
    ['thinking', 'anthropic-messages', { thinking: { type: 'enabled', budget_tokens: 1024 } }, ['thinking']],
    ['no effort', 'openai-chat', { reasoning_effort: 'none' }, []],
    ['some effort', 'openai-chat', { reasoning_effort: 'minimal' }, ['thinking']],
    ['OpenRouter, switched on', 'openai-chat', { reasoning: { enabled: true } }, ['thinking']],
    ['OpenRouter, hidden only', 'openai-chat', { reasoning: { exclude: true } }, []],
    ['OpenRouter, a budget', 'openai-chat', { reasoning: { max_tokens: 2000 } }, ['thinking']],
    ['a summary alone', 'openai-responses', { reasoning: { summary: 'auto' } }, []],
    ['no budget', 'gemini-generate', { generationConfig: { thinkingConfig: { thinkingBudget: 0 } } }, []],
    [
      'some budget, the other spelling',
      'gemini-generate',
      { generation_config: { thinking_config: { thinking_budget: 128 } } },
      ['thinking'],
    ],
    ['a schema', 'gemini-generate', { generationConfig: { responseJsonSchema: {} } }, ['structured-output']],
    ['JSON without a schema', 'openai-chat', { response_format: { type: 'json_object' } }, []],
    [
      'a schema, as it was',
      'anthropic-messages',
      { output_format: { type: 'json_schema', schema: {} } },
      ['structured-output'],
    ],
    ['sound as the answer', 'openai-chat', { modalities: ['text', 'audio'] }, ['audio']],
    [
      'a text about images',
      'anthropic-messages',
      { messages: [{ role: 'user', content: '{"type":"image"} and {"type": "document"}' }] },
      [],
    ],
    [
      'a text about MIME types',
      'gemini-generate',
      { contents: [{ parts: [{ text: 'accept: "image/png", "audio/wav"' }] }] },
      [],
    ],
    [
      'a film',
      'gemini-generate',
      { contents: [{ parts: [{ fileData: { mimeType: 'video/mp4', fileUri: 'x' } }] }] },
      ['vision'],
    ],
    [
      'a tool that takes an image',
      'openai-chat',
      {
        tools: [
          { type: 'function', function: { parameters: { properties: { image_url: { type: 'string' } } } } },
        ],
      },
      ['tools'],
    ],
    ['no images', 'ollama-chat', { messages: [{ role: 'user', content: 'x', images: [] }] }, []],
    ['an image', 'ollama-chat', { messages: [{ role: 'user', content: 'x', images: ['eA=='] }] }, ['vision']],
    ['a tool that takes images', 'ollama-chat', { messages: [{ images: { type: 'array' } }] }, []],
    ['settings that are no object', 'gemini-generate', { generationConfig: 7, tools: {} }, []],
  ];
  it.each(cases)('%s (%s)', (_, format, body, expected) => {
    expect(capabilitiesOf(format, body)).toEqual(expected);
  });
});

it('looks only for what makes a difference', () => {
  const body = Buffer.from('{"tools":[{}],"format":{}}');
  const walk = walkTopLevel(body, needFields('ollama-chat'));
  const ask = { body, inputEstimate: 1, maxOutputTokens: undefined };
  const needs = walk.ok && needsOf('ollama-chat', ask, walk.fields, walk.media, ['vision', 'tools']);
  expect(needs ? needs.capabilities : []).toEqual(['tools']);
});

it('takes the stated limit of the answer, or a usual one', () => {
  const body = Buffer.from('{}');
  const ask = { body, inputEstimate: 5, maxOutputTokens: 77 };
  expect(needsOf('openai-chat', ask, new Map(), [])).toMatchObject({ inputTokens: 5, outputTokens: 77 });
  expect(read('openai-chat', body).outputTokens).toBe(UNSTATED_OUTPUT_TOKENS);
});

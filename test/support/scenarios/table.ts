/** What is asked and said in the matrix: one row for each thing that must come through, the same for every client. */
import type { Conversation, Tool } from '../drivers/index.ts';
import { redPixel } from '../samples.ts';
import type { Said } from '../voices/index.ts';

export interface Scenario {
  readonly name: string;
  readonly asked: Conversation;
  readonly said: Said;
}

export const weather: Tool = {
  name: 'get_weather',
  description: 'Weather of a city',
  schema: {
    type: 'object',
    properties: {
      city: { type: 'string', description: 'Name of the city' },
      days: { type: 'array', items: { type: 'integer' } },
      unit: { type: 'string', enum: ['c', 'f'] },
    },
    required: ['city'],
  },
};

export const clock: Tool = {
  name: 'what_time',
  description: 'The time now',
  schema: { type: 'object', properties: {} },
};

const answerSchema = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'number' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
};

const usage = { input: 321, output: 12 };

/** One exchange each, asked and answered in one go. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'text',
    asked: { turns: [{ role: 'user', text: 'Say hello in three scripts.' }] },
    said: { text: 'Grüße, 世界 🚀\n\n"quoted" \\ \u2028 end', stop: 'end', usage },
  },
  {
    name: 'system text and several turns',
    asked: {
      maxTokens: 1000,
      system: 'Be brief.\nNever lie.',
      turns: [
        { role: 'user', text: 'What is the capital of Norway?' },
        { role: 'assistant', text: 'Oslo.' },
        { role: 'user', text: 'And of Sweden? 🇸🇪' },
      ],
    },
    said: { text: 'Stockholm.', stop: 'end', usage },
  },
  {
    name: 'settings',
    asked: {
      turns: [{ role: 'user', text: 'Go.' }],
      maxTokens: 777,
      temperature: 0.5,
      stop: ['END', 'STOP'],
    },
    said: { text: 'Gone.', stop: 'end', usage },
  },
  {
    name: 'usage, class by class',
    asked: { turns: [{ role: 'user', text: 'Count.' }], maxTokens: 900 },
    said: {
      text: 'One, two.',
      stop: 'end',
      usage: { input: 100, cacheRead: 2000, cacheWrite: 300, output: 50, reasoning: 20 },
    },
  },
  {
    name: 'an image',
    asked: {
      maxTokens: 1000,
      turns: [{ role: 'user', text: 'What is this?', image: { mediaType: 'image/png', data: redPixel } }],
    },
    said: { text: 'A red pixel.', stop: 'end', usage },
  },
  {
    name: 'structured output',
    asked: {
      turns: [{ role: 'user', text: 'Weather of Oslo as JSON.' }],
      schema: answerSchema,
      maxTokens: 1000,
    },
    said: { text: '{"city":"Oslo","degrees":-3.5}', stop: 'end', usage },
  },
  {
    name: 'thinking',
    asked: { turns: [{ role: 'user', text: 'Think.' }], isThinking: true, maxTokens: 8000 },
    said: {
      thinking: 'First I count,\nthen I answer: 42.',
      signature: 'RW9ZQ0NrZ0lDQkFDR0FJcVFO',
      text: 'It is 42.',
      stop: 'end',
      usage: { input: 40, output: 90, reasoning: 70 },
    },
  },
  {
    name: 'a reply cut at its limit',
    asked: { turns: [{ role: 'user', text: 'Write a book.' }], maxTokens: 16 },
    said: { text: 'Once upon a', stop: 'length', usage },
  },
  {
    name: 'a stop sequence',
    asked: { turns: [{ role: 'user', text: 'Count until END.' }], stop: ['END'], maxTokens: 1000 },
    said: { text: '1 2 3', stop: 'stop-sequence', usage },
  },
  {
    name: 'a reply the vendor filtered',
    asked: { turns: [{ role: 'user', text: 'Something bad.' }], maxTokens: 1000 },
    said: { text: 'Well', stop: 'content-filter', usage },
  },
];

/** Only for clients that can choose. */
export const choices: readonly Scenario[] = [
  {
    name: 'a tool that must be called',
    asked: {
      maxTokens: 1000,
      turns: [{ role: 'user', text: 'Oslo!' }],
      tools: [weather, clock],
      toolChoice: { name: 'get_weather' },
    },
    said: {
      calls: [{ id: 'call_D4', name: 'get_weather', input: { city: 'Oslo' } }],
      stop: 'tool-calls',
      usage,
    },
  },
  {
    name: 'any tool must be called',
    asked: {
      maxTokens: 1000,
      turns: [{ role: 'user', text: 'Oslo!' }],
      tools: [weather, clock],
      toolChoice: 'required',
    },
    said: { calls: [{ id: 'call_E5', name: 'what_time', input: {} }], stop: 'tool-calls', usage },
  },
  {
    name: 'no tool may be called',
    asked: {
      maxTokens: 1000,
      turns: [{ role: 'user', text: 'Oslo!' }],
      tools: [weather, clock],
      toolChoice: 'none',
    },
    said: { text: 'Oslo it is.', stop: 'end', usage },
  },
];

/** A model that will not. */
export const refusing: Scenario = {
  name: 'a refusal',
  asked: { turns: [{ role: 'user', text: 'Something worse.' }] },
  said: { refusal: 'I cannot help with that.', stop: 'refusal', usage },
};

/** A turn with text, two calls of one tool and one without arguments, and the turn that has their results. */
export const toolTurn: Scenario = {
  name: 'parallel tools',
  asked: {
    maxTokens: 1000,
    system: 'Use tools.',
    turns: [{ role: 'user', text: 'Weather of Oslo and Zürich, and the time?' }],
    tools: [weather, clock],
  },
  said: {
    text: 'Let me look.',
    calls: [
      { id: 'call_A1', name: 'get_weather', input: { city: 'Oslo', days: [1, 2], unit: 'c' } },
      { id: 'call_B2', name: 'get_weather', input: { city: 'Zürich "Nord" \\ 🚀' } },
      { id: 'call_C3', name: 'what_time', input: {} },
    ],
    stop: 'tool-calls',
    usage,
  },
};

export const resultTexts = ['Snow, -3 °C', '{"degrees":7}', '12:00'] as const;

export const afterTools: Said = { text: 'Oslo -3, Zürich 7, at noon.', stop: 'end', usage };

export const failedResult = 'there is no city of that name';

/** Thoughts before a call, with state that the vendor wants back. */
export const signedTurn: Scenario = {
  name: 'state of thinking',
  asked: {
    turns: [{ role: 'user', text: 'Weather of Oslo?' }],
    tools: [weather],
    isThinking: true,
    maxTokens: 8000,
  },
  said: {
    thinking: 'I need the weather.',
    signature: 'U2lnbmVkQnlJdHNPd25NYWtlcg',
    calls: [{ id: 'call_S1', name: 'get_weather', input: { city: 'Oslo' } }],
    stop: 'tool-calls',
    usage: { input: 60, output: 30, reasoning: 20 },
  },
};

/** The same where the vendor hides the thoughts themselves. */
export const hiddenTurn: Scenario = {
  ...signedTurn,
  name: 'state of hidden thinking',
  said: {
    signature: 'SGlkZGVuVGhvdWdodE9mSXRzTWFrZXI',
    calls: [{ id: 'call_H1', name: 'get_weather', input: { city: 'Oslo' } }],
    stop: 'tool-calls',
    usage: { input: 60, output: 30, reasoning: 20 },
  },
};

/** The Vercel AI SDK's default provider for OpenAI as it comes: it refers to what was said before by id in every run of several steps. */
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, jsonSchema, type ModelMessage, stepCountIs, streamText, tool } from 'ai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Column, type MatrixHouse, openMatrix } from './support/matrix-house.ts';
import { clock, weather } from './support/scenarios/table.ts';
import { calling, hello, sunny, translated, understoodIn, willSay } from './support/stored-talk.ts';
import type { Said } from './support/voices/index.ts';

let house: MatrixHouse;

beforeAll(async () => {
  house = await openMatrix();
});
afterAll(() => house.close());
beforeEach(() => house.forgetHealth());

const tools = Object.fromEntries(
  [weather, clock].map(({ name, description, schema }) => [
    name,
    tool({
      description,
      inputSchema: jsonSchema(schema as Parameters<typeof jsonSchema>[0]),
      execute: async () => `result of ${name}`,
    }),
  ]),
);

/** Makes the SDK take a model it does not know for one that thinks: it then refers to thoughts too. */
const thinking = { openai: { forceReasoning: true, reasoningEffort: 'medium', reasoningSummary: 'auto' } };

const again: Said = {
  ...calling,
  text: 'Once more.',
  calls: [{ id: 'call_3', name: 'get_weather', input: { city: 'Linz' } }],
};

interface Run {
  readonly column: Column;
  readonly isStream: boolean;
  readonly isThinking: boolean;
}

interface Ran {
  readonly text: string;
  readonly messages: readonly ModelMessage[];
  readonly steps: number;
}

async function run({ column, isStream, isThinking }: Run, messages: readonly ModelMessage[]): Promise<Ran> {
  const asked = {
    model: createOpenAI({ baseURL: `${house.url}/v1`, apiKey: house.key })(column.thinker),
    messages: [...messages],
    tools,
    stopWhen: stepCountIs(5),
    maxRetries: 0,
    ...(isThinking && { providerOptions: thinking }),
  };
  if (!isStream) {
    const { text, response, steps } = await generateText(asked);
    return { text, messages: response.messages, steps: steps.length };
  }
  const stream = streamText({ ...asked, onError: () => undefined });
  for await (const part of stream.fullStream) if (part.type === 'error') throw part.error;
  const [text, response, steps] = await Promise.all([stream.text, stream.response, stream.steps]);
  return { text, messages: response.messages, steps: steps.length };
}

/** What the newest request to us referred to. */
function referred(): readonly string[] {
  const { input } = JSON.parse(house.traffic().init.body as string) as {
    input: readonly { type?: string; id?: string }[];
  };
  return input.flatMap(({ type, id = '' }) => (type === 'item_reference' ? [id.split('_')[0]!] : []));
}

const runs = translated.flatMap((column) =>
  [false, true].flatMap((isStream) =>
    [false, true].map((isThinking) => ({
      name: `${column.format}, ${isStream ? 'streamed' : 'whole'}${isThinking ? ', thinking' : ''}`,
      column,
      isStream,
      isThinking,
    })),
  ),
);

describe.each(runs)('@ai-sdk/openai by default, to $name', (asking) => {
  const { column } = asking;

  it('runs through its steps, and on in the next turn', async () => {
    willSay(house, column, calling, again, sunny);
    const question: ModelMessage = { role: 'user', content: 'Weather in Graz?' };
    const first = await run(asking, [question]);
    expect(first).toMatchObject({ text: 'Sunny, at noon.', steps: 3 });
    expect(referred()).toEqual(['rs', 'msg', 'rs', 'msg']);
    const calls = [
      { name: 'get_weather', input: { city: 'Graz' }, result: 'result of get_weather' },
      { name: 'what_time', input: {}, result: 'result of what_time' },
      { name: 'get_weather', input: { city: 'Linz' }, result: 'result of get_weather' },
    ];
    expect(understoodIn(house, column)).toMatchObject({
      words: [
        ['user', 'Weather in Graz?'],
        ['assistant', 'Let me look.'],
        ['assistant', 'Once more.'],
      ],
      calls,
    });

    willSay(house, column, hello);
    const second = await run(asking, [question, ...first.messages, { role: 'user', content: 'Thanks' }]);
    expect(second.text).toBe('Hello. 世界');
    expect(understoodIn(house, column)).toMatchObject({
      words: [
        ['user', 'Weather in Graz?'],
        ['assistant', 'Let me look.'],
        ['assistant', 'Once more.'],
        ['assistant', 'Sunny, at noon.'],
        ['user', 'Thanks'],
      ],
      calls,
    });
  });
});

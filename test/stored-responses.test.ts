/** Going on from translated responses by id, with the official `openai` client: every upstream format gets the whole conversation. */
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Column, columnsOfMatrix, type MatrixHouse, openMatrix } from './support/matrix-house.ts';
import { clock, weather } from './support/scenarios/table.ts';
import { understoodBy } from './support/scenarios/understood.ts';
import { answerTo, type Said, voices } from './support/voices/index.ts';

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Response = OpenAI.Responses.Response;

let house: MatrixHouse;
let openai: OpenAI;

beforeAll(async () => {
  house = await openMatrix();
  openai = clientOf(house.url, house.key);
});
afterAll(() => house.close());

function clientOf(url: string, apiKey: string): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${url}/v1`, maxRetries: 0 });
}

const tools = [weather, clock].map(({ name, description, schema }) => ({
  type: 'function' as const,
  name,
  description,
  parameters: schema,
  strict: false,
}));

const usage = { input: 20, output: 5 };
const hello: Said = { text: 'Hello. 世界', stop: 'end', usage };
const calling: Said = {
  thinking: 'Graz lies in Austria.',
  signature: 'c2lnbmF0dXJl',
  text: 'Let me look.',
  calls: [
    { id: 'call_1', name: 'get_weather', input: { city: 'Graz' } },
    { id: 'call_2', name: 'what_time', input: {} },
  ],
  stop: 'tool-calls',
  usage,
};
const sunny: Said = { text: 'Sunny, at noon.', stop: 'end', usage };

interface Asking {
  readonly column: Column;
  readonly isStream: boolean;
  readonly client?: OpenAI;
}

/** Has the upstream say something, and asks for it. */
async function ask(
  { column, isStream, client = openai }: Asking,
  params: Omit<Params, 'model'>,
  said: Said,
): Promise<Response> {
  const voice = voices[column.format];
  house.upstream.forgetAnswers();
  house.upstream.answerBy((request) => answerTo(request, voice, said), voice.path);
  const whole: Params = { ...params, model: column.thinker };
  if (!isStream) return client.responses.create(whole);
  return client.responses.stream({ ...whole, stream: true }).finalResponse();
}

/** The newest request for an answer, as its upstream got it. */
function sentTo({ format }: Column): Record<string, unknown> {
  const { path } = voices[format];
  const record = house.upstream.requests.findLast((request) => request.path.startsWith(path))!;
  return JSON.parse(record.body.toString('utf8')) as Record<string, unknown>;
}

function understood({ format }: Column): ReturnType<typeof understoodBy> {
  const { path } = voices[format];
  return understoodBy(format, house.upstream.requests.findLast((request) => request.path.startsWith(path))!);
}

const resultsOf = ({ output }: Response): OpenAI.Responses.ResponseInputItem[] =>
  output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: `result of ${item.name}` }]
      : [],
  );

const translated = columnsOfMatrix().filter(({ format }) => format !== 'openai-responses');
const ways = translated.flatMap((column) => [
  { name: `${column.format}, whole`, column, isStream: false },
  { name: `${column.format}, streamed`, column, isStream: true },
]);

describe.each(ways)('previous_response_id, to $name', (asking) => {
  const { column } = asking;

  it('carries a chain with tools to the upstream as if the client had sent it all', async () => {
    const settings = { tools, reasoning: { effort: 'medium' as const, summary: 'auto' as const } };
    const first = await ask(asking, { ...settings, input: 'Weather in Graz?' }, calling);
    expect(first).toMatchObject({ store: true, previous_response_id: null });
    const second = await ask(
      asking,
      { ...settings, previous_response_id: first.id, input: resultsOf(first) },
      sunny,
    );
    expect(second).toMatchObject({
      store: true,
      previous_response_id: first.id,
      output_text: 'Sunny, at noon.',
    });
    await ask(asking, { ...settings, previous_response_id: second.id, input: 'And in Linz?' }, hello);

    expect(understood(column)).toMatchObject({
      words: [
        ['user', 'Weather in Graz?'],
        ['assistant', 'Let me look.'],
        ['assistant', 'Sunny, at noon.'],
        ['user', 'And in Linz?'],
      ],
      calls: [
        { name: 'get_weather', input: { city: 'Graz' }, result: 'result of get_weather' },
        { name: 'what_time', input: {}, result: 'result of what_time' },
      ],
    });
    const chained = sentTo(column);
    const input = [
      { role: 'user' as const, content: [{ type: 'input_text' as const, text: 'Weather in Graz?' }] },
      ...first.output,
      ...resultsOf(first),
      ...second.output,
      { role: 'user' as const, content: [{ type: 'input_text' as const, text: 'And in Linz?' }] },
    ] as OpenAI.Responses.ResponseInput;
    await ask(asking, { ...settings, store: false, input }, hello);
    expect(sentTo(column)).toEqual(chained);
  });

  it('inherits neither instructions nor tools', async () => {
    const first = await ask(asking, { instructions: 'Rhyme.', tools, input: 'Hi' }, hello);
    await ask(asking, { previous_response_id: first.id, input: 'Again' }, hello);
    expect(understood(column)).toMatchObject({ system: '', tools: [] });
  });

  it('branches: two responses go on from one', async () => {
    const root = await ask(asking, { input: 'Root' }, hello);
    for (const text of ['Left', 'Right']) {
      await ask(asking, { previous_response_id: root.id, input: text }, hello);
      const { words } = understood(column);
      expect(words.map(([, said]) => said)).toEqual(['Root', 'Hello. 世界', text]);
    }
  });

  it('puts an item in the place of a reference to it', async () => {
    const first = await ask(asking, { tools, input: 'Weather in Graz?' }, calling);
    const references = first.output.map(({ id }) => ({ type: 'item_reference' as const, id: id! }));
    const input = [
      { role: 'user' as const, content: 'Weather in Graz?' },
      ...references,
      ...resultsOf(first),
    ];
    await ask(asking, { tools, input }, sunny);
    const referred = sentTo(column);
    const whole = [{ role: 'user', content: 'Weather in Graz?' }, ...first.output, ...resultsOf(first)];
    await ask(asking, { tools, store: false, input: whole as OpenAI.Responses.ResponseInput }, sunny);
    expect(sentTo(column)).toEqual(referred);
  });
});

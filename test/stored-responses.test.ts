/** Going on from translated responses by id: every upstream format gets the whole conversation, whole or streamed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type MatrixHouse, openMatrix } from './support/matrix-house.ts';
import {
  ask as askIn,
  calling,
  clientOf,
  hello,
  type Items,
  type Params,
  type Response,
  resultsOf,
  sentTo,
  sunny,
  tools,
  translated,
  understoodIn,
} from './support/stored-talk.ts';
import type { Said } from './support/voices/index.ts';

let house: MatrixHouse;

beforeAll(async () => {
  house = await openMatrix();
});
afterAll(() => house.close());
beforeEach(() => house.forgetHealth());

const ways = translated.flatMap((column) => [
  { name: `${column.format}, whole`, column, isStream: false },
  { name: `${column.format}, streamed`, column, isStream: true },
]);

describe.each(ways)('previous_response_id, to $name', ({ column, isStream }) => {
  const ask = (params: Params, said: Said): Promise<Response> =>
    askIn({ house, column, isStream, client: clientOf(house) }, params, said);
  const settings = { tools, reasoning: { effort: 'medium' as const, summary: 'auto' as const } };

  it('carries a chain with tools to the upstream as if the client had sent it all', async () => {
    const first = await ask({ ...settings, input: 'Weather in Graz?' }, calling);
    expect(first).toMatchObject({ store: true, previous_response_id: null });
    const second = await ask({ ...settings, previous_response_id: first.id, input: resultsOf(first) }, sunny);
    expect(second).toMatchObject({ store: true, previous_response_id: first.id });
    expect(second.output_text).toBe('Sunny, at noon.');
    await ask({ ...settings, previous_response_id: second.id, input: 'And in Linz?' }, hello);

    expect(understoodIn(house, column)).toMatchObject({
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
    const chained = sentTo(house, column);
    const input = [
      { role: 'user', content: [{ type: 'input_text', text: 'Weather in Graz?' }] },
      ...first.output,
      ...resultsOf(first),
      ...second.output,
      { role: 'user', content: [{ type: 'input_text', text: 'And in Linz?' }] },
    ] as Items;
    await ask({ ...settings, store: false, input }, hello);
    expect(sentTo(house, column)).toEqual(chained);
  });

  it('inherits neither instructions nor tools', async () => {
    const first = await ask({ instructions: 'Rhyme.', tools, input: 'Hi' }, hello);
    await ask({ previous_response_id: first.id, input: 'Again' }, hello);
    expect(understoodIn(house, column)).toMatchObject({ system: '', tools: [] });
  });

  it('branches: two responses go on from one', async () => {
    const root = await ask({ input: 'Root' }, hello);
    for (const text of ['Left', 'Right']) {
      await ask({ previous_response_id: root.id, input: text }, hello);
      const { words } = understoodIn(house, column);
      expect(words.map(([, said]) => said)).toEqual(['Root', 'Hello. 世界', text]);
    }
  });

  it('puts an item in the place of a reference to it', async () => {
    const first = await ask({ ...settings, input: 'Weather in Graz?' }, calling);
    const references = first.output.map(({ id }) => ({ type: 'item_reference' as const, id: id! }));
    const question = { role: 'user' as const, content: 'Weather in Graz?' };
    await ask({ ...settings, input: [question, ...references, ...resultsOf(first)] }, sunny);
    const referred = sentTo(house, column);
    const whole = [question, ...first.output, ...resultsOf(first)] as Items;
    await ask({ ...settings, store: false, input: whole }, sunny);
    expect(sentTo(house, column)).toEqual(referred);
  });

  it('goes on from a response whose request had references, and says what they stand for once', async () => {
    const first = await ask({ input: 'One' }, hello);
    const reference = { type: 'item_reference' as const, id: first.output[0]!.id! };
    const question = { role: 'user' as const, content: 'Two' };
    const before = { role: 'user' as const, content: 'Once' };
    const second = await ask({ input: [before, reference, question] }, sunny);
    await ask({ previous_response_id: second.id, input: 'Three' }, hello);
    const said = () => understoodIn(house, column).words.map(([, text]) => text);
    expect(said()).toEqual(['Once', 'Hello. 世界', 'Two', 'Sunny, at noon.', 'Three']);
    await ask({ previous_response_id: first.id, input: [reference, question] }, hello);
    expect(said()).toEqual(['One', 'Hello. 世界', 'Two']);
  });
});

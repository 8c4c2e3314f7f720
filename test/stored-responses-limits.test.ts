/** What cannot be gone on from, and what is said then; looking at responses that are kept, and moving on to a provider that keeps its own. */
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Column, type MatrixHouse, openMatrix } from './support/matrix-house.ts';
import {
  ask as askIn,
  calling,
  clientOf,
  hello,
  type Params,
  type Response,
  relayed,
  resultsOf,
  sentTo,
  sunny,
  tools,
  translated,
  understoodIn,
  willSay,
} from './support/stored-talk.ts';
import { type Said, voices } from './support/voices/index.ts';

let house: MatrixHouse;
let client: OpenAI;

beforeAll(async () => {
  house = await openMatrix(`routes: { either: { models: [${relayed.model}, ${ollama.model}] } }\n`);
  client = clientOf(house);
});
afterAll(() => house.close());
beforeEach(() => house.forgetHealth());

const columnOf = (format: Column['format']): Column => translated.find((column) => column.format === format)!;
const anthropic = columnOf('anthropic-messages');
const ollama = columnOf('ollama-chat');

function ask(params: Params, said: Said = hello, column: Column = anthropic, by = client): Promise<Response> {
  return askIn({ house, column, isStream: false, client: by }, params, said);
}

/** A refusal in the client's own words, before anything was sent. */
async function expectRefused(
  asking: Promise<unknown>,
  message: RegExp,
  param = 'previous_response_id',
): Promise<void> {
  const error = await asking.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.BadRequestError);
  expect(error).toMatchObject({ status: 400, code: 'state_not_portable', param });
  expect((error as Error).message).toMatch(message);
}

async function expectUnknown(asking: Promise<unknown>): Promise<void> {
  const error = await asking.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpenAI.NotFoundError);
  expect(error).toMatchObject({ code: 'response_unknown' });
}

/** A stream of an upstream: all that it says, and what ends it. */
function streamOf(column: Column) {
  const voice = voices[column.format];
  const { opening, content, closing } = voice.stream(hello);
  house.upstream.forgetAnswers();
  const head = { path: voice.path, headers: { 'content-type': voice.streamType } };
  return { head, said: [...opening, ...content], closing: closing.join('') };
}

const NOT_KEPT = /points at a response that is not kept here/;
const OF_A_PROVIDER = /points at state kept by the servers of another provider/;
const unknownId = `resp_tp_${'0'.repeat(26)}`;
const reference = (id: string) => ({ type: 'item_reference' as const, id });

describe('a response that is not there is refused', () => {
  it.each<[string, Params, RegExp, string?]>([
    ['an id of ours that nobody knows', { previous_response_id: unknownId, input: 'Hi' }, NOT_KEPT],
    ['an id of a provider', { previous_response_id: 'resp_68af4030baa4', input: 'Hi' }, OF_A_PROVIDER],
    ['an item of ours', { input: [reference(`msg_${unknownId}_0`)] }, NOT_KEPT, 'input[0].item_reference'],
    ['an item of a provider', { input: [reference('msg_68af')] }, OF_A_PROVIDER, 'input[0].item_reference'],
  ])('%s', async (_name, params, message, param) => {
    const before = house.upstream.requests.length;
    await expectRefused(ask(params), message, param);
    expect(house.upstream.requests).toHaveLength(before);
  });

  it('after "store": false', async () => {
    const first = await ask({ store: false, input: 'Hi' });
    expect(first).toMatchObject({ store: false, previous_response_id: null });
    await expectRefused(ask({ previous_response_id: first.id, input: 'Again' }), NOT_KEPT);
  });

  it('of another key, which cannot see or delete it either', async () => {
    const first = await ask({ input: 'Hi' });
    const { token } = await house.admin<{ token: string }>('POST', '/keys', { name: 'other' });
    const other = clientOf({ url: house.url, key: token });
    await ask({ input: 'Hi' }, hello, anthropic, other);
    await expectRefused(
      ask({ previous_response_id: first.id, input: 'x' }, hello, anthropic, other),
      NOT_KEPT,
    );
    const item = [reference(first.output[0]!.id!)];
    await expectRefused(ask({ input: item }, hello, anthropic, other), NOT_KEPT, 'input[0].item_reference');
    await expectUnknown(other.responses.retrieve(first.id));
    await expectUnknown(other.responses.inputItems.list(first.id));
    await expectUnknown(other.responses.delete(first.id));
    await expect(client.responses.retrieve(first.id)).resolves.toMatchObject({ id: first.id });
  });

  it('in another process, as after a restart', async () => {
    const first = await ask({ input: 'Hi' });
    const second = await openMatrix();
    try {
      const asking = { house: second, column: anthropic, isStream: false, client: clientOf(second) };
      await expectRefused(askIn(asking, { previous_response_id: first.id, input: 'x' }, hello), NOT_KEPT);
    } finally {
      await second.close();
    }
  });

  it('where none are kept', async () => {
    const without = await openMatrix('limits: { stored_responses_bytes: 0 }\n');
    try {
      const asking = { house: without, column: anthropic, isStream: false, client: clientOf(without) };
      const first = await askIn(asking, { store: true, input: 'Hi' }, hello);
      expect(first).toMatchObject({ store: false });
      await expectRefused(askIn(asking, { previous_response_id: first.id, input: 'x' }, hello), NOT_KEPT);
    } finally {
      await without.close();
    }
  });

  it('once an earlier one of its conversation was deleted', async () => {
    const first = await ask({ input: 'Hi' });
    const second = await ask({ previous_response_id: first.id, input: 'More' });
    await client.responses.delete(first.id);
    await expectRefused(
      ask({ previous_response_id: second.id, input: 'x' }),
      /earlier response of this conversation is not kept any more/,
    );
  });

  it('whose stream failed', async () => {
    const { head, said } = streamOf(anthropic);
    house.upstream.answerWith({ ...head, chunks: said, ending: 'cut' });
    const failed = client.responses.stream({ model: anthropic.model, input: 'Hi' });
    let id = '';
    failed.on('response.created', ({ response }) => {
      id = response.id;
    });
    await expect(failed.finalResponse()).rejects.toThrow();
    await expectRefused(ask({ previous_response_id: id, input: 'x' }), NOT_KEPT);
  });

  it('whose stream the client left, though it was read to its end for the bill', async () => {
    const column = translated.find(({ isDrained }) => isDrained)!;
    const { head, said, closing } = streamOf(column);
    house.upstream.answerWith({ ...head, chunks: [...said, { bytes: closing, delayMs: 50 }] });
    const left = await client.responses.create({ model: column.model, input: 'Hi', stream: true });
    let id = '';
    for await (const event of left) {
      if (event.type === 'response.created') id = event.response.id;
      if (event.type === 'response.output_text.delta') break;
    }
    const [entry] = await house.entriesOf(id.replace('resp_tp_', 'exc_'), 1);
    expect(entry).toMatchObject({ status: 'client_abort', is_estimated: 0 });
    await expectRefused(ask({ previous_response_id: id, input: 'x' }), NOT_KEPT);
  });
});

describe('a response that is kept', () => {
  it('has an id of its own, whatever its upstream calls it', async () => {
    const [first, second] = [await ask({ input: 'Hi' }), await ask({ input: 'Hi' })];
    expect(first.id).toMatch(/^resp_tp_[0-9a-z]{26}$/);
    expect(second.id).not.toBe(first.id);
    expect(first.output[0]!.id).toBe(`msg_${first.id}_0`);
    const id = house.traffic().headers.get('x-turnpike-exchange-id')!;
    expect(second.id).toBe(`resp_tp_${id.slice('exc_'.length)}`);
  });

  it('is read back, and deleted, without a provider', async () => {
    const first = await ask({ tools, input: 'Weather in Graz?' }, calling);
    const second = await ask({ tools, previous_response_id: first.id, input: resultsOf(first) }, sunny);
    const before = house.upstream.requests.length;
    const { output_text: _, _request_id, ...told } = second as Response & { _request_id?: string };
    const read = (await client.responses.retrieve(second.id)) as Response & { _request_id?: string };
    expect(read).toMatchObject(told);
    expect(read.output_text).toBe('Sunny, at noon.');
    await client.responses.delete(second.id);
    expect(house.upstream.requests).toHaveLength(before);
    await expectUnknown(client.responses.retrieve(second.id));
    const metrics = await (await fetch(`${house.url}/metrics`)).text();
    expect(metrics).toMatch(/turnpike_exchanges_total\{format="openai-responses",outcome="ok"\} \d/);
  });

  it('tells its input, newest first, page by page', async () => {
    const first = await ask({ tools, input: 'Weather in Graz?' }, calling);
    const input = [...resultsOf(first), { role: 'user' as const, content: 'Well?' }];
    const second = await ask({ tools, previous_response_id: first.id, input }, sunny);
    const listed = [];
    for await (const item of client.responses.inputItems.list(second.id, { limit: 2 })) listed.push(item);
    expect(listed.map(({ type }) => type)).toEqual([
      'message',
      'function_call_output',
      'function_call_output',
      'function_call',
      'function_call',
      'message',
      'reasoning',
      'message',
    ]);
    expect(listed[0]).toMatchObject({ role: 'user', content: [{ type: 'input_text', text: 'Well?' }] });
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
    const page = await client.responses.inputItems.list(second.id, { limit: 3, order: 'asc' });
    expect(page.data[0]).toMatchObject({ content: [{ text: 'Weather in Graz?' }] });
    expect(page.has_more).toBe(true);
    const all = await client.responses.inputItems.list(second.id, { limit: 100 });
    expect(all.has_more).toBe(false);
    const wrong = client.responses.inputItems.list(second.id, { limit: 101 });
    await expect(wrong).rejects.toBeInstanceOf(OpenAI.BadRequestError);
  });

  it('is not streamed again, nor cancelled', async () => {
    const first = await ask({ input: 'Hi' });
    const again = client.responses.retrieve(first.id, { stream: true });
    await expect(again).rejects.toMatchObject({ status: 400, code: 'operation_unsupported' });
    const cancelling = client.responses.cancel(first.id);
    await expect(cancelling).rejects.toMatchObject({ status: 400, code: 'operation_unsupported' });
  });

  it('counts in the tokens of what goes on from it', async () => {
    const first = await ask({ input: `Long. ${'word '.repeat(2_000)}` });
    const model = anthropic.model;
    const alone = await client.responses.inputTokens.count({ model, input: 'More' });
    const params = { model, input: 'More', previous_response_id: first.id };
    const chained = await client.responses.inputTokens.count(params);
    expect(chained.input_tokens).toBeGreaterThan(alone.input_tokens + 2_000);
  });

  it('with "store": true loses nothing, also where losses are refused', async () => {
    willSay(house, anthropic, hello);
    const asking = { model: anthropic.model, store: true, max_output_tokens: 500, input: 'Hi' };
    const reply = await client.responses.create(asking, { headers: { 'x-turnpike-strict': 'true' } });
    expect(reply).toMatchObject({ store: true });
    expect(house.traffic().headers.get('x-turnpike-translation')).toBe('lossless');
  });
});

describe('a conversation that moves', () => {
  it.each([
    { column: anthropic, lost: 1 },
    { column: ollama, lost: 1 },
    // A thought, and the state on a call.
    { column: columnOf('gemini-generate'), lost: 2 },
  ])(
    'from $column.format to a provider with responses of its own is sent there whole, without what is ours',
    async ({ column, lost }) => {
      const settings = { tools, reasoning: { effort: 'medium' as const } };
      const first = await ask({ ...settings, input: 'Weather in Graz?' }, calling, column);
      const second = await ask(
        { ...settings, previous_response_id: first.id, input: resultsOf(first) },
        sunny,
        relayed,
      );
      const body = sentTo(house, relayed);
      expect(body.previous_response_id).toBeUndefined();
      expect(JSON.stringify(body)).not.toMatch(/resp_tp_|TPSEAL/);
      const input = body.input as readonly { type?: string }[];
      expect(input.map(({ type }) => type)).toEqual([
        'message',
        'message',
        'function_call',
        'function_call',
        'function_call_output',
        'function_call_output',
      ]);
      expect(understoodIn(house, relayed).calls.map(({ result }) => result)).toEqual([
        'result of get_weather',
        'result of what_time',
      ]);
      expect(house.traffic().headers.get('x-turnpike-translation')).toBe(`lossy;n=${lost}`);
      // From here it is the provider's.
      expect(second.id).not.toMatch(/resp_tp_/);
      await expectRefused(ask({ previous_response_id: second.id, input: 'x' }), OF_A_PROVIDER);
      await ask({ previous_response_id: second.id, input: 'On' }, hello, relayed);
      expect(sentTo(house, relayed)).toMatchObject({ previous_response_id: second.id, input: 'On' });
    },
  );

  it('with a reference alone', async () => {
    const first = await ask({ input: 'Hi' });
    await ask({ input: [reference(first.output[0]!.id!), { role: 'user', content: 'x' }] }, hello, relayed);
    expect(understoodIn(house, relayed).words).toEqual([
      ['assistant', 'Hello. 世界'],
      ['user', 'x'],
    ]);
  });

  it('leaves what is not known here to the provider, byte for byte', async () => {
    const params = { previous_response_id: unknownId, input: [reference(`msg_${unknownId}_0`)] };
    await ask(params, hello, relayed);
    expect(sentTo(house, relayed)).toEqual({ ...params, model: relayed.thinker.split('/')[1] });
  });

  it('to another model in a route that fails over', async () => {
    const first = await ask({ input: 'Hi' });
    const { path } = voices[relayed.format];
    house.upstream.forgetAnswers();
    house.upstream.answerWith({ path, status: 503, chunks: ['{}'] });
    house.upstream.answerBy(
      () => ({
        headers: { 'content-type': 'application/json' },
        chunks: [JSON.stringify(voices[ollama.format].whole(sunny))],
      }),
      voices[ollama.format].path,
    );
    const reply = await client.responses.create({
      model: 'either',
      previous_response_id: first.id,
      input: 'On',
    });
    expect(reply.output_text).toBe('Sunny, at noon.');
    expect(understoodIn(house, ollama).words.map(([, text]) => text)).toEqual(['Hi', 'Hello. 世界', 'On']);
    await expect(client.responses.retrieve(reply.id)).resolves.toMatchObject({
      previous_response_id: first.id,
    });
  });
});

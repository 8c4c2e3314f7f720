/** When a translated response is kept, and when not: only what a client was told to its good end. */
import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { KeyId } from '../base/ids.ts';
import type { JsonObject } from '../wire/chat.ts';
import { openaiResponses } from '../wire/openai-responses/index.ts';
import type { Ask, Exchange, Gateway } from './exchange.ts';
import { createReplyKeeper, mayStore, replyIdOf } from './stored-keep.ts';
import { createStoredResponses, responseIdOf } from './stored-responses.ts';

const keyId: KeyId = 'key_mine';
const exchangeId = 'exc_01jzabcdefghjkmnpqrstvwxyz';
const id = responseIdOf(exchangeId);

function openScene(limitBytes = 1_000_000) {
  const faults: unknown[] = [];
  const response = new EventEmitter();
  const storedResponses = createStoredResponses({ now: () => 0, monotonic: () => 0 }, limitBytes);
  const gateway = {
    storedResponses,
    log: { error: (fields: unknown) => faults.push(fields) },
  } as unknown as Gateway;
  const exchange = {
    id: exchangeId,
    key: { id: keyId },
    format: openaiResponses,
    endpoint: { operation: 'chat' },
    response,
    isClientGone: false,
  } as unknown as Exchange;
  const ask = { body: Buffer.from('{"input":"Hi"}') } as Ask;
  const keeper = createReplyKeeper(gateway, exchange, ask);
  return { gateway, exchange, keeper, response, faults, find: () => storedResponses.find(keyId, id) };
}

const item = { id: `msg_${id}_0`, type: 'message', content: [] };

function reply(status = 'completed'): JsonObject {
  return { id, status, output: [item] };
}

/** Ends with the event, as an encoder writes it. */
function stream(response: JsonObject, type = 'response.completed'): string {
  const data = JSON.stringify({ type, response, sequence_number: 3 });
  return `event: response.output_item.done\ndata: {"item":{}}\n\nevent: ${type}\ndata: ${data}\n\n`;
}

const turn = () => new Promise<void>((done) => setImmediate(done));

describe('a stream', () => {
  it('is kept right after its last event was given to be written', async () => {
    const { keeper, find } = openScene();
    keeper.keepStreamed(stream(reply()));
    expect(find()).toBeUndefined();
    await Promise.resolve();
    expect(find()).toEqual({
      id,
      keyId,
      previousId: undefined,
      input: ['{"type":"message","role":"user","content":[{"type":"input_text","text":"Hi"}]}'],
      output: [JSON.stringify(item)],
      head: JSON.stringify({ ...reply(), output: [] }),
    });
  });

  it('that ended early, by a limit, is kept too', async () => {
    const { keeper, find } = openScene();
    keeper.keepStreamed(stream(reply('incomplete'), 'response.incomplete'));
    await turn();
    expect(find()).toBeDefined();
  });

  it.each([
    ['failed', stream(reply('failed'), 'response.failed')],
    ['has no event at its end', 'event: nothing\n\n'],
    ['has one without a response', 'event: x\ndata: {}\n\n'],
    ['is longer than may be kept', stream({ ...reply(), more: 'x'.repeat(300_000) })],
  ])('that %s is not', async (_name, text) => {
    const { keeper, find, faults } = openScene();
    keeper.keepStreamed(text);
    await turn();
    expect(find()).toBeUndefined();
    expect(faults).toEqual([]);
  });

  it('that cannot be read is a fault in the log, and nowhere else', async () => {
    const { keeper, find, faults } = openScene();
    keeper.keepStreamed('event: x\ndata: {"response":\n\n');
    await turn();
    expect(find()).toBeUndefined();
    expect(faults).toHaveLength(1);
  });

  it('whose client has left is not', async () => {
    const { keeper, exchange, find } = openScene();
    exchange.isClientGone = true;
    keeper.keepStreamed(stream(reply()));
    await turn();
    expect(find()).toBeUndefined();
  });
});

describe('a reply in one piece', () => {
  it.each<[string, JsonObject | string]>([
    ['itself', reply()],
    ['as a stream', stream(reply())],
  ])('(%s) is kept once it is written', async (_name, told) => {
    const { keeper, response, find } = openScene();
    keeper.keepWhole(told);
    await turn();
    expect(find()).toBeUndefined();
    response.emit('finish');
    expect(find()).toMatchObject({ id, output: [JSON.stringify(item)] });
  });
});

describe('what is to be kept', () => {
  it.each<[string, Partial<Exchange>, JsonObject, boolean]>([
    ['a response', {}, {}, true],
    ['that is to be stored', {}, { store: true }, true],
    ['that says nothing of it', {}, { store: null }, true],
    ['that is not to be stored', {}, { store: false }, false],
    ['a count', { endpoint: { operation: 'count-tokens', format: 'openai-responses' } }, {}, false],
    ['a reply of another format', { format: { ...openaiResponses, id: 'openai-chat' } }, {}, false],
  ])('%s', (_name, more, body, isKept) => {
    const { gateway, exchange } = openScene();
    expect(mayStore(gateway, { ...exchange, ...more }, body)).toBe(isKept);
    expect(mayStore(openScene(0).gateway, { ...exchange, ...more }, body)).toBe(false);
  });

  it('has an id of ours, and other replies the id of their exchange', () => {
    const { exchange } = openScene();
    expect(replyIdOf(exchange)).toBe(id);
    expect(replyIdOf({ ...exchange, format: { ...openaiResponses, id: 'ollama-chat' } })).toBe(exchangeId);
  });
});

/** Putting stored items in the place of their ids: every spelling of a request, and nothing else of it touched. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KeyId } from '../base/ids.ts';
import type { JsonObject } from '../wire/chat.ts';
import type { Ask, Exchange, Gateway } from './exchange.ts';
import { askWithStored, namesOwnState, ownItems, withoutOwnIds } from './stored-rebuild.ts';
import { createStoredResponses, MAX_LINKS, responseIdOf } from './stored-responses.ts';

const keyId: KeyId = 'key_mine';
const idOf = (number: number): string => responseIdOf(`exc_${String(number).padStart(26, '0')}`);
const first = idOf(1);
const second = idOf(2);
const missing = idOf(9);

const asked = { type: 'message', role: 'user', content: 'One' };
const told = { id: `msg_${first}_0`, type: 'message', role: 'assistant', content: [] };
const thought = { id: `rs_${first}_1`, type: 'reasoning', summary: [] };
const askedAgain = { type: 'message', role: 'user', content: 'Two' };
const toldAgain = { id: `msg_${second}_0`, type: 'message', role: 'assistant', content: [] };
const conversation = [asked, told, thought, askedAgain, toldAgain];

function openGateway(bodyBytes = 100_000): Gateway {
  const storedResponses = createStoredResponses({ now: () => 0, monotonic: () => 0 }, 64 * 1024 * 1024);
  const texts = (items: readonly object[]) => items.map((item) => JSON.stringify(item));
  const common = { keyId, head: '{}' };
  storedResponses.keep({
    ...common,
    id: first,
    previousId: undefined,
    input: texts([asked]),
    output: texts([told, thought]),
  });
  storedResponses.keep({
    ...common,
    id: second,
    previousId: first,
    input: texts([askedAgain]),
    output: texts([toldAgain]),
  });
  return { storedResponses, limits: { bodyBytes } } as unknown as Gateway;
}

function exchangeOf(format = 'openai-responses', key: KeyId = keyId): Exchange {
  return { format: { id: format }, key: { id: key } } as unknown as Exchange;
}

/** The request as it goes on, and how often it was read. */
function rebuilt(text: string, exchange = exchangeOf(), gateway = openGateway()) {
  const bodies: Buffer[] = [];
  const result = askWithStored(gateway, exchange, Buffer.from(text), (body) => {
    bodies.push(body);
    return { ok: true, ask: { body } as Ask };
  });
  return { result, reads: bodies.length, text: result.ok ? result.ask.body.toString('utf8') : undefined };
}

const reference = (id: string) => ({ type: 'item_reference', id });
const message = (content: string) => ({ role: 'user', content });
const bare = (text: string) => ({ type: 'message', role: 'user', content: [{ type: 'input_text', text }] });

describe('a request', () => {
  it.each<[string, object, object]>([
    [
      'goes on from a response with a text',
      { model: 'm', previous_response_id: second, input: 'Three "é"' },
      { model: 'm', input: [...conversation, bare('Three "é"')] },
    ],
    [
      'with items',
      { input: [message('Three')], previous_response_id: second },
      { input: [...conversation, message('Three')] },
    ],
    [
      'from the first of them',
      { input: 'x', previous_response_id: first },
      { input: [asked, told, thought, bare('x')] },
    ],
    ['with nothing new', { previous_response_id: second, model: 'm' }, { model: 'm', input: conversation }],
    ['with null', { previous_response_id: second, input: null }, { input: conversation }],
    ['with an empty list', { previous_response_id: second, input: [] }, { input: conversation }],
    [
      'refers to items, in their places',
      { input: [message('a'), reference(told.id), message('b'), reference(toldAgain.id)], tools: [] },
      { input: [message('a'), told, message('b'), toldAgain], tools: [] },
    ],
    [
      'with references that name no type',
      { input: [{ id: told.id }, { type: null, id: thought.id }] },
      { input: [told, thought] },
    ],
    [
      'to items that the conversation has already',
      { previous_response_id: first, input: [reference(told.id), reference(toldAgain.id)] },
      { input: [asked, told, thought, toldAgain] },
    ],
    [
      'to what is known here and what is not',
      { input: [reference(told.id), reference(`msg_${missing}_0`), reference('msg_68af')] },
      { input: [told, reference(`msg_${missing}_0`), reference('msg_68af')] },
    ],
    [
      'to items of ours, and goes on from a response of a provider',
      { previous_response_id: 'resp_68af', input: [reference(told.id)] },
      { previous_response_id: 'resp_68af', input: [told] },
    ],
  ])('%s', (_name, body, wanted) => {
    const { text, reads, result } = rebuilt(JSON.stringify(body));
    expect(JSON.parse(text!)).toEqual(wanted);
    expect(reads).toBe(2);
    expect(result).toMatchObject({ ask: { rebuiltFrom: { body: Buffer.from(JSON.stringify(body)) } } });
  });

  it.each<[string, string]>([
    ['names nothing of ours', '{"input":"x","previous_response_id":"resp_68af"}'],
    ['names a response that is not known', `{"input":"x","previous_response_id":"${missing}"}`],
    ['refers to items that are not known', `{"input":[{"type":"item_reference","id":"msg_${missing}_0"}]}`],
    [
      'refers to an item that its response does not have',
      `{"input":[{"type":"item_reference","id":"msg_${first}_7"}]}`,
    ],
    ['says whole items with ids of ours', JSON.stringify({ input: [told, thought, message('x')] })],
    ['speaks of our ids', `{"input":"What is ${first}?"}`],
    [
      'says an item of a role with an id of ours',
      `{"input":[{"role":"user","id":"${told.id}","content":"x"}]}`,
    ],
    ['has an input of no kind', `{"input":7,"previous_response_id":"${second}"}`],
    [
      'has the field twice',
      `{"input":"x","previous_response_id":"${first}","previous_response_id":"${second}"}`,
    ],
    ['has an id that is no text', `{"input":"x ${first}","previous_response_id":["${second}"]}`],
    ['has bad escapes in it', `{"input":[{"type":"item_reference","id":"msg_${first}_0\\q"}]}`],
    ['has no objects in its input', `{"input":["${told.id}",null,7,[{"id":"${told.id}"}]]}`],
  ])('that %s stays as it came', (_name, text) => {
    const { result, reads } = rebuilt(text);
    expect(reads).toBe(1);
    expect(result).toEqual({ ok: true, ask: { body: Buffer.from(text) } });
  });

  it('of another format, or with another key, stays as it came', () => {
    const text = JSON.stringify({ input: [reference(told.id)], previous_response_id: second });
    expect(rebuilt(text, exchangeOf('openai-chat')).text).toBe(text);
    expect(rebuilt(text, exchangeOf('openai-responses', 'key_theirs')).text).toBe(text);
  });

  it('keeps every other byte', () => {
    const text = `{ "model" : "m\\u0041", "previous_response_id":"${second}" ,"metadata":{ "a":1.0 },\n"input" : [ {"role":"user","content":"x", "n":1e2 } ] }`;
    const before = conversation.map((item) => JSON.stringify(item)).join(',');
    expect(rebuilt(text).text).toBe(
      `{ "model" : "m\\u0041", "metadata":{ "a":1.0 },\n"input" : [${before},{"role":"user","content":"x", "n":1e2 }] }`,
    );
  });

  it('is cut into its items at the right places, whatever stands in them', () => {
    const item = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
    const law = fc.property(
      fc.array(item, { maxLength: 5 }),
      fc.constantFrom(undefined, 1, '\t'),
      (items, indent) => {
        const text = JSON.stringify({ previous_response_id: first, input: items }, null, indent);
        expect(JSON.parse(rebuilt(text).text!)).toEqual(
          JSON.parse(JSON.stringify({ input: [asked, told, thought, ...items] })),
        );
      },
    );
    fc.assert(law, { numRuns: 200 });
  });
});

describe('a request is refused', () => {
  it('where an earlier response of the conversation is gone', () => {
    const gateway = openGateway();
    gateway.storedResponses.forget(keyId, first);
    const { result } = rebuilt(`{"input":"x","previous_response_id":"${second}"}`, exchangeOf(), gateway);
    expect(result).toMatchObject({
      ok: false,
      refusal: { code: 'state_not_portable', param: 'previous_response_id' },
    });
  });

  it('where the conversation has too many responses', () => {
    const gateway = openGateway();
    const more = { keyId, input: [], output: [], head: '{}' };
    for (let number = 3; number <= MAX_LINKS + 1; number += 1) {
      gateway.storedResponses.keep({ ...more, id: idOf(number), previousId: idOf(number - 1) });
    }
    const goOn = (number: number) =>
      rebuilt(`{"input":"x","previous_response_id":"${idOf(number)}"}`, exchangeOf(), gateway).result;
    expect(goOn(MAX_LINKS).ok).toBe(true);
    expect(goOn(MAX_LINKS + 1)).toMatchObject({ refusal: { code: 'state_not_portable' } });
  });

  it('where the conversation is larger than a body may be', () => {
    const gateway = openGateway(400);
    const goOn = (id: string) =>
      rebuilt(`{"input":"x","previous_response_id":"${id}"}`, exchangeOf(), gateway).result;
    expect(goOn(first).ok).toBe(true);
    expect(goOn(second)).toMatchObject({ ok: false, refusal: { code: 'body_too_large' } });
  });
});

describe('what a request brought anew', () => {
  it('is kept with the items it referred to, and without the conversation before it', () => {
    const body = { previous_response_id: second, input: [reference(told.id), message('x')] };
    const items = ownItems(openGateway(), exchangeOf(), Buffer.from(JSON.stringify(body)));
    expect(items.map((text) => JSON.parse(text))).toEqual([told, message('x')]);
  });

  it.each([
    ['a text', '{"input":"x"}', [bare('x')]],
    ['nothing', '{}', []],
  ])('may be %s', (_name, text, wanted) => {
    const items = ownItems(openGateway(), exchangeOf(), Buffer.from(text));
    expect(items.map((item) => JSON.parse(item))).toEqual(wanted);
  });
});

describe('for servers of the format itself', () => {
  it('ids of ours go, and thoughts without state', () => {
    const signed = { id: `rs_${first}_2`, type: 'reasoning', encrypted_content: 'abc', summary: [] };
    const theirs = { id: 'rs_68af', type: 'reasoning', summary: [] };
    const body = { input: [asked, told, thought, signed, theirs] } as unknown as JsonObject;
    const { id: _told, ...toldWithout } = told;
    const { id: _signed, ...signedWithout } = signed;
    expect(withoutOwnIds(body)).toEqual({
      body: { input: [asked, toldWithout, signedWithout, theirs] },
      warnings: [{ kind: 'dropped', path: 'input[2]', note: expect.any(String) }],
    });
  });

  it.each([
    ['previous_response_id', { previous_response_id: first }, true],
    ['previous_response_id', { previous_response_id: 'resp_68af' }, false],
    ['input[1].item_reference', { input: [message('x'), reference(told.id)] }, true],
    ['input[0].item_reference', { input: [reference('msg_68af')] }, false],
    ['conversation', { conversation: { id: 'conv_1' } }, false],
    ['input[0].compaction', { input: [{ type: 'compaction' }] }, false],
  ])('%s of %j is ours: %s', (field, body, isOurs) => {
    expect(namesOwnState(body as unknown as JsonObject, field)).toBe(isOurs);
  });
});

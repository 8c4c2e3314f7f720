/** The memory of translated responses: what it holds, for whom, for how long, and that it never holds more than it may. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../base/clock.ts';
import type { KeyId } from '../base/ids.ts';
import {
  createStoredResponses,
  MAX_LINKS,
  responseIdIn,
  responseIdOf,
  type StoredResponse,
} from './stored-responses.ts';

const MINUTE = 60_000;
const mine: KeyId = 'key_mine';
const theirs: KeyId = 'key_theirs';

function idOf(number: number): string {
  return responseIdOf(`exc_${String(number).padStart(26, '0')}`);
}

function itemIdOf(number: number, place = 0): string {
  return `msg_${idOf(number)}_${place}`;
}

function response(number: number, more: Partial<StoredResponse> = {}): StoredResponse {
  return {
    id: idOf(number),
    keyId: mine,
    previousId: undefined,
    input: [`{"role":"user","content":"question ${number}"}`],
    output: [`{"id":"${itemIdOf(number)}","text":"answer ${number}"}`],
    head: `{"id":"${idOf(number)}","output":[]}`,
    ...more,
  };
}

function openMemory(limitBytes = 1_000_000) {
  let now = 0;
  const clock: Clock = { now: () => now, monotonic: () => now };
  const stored = createStoredResponses(clock, limitBytes);
  return {
    stored,
    wait(byMs: number) {
      now += byMs;
    },
    /** Numbers of the responses that are there; looking is using them. */
    there: (count: number) =>
      Array.from({ length: count }, (_, number) => number).filter((number) => {
        const isThere = stored.find(mine, idOf(number)) !== undefined;
        return isThere;
      }),
  };
}

/** What one response of `size` characters takes, by the memory's own count. */
function sizeOf(size: number): number {
  const { stored } = openMemory(1_000_000_000);
  stored.keep(response(0, { output: ['x'.repeat(size)] }));
  return stored.bytes();
}

describe('ids', () => {
  it('name the exchange, and are found in the ids of items', () => {
    const id = responseIdOf('exc_01jzabcdefghjkmnpqrstvwxyz');
    expect(id).toBe('resp_tp_01jzabcdefghjkmnpqrstvwxyz');
    expect(responseIdIn(`rs_${id}_12`)).toBe(id);
    expect(responseIdIn('rs_68af4030baa48193b0b43b4c2a176a1a')).toBeUndefined();
  });
});

describe('a response', () => {
  it('is found by its id, and its items by theirs', () => {
    const { stored } = openMemory();
    const two = response(1, { output: [`{"id":"${itemIdOf(1)}"}`, `{"id":"${itemIdOf(1, 1)}","b":2}`] });
    expect(stored.keep(two)).toBe(true);
    expect(stored.find(mine, idOf(1))).toEqual(two);
    expect(stored.itemOf(mine, itemIdOf(1, 1))).toBe(two.output[1]);
    expect(stored.itemOf(mine, itemIdOf(1, 2))).toBeUndefined();
    // An item that only speaks of the id is another one.
    expect(stored.itemOf(mine, idOf(1))).toBeUndefined();
    expect(stored.itemOf(mine, 'msg_of_somebody_else')).toBeUndefined();
  });

  it('is there for its own key alone', () => {
    const { stored } = openMemory();
    stored.keep(response(1));
    expect(stored.find(theirs, idOf(1))).toBeUndefined();
    expect(stored.itemOf(theirs, itemIdOf(1))).toBeUndefined();
    expect(stored.conversationOf(theirs, idOf(1))).toEqual({ ok: false, problem: 'unknown' });
    expect(stored.forget(theirs, idOf(1))).toBe(false);
    // Nor by going on from it under a name of one's own.
    stored.keep(response(2, { keyId: theirs, previousId: idOf(1) }));
    expect(stored.conversationOf(theirs, idOf(2))).toEqual({ ok: false, problem: 'broken' });
    expect(stored.find(mine, idOf(1))).toBeDefined();
  });

  it('is forgotten when asked to, once', () => {
    const { stored } = openMemory();
    stored.keep(response(1));
    expect(stored.forget(mine, idOf(1))).toBe(true);
    expect(stored.forget(mine, idOf(1))).toBe(false);
    expect(stored.find(mine, idOf(1))).toBeUndefined();
    expect(stored.bytes()).toBe(0);
  });

  it('of a memory of nothing is not kept', () => {
    const { stored } = openMemory(0);
    expect(stored.maxResponseBytes).toBe(0);
    expect(stored.keep(response(1))).toBe(false);
    expect(stored.bytes()).toBe(0);
  });
});

describe('time', () => {
  it('ends a response an hour after its last use', () => {
    const { stored, wait } = openMemory();
    stored.keep(response(1));
    wait(59 * MINUTE);
    expect(stored.find(mine, idOf(1))).toBeDefined();
    wait(59 * MINUTE);
    expect(stored.itemOf(mine, itemIdOf(1))).toBeDefined();
    wait(60 * MINUTE);
    expect(stored.find(mine, idOf(1))).toBeUndefined();
    expect(stored.bytes()).toBe(0);
  });

  it('is given back by a sweep, without anybody asking for it', () => {
    const { stored, wait } = openMemory();
    stored.keep(response(1));
    wait(30 * MINUTE);
    stored.keep(response(2));
    wait(30 * MINUTE);
    stored.sweep();
    expect(stored.bytes()).toBeGreaterThan(0);
    expect(stored.find(mine, idOf(1))).toBeUndefined();
    wait(30 * MINUTE);
    stored.sweep();
    expect(stored.bytes()).toBe(0);
  });

  it('does not end the beginning of a conversation that goes on', () => {
    const { stored, wait } = openMemory();
    stored.keep(response(0));
    for (let number = 1; number < 10; number += 1) {
      wait(40 * MINUTE);
      expect(stored.conversationOf(mine, idOf(number - 1)).ok).toBe(true);
      stored.keep(response(number, { previousId: idOf(number - 1) }));
    }
    expect(stored.conversationOf(mine, idOf(9)).ok).toBe(true);
  });
});

describe('room', () => {
  it('is made by the response that was not used for longest', () => {
    const { stored, there } = openMemory(4.5 * sizeOf(1_000));
    const large = (number: number) =>
      response(number, { input: [], output: [`{"id":"${itemIdOf(number)}","text":"${'x'.repeat(1_000)}"}`] });
    for (const number of [0, 1, 2, 3]) expect(stored.keep(large(number))).toBe(true);
    stored.find(mine, idOf(0));
    stored.keep(large(4));
    expect(there(5)).toEqual([0, 2, 3, 4]);
  });

  it('is not given to a response that would take more than a quarter of it', () => {
    const { stored } = openMemory(40_000);
    stored.keep(response(1));
    expect(stored.maxResponseBytes).toBe(10_000);
    expect(stored.keep(response(2, { output: ['x'.repeat(9_000)] }))).toBe(false);
    expect(stored.keep(response(3, { input: ['x'.repeat(9_000)] }))).toBe(false);
    expect(stored.keep(response(4, { output: ['世'.repeat(4_000)] }))).toBe(true);
    expect(stored.keep(response(5, { output: ['世'.repeat(4_500)] }))).toBe(false);
    expect(stored.find(mine, idOf(1))).toBeDefined();
  });

  it('is taken once by what comes again: clients that send all of a conversation with every request', () => {
    const { stored } = openMemory(100_000_000);
    const items: string[] = [];
    const taken: number[] = [];
    for (let number = 0; number < 60; number += 1) {
      items.push(`{"turn":${number},"text":"${'x'.repeat(5_000)}"}`);
      stored.keep(response(number, { input: [...items] }));
      taken.push(stored.bytes());
    }
    expect(taken[59]! / taken[29]!).toBeLessThan(2.7);
    expect(taken[59]).toBeLessThan(60 * 20_000);
  });

  it('is never more than it may be, and all given back at the end', () => {
    const texts = fc.array(fc.constantFrom('"a"', '"b"', `"${'c'.repeat(300)}"`, `"${'世'.repeat(90)}"`), {
      maxLength: 6,
    });
    const step = fc.record({
      number: fc.nat({ max: 12 }),
      previous: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
      input: texts,
      output: texts,
      kind: fc.constantFrom('keep', 'keep', 'keep', 'forget', 'use'),
    });
    const law = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { stored } = openMemory(12_000);
      let next = 0;
      for (const { kind, number, previous, input, output } of steps) {
        const previousId = previous === undefined ? undefined : idOf(previous);
        if (kind === 'keep') stored.keep(response(next++, { input, output, previousId }));
        else if (kind === 'forget') stored.forget(mine, idOf(number));
        else stored.conversationOf(mine, idOf(number));
        expect(stored.bytes()).toBeLessThanOrEqual(12_000);
        expect(stored.bytes()).toBe(countAnew(stored, next));
      }
      for (let number = 0; number < next; number += 1) stored.forget(mine, idOf(number));
      expect(stored.bytes()).toBe(0);
    });
    fc.assert(law, { numRuns: 150 });
  });
});

/** The bytes of what is there, counted from its texts. */
function countAnew(stored: ReturnType<typeof createStoredResponses>, count: number): number {
  const there = Array.from({ length: count }, (_, number) => stored.find(mine, idOf(number))).filter(
    (one) => one !== undefined,
  );
  const size = (text: string) => (Buffer.byteLength(text) === text.length ? text.length : 2 * text.length);
  const items = there.flatMap(({ input, output }) => [...input, ...output]);
  const heads = there.reduce((sum, { head }) => sum + 1_024 + size(head), 0);
  return heads + items.length * 128 + [...new Set(items)].reduce((sum, text) => sum + size(text), 0);
}

describe('a conversation', () => {
  const chain = (stored: ReturnType<typeof createStoredResponses>, count: number): void => {
    for (let number = 0; number < count; number += 1) {
      stored.keep(response(number, number === 0 ? {} : { previousId: idOf(number - 1) }));
    }
  };

  it('is the input and output of its responses, oldest first', () => {
    const { stored } = openMemory();
    chain(stored, 3);
    const all = [0, 1, 2].flatMap((number) => [...response(number).input, ...response(number).output]);
    expect(stored.conversationOf(mine, idOf(2))).toEqual({
      ok: true,
      items: all,
      responseIds: new Set([idOf(0), idOf(1), idOf(2)]),
    });
    expect(stored.conversationOf(mine, idOf(0))).toMatchObject({ items: all.slice(0, 2) });
  });

  it('without its beginning is none', () => {
    const { stored } = openMemory();
    chain(stored, 3);
    stored.forget(mine, idOf(0));
    expect(stored.conversationOf(mine, idOf(2))).toEqual({ ok: false, problem: 'broken' });
    expect(stored.conversationOf(mine, idOf(0))).toEqual({ ok: false, problem: 'unknown' });
  });

  it('that goes in a circle, which no server makes, ends all the same', () => {
    const { stored } = openMemory();
    stored.keep(response(0, { previousId: idOf(1) }));
    stored.keep(response(1, { previousId: idOf(0) }));
    stored.keep(response(2, { previousId: idOf(1) }));
    expect(stored.conversationOf(mine, idOf(2))).toEqual({ ok: false, problem: 'too-long' });
  });

  it('ends at so many responses', () => {
    const { stored } = openMemory(64 * 1024 * 1024);
    chain(stored, MAX_LINKS + 1);
    const longest = stored.conversationOf(mine, idOf(MAX_LINKS - 1));
    expect(longest.ok && longest.items.length).toBe(2 * MAX_LINKS);
    expect(stored.conversationOf(mine, idOf(MAX_LINKS))).toEqual({ ok: false, problem: 'too-long' });
  });

  it('keeps its place in the memory as a whole while it goes on', () => {
    const { stored, there } = openMemory(9 * sizeOf(0) + 2_000);
    chain(stored, 3);
    for (const number of [3, 4, 5, 6]) stored.keep(response(number));
    stored.keep(response(7, { previousId: idOf(2) }));
    for (const number of [8, 9, 10]) stored.keep(response(number));
    expect(there(11)).toEqual(expect.arrayContaining([0, 1, 2, 7]));
    expect(there(11)).not.toContain(3);
  });
});

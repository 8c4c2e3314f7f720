// When a value that expires is fetched, and who waits for it.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLease, type Lease, type Lent } from './lease.ts';

const MINUTE = 60_000;

interface Giver {
  readonly lease: Lease<string>;
  /** Calls that nobody has answered yet, oldest first. */
  readonly asked: { give(lent: Lent<string>): void; fail(error: Error): void }[];
  readonly calls: () => number;
  nowMs: number;
}

/** A giver that answers when the test says so, and a clock that the test moves. */
function startGiver(): Giver {
  const asked: Giver['asked'] = [];
  let calls = 0;
  const giver: Giver = {
    lease: createLease(
      () => {
        calls += 1;
        return new Promise((give, fail) => asked.push({ give, fail }));
      },
      { now: () => giver.nowMs, monotonic: () => giver.nowMs },
    ),
    asked,
    calls: () => calls,
    nowMs: 1_000_000,
  };
  return giver;
}

/** A giver whose first value, good for `lifeMs`, has arrived. */
async function startGivenFor(lifeMs: number): Promise<Giver> {
  const giver = startGiver();
  const first = giver.lease.current();
  giver.asked.shift()!.give({ value: 'first', expiresAtMs: giver.nowMs + lifeMs });
  expect(await first).toBe('first');
  return giver;
}

describe('createLease', () => {
  it('asks once for all who wait', async () => {
    const giver = startGiver();
    const waiting = [giver.lease.current(), giver.lease.current(), giver.lease.current()];
    expect(giver.calls()).toBe(1);
    giver.asked[0]!.give({ value: 'token', expiresAtMs: giver.nowMs + 60 * MINUTE });
    expect(await Promise.all(waiting)).toEqual(['token', 'token', 'token']);
  });

  it('hands a good value out at once, without a promise', async () => {
    const giver = await startGivenFor(60 * MINUTE);
    giver.nowMs += 55 * MINUTE;
    expect(giver.lease.current()).toBe('first');
    expect(giver.calls()).toBe(1);
  });

  it('fetches ahead of the end while the kept value is still handed out', async () => {
    const giver = await startGivenFor(60 * MINUTE);
    giver.nowMs += 57 * MINUTE;
    expect([giver.lease.current(), giver.lease.current()]).toEqual(['first', 'first']);
    expect(giver.calls()).toBe(2);
    giver.asked[0]!.give({ value: 'second', expiresAtMs: giver.nowMs + 60 * MINUTE });
    await vi.waitFor(() => expect(giver.lease.current()).toBe('second'));
    expect(giver.calls()).toBe(2);
  });

  it('does not hand out what may expire on its way', async () => {
    const giver = await startGivenFor(60 * MINUTE);
    giver.nowMs += 60 * MINUTE - 10_000;
    const waiting = giver.lease.current();
    expect(waiting).toBeInstanceOf(Promise);
    giver.asked[0]!.give({ value: 'second', expiresAtMs: giver.nowMs + 60 * MINUTE });
    expect(await waiting).toBe('second');
  });

  it('does not fetch at every call what lives shortly', async () => {
    const giver = await startGivenFor(2 * MINUTE);
    expect(giver.lease.current()).toBe('first');
    giver.nowMs += 0.9 * MINUTE;
    expect(giver.lease.current()).toBe('first');
    expect(giver.calls()).toBe(1);
    giver.nowMs += 0.2 * MINUTE;
    expect(giver.lease.current()).toBe('first');
    expect(giver.calls()).toBe(2);
  });

  it('keeps for some minutes what has no known end', async () => {
    const giver = startGiver();
    const first = giver.lease.current();
    giver.asked.shift()!.give({ value: 'first', expiresAtMs: undefined });
    await first;
    giver.nowMs += 2 * MINUTE;
    expect(giver.lease.current()).toBe('first');
    expect(giver.calls()).toBe(1);
    giver.nowMs += 10 * MINUTE;
    expect(giver.lease.current()).toBeInstanceOf(Promise);
  });

  it('rejects with the failure of the giver, and leaves it alone for a moment', async () => {
    const giver = startGiver();
    const waiting = giver.lease.current();
    giver.asked.shift()!.fail(new Error('the secret is wrong'));
    await expect(waiting).rejects.toThrow('the secret is wrong');
    await expect(giver.lease.current()).rejects.toThrow('the secret is wrong');
    expect(giver.calls()).toBe(1);
    giver.nowMs += 3_000;
    const again = giver.lease.current();
    expect(giver.calls()).toBe(2);
    giver.asked.shift()!.give({ value: 'better', expiresAtMs: giver.nowMs + 60 * MINUTE });
    expect(await again).toBe('better');
  });

  it('lives through a failure ahead of the end', async () => {
    const giver = await startGivenFor(60 * MINUTE);
    giver.nowMs += 57 * MINUTE;
    giver.lease.current();
    giver.asked.shift()!.fail(new Error('not now'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(giver.lease.current()).toBe('first');
    expect(giver.calls()).toBe(2);
    giver.nowMs += 3_000;
    expect(giver.lease.current()).toBe('first');
    expect(giver.calls()).toBe(3);
  });

  it('lets those who come at the end join the fetch begun ahead of it', async () => {
    const giver = await startGivenFor(60 * MINUTE);
    giver.nowMs += 57 * MINUTE;
    giver.lease.current();
    giver.nowMs += 3 * MINUTE;
    const waiting = giver.lease.current();
    expect(giver.calls()).toBe(2);
    giver.asked.shift()!.give({ value: 'second', expiresAtMs: giver.nowMs + 60 * MINUTE });
    expect(await waiting).toBe('second');
  });
});

describe('a silent giver', () => {
  afterEach(() => {
    vi.useRealTimers();
  });
  it('is not waited for without end', async () => {
    vi.useFakeTimers();
    const giver = startGiver();
    const waiting = expect(giver.lease.current()).rejects.toThrow('no answer within 15000 ms');
    await vi.advanceTimersByTimeAsync(15_000);
    await waiting;
    giver.nowMs += 3_000;
    giver.lease.current();
    expect(giver.calls()).toBe(2);
  });
});

/** One timer for many tasks: each runs in its tick, in order, and nothing stays behind. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualTime } from '../../../test/support/manual-time.ts';
import { createScheduler, type Task } from './scheduler.ts';

describe('the scheduler', () => {
  it('keeps one timer for many tasks', async () => {
    const time = createManualTime();
    const scheduler = createScheduler(time.clock, time.wait);
    let runs = 0;
    for (let i = 0; i < 2000; i++) scheduler.at(10 + (i % 50), () => runs++);
    expect(time.pending()).toBe(1);
    await time.advance(100);
    expect(runs).toBe(2000);
    expect(time.pending()).toBe(0);
  });
  it('lets a nearer task go before the one its timer was set for', async () => {
    const time = createManualTime();
    const scheduler = createScheduler(time.clock, time.wait);
    const log: string[] = [];
    scheduler.at(100, () => log.push(`far ${time.clock.monotonic()}`));
    scheduler.at(8, () => log.push(`near ${time.clock.monotonic()}`));
    await time.advance(200);
    expect(log).toEqual(['near 8', 'far 100']);
  });
  it('keeps no timer once the last task is cancelled, and may be told twice', () => {
    const time = createManualTime();
    const scheduler = createScheduler(time.clock, time.wait);
    const task = scheduler.at(100, () => {});
    const other = scheduler.at(200, () => {});
    scheduler.cancel(task);
    scheduler.cancel(task);
    scheduler.cancel(other);
    expect(time.pending()).toBe(0);
  });
  it('runs a task that a task adds, and not one that a task of the same tick cancels', async () => {
    const time = createManualTime();
    const scheduler = createScheduler(time.clock, time.wait);
    const log: string[] = [];
    const tasks: Task[] = [];
    scheduler.at(8, () => {
      log.push('first');
      scheduler.cancel(tasks[0]!);
      scheduler.at(0, () => log.push('added'));
    });
    tasks.push(scheduler.at(8, () => log.push('cancelled')));
    await time.advance(50);
    expect(log).toEqual(['first', 'added']);
  });
  it('runs each task once, never early, and less than a tick late', async () => {
    const law = fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 }),
      async (delays) => {
        const time = createManualTime();
        const scheduler = createScheduler(time.clock, time.wait);
        const ran: [number, number][] = [];
        for (const delay of delays) scheduler.at(delay, () => ran.push([delay, time.clock.monotonic()]));
        await time.advance(100);
        expect(ran).toHaveLength(delays.length);
        for (const [due, at] of ran) {
          expect(at).toBeGreaterThanOrEqual(due);
          expect(at - due).toBeLessThan(4);
        }
      },
    );
    await fc.assert(law, { numRuns: 60 });
  });
});

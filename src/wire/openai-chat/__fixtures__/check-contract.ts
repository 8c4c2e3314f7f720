/** What every stream of chat events must keep (wire/chat.ts). */
import { expect } from 'vitest';
import type { ChatEvent } from '../../chat.ts';

/** Parts that come as one event. */
const WHOLE: readonly string[] = ['opaque-part', 'image-part', 'redacted-thinking'];

/** Each part has one start and one end with its deltas between; stop, then end, or an error, come last. */
export function checkContract(events: readonly ChatEvent[]): void {
  const open = new Map<number, string>();
  let next = 0;
  for (const event of events) {
    if (!('index' in event)) continue;
    if (event.type.endsWith('-start') || WHOLE.includes(event.type)) {
      expect(event.index).toBe(next);
      next += 1;
      if (!WHOLE.includes(event.type)) open.set(event.index, event.type.replace('-start', ''));
      continue;
    }
    expect(open.has(event.index), `${event.type} of a part that is not open`).toBe(true);
    if (event.type !== 'opaque-delta') expect(event.type.startsWith(open.get(event.index)!)).toBe(true);
    if (event.type.endsWith('-end')) open.delete(event.index);
  }
  const types = events.map(({ type }) => type);
  if (types.at(-1) === 'error') return;
  expect(open.size).toBe(0);
  expect(types.slice(-2)).toEqual(['stop', 'end']);
  expect(types.filter((type) => ['start', 'stop', 'end'].includes(type))).toEqual(['start', 'stop', 'end']);
  expect(types[0]).toBe('start');
}

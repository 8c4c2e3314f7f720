/** What is told of a life, and what is not. */
import { describe, expect, it } from 'vitest';
import type { HealthEvent, HealthState } from './health.ts';
import { createTidings } from './worth-telling.ts';

const place = { ref: 'anthropic/opus', provider: 'anthropic', credential: '' };

function tell(...states: readonly HealthState[]): string[] {
  const tidings = createTidings();
  return states.flatMap((to, at) => {
    const from = states[at - 1] ?? 'healthy';
    const event: HealthEvent = { place, from, to, reason: '', atMs: at * 60_000, untilMs: undefined };
    const told = tidings(event);
    return told ? [`${told.topic} since ${told.sinceMs / 60_000}`] : [];
  });
}

describe('what is worth telling', () => {
  it.each<[string, readonly HealthState[], readonly string[]]>([
    ['a breaker that opens once is not', ['open', 'half-open', 'healthy'], []],
    [
      'one whose trial fails is, and that it recovers',
      ['open', 'half-open', 'open', 'half-open', 'healthy'],
      ['deployment.down since 0', 'deployment.recovered since 0'],
    ],
    [
      'once, however long it is down',
      ['open', 'half-open', 'open', 'half-open', 'open', 'half-open', 'open'],
      ['deployment.down since 0'],
    ],
    [
      'again when it goes down again',
      ['open', 'half-open', 'open', 'half-open', 'degraded', 'open', 'half-open', 'open'],
      ['deployment.down since 0', 'deployment.recovered since 0', 'deployment.down since 5'],
    ],
    ['limits and slowness are not', ['limited', 'healthy', 'degraded', 'healthy'], []],
    [
      'a limit while it is open ends nothing',
      ['open', 'limited', 'open', 'half-open', 'open'],
      ['deployment.down since 0'],
    ],
    [
      'a credential that is refused is',
      ['disabled', 'half-open', 'healthy'],
      ['credential.disabled since 0'],
    ],
  ])('%s', (_, states, expected) => {
    expect(tell(...states)).toEqual(expected);
  });
});

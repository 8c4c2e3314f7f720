/** What is below `turnpike usage`, before an admin API that holds still. */
import { describe, expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';

resetBehind();

const commands = [
  'usage summary',
  'usage projections',
  'usage trends',
  'usage timeline',
  'usage errors',
  'usage sessions',
  'usage session ses-1',
];

describe('usage and what is below it', () => {
  it.each(commands)('%s in a terminal', async (words) => {
    const { code, out, err } = await turnpike(words, {
      isTerminal: true,
      columns: 140,
      env: { NO_COLOR: '1' },
    });
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatchSnapshot();
  });

  it.each(commands)('%s as JSON, exact', async (words) => {
    const { code, out } = await turnpike(`${words} --json`);
    expect(code).toBe(0);
    expect(out).toContain(words.endsWith('projections') ? '"22.345678901"' : '"12.345678901"');
    expect(() => JSON.parse(out)).not.toThrow();
  });

  it.each([
    ['usage summary --time-zone Europe/Berlin --agent coder', [{ agentId: 'coder' }, 'Europe/Berlin']],
    [
      'usage timeline --by hour --since 2026-11-20 --until 2026-11-21 --model openai/o3',
      { sinceMs: Date.UTC(2026, 10, 20), untilMs: Date.UTC(2026, 10, 21), model: 'openai/o3' },
    ],
    ['usage errors --by provider --since 24h', { by: 'provider', sinceMs: Date.UTC(2026, 10, 20, 12) }],
    ['usage sessions --order recent', { order: 'recent' }],
  ])('%s asks for just that', async (words, question) => {
    expect((await turnpike(words)).code).toBe(0);
    expect(behind.house.asked[0]).toMatchObject(question);
  });

  it('usage trends compares what is asked for', async () => {
    await turnpike('usage trends --by key --period week');
    const week = { current: { sinceMs: Date.UTC(2026, 10, 16) } };
    expect(behind.house.asked[0]).toMatchObject(['key', week, 20]);
  });

  it.each([
    ['usage summary --time-zone Mars/Base', 1, 'timeZone: must be the IANA name of a time zone'],
    ['usage trends --by colour', 2, 'Allowed choices are model'],
    ['usage timeline --since soon', 2, '--since soon is no moment'],
    ['usage session nobody', 1, 'there is no session nobody'],
    ['usage sumary', 2, "too many arguments for 'usage'"],
  ])('%s is refused', async (words, exitCode, message) => {
    const { code, err } = await turnpike(words);
    expect([code, err]).toEqual([exitCode, expect.stringContaining(message)]);
  });
});

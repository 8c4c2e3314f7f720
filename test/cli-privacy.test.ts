/** `turnpike privacy` and `turnpike explain --content`: what is shown, what is asked of the admin API, and what must be confirmed. */
import { describe, expect, it } from 'vitest';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';

resetBehind();

it('shows what is kept', async () => {
  const { code, out, err } = await turnpike('privacy show');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatchInlineSnapshot(`
    "content       redacted: kept without secrets and personal data
    kept for      30 days
    at most       redacted, 30 days (privacy in turnpike.yaml)
    kept now      1 exchange, the oldest of 2026-11-21 11:59
    "
  `);
  expect(JSON.parse((await turnpike('privacy show --json')).out)).toMatchObject({ content: 'redacted' });
});

describe('set', () => {
  it('says what is to be kept, and for how long', async () => {
    expect((await turnpike('privacy set metadata')).out).toContain('nothing of what is said is kept');
    expect((await turnpike('privacy set redacted --days 7 --json')).code).toBe(0);
    expect(behind.house.made).toEqual([{ content: 'metadata' }, { content: 'redacted', retentionDays: 7 }]);
  });
  it.each([
    ['privacy set all', 2, 'Use metadata, redacted or full.'],
    ['privacy set full --days 0', 2, 'Write a whole number from 1 to 3650.'],
    ['privacy set full', 1, 'no more than redacted, for 30 days at most'],
    ['privacy set redacted --days 13', 1, 'there is no master key to seal content with'],
  ])('%s is refused', async (line, code, told) => {
    const answer = await turnpike(line);
    expect([answer.code, answer.out]).toEqual([code, '']);
    expect(answer.err).toContain(told);
  });
});

describe('what cannot be undone', () => {
  it.each([
    ['privacy erase-content', '✓ Shredded the content of 1 exchange.\n', 'erase content'],
    [
      'privacy erase mem_1',
      '✓ Erased mem_1: 2 keys, 1 credential, content of 3 exchanges.\n',
      ['erase', 'mem_1', 'operator'],
    ],
  ])('%s', async (line, told, made) => {
    const asked = await turnpike(line);
    expect([asked.code, asked.out]).toEqual([1, '']);
    expect(asked.err).toContain('Nothing was erased.');
    expect(behind.house.made).toEqual([]);
    const { code, out } = await turnpike(`${line} --yes`);
    expect([code, out]).toEqual([0, told]);
    expect(behind.house.made).toEqual([made]);
  });
  it.each([
    ['privacy erase mem_9 --yes', 'there is no member mem_9'],
    ['privacy erase mem_owner --yes', 'nobody else owns the workspace'],
    ['privacy export mem_9', 'there is no member mem_9'],
    ['privacy erase nobody@example.com --yes', 'there is no member nobody@example.com'],
  ])('%s is refused', async (line, told) => {
    const { code, out, err } = await turnpike(line);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(told);
  });
});

it.each(['mem_1', 'ada@example.com', 'Ada'])('hands %s over as JSON lines', async (member) => {
  const { code, out } = await turnpike(`privacy export ${member}`);
  expect(code).toBe(0);
  expect(out).toBe('{"kind":"member","id":"mem_1"}\n{"kind":"key","name":"laptop"}\n');
});

describe('explain --content', () => {
  it('shows both sides after all else', async () => {
    const { code, out } = await turnpike('explain exc_1 --content');
    expect(code).toBe(0);
    expect(out.slice(out.indexOf('request ('))).toMatchInlineSnapshot(`
      "request (redacted, 20 bytes, 1 taken out)
      my key is [api-key]

      reply (redacted, 20 bytes)
      Keep it safe.
      "
    `);
    const { content } = JSON.parse((await turnpike('explain exc_1 --content --json')).out);
    expect(content).toMatchObject({ exchangeId: 'exc_1', mode: 'redacted' });
  });
  it('is told in the audit', async () => {
    await turnpike('explain exc_1 --content');
    expect(behind.house.told).toMatchObject([
      { action: 'exchanges.content.read', target: 'exc_1', outcome: 'done', actor: { id: 'operator' } },
    ]);
  });
});

/** Analytics over `fetch` with a fake house behind it: what is asked of the desk, and how answers look. */
import type { z } from '@hono/zod-openapi';
import { beforeEach, describe, expect, it } from 'vitest';
import { type FakeHouse, fakeHouse, NOW, TOKEN } from '../../test/support/fake-house.ts';
import { ErrorsBody, OverviewBody, ProjectionsBody, SummaryBody } from './analytics.ts';
import { SessionBody, SessionListBody } from './analytics-sessions.ts';
import { SpendBody, spendDimensions, TimelineBody, TrendsBody } from './analytics-spend.ts';
import { createAdmin } from './app.ts';

let fake: FakeHouse;
beforeEach(() => {
  fake = fakeHouse();
});

async function ask(path: string): Promise<{ status: number; body: unknown }> {
  const request = new Request(`http://127.0.0.1/api/v1/analytics${path}`, {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  const response = await createAdmin(fake.deps).fetch(request);
  return { status: response.status, body: await response.json() };
}

const iso = (atMs: number) => new Date(atMs).toISOString();

describe('answers', () => {
  it.each<[string, z.ZodType]>([
    ['/overview', OverviewBody],
    ['/errors', ErrorsBody],
    ['/summary', SummaryBody],
    ['/projections?timeZone=Asia/Kolkata', ProjectionsBody],
    ...spendDimensions.map((by): [string, z.ZodType] => [`/spend/by-${by}`, SpendBody]),
    ['/spend/by-day?timeZone=Europe/Berlin', TimelineBody],
    ['/spend/by-hour', TimelineBody],
    ['/trends', TrendsBody],
    ['/trends?by=model&period=week', TrendsBody],
    ['/sessions', SessionListBody],
    ['/sessions/ses-1', SessionBody],
  ])('%s as its schema says', async (path, schema) => {
    const { status, body } = await ask(path);
    expect([status, body]).toEqual([200, schema.parse(body)]);
  });

  it('with money as exact text, rates, means and latencies as numbers', async () => {
    expect((await ask('/overview')).body).toMatchObject({
      since: '2026-10-23T00:00:00.000Z',
      until: iso(NOW + 1),
      entries: 200,
      costUsd: '12.345678901',
      unpricedEntries: 2,
      errorRate: 0.015,
      meanTtftMs: 750,
      latency: { p50Ms: 420, p95Ms: 3_100, p99Ms: 9_000 },
    });
  });

  it('without a rate or latency where nothing was sent', async () => {
    expect((await ask('/errors')).body).toMatchObject({
      rows: [{}, { value: 'openai/o3', errorRate: 0, meanTtftMs: null, latency: { p50Ms: null } }],
    });
  });

  it('with changes in dollars and per cent, none where there was nothing before', async () => {
    const { body } = await ask('/trends?by=model');
    expect(body).toMatchObject({
      current: { since: '2026-11-01T00:00:00.000Z' },
      previous: { since: '2026-10-01T00:00:00.000Z', until: '2026-10-21T12:00:00.001Z' },
      total: {
        costChangeUsd: '4.115226301',
        costChangePercent: 50,
        entriesChange: 40,
        entriesChangePercent: 25,
      },
      rows: [
        { value: 'openai/gpt-4o', costChangePercent: null, entriesChangePercent: null },
        { value: 'openai/o3', costChangeUsd: '-8.2304526', costChangePercent: -100 },
      ],
    });
  });

  it('with the total of all rows, of which some are shown', async () => {
    const { body } = await ask('/spend/by-key?limit=1');
    expect(body).toMatchObject({
      rows: [{ value: 'openai/gpt-4o', label: 'gpt', errorRate: 0.015 }],
      total: { entries: 360, costUsd: '20.576131501' },
      isTruncated: true,
    });
    expect((await ask('/spend/by-day?limit=1')).body).toMatchObject({ rows: [{ value: '2026-11-21' }] });
  });
});

describe('questions', () => {
  const range = { sinceMs: Date.UTC(2026, 9, 23), untilMs: NOW + 1 };
  it.each([
    [
      '/overview?since=2026-11-01&until=2026-11-02T12:00:00%2B02:00',
      {
        sinceMs: Date.UTC(2026, 10, 1),
        untilMs: Date.UTC(2026, 10, 2, 10),
      },
    ],
    ['/overview?until=2026-11-02', { sinceMs: Date.UTC(2026, 9, 3), untilMs: Date.UTC(2026, 10, 2) }],
    [
      '/overview?provider=openai&model=gpt-4o&key=key_1&agent=&member=mem_1',
      { ...range, provider: 'openai', model: 'gpt-4o', keyId: 'key_1', agentId: '', memberId: 'mem_1' },
    ],
    ['/errors?by=provider&limit=5', { ...range, by: 'provider', limit: 5 }],
    ['/spend/by-member', ['member', range, 10_000]],
    ['/spend/by-day?timeZone=Asia/Tokyo', [{ ...range, sinceMs: Date.UTC(2026, 9, 22, 15) }, 'Asia/Tokyo']],
    ['/spend/by-hour', { sinceMs: Date.UTC(2026, 10, 21), untilMs: NOW + 1 }],
    ['/summary?timeZone=America/New_York&agent=coder', [{ agentId: 'coder' }, 'America/New_York']],
    ['/projections', [{}, 'UTC']],
    [
      '/sessions?order=recent&limit=3',
      { sinceMs: Date.UTC(2026, 10, 15), untilMs: NOW + 1, order: 'recent', limit: 3 },
    ],
    [
      '/trends?since=2026-11-10&until=2026-11-11&by=agent',
      [
        'agent',
        {
          current: { sinceMs: Date.UTC(2026, 10, 10), untilMs: Date.UTC(2026, 10, 11) },
          previous: { sinceMs: Date.UTC(2026, 10, 9), untilMs: Date.UTC(2026, 10, 10) },
        },
        20,
      ],
    ],
  ])('%s asks the desk for just that', async (path, question) => {
    expect((await ask(path)).status).toBe(200);
    expect(fake.asked).toEqual([question]);
  });

  it.each([
    ['/overview?since=2026-11-02&until=2026-11-02', 'until: must be after since'],
    ['/overview?since=soon', 'since:'],
    ['/overview?colour=red', 'colour'],
    ['/spend/by-day?timeZone=Mars/Base', 'timeZone: must be the IANA name of a time zone'],
    ['/spend/by-key?limit=10001', 'limit:'],
    ['/errors?by=key', 'by:'],
    ['/trends?by=session', 'by:'],
    ['/trends?period=year', 'period:'],
  ])('%s is refused', async (path, message) => {
    const { status, body } = await ask(path);
    expect([status, body]).toMatchObject([
      400,
      { error: { code: 'query_invalid', message: expect.stringContaining(message) } },
    ]);
  });

  it.each(['/sessions/nobody', '/spend/by-colour'])('%s is not there', async (path) => {
    expect((await ask(path)).status).toBe(404);
  });
});

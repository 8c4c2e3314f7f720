/** Rate limits of a file from start to start, and beside the limits an upstream tells of. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RateLimitList } from '../src/admin/rate-limits.ts';
import { loadConfig } from '../src/config.ts';
import { openOffline, startServer } from '../src/server.ts';
import { openBudgetHouse } from './support/budget-house.ts';
import { openDesk } from './support/open-house.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './support/turnpike-process.ts';

describe('a rate limit of a file', () => {
  let home: string;
  beforeEach(() => {
    home = newHome();
  });
  afterEach(() => removeHome(home));

  const configOf = (file: string) => {
    writeFileSync(join(home, 'config.yaml'), file);
    const env = { TURNPIKE_HOME: home, TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY, LOG_LEVEL: 'silent' };
    return loadConfig({ flags: { port: 0 }, env, cwd: home });
  };
  async function serve<T>(file: string, use: (desk: ReturnType<typeof openDesk>) => Promise<T>): Promise<T> {
    const server = await startServer(configOf(file));
    try {
      return await use(openDesk(server.url, home));
    } finally {
      await server.close();
    }
  }
  const listed = async (desk: ReturnType<typeof openDesk>): Promise<string[]> => {
    const { rateLimits } = await desk.admin<RateLimitList>('GET', '/rate-limits');
    return rateLimits.map(
      ({ scope, source, requestsPerMinute, version }) => `${scope} ${source} ${requestsPerMinute} ${version}`,
    );
  };
  const keys = (requests: number) => `{ scope: "key:*", requests_per_minute: ${requests} }`;
  const coders = '{ scope: "agent:*", concurrent: 1 }';

  it('is held equal to the file at each start', async () => {
    expect(await serve(`rate_limits: [ ${keys(25)}, ${coders} ]`, listed)).toEqual([
      'agent:* file null 1',
      'key:* file 25 1',
    ]);
    expect(await serve(`rate_limits: [ ${keys(30)} ]`, listed)).toEqual(['key:* file 30 2']);
    const offline = await openOffline(configOf('{}'));
    await offline.close();
    expect(await serve(`rate_limits: [ ${keys(30)} ]`, listed)).toEqual(['key:* file 30 2']);
    expect(await serve('{}', listed)).toEqual([]);
  });

  it('keeps the server from starting where the API has made one of the scope', async () => {
    await serve('{}', (desk) => desk.admin('POST', '/rate-limits', { scope: 'key:*', concurrent: 1 }));
    await expect(serve(`rate_limits: [ ${keys(25)} ]`, listed)).rejects.toThrow(
      /config\.yaml: the rate limit of key:\* was made by the admin API already.*turnpike limits remove key:\*/,
    );
    expect(await serve('{}', listed)).toEqual(['key:* api null 1']);
  });
});

it('is told instead of the limit that an upstream tells under the same name, and in force at once', async () => {
  const { house, upstream, close } = await openBudgetHouse('');
  const ask = async () => {
    upstream.forgetAnswers();
    upstream.answerWith({
      headers: {
        'content-type': 'application/json',
        'x-ratelimit-limit-requests': '9999',
        'x-ratelimit-remaining-requests': '9998',
        'x-ratelimit-limit-tokens': '8888',
      },
      chunks: ['{"id":"a","object":"chat.completion","model":"m","choices":[]}'],
    });
    const answer = await fetch(`${house.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
      body: '{"model":"oai/m","messages":[{"role":"user","content":"hi"}]}',
    });
    await answer.text();
    const names = ['limit-requests', 'remaining-requests', 'limit-tokens'];
    return [answer.status, ...names.map((name) => answer.headers.get(`x-ratelimit-${name}`))];
  };
  try {
    expect(await ask()).toEqual([200, '9999', '9998', '8888']);
    await house.admin('POST', '/rate-limits', {
      scope: 'deployment:oai/m',
      requestsPerMinute: 10,
      burstSeconds: 6,
    });
    expect(await ask()).toEqual([200, '10', '0', '8888']);
    expect((await ask())[0]).toBe(429);
  } finally {
    await close();
  }
});

/**
 * What the first users asked for, as they said it: each agent and command its own model, a word on the command line
 * that wins over all of it, a stand-in that is announced, none where that is switched off, and costs by command and day.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ExplainedExchange } from '../src/admin/exchanges.ts';
import { type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { type OpenHouse, openHouse } from './support/open-house.ts';
import { type Asking, ask, type Seen } from './support/plain-client.ts';
import { newHome } from './support/turnpike-process.ts';

/** What each vendor's API says, by its path. */
const answers = {
  '/api/chat': {
    model: 'codellama',
    created_at: '2026-11-21T12:00:00Z',
    message: { role: 'assistant', content: 'Looks fine.' },
    done: true,
    done_reason: 'stop',
    prompt_eval_count: 20,
    eval_count: 5,
  },
  '/v1/messages': {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [{ type: 'text', text: 'Looks fine.' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 20, output_tokens: 5 },
  },
  '/v1beta/models/': {
    candidates: [
      { content: { role: 'model', parts: [{ text: 'Looks fine.' }] }, finishReason: 'STOP', index: 0 },
    ],
    usageMetadata: { promptTokenCount: 20, candidatesTokenCount: 5, totalTokenCount: 25 },
  },
};

/** Nothing listens there: Ollama is not running. */
const NOWHERE = 'http://127.0.0.1:1';

const config = (url: string, ollama: string, fallback: string): string => `providers:
  ollama: { base_url: "${ollama}" }
  gemini: { base_url: "${url}/v1beta", api_key: upstream-key-gem }
  anthropic: { base_url: "${url}", api_key: upstream-key-ant }
models:
  default: anthropic/claude-sonnet-4-5
  agents: { "oss:code-reviewer": ollama/codellama }
  commands: { "oss:ship": anthropic/claude-haiku-4-5, "*": anthropic/claude-sonnet-4-5 }
fallback: ${fallback}
`;

let upstream: FakeUpstream;
/** Ollama answers; it does not; it does not and nobody may stand in. */
let well: OpenHouse;
let alone: OpenHouse;
let strict: OpenHouse;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  for (const [path, body] of Object.entries(answers)) {
    const headers = { 'content-type': 'application/json' };
    upstream.answerWith({ path, headers, chunks: [JSON.stringify(body)], times: 1_000 });
  }
  const standIn = '{ enabled: true, default: anthropic/claude-sonnet-4-5 }';
  well = await openHouse(config(upstream.url, upstream.url, standIn));
  alone = await openHouse(config(upstream.url, NOWHERE, standIn));
  strict = await openHouse(
    config(upstream.url, NOWHERE, '{ enabled: false, default: anthropic/claude-sonnet-4-5 }'),
  );
});
afterAll(async () => {
  await Promise.all([well.close(), alone.close(), strict.close()]);
  await upstream.close();
});
afterEach(async () => {
  await Promise.all([well, alone, strict].map((house) => house.forgetHealth()));
});

const chat: Asking = { format: 'openai-chat', prompt: 'Look at this.' };

function asPrompt(house: OpenHouse, prompt: string, more: Partial<Asking> = {}): Promise<Seen> {
  return ask(house.url, { ...chat, ...more, headers: { 'x-turnpike-prompt': prompt, ...more.headers } });
}

async function explained(house: OpenHouse, { exchangeId }: Seen, entries = 1) {
  await house.entriesOf(exchangeId, entries);
  return ExplainedExchange.parse(await house.admin('GET', `/exchanges/${exchangeId}`));
}

it('code-reviewer is answered by Ollama, whatever model its client names', async () => {
  const seen = await asPrompt(well, 'agent:oss:code-reviewer', { model: 'claude-opus-4-1' });
  expect([seen.status, seen.headers.get('x-turnpike-model')]).toEqual([200, 'ollama/codellama']);
  expect(seen.headers.get('x-turnpike-fallback')).toBe('false');
  const { agent, costUsd, decision } = await explained(well, seen);
  expect([agent, Number(costUsd)]).toEqual(['oss:code-reviewer', 0]);
  expect(decision.choice).toMatchObject({ prompt: 'agent:oss:code-reviewer', promptBy: 'header' });
  expect(
    decision.choice!.layers.filter(({ ref }) => ref !== null).map(({ layer, ref }) => [layer, ref]),
  ).toEqual([
    ['user', 'ollama/codellama'],
    ['request', 'claude-opus-4-1'],
    ['default', 'anthropic/claude-sonnet-4-5'],
  ]);
});

it('ship is answered by Gemini where --model says so, though its file names another', async () => {
  const headers = { 'x-turnpike-model': 'gemini/gemini-2.5-flash' };
  const told = await asPrompt(well, 'command:oss:ship', { headers });
  expect(told.headers.get('x-turnpike-model')).toBe('gemini/gemini-2.5-flash');
  expect((await explained(well, told)).decision.choice).toMatchObject({ layer: 'explicit' });
  const untold = await asPrompt(well, 'command:oss:ship');
  expect(untold.headers.get('x-turnpike-model')).toBe('anthropic/claude-haiku-4-5');
  const other = await asPrompt(well, 'command:oss:plan');
  expect(other.headers.get('x-turnpike-model')).toBe('anthropic/claude-sonnet-4-5');
});

it('Claude answers where Ollama is not running, and the user is told', async () => {
  const seen = await asPrompt(alone, 'agent:oss:code-reviewer');
  expect([seen.status, seen.headers.get('x-turnpike-model')]).toEqual([200, 'anthropic/claude-sonnet-4-5']);
  expect(seen.headers.get('x-turnpike-fallback')).toBe('true');
  expect(seen.headers.get('x-turnpike-fallback-from')).toBe('ollama/codellama; connect');
  const { decision } = await explained(alone, seen, 2);
  expect(decision.attempts.map(({ model, status }) => [model, status])).toEqual([
    ['ollama/codellama', 'not_sent'],
    ['anthropic/claude-sonnet-4-5', 'ok'],
  ]);
  expect(decision.order).toEqual([
    { ref: 'ollama/codellama', standIn: null },
    { ref: 'anthropic/claude-sonnet-4-5', standIn: 'default' },
  ]);
});

it('nobody stands in where falling back is switched off', async () => {
  const before = upstream.requests.length;
  const seen = await asPrompt(strict, 'agent:oss:code-reviewer');
  expect([seen.status, seen.error?.code]).toEqual([502, 'upstream_unreachable']);
  expect(upstream.requests.length).toBe(before);
});

it('what a prompt file names to stand in does so, and not where falling back is switched off', async () => {
  for (const [enabled, status] of [
    [true, 200],
    [false, 502],
  ] as const) {
    const home = newHome();
    const rule = '{ model: ollama/codellama, fallback: [gemini/gemini-2.5-flash] }';
    const text = config(upstream.url, NOWHERE, `{ enabled: ${enabled} }`).replace('ollama/codellama', rule);
    writeFileSync(join(home, 'config.yaml'), text);
    const house = await openHouse(text, home);
    const seen = await asPrompt(house, 'agent:oss:code-reviewer');
    expect(seen.status).toBe(status);
    if (enabled) expect(seen.headers.get('x-turnpike-model')).toBe('gemini/gemini-2.5-flash');
    await house.close();
  }
});

it('costs are told by command and by day', async () => {
  const seen = [await asPrompt(well, 'command:oss:ship'), await asPrompt(well, 'command:oss:ship')];
  for (const one of seen) await explained(well, one);
  const [row] = well.rows<{ day: number; entries: number; cost_nano: number }>(
    "select day, entries, cost_nano from usage_days where agent_id = 'command:oss:ship' and provider = 'anthropic'",
  );
  // Haiku 4.5: 20 tokens at $1 and 5 at $5 a million, at least twice (an earlier test asks too).
  expect(row!.cost_nano).toBe(row!.entries * (20 * 1_000 + 5 * 5_000));
  expect(row!.entries).toBeGreaterThanOrEqual(2);
  expect(row!.day % 86_400_000).toBe(0);
  const { rows } = await well.admin<{ rows: { value: string; costUsd: string }[] }>('GET', '/usage?by=agent');
  expect(rows.find(({ value }) => value === 'command:oss:ship')).toBeDefined();
});

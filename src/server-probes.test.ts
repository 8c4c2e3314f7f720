/** Who is probed when, and what of the board a probe's answer moves. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from './base/secret.ts';
import { createBoard } from './health/board.ts';
import type { HealthBoard, Observation, Place } from './health/health.ts';
import { createProbes, type Probes } from './server-probes.ts';
import { configureProviders } from './upstream/configure.ts';
import type { Provider } from './upstream/provider.ts';
import { providerKinds } from './upstream/providers.ts';
import type { Transport } from './upstream/transport.ts';

const DOWN: Observation = { kind: 'down', reason: 'status 529' };
const REFUSED: Observation = { kind: 'credential', reason: 'status 401' };
const OK: Observation = { kind: 'ok' };

const key = (text: string) => ({ secret: new Secret(text), weight: 1, name: text });
const row = (name: string, apiKeys: readonly string[]) => ({
  ...{ name, headers: {}, models: [], timeouts: {} },
  apiKeys: apiKeys.map(key),
});

describe('probes', () => {
  let nowMono: number;
  let board: HealthBoard;
  let probes: Probes;
  let asked: string[];
  let statusOf: (key: string) => number;
  let settings: { probes: boolean; probeEveryMs: number };
  let providers: ReadonlyMap<string, Provider>;

  beforeEach(() => {
    nowMono = 0;
    asked = [];
    statusOf = () => 200;
    settings = { probes: true, probeEveryMs: 60_000 };
    providers = configureProviders(
      [row('openai', ['one']), row('anthropic', ['first', 'second'])],
      providerKinds,
      {},
    ).providers;
    const clock = { now: () => 1_700_000_000_000 + nowMono, monotonic: () => nowMono };
    const transport: Transport = {
      send(request, handler) {
        const used = ['one', 'first', 'second'].find((one) => JSON.stringify(request.headers).includes(one))!;
        asked.push(used);
        setImmediate(() => {
          handler.onHead(statusOf(used), {});
          handler.onEnd();
        });
        return { pause() {}, resume() {}, abort() {} };
      },
      close: () => Promise.resolve(),
    };
    board = createBoard({ clock, random: () => 0.5 });
    probes = createProbes({
      ...{ board, clock, random: () => 0.5 },
      settings: () => settings,
      providers: () => providers,
      authorizerOf: () => undefined,
      transportOf: () => transport,
    });
  });

  const openai: Place = { ref: 'openai/gpt', provider: 'openai', credential: '' };
  const anthropic = (name: string): Place => ({
    ref: 'anthropic/opus',
    provider: 'anthropic',
    credential: `file:${name}`,
  });
  const send = (place: Place, observation: Observation, times = 1): void => {
    for (let time = 0; time < times; time += 1) {
      const trial = board.admit(place);
      trial?.observe(observation);
      trial?.end();
    }
  };
  /** Second by second, as the server has it. */
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      nowMono += 1_000;
      await probes.beat();
    }
  };

  it('ask nobody in the first minute, then each that is idle once a minute, with its first credential', async () => {
    await pass(60);
    expect(asked).toEqual([]);
    await pass(1);
    expect(asked.sort()).toEqual(['first', 'one']);
    await pass(60);
    expect(asked).toHaveLength(4);
    expect(probes.reports().get('openai')).toMatchObject({ isReachable: true, said: 'status 200' });
    expect(probes.reports().has('sandbox')).toBe(false);
  });

  it('leave alone what has traffic and is well', async () => {
    for (let minute = 0; minute < 3; minute += 1) {
      send(openai, OK);
      send(anthropic('first'), OK);
      await pass(59);
    }
    expect(asked).toEqual([]);
  });

  it('leave alone what still has a request under way', async () => {
    board.admit(openai);
    await pass(200);
    expect(asked).not.toContain('one');
  });

  it('let trials through to what is open and can be reached, and make nothing healthy', async () => {
    settings = { probes: true, probeEveryMs: 20_000 };
    // The wait of the third opening is two minutes.
    send(openai, DOWN, 5);
    for (const seconds of [31, 61]) {
      nowMono += seconds * 1_000;
      send(openai, DOWN);
    }
    expect(board.standing(openai).state).toBe('open');
    statusOf = () => 503;
    await pass(50);
    expect(board.standing(openai).state).toBe('open');
    statusOf = () => 200;
    await pass(25);
    expect(board.standing(openai).state).toBe('half-open');
    await pass(25);
    expect(board.standing(openai).state).toBe('half-open');
  });

  it('ask with each credential that is out of use, and enable those that are let in', async () => {
    send(anthropic('first'), REFUSED);
    send(anthropic('second'), REFUSED);
    statusOf = (used) => (used === 'second' ? 200 : 401);
    await pass(61);
    expect(asked.filter((used) => used !== 'one')).toEqual(['first', 'second']);
    expect(board.standing(anthropic('first')).state).toBe('disabled');
    expect(board.standing(anthropic('second')).state).toBe('half-open');
  });

  it('do so even under traffic', async () => {
    send(anthropic('first'), REFUSED);
    for (let second = 0; second < 61; second += 1) {
      send(anthropic('second'), OK);
      await pass(1);
    }
    expect(asked).toContain('first');
    expect(asked).not.toContain('second');
  });

  it('end when they are switched off, and forget what is configured no more', async () => {
    await pass(61);
    settings = { ...settings, probes: false };
    await pass(120);
    expect(asked).toHaveLength(2);
    settings = { ...settings, probes: true };
    providers = new Map([['openai', providers.get('openai')!]]);
    await pass(61);
    expect(probes.reports().has('anthropic')).toBe(false);
  });
});

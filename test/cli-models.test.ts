/** `turnpike models list`, `search` and `costs`: what is shown of what the API says, at any width. */
import { describe, expect, it } from 'vitest';
import type { ModelFacts } from '../src/admin/deps.ts';
import { behind, resetBehind, turnpike } from './support/cli-harness.ts';
import { fakePrice } from './support/fake-models.ts';

resetBehind();

const free = {
  ...fakePrice,
  source: 'local',
  tiers: [{ aboveInputTokens: 0, rates: { input: 0, output: 0 } }],
};

function model(ref: string, capabilities: readonly string[], more: Partial<ModelFacts> = {}): ModelFacts {
  const [provider = '', id = ''] = ref.split(/\/(.*)/);
  const known = { provider, id, name: id, prices: [], contextWindow: 128_000, capabilities, lacks: [] };
  return { ref, kind: 'model', leadsTo: [], provider, model: known as never, ...more };
}

function withModels(): void {
  const models = [
    model('openai/gpt-4o', ['tools', 'vision'], { price: fakePrice }),
    model('openai/gpt-4o-mini', ['tools', 'vision']),
    model('attic/qwen3:8b', ['tools', 'thinking'], { price: free, isLocal: true, isLive: true }),
    { ref: 'fast', kind: 'alias', leadsTo: ['openai/gpt-4o-mini'] } as const,
  ];
  const list = { models: [], listedAtMs: 1_000 };
  const lists = [
    { ...list, provider: 'attic', problem: undefined },
    { ...list, provider: 'cellar', problem: 'nobody listens' },
  ];
  behind.house.deps = { ...behind.house.deps, describeModels: async () => ({ models, lists }) };
}

describe('models list', () => {
  it('groups them by provider, marks local and live ones, and says what could not be listed', async () => {
    withModels();
    const { code, out, err } = await turnpike('models list');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "model                               window   in / M  out / M  can
      openai 2 models
        openai/gpt-4o                    128,000    $2.50   $10.00  tools, vision
        openai/gpt-4o-mini               128,000  unknown  unknown  tools, vision
      attic 1 model, local, listed live
        attic/qwen3:8b                   128,000     free     free  tools, thinking
      aliases and routes 1 name
        fast -> openai/gpt-4o-mini                                  alias
      prices of a list as of 2026-09-01, 81 days old
      "
    `);
    expect(err).toContain('! cellar did not list its models: nobody listens\n');
  });

  it('leaves names whole on a narrow terminal', async () => {
    withModels();
    const { out } = await turnpike('models list --provider attic', {
      isTerminal: true,
      columns: 80,
      env: { NO_COLOR: '1' },
    });
    expect(out).toMatchInlineSnapshot(`
      "model                               window  in / M  out / M
      attic 1 model, local, listed live
        attic/qwen3:8b                   128,000    free     free
      prices of a list as of 2026-09-01, 81 days old
      "
    `);
  });

  it('is honest where there is none', async () => {
    withModels();
    expect((await turnpike('models list --provider nobody')).out).toContain('There is no such model.');
  });
});

describe('models search', () => {
  const cases: [string, string[]][] = [
    ['gpt', ['openai/gpt-4o', 'openai/gpt-4o-mini']],
    ['gpt mini', ['openai/gpt-4o-mini']],
    ['--free', ['attic/qwen3:8b']],
    ['--vision --max-price 10', ['openai/gpt-4o']],
    ['--thinking --tools --provider attic', ['attic/qwen3:8b']],
  ];
  it.each(cases)('%s', async (words, refs) => {
    withModels();
    const { code, out } = await turnpike(`models search ${words} --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out).models.map(({ ref }: { ref: string }) => ref)).toEqual(refs);
  });

  it('shows so many, and says how many more there are', async () => {
    withModels();
    const { out } = await turnpike('models search 4o --limit 1');
    expect(out).toMatchInlineSnapshot(`
      "model           window  in / M  out / M  can
      openai/gpt-4o  128,000   $2.50   $10.00  tools, vision
      1 more; --limit shows more
      "
    `);
  });

  it('has nothing to show with exit code 1', async () => {
    withModels();
    const { code, out } = await turnpike('models search flying-carpet');
    expect([code, out]).toEqual([1, 'No model that can be asked for now is known to be like that.\n']);
  });

  it('refuses what is no price', async () => {
    const { code, err } = await turnpike('models search --max-price cheap');
    expect(code).not.toBe(0);
    expect(err).toContain('max_price');
  });
});

describe('models costs', () => {
  it.each(['model', 'agent', 'day'])('by %s', async (by) => {
    const { code, out } = await turnpike(`models costs --by ${by} --since 7d`);
    expect(code).toBe(0);
    expect(out).toContain('$12.35');
  });

  /** Two commands, an agent and what belongs to neither. */
  function withCommands(): void {
    const { deps } = behind.house;
    const { analytics } = deps;
    const values = ['command:oss:ship', 'coder', 'command:oss:review', ''];
    const spend: typeof analytics.spend = async (...question) => {
      const [row] = await analytics.spend(...question);
      return values.map((value) => ({ ...row!, value, label: undefined }) as typeof row & object);
    };
    behind.house.deps = { ...deps, analytics: { ...analytics, spend } };
  }

  it('are of commands alone', async () => {
    withCommands();
    const { out } = await turnpike('models costs --by command --since 7d');
    expect(out).toMatchInlineSnapshot(`
      "command     attempts   input  output       cost
      oss:ship         200  15,400   5,000  $12.35 +?
      oss:review       200  15,400   5,000  $12.35 +?
      since 2026-11-14 12:00 UTC
      +? some attempts went to models without a known price
      "
    `);
  });

  it('are of each command by day', async () => {
    withCommands();
    const { out } = await turnpike('models costs --by command --per-day --since 7d');
    expect(out).toMatchInlineSnapshot(`
      "command     day         attempts   input  output       cost
      oss:ship    2026-11-20       160  15,400   5,000   $8.23 +?
      oss:ship    2026-11-21       200  15,400   5,000  $12.35 +?
      oss:review  2026-11-20       160  15,400   5,000   $8.23 +?
      oss:review  2026-11-21       200  15,400   5,000  $12.35 +?
      since 2026-11-14 12:00 UTC
      +? some attempts went to models without a known price
      "
    `);
    const days = behind.house.asked.filter((question) => JSON.stringify(question).includes('agentId'));
    expect(days).toMatchObject([
      [{ agentId: 'command:oss:ship' }, 'UTC'],
      [{ agentId: 'command:oss:review' }, 'UTC'],
    ]);
  });

  it('say when nothing was spent', async () => {
    const { out } = await turnpike('models costs --by command');
    expect(out).toContain('Nothing was spent by commands since');
  });

  it('refuse days of days', async () => {
    const { code, err } = await turnpike('models costs --by day --per-day');
    expect(code).toBe(2);
    expect(err).toContain('--per-day');
  });
});

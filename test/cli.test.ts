/** The command line: help, wrong calls, the books, and finding the server. */
import { describe, expect, it } from 'vitest';
import { behind, fakeServer, resetBehind, turnpike } from './support/cli-harness.ts';
import { TOKEN, VIRTUAL_KEY } from './support/fake-house.ts';
import { connectionRefused, type FakeIoOptions } from './support/fake-io.ts';

resetBehind();

describe('help', () => {
  it('lists every command', async () => {
    const { code, out } = await turnpike('--help', { columns: 100 });
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "Usage: turnpike [options] [command]

      Self-hosted AI gateway: one port for every model call, every cent in a ledger.

      Options:
        -V, --version                          output the version number
        --workspace <workspace>                id or name of the workspace to act in, behind any command
                                               (or TURNPIKE_WORKSPACE; default: the first)
        -h, --help                             display help for command

      Commands:
        serve [options]                        run the gateway (what \`turnpike\` alone does)
        run [options] <client> [arguments...]  start claude, codex, opencode or gemini through Turnpike;
                                               its own arguments after --
        ask [options] [question]               ask one question (or pipe it in); answer on stdout, cost on
                                               stderr
        init [options] <client>                give claude slash commands for Turnpike: /turnpike:models,
                                               :costs, :explain and :health
        models                                 what can be asked for
        credentials                            keys of providers, sealed in the vault
        providers                              who serves models, and where each is declared
        routes                                 several models under one name
        aliases                                other names for models
        vault                                  what keys of providers are sealed with
        workspaces                             each with keys, budgets and members of its own
        members                                people of the workspace
        invitations                            who is invited to the workspace
        console [options]                      where people sign in; while there is no owner, the link
                                               that makes one
        keys                                   virtual keys that clients present
        agents                                 agents: who they are, what they cost, what they do
        budgets                                limits on spend
        limits                                 limits on requests and tokens per minute
        alerts                                 budget thresholds, refusals and bills that differ
        audit                                  who changed what, in a chain that shows when it was changed
        privacy                                what is kept of what requests say, and what is held of
                                               members
        health [options]                       how providers and their models are doing; exit code 1 when
                                               one that is in use is not
        prices                                 what models cost
        usage [options]                        tokens and cost
        explain [options] [exchange-or-ref]    why a request went as it did (x-turnpike-exchange-id), or
                                               would go: nothing is sent then
        ledger                                 the books
        config                                 settings of this process
        import                                 turn the configuration of another gateway into a
                                               turnpike.yaml; keys become variables
        doctor [options]                       look for what commonly goes wrong, and how to mend it
        help [command]                         display help for command

      Without a command it serves. Errors say how to mend them; every command has --json.
      "
    `);
  });
  it.each([
    'run',
    'ask',
    'usage',
    'explain',
    'keys create',
    'models test',
    'ledger verify',
    'config print',
    'doctor',
  ])('%s takes --json and has no option that takes a secret', async (command) => {
    const { code, out } = await turnpike(`${command} --help`, { columns: 100 });
    expect(code).toBe(0);
    expect(out).toContain('--json');
    expect(out).not.toMatch(/--(key|token|password|secret)\b/);
  });
});

describe('wrong calls', () => {
  it.each([
    ['kyes list', "unknown command 'kyes'"],
    ['keys', 'Usage: turnpike keys'],
    ['keys create', 'the key has no name'],
    ['explain', 'nothing to explain'],
    ['ledger verify now', 'too many arguments'],
    ['keys list extra', 'too many arguments'],
    ['usage --by colour', 'Allowed choices are model'],
    ['usage --since yesterday', '--since yesterday is no moment'],
    ['usage --bye model', "unknown option '--bye'"],
    ['keys list --bogus', 'Help: turnpike keys list --help'],
    ['serve --port 70000', 'A port is a whole number'],
    ['run vim', 'vim is not a client'],
    ['run __proto__', 'is not a client'],
    ['run claude --agent a,b', 'no agent name'],
    ['keys create x --models a,,b', 'single commas'],
    ['keys revoke key_1', 'Add --yes', { stdin: '' }],
    ['ask', 'nothing was asked'],
  ] as [string, string, FakeIoOptions?][])('%s', async (words, message, options = {}) => {
    const { code, out, err } = await turnpike(words, options);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(behind.house.made).toEqual([]);
  });
  it('says so in JSON where JSON was asked for', async () => {
    const { code, out, err } = await turnpike('usage --json --since x');
    expect([code, out]).toEqual([2, '']);
    expect(JSON.parse(err).error.message).toBe('--since x is no moment');
  });
});

describe('keys', () => {
  it('lists them', async () => {
    const { code, out } = await turnpike('keys list');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "name    id     key           state    created           expires           used  models
      laptop  key_1  tp-bbbb…bbbb  active   2026-11-21 11:59                          all
      old     key_0  tp-bbbb…bbbb  expired  2026-11-21 11:59  2026-11-21 11:59        all
      "
    `);
  });
  it('makes one, its token alone on stdout', async () => {
    const { code, out, err } = await turnpike(
      'keys create ci --expires 30d --agent oss:bot --models fast,openai/*',
    );
    expect([code, out]).toEqual([0, `${VIRTUAL_KEY}\n`]);
    expect(err).toMatchInlineSnapshot(`
      "✓ Key ci (key_1). It is shown this once; keep it.
      "
    `);
    expect(behind.house.made).toEqual([
      {
        name: 'ci',
        agentId: 'oss:bot',
        allowedModels: ['fast', 'openai/*'],
        expiresAtMs: Date.parse('2026-12-21T12:00:00Z'),
        budgets: [],
      },
    ]);
  });
  it('makes one with scopes, budgets and a rate limit of its own', async () => {
    const { code } = await turnpike(
      'keys create ci --formats embeddings,openai-chat --from 10.0.0.0/8,192.0.2.7 --tags a,b --budget 25/month,2.50/day --requests 60',
    );
    expect(code).toBe(0);
    expect(behind.house.made).toMatchObject([
      {
        allowedFormats: ['embeddings', 'openai-chat'],
        allowedRanges: ['10.0.0.0/8', '192.0.2.7/32'],
        tags: ['a', 'b'],
        budgets: [
          { limit: 25_000_000_000n, period: 'month' },
          { limit: 2_500_000_000n, period: 'day' },
        ],
        rateLimit: { requestsPerMinute: 60, burstSeconds: 60 },
      },
    ]);
  });
  it('shows one', async () => {
    const { out } = await turnpike('keys show laptop');
    expect(out).toMatchInlineSnapshot(`
      "name          laptop
      id            key_1
      key           tp-bbbb…bbbb
      state         active
      models        all
      formats       all
      from          everywhere
      created       2026-11-21 11:59
      "
    `);
  });
  it('changes one, and takes back what was said of it', async () => {
    const { code, out } = await turnpike('keys update laptop --name desk --models none --from 10.0.0.0/8');
    expect([code, out]).toEqual([0, '✓ Changed desk (key_1).\n']);
    expect(behind.house.made).toEqual([
      ['key_1', { name: 'desk', allowedModels: null, allowedRanges: ['10.0.0.0/8'] }],
    ]);
  });
  it('gives one a new text', async () => {
    const { code, out, err } = await turnpike('keys rotate laptop --overlap 24h');
    expect([code, out]).toEqual([0, `${VIRTUAL_KEY}\n`]);
    expect(err).toContain('the old one works until 2026-11-22 12:00');
    expect((await turnpike('keys rotate key_1')).err).toContain('the old one has ended');
    expect(behind.house.made).toEqual([
      ['key_1', 86_400_000],
      ['key_1', 0],
    ]);
  });
  it('makes a honeypot, and finds it among its own kind', async () => {
    const { code, out, err } = await turnpike('keys honeypot backup.env --description old_laptop');
    expect([code, out]).toEqual([0, `${VIRTUAL_KEY}\n`]);
    expect(err).toContain('leave it where only a thief looks');
    expect(behind.house.made).toMatchObject([{ name: 'backup.env', isHoneypot: true }]);
    expect((await turnpike('keys list --honeypots')).out).toContain('backup.env');
    expect((await turnpike('keys show backup.env')).out).toContain('active, a honeypot');
  });
  it.each([
    ['10m', 600_000],
    ['off', 0],
  ])('makes one whose answers are kept: --cache %s', async (span, cacheTtlMs) => {
    expect((await turnpike(`keys create ci --cache ${span}`)).code).toBe(0);
    expect(behind.house.made).toEqual([{ name: 'ci', cacheTtlMs, budgets: [] }]);
  });
  it.each([
    ['by id', 'keys revoke key_1 --yes', {}],
    ['by name', 'keys revoke laptop --yes --json', {}],
    ['after asking', 'keys revoke key_1', { confirms: true }],
  ] as [string, string, FakeIoOptions][])('revokes %s', async (_name, words, options) => {
    const { code, out } = await turnpike(words, options);
    expect(code).toBe(0);
    expect(out).toMatch(/Revoked|"state": "revoked"/i);
  });
  it('keeps a key when the answer is no', async () => {
    const { code, out, err } = await turnpike('keys revoke key_1', { confirms: false });
    expect([code, out, err]).toEqual([1, '', 'Nothing was revoked.\n']);
  });
  it('knows a key that is not there', async () => {
    const { code, err } = await turnpike('keys revoke nobody --yes');
    expect([code, err]).toEqual([
      1,
      '✗ there is no key nobody\n  Name the id that `turnpike keys list` shows.\n',
    ]);
  });
});

describe('usage', () => {
  it('prints a table with its total', async () => {
    const { code, out } = await turnpike('usage --since 7d');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "model          attempts  input  cached  output           cost
      openai/gpt-4o         2     20       7       5    $0.00125 +?
      openai/o3             2     20       7       5  <$0.000001 +?
      total                 4     40      14      10    $0.00125 +?
      since 2026-11-14 12:00 UTC
      +? 2 attempts went to models without a known price; their cost is not in the sum
      "
    `);
  });
  it('lets the first column give way on a narrow terminal', async () => {
    const { out } = await turnpike('usage', { isTerminal: true, columns: 60 });
    const rows = out.split('\n').slice(0, 4);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(60);
    expect(out).toContain('…');
  });
  it('paints on a terminal that wants it, and only there', async () => {
    const painted = await turnpike('usage', { isTerminal: true, columns: 200, env: { NO_COLOR: '' } });
    expect(painted.out).toContain('\u001b[');
    expect((await turnpike('usage', { env: { NO_COLOR: '' } })).out).not.toContain('\u001b[');
    expect((await turnpike('usage', { isTerminal: true })).out).not.toContain('\u001b[');
  });
  it('prints exact figures as JSON', async () => {
    const { out } = await turnpike('usage --by model --json');
    expect(JSON.parse(out).total.costUsd).toBe('0.001250001');
  });
});

describe('ledger verify', () => {
  it('fails when the books do not add up', async () => {
    const { code, out } = await turnpike('ledger verify');
    expect([code, out]).toEqual([1, '✗ The ledger does not add up:\n  ent_3 has no hold\n']);
  });
  it('is content when they do', async () => {
    const sound = { isSound: true, entries: 12_345, cost: 1_500_000_000n as never, problems: [] };
    behind.house.deps = {
      ...behind.house.deps,
      spending: { ...behind.house.deps.spending, verify: async () => sound },
    };
    const { code, out } = await turnpike('ledger verify');
    expect([code, out]).toEqual([0, '✓ The ledger adds up: 12,345 entries, $1.50.\n']);
  });
});

describe('finding the server', () => {
  const offline: FakeIoOptions = {
    fetch: connectionRefused,
    openOffline: async () => ({
      fetch: fakeServer,
      close: async () => void behind.asked.push({ path: 'closed' } as never),
    }),
  };
  it.each(['keys list', 'usage', 'explain exc_1', 'ledger verify'])(
    'opens the books itself for %s when no server runs',
    async (words) => {
      const { out, err } = await turnpike(words, offline);
      expect(err).toBe('');
      expect(out).not.toBe('');
      expect(behind.asked.map(({ path }) => path)).toEqual(['closed']);
    },
  );
  it.each(['models list', 'ask hi', 'models test x', 'run opencode --print'])(
    'needs a server for %s',
    async (words) => {
      const { code, err } = await turnpike(words, offline);
      expect(code).toBe(1);
      expect(err).toMatch(
        /✗ no server listens at http:\/\/127.0.0.1:8642\n {2}Start it with `turnpike serve`/,
      );
    },
  );
  it('says how to start the first time', async () => {
    const { code, err } = await turnpike('keys list', { client: null });
    expect([code, err]).toEqual([
      1,
      '✗ no Turnpike has been started with the data folder ~/.turnpike\n  Start it with `turnpike serve`.\n',
    ]);
  });
  it('does not show the secrets of this machine to another server', async () => {
    const seen: (string | null)[] = [];
    const other = async (request: Request) => {
      seen.push(request.headers.get('authorization'));
      return new Response('{}');
    };
    const env = { TURNPIKE_URL: 'http://elsewhere.example' };
    expect((await turnpike('keys list', { env, fetch: other })).err).toContain('TURNPIKE_OPERATOR_TOKEN');
    expect((await turnpike('ask hi', { env, fetch: other })).err).toContain('TURNPIKE_KEY');
    expect(seen).toEqual([]);
    await turnpike('ask hi', { env: { ...env, TURNPIKE_KEY: 'tp-mine' }, fetch: other });
    expect(seen).toEqual(['Bearer tp-mine']);
  });
  it('does not open the books of this machine for a server elsewhere', async () => {
    const env = { TURNPIKE_URL: 'http://elsewhere.example', TURNPIKE_OPERATOR_TOKEN: TOKEN };
    const { code, err } = await turnpike('keys list', { ...offline, env });
    expect(code).toBe(1);
    expect(err).toContain('no server listens at http://elsewhere.example');
  });
  it('knows that something else listens there', async () => {
    const { code, err } = await turnpike('keys list', { fetch: () => new Response('<html>') });
    expect(code).toBe(1);
    expect(err).toContain('answered 200, but not as a Turnpike does');
  });
  it('passes on why the database cannot be opened', async () => {
    const { code, err } = await turnpike('keys list', { fetch: connectionRefused });
    expect(code).toBe(1);
    expect(err).toContain('✗ the database is locked');
  });
});

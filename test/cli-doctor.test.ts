/** Commands that explain this machine: config print and doctor. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../src/cli/run-cli.ts';
import { behind, fakeServer, resetBehind, turnpike } from './support/cli-harness.ts';
import { connectionRefused, createFakeIo, FAKE_URL, type FakeIoOptions } from './support/fake-io.ts';

resetBehind();

describe('config print', () => {
  it('shows each setting, where it came from, and no secret', async () => {
    const fake = createFakeIo();
    writeFileSync(
      join(fake.home, 'config.yaml'),
      [
        'port: 9000',
        'aliases: { fast: openai/gpt-4o-mini }',
        'routes: { smart: { models: [a/b, c/d] } }',
        'providers:',
        '  house:',
        '    kind: openai-compatible',
        '    base_url: "https://ada:hunter2@models.example/v1"',
        `    api_key: ${'$'}{HOUSE_KEY}`,
        '    headers: { x-secret: hunter3 }',
        '    models: [llama]',
      ].join('\n'),
    );
    const env = {
      TURNPIKE_HOME: fake.home,
      TURNPIKE_HOST: '::1',
      HOUSE_KEY: `sk-house-${'z'.repeat(40)}`,
      TURNPIKE_BOOTSTRAP_KEY: `tp-${'y'.repeat(43)}`,
    };
    const { code, out } = await turnpike('config print', { env });
    expect(code).toBe(0);
    expect(out).not.toMatch(/hunter|z{5}|y{5}/);
    const rows = out.replaceAll(fake.home, '~').split('\n');
    expect(
      rows.filter((row) => /^(port|host|providers|aliases|routes|bootstrapKey)/.test(row)),
    ).toMatchInlineSnapshot(`
      [
        "host                              ::1                                             env TURNPIKE_HOST",
        "port                              9000                                            ~/config.yaml",
        "bootstrapKey                      tp-yyyy…yyyy                                    env TURNPIKE_BOOTSTRAP_KEY",
        "providers.house.kind              openai-compatible                               ~/config.yaml",
        "providers.house.base_url          https://models.example/v1 (rest masked)         ~/config.yaml",
        "providers.house.api_key           sk-hous…zzzz                                    ~/config.yaml",
        "providers.house.models            llama                                           ~/config.yaml",
        "providers.house.headers.x-secret  ••••                                            ~/config.yaml",
        "aliases.fast                      openai/gpt-4o-mini                              ~/config.yaml",
        "routes.smart                      a/b > c/d                                       ~/config.yaml",
      ]
    `);
  });
  it('names the place of a mistake', async () => {
    const fake = createFakeIo();
    writeFileSync(join(fake.home, 'config.yaml'), 'prot: 9000\n');
    const { code, err } = await turnpike('config print', { env: { TURNPIKE_HOME: fake.home } });
    expect(code).toBe(1);
    expect(err).toContain('config.yaml is not valid');
    expect(err).toContain('prot');
  });
});

describe('doctor', () => {
  it('is content with a sound installation', async () => {
    const { code, out } = await turnpike('doctor');
    expect(code).toBe(0);
    expect(out.replace(process.versions.node, 'NODE')).toMatchInlineSnapshot(`
      "✓ node: NODE
      ✓ configuration: defaults; no file
      ✓ data folder: ~/.turnpike
      ✓ client file: ~/.turnpike/client.json
      ✓ server: http://127.0.0.1:8642 runs Turnpike 0.1.0 with the data of /home/ada/.turnpike
      ✓ ledger: writable, durability power
      ✓ configuration in force: /home/ada/.turnpike/config.yaml, /home/ada/shop/turnpike.yaml, revision 7
      ✓ vault: /data/turnpike/master.key opens all that is sealed
      ! prices: a list as of 2026-09-01, 81 days old
          Name a newer list under prices.refresh in turnpike.yaml, or use a newer version.
      ! models: turnpike.yaml models.agents.*: ollama/codellama: no provider ollama is declared; set OLLAMA_HOST or providers.ollama
      ! provider house: no credential (kind openai-compatible)
          Save one with \`turnpike credentials set house\`, or put it into the environment of the server.
      · Claude Code: not installed (npm install -g @anthropic-ai/claude-code)
      · Codex: not installed (npm install -g @openai/codex)
      · opencode: not installed (npm install -g opencode-ai)
      · Gemini CLI: not installed (npm install -g @google/gemini-cli)
      "
    `);
  });
  it('looks into the books itself when no server runs', async () => {
    const { code, out } = await turnpike('doctor', {
      fetch: connectionRefused,
      openOffline: async () => ({ fetch: fakeServer, close: async () => {} }),
    });
    expect(code).toBe(0);
    expect(out).toContain('! server: nobody listens at http://127.0.0.1:8642; the port is free');
    expect(out).toMatch(/✓ database: file:.*turnpike.db: SQLite/);
    expect(out).toContain('✓ ledger: writable, durability power');
  });
  it('looks at the database before there is anything else', async () => {
    const options = { client: null, fetch: connectionRefused };
    const { code, out } = await turnpike('doctor', { ...options, probeDatabase: async () => undefined });
    expect(code).toBe(0);
    expect(out).toContain('turnpike.db: not there yet; the first start makes it');
    const env = { DATABASE_URL: 'postgres://ada:hunter2@db.example/books' };
    const fine = await turnpike('doctor', { ...options, env, probeDatabase: async () => 'PostgreSQL 18.4' });
    expect(fine.out).toContain('✓ database: postgres://ada:••••@db.example/books: PostgreSQL 18.4');
  });
  it('fails where no master key opens the vault', async () => {
    const { vault } = behind.house.deps;
    behind.house.deps = {
      ...behind.house.deps,
      vault: { ...vault, describe: async () => ({ ...(await vault.describe()), state: 'closed' }) },
    };
    const { code, out } = await turnpike('doctor');
    expect(code).toBe(1);
    expect(out).toContain('✗ vault: /data/turnpike/master.key does not open the 3 secrets in it');
    expect(out).toContain('turnpike vault recover');
  });
  it.each([
    ['postgres://ada:••••@db.example/books', 'Start the server of the database'],
    ['file:/home/ada/.turnpike/turnpike.db', 'Free disk space'],
  ])('says why the running server cannot write to %s, and what mends it', async (database, fix) => {
    const describe = behind.house.deps.describeInstallation;
    const broken = { database, isLedgerWritable: false, pendingSettles: 1, lastError: 'no answer' };
    behind.house.deps = { ...behind.house.deps, describeInstallation: () => ({ ...describe(), ...broken }) };
    const { code, out } = await turnpike('doctor');
    expect(code).toBe(1);
    expect(out).toContain(`✗ ledger: ${database} cannot be written (no answer); 1 entry waits`);
    expect(out).toContain(fix);
  });
  it.each<[string, FakeIoOptions, (home: string) => void, string]>([
    ['a client file open to others', {}, (home) => chmodSync(join(home, 'client.json'), 0o644), 'mode 644'],
    ['a data folder open to others', {}, (home) => chmodSync(home, 0o755), 'chmod 700'],
    [
      'a client file that is none',
      {},
      (home) => writeFileSync(join(home, 'client.json'), '['),
      'not a JSON object',
    ],
    [
      'a mistake in the file',
      {},
      (home) => writeFileSync(join(home, 'config.yaml'), 'port: x\n'),
      'config.yaml',
    ],
    ['something else at the port', { fetch: () => new Response('hi') }, () => {}, 'not as a Turnpike does'],
    [
      'the server of another data folder',
      { client: { url: FAKE_URL, operatorToken: 'tpo-other' } },
      () => {},
      'runs the Turnpike of another data folder',
    ],
    ['a locked database', { fetch: connectionRefused }, () => {}, 'the database is locked'],
    [
      'a database that cannot be reached',
      { fetch: connectionRefused, probeDatabase: () => Promise.reject(new Error('nobody answers there')) },
      () => {},
      '✗ database: nobody answers there',
    ],
  ])('finds %s', async (_name, options, spoil, part) => {
    const fake = createFakeIo({ fetch: fakeServer, ...options });
    spoil(fake.home);
    expect(await runCli(['doctor'], fake.io)).toBe(1);
    expect(fake.out()).toContain(part);
  });
  it('prints JSON', async () => {
    const { out } = await turnpike('doctor --json');
    expect(JSON.parse(out).findings[0]).toMatchObject({ check: 'node', state: 'ok' });
  });
});

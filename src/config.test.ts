// Where settings come from and which wins, what a file may say, and that no secret can be printed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Config, ConfigError, type ConfigInput, loadConfig } from './config.ts';

let folder: string;
let home: string;
let project: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turnpike-config-'));
  home = join(folder, 'home');
  project = join(folder, 'code', 'project');
  mkdirSync(home);
  mkdirSync(project, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Layers {
  readonly flags?: ConfigInput['flags'];
  readonly env?: ConfigInput['env'];
  /** Text of turnpike.yaml in the project. */
  readonly project?: string;
  /** Text of config.yaml in the data folder. */
  readonly user?: string;
}

function load(layers: Layers = {}): Config {
  if (layers.user !== undefined) writeFileSync(join(home, 'config.yaml'), layers.user);
  if (layers.project !== undefined) writeFileSync(join(project, 'turnpike.yaml'), layers.project);
  const env = { TURNPIKE_HOME: home, ...layers.env };
  return loadConfig({ flags: layers.flags ?? {}, env, cwd: project });
}

/** The operator's error, with this test's folder written as `~`. */
function refusal(layers: Layers): string {
  try {
    load(layers);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message.replaceAll(folder, '~');
  }
  throw new Error('it was accepted');
}

describe('without anything', () => {
  it('has a default for every setting', () => {
    expect(load()).toMatchObject({
      home,
      host: '127.0.0.1',
      port: 8642,
      databaseUrl: `file:${home}/turnpike.db`,
      durability: 'power',
      logLevel: 'info',
      bootstrapKey: undefined,
      limits: { bodyBytes: 67_108_864, exchanges: 10_000 },
      providers: [],
      defaultModel: undefined,
      aliases: {},
      routes: {},
      files: [],
      warnings: [],
    });
    expect(new Set(Object.values(load().sources))).toEqual(new Set(['default']));
  });
  it('takes an empty file for none, but names it', () => {
    expect(load({ project: '# nothing yet\n' })).toMatchObject({
      port: 8642,
      files: [join(project, 'turnpike.yaml')],
    });
  });
});

type Setting = 'host' | 'port' | 'durability' | 'logLevel';

interface LayeredSetting {
  readonly setting: Setting;
  readonly variable: string;
  /** Its name in a file. */
  readonly key: string;
  /** One value for each layer: flag, environment, project file, user file. */
  readonly values: readonly [string | number, string | number, string | number, string | number];
}

const layered: readonly LayeredSetting[] = [
  { setting: 'host', variable: 'TURNPIKE_HOST', key: 'host', values: ['::1', 'a.test', 'b.test', 'c.test'] },
  { setting: 'port', variable: 'TURNPIKE_PORT', key: 'port', values: [0, 2, 3, 4] },
  {
    setting: 'durability',
    variable: 'TURNPIKE_DURABILITY',
    key: 'durability',
    values: ['power', 'process', 'power', 'process'],
  },
  {
    setting: 'logLevel',
    variable: 'LOG_LEVEL',
    key: 'log_level',
    values: ['debug', 'warn', 'error', 'silent'],
  },
];

describe('flags > environment > project file > user file > default', () => {
  const cases = layered.flatMap((row) => [0, 1, 2, 3].map((first) => ({ ...row, first })));
  it.each(cases)('$setting from layer $first', ({ setting, variable, key, values, first }) => {
    const [flag, fromEnv, inProject, inUser] = values;
    const config = load({
      flags: first > 0 ? {} : { [setting]: flag },
      env: first > 1 ? {} : { [variable]: String(fromEnv) },
      ...(first <= 2 && { project: `${key}: "${inProject}"`.replace(/"(\d+)"/, '$1') }),
      user: `${key}: "${inUser}"`.replace(/"(\d+)"/, '$1'),
    });
    expect(config[setting]).toBe(values[first]);
    const sources = ['flag', `env ${variable}`, join(project, 'turnpike.yaml'), join(home, 'config.yaml')];
    expect(config.sources[setting]).toBe(sources[first]);
  });
  it.each(layered)('takes an empty $variable for unset', ({ setting, variable }) => {
    expect(load({ env: { [variable]: '' } }).sources[setting]).toBe('default');
  });
  it('keeps port 0, which takes a free one', () => {
    expect(load({ env: { TURNPIKE_PORT: '0' } }).port).toBe(0);
    expect(load({ project: 'port: 0' }).port).toBe(0);
  });
  it('reads LOG_LEVEL in capitals', () => {
    expect(load({ env: { LOG_LEVEL: 'WARN' } }).logLevel).toBe('warn');
  });
  it('takes named things from both files, and the whole entry from the project', () => {
    const config = load({
      user: 'aliases: {fast: a/1, slow: a/2}\nproviders: {a: {kind: openai-compatible, base_url: http://u, api_key: user}}',
      project:
        'aliases: {fast: b/1}\nproviders: {a: {kind: openai-compatible, base_url: http://p}}\nroutes: {r: {models: [a/1, b/1]}}',
    });
    expect(config.aliases).toEqual({ fast: 'b/1', slow: 'a/2' });
    expect(config.sources).toMatchObject({
      'aliases.fast': join(project, 'turnpike.yaml'),
      'aliases.slow': join(home, 'config.yaml'),
    });
    expect(config.providers).toMatchObject([{ name: 'a', baseUrl: 'http://p' }]);
    expect(config.providers[0]!.apiKey).toBeUndefined();
    expect(config.routes.r?.targets.map(({ ref }) => ref)).toEqual(['a/1', 'b/1']);
    expect(config.files).toEqual([join(home, 'config.yaml'), join(project, 'turnpike.yaml')]);
  });
});

describe('where files are found', () => {
  it('searches upward and stops at the nearest', () => {
    writeFileSync(join(folder, 'turnpike.yaml'), 'port: 1');
    expect(load().port).toBe(1);
    writeFileSync(join(dirname(project), 'turnpike.yaml'), 'port: 2');
    expect(load().port).toBe(2);
  });
  it('takes a named file instead of the nearest, the flag before the variable', () => {
    writeFileSync(join(project, 'named.yaml'), 'port: 5');
    writeFileSync(join(project, 'other.yaml'), 'port: 6');
    const inProject = 'port: 7\nhost: x';
    const fromEnv = load({ project: inProject, env: { TURNPIKE_CONFIG: 'named.yaml' } });
    expect(fromEnv).toMatchObject({ port: 5, host: '127.0.0.1' });
    const env = { TURNPIKE_CONFIG: 'named.yaml' };
    expect(load({ project: inProject, env, flags: { config: 'other.yaml' } }).port).toBe(6);
  });
  it('refuses a named file that is not there', () => {
    expect(refusal({ flags: { config: 'gone.yaml' } })).toBe(
      'The configuration file ~/code/project/gone.yaml does not exist.',
    );
  });
  it('takes a relative data folder from the working folder', () => {
    expect(load({ env: { TURNPIKE_HOME: 'data' } }).home).toBe(join(project, 'data'));
  });
});

it('lets no name of a file into the prototype of anything', () => {
  const config = load({ project: 'aliases: { __proto__: { polluted: a/b }, constructor: c/d }' });
  expect({ ...config.aliases }).toEqual({ constructor: 'c/d' });
  expect('polluted' in {}).toBe(false);
});

describe('what is refused', () => {
  const where = '~/code/project/turnpike.yaml';
  it.each<[string, string, readonly string[]]>([
    ['bad YAML, with the line', 'host: x\nport: [1', [where, 'line 2']],
    ['one name twice', 'port: 1\nport: 2', [where, 'line 2', 'port', 'twice']],
    ['a list', '- port', [where, '(top)']],
    ['a text', 'port', [where, '(top)']],
    ['an unknown setting', 'prot: 1', [where, '(top)', '"prot"']],
    [
      'an unknown setting further in',
      'providers: {house: {url: http://x}}',
      [where, 'providers.house', '"url"'],
    ],
    ['a port in words', 'port: "8642"', [where, 'port: ']],
    ['a port that does not exist', 'port: 70000', [where, 'port: ']],
    ['a name with a slash', 'aliases: {a/b: c/d}', [where, 'aliases.a/b']],
    ['a route to nowhere', 'routes: {r: {models: []}}', [where, 'routes.r.models']],
    ['an alias that is not anchored', 'aliases: {a: *nowhere}', [where, 'nowhere']],
    [
      'a bomb of anchors',
      `a: &a [x, x, x, x, x, x, x, x]\n${[...'bcdefg']
        .map((c, i) => `${c}: &${c} [${Array(8).fill(`*${'abcdef'[i]}`).join(', ')}]`)
        .join('\n')}`,
      [where, 'alias'],
    ],
    ['a book', `# ${'x'.repeat(1024 * 1024)}`, [where, 'larger than']],
  ])('%s', (_name, text, parts) => {
    const message = refusal({ project: text });
    for (const part of parts) expect(message).toContain(part);
  });
  it('names every mistake of a file at once', () => {
    const message = refusal({ project: 'port: x\ndurability: maybe\nlimits: {exchanges: 0}' });
    const [title, ...mistakes] = message.split('\n').map((line) => line.trim().split(':')[0]);
    expect(title).toBe(`${where} is not valid`);
    expect(mistakes.sort()).toEqual(['durability', 'limits.exchanges', 'port']);
  });
  it('a folder in the place of the file', () => {
    mkdirSync(join(project, 'turnpike.yaml'));
    expect(refusal({})).toContain(`${where}: EISDIR`);
  });
  it.each([
    ['TURNPIKE_PORT', 'eight', 'from 0 to 65535'],
    ['TURNPIKE_PORT', ' ', 'from 0 to 65535'],
    ['TURNPIKE_PORT', '1e3', 'from 0 to 65535'],
    ['TURNPIKE_PORT', '65536', 'from 0 to 65535'],
    ['TURNPIKE_PORT', '-1', 'from 0 to 65535'],
    ['TURNPIKE_DURABILITY', 'maybe', 'power or process'],
    ['LOG_LEVEL', 'loud', 'debug, info, warn'],
    ['DATABASE_URL', 'mysql://ada:hunter2@db/turnpike', 'the scheme "mysql:"'],
    ['DATABASE_URL', 'postgres://ada:hunter2@db:port/turnpike', 'DATABASE_URL cannot be read'],
    ['DATABASE_URL', 'libsql://', 'DATABASE_URL cannot be read; use file:/path'],
    ['TURNPIKE_REPLICA_ID', 'no spaces', 'must be 1 to 64 letters'],
    ['DATABASE_URL', '/var/lib/turnpike.db', 'is no URL'],
    ['TURNPIKE_BOOTSTRAP_KEY', 'short', 'at least 8'],
    ['TURNPIKE_BOOTSTRAP_KEY', 'with a space', 'without spaces'],
    ['TURNPIKE_BOOTSTRAP_KEY', 'línea-ñandú', 'printable'],
  ])('%s=%s', (variable, text, part) => {
    const message = refusal({ env: { [variable]: text } });
    expect(message).toContain(variable);
    expect(message).toContain(part);
    expect(message).not.toContain('hunter2');
  });
});

const variable = (name: string): string => `\${${name}}`;

describe('variables in files', () => {
  it('are put in, inside a text too', () => {
    const config = load({
      env: { HOUSE: 'models.test', KEY: 'sk-1' },
      project: `providers:\n  a: { base_url: "https://${variable('HOUSE')}/v1/", api_key: "${variable('KEY')}", models: ["${variable('KEY')}-model"] }`,
    });
    expect(config.providers[0]).toMatchObject({ baseUrl: 'https://models.test/v1', models: ['sk-1-model'] });
    expect(config.providers[0]!.apiKey!.reveal()).toBe('sk-1');
    expect(config.warnings).toEqual([]);
  });
  it('leave their setting out where they are missing, and say so', () => {
    const config = load({
      env: { EMPTY: '' },
      project: `host: "${variable('EMPTY')}"\nproviders: { a: { kind: openai, api_key: "${variable('NOT_THERE')}" } }`,
    });
    expect(config.host).toBe('127.0.0.1');
    expect(config.providers).toMatchObject([{ name: 'a', kind: 'openai' }]);
    expect(config.providers[0]!.apiKey).toBeUndefined();
    const file = join(project, 'turnpike.yaml');
    expect(config.warnings).toEqual([
      `${file}: host names ${variable('EMPTY')}, which is not set`,
      `${file}: providers.a.api_key names ${variable('NOT_THERE')}, which is not set`,
    ]);
  });
  it('are named where a setting is missing because of them', () => {
    const text = `alerts: { slack: [ { url: "${variable('HOOK')}" } ] }`;
    const message = refusal({ project: text });
    expect(message).toContain('alerts.slack.0.url: ');
    expect(message).toContain(`alerts.slack.0.url names ${variable('HOOK')}, which is not set`);
  });
  it('are not looked for in what was put in', () => {
    const config = load({ env: { A: variable('B'), B: 'b' }, project: `host: "${variable('A')}"` });
    expect(config.host).toBe(variable('B'));
  });
});

it.each([['guards: {}', 'not scanned']])('warns that nothing acts on %s', (project, part) => {
  expect(load({ project }).warnings).toEqual([expect.stringContaining(part)]);
});

describe('the record', () => {
  const secrets = ['sk-environment', 'sk-from-file', 'hunter2-header', 'tp-bootstrap-secret'];
  const full = (): Config =>
    load({
      env: { OPENAI_API_KEY: 'sk-environment', TURNPIKE_BOOTSTRAP_KEY: 'tp-bootstrap-secret' },
      project:
        'providers: { a: { kind: openai, api_key: sk-from-file, headers: { x-key: hunter2-header } } }',
    });
  it('holds them', () => {
    const { env, bootstrapKey, providers } = full();
    const held = [
      env.OPENAI_API_KEY,
      providers[0]!.apiKey!.reveal(),
      providers[0]!.headers['x-key'],
      bootstrapKey!.reveal(),
    ];
    expect(held).toEqual(secrets);
    expect(Object.keys(providers[0]!.headers)).toEqual(['x-key']);
  });
  it.each<[string, (config: Config) => string]>([
    ['JSON', (config) => JSON.stringify(config)],
    ['JSON of a copy', (config) => JSON.stringify({ ...config })],
    ['inspect', (config) => inspect(config, { depth: 10, showHidden: true })],
    ['a template', (config) => `${config.bootstrapKey} ${config.providers[0]!.apiKey}`],
  ])('shows no secret in %s', (_name, print) => {
    const text = print(full());
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
  it('cannot be changed, at any depth', () => {
    const config = full();
    const parts = [
      config,
      config.limits,
      config.providers,
      config.providers[0]!,
      config.env,
      config.sources,
      config.warnings,
    ];
    for (const part of parts) expect(Object.isFrozen(part)).toBe(true);
  });
  it('does not follow later changes of the environment', () => {
    const env: Record<string, string> = { TURNPIKE_HOME: home, GROQ_API_KEY: 'a' };
    const config = loadConfig({ flags: {}, env, cwd: project });
    env.GROQ_API_KEY = 'b';
    expect(config.env.GROQ_API_KEY).toBe('a');
  });
});

/** How each coding agent is pointed at Turnpike: environment and arguments, as data. No secret is ever an argument. */
import type { Environment } from './io.ts';

export interface LaunchInput {
  readonly url: string;
  readonly key: string;
  readonly model: string | undefined;
  readonly agent: string | undefined;
  /** Ids the data plane lists; asked for only where `needsModels`. */
  readonly models: readonly string[];
  readonly env: Environment;
}

export interface Launch {
  readonly set: Readonly<Record<string, string>>;
  /** Variables that would lead past Turnpike or send a vendor's own credential along. */
  readonly unset: readonly string[];
  /** Before the caller's own arguments. */
  readonly args: readonly string[];
}

export interface RunClient {
  /** Program looked for on the PATH. */
  readonly command: string;
  readonly name: string;
  readonly install: string;
  /** Client format it speaks. */
  readonly format: string;
  /** It must be told every model it may offer. */
  readonly needsModels: boolean;
  prepare(input: LaunchInput): Launch;
}

const claude: RunClient = {
  command: 'claude',
  name: 'Claude Code',
  install: 'npm install -g @anthropic-ai/claude-code',
  format: 'anthropic-messages',
  needsModels: false,
  prepare: ({ url, key, model, agent, env }) => ({
    set: {
      ANTHROPIC_BASE_URL: url,
      // As bearer token: with ANTHROPIC_API_KEY it would ask, at first use, whether to trust the key.
      ANTHROPIC_AUTH_TOKEN: key,
      ...(model !== undefined && claudeModels(model)),
      ...withHeaders('ANTHROPIC_CUSTOM_HEADERS', env, headersOf(model, agent), ': ', '\n'),
    },
    unset: [
      'ANTHROPIC_API_KEY',
      'CLAUDE_CODE_USE_BEDROCK',
      'CLAUDE_CODE_USE_VERTEX',
      'CLAUDE_CODE_USE_FOUNDRY',
    ],
    args: [],
  }),
};

type Headers = readonly (readonly [name: string, value: string])[];

/**
 * Who is asked, and in whose name. The model goes as a header, as what is chosen explicitly comes before every rule;
 * a client's own setting is its body's model, which is the least of a prompt's layers.
 */
function headersOf(model: string | undefined, agent: string | undefined): Headers {
  return [
    ...(model === undefined ? [] : [['x-turnpike-model', model] as const]),
    ...(agent === undefined ? [] : [['x-turnpike-agent', agent] as const]),
  ];
}

/** Behind the headers that the caller has there already. */
function withHeaders(
  variable: string,
  env: Environment,
  headers: Headers,
  colon: string,
  separator: string,
): Record<string, string> {
  if (headers.length === 0) return {};
  const lines = headers.map(([name, value]) => name + colon + value);
  return { [variable]: [env[variable], ...lines].filter(Boolean).join(separator) };
}

/** With a model of another vendor its small and named models would ask for a vendor nobody may have a credential for. */
function claudeModels(model: string): Record<string, string> {
  if (/^(anthropic[/:])?claude/.test(model)) return { ANTHROPIC_MODEL: model };
  const roles = [
    'MODEL',
    'SMALL_FAST_MODEL',
    'DEFAULT_HAIKU_MODEL',
    'DEFAULT_SONNET_MODEL',
    'DEFAULT_OPUS_MODEL',
  ];
  return Object.fromEntries(roles.map((role) => [`ANTHROPIC_${role}`, model]));
}

const codex: RunClient = {
  command: 'codex',
  name: 'Codex',
  install: 'npm install -g @openai/codex',
  format: 'openai-responses',
  needsModels: false,
  prepare: ({ url, key, model, agent }) => {
    const provider = 'model_providers.turnpike';
    const headers = headersOf(model, agent);
    const overrides = {
      model_provider: toml('turnpike'),
      [`${provider}.name`]: toml('Turnpike'),
      [`${provider}.base_url`]: toml(`${url}/v1`),
      [`${provider}.env_key`]: toml('TURNPIKE_KEY'),
      [`${provider}.wire_api`]: toml('responses'),
      ...(headers.length > 0 && {
        [`${provider}.http_headers`]: `{ ${headers.map(([name, value]) => `${toml(name)} = ${toml(value)}`).join(', ')} }`,
      }),
      ...(model !== undefined && { model: toml(model) }),
    };
    return {
      set: { TURNPIKE_KEY: key },
      unset: [],
      args: Object.entries(overrides).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    };
  },
};

/** A TOML basic string; JSON's escapes are a subset of TOML's. */
function toml(text: string): string {
  return JSON.stringify(text);
}

const opencode: RunClient = {
  command: 'opencode',
  name: 'opencode',
  install: 'npm install -g opencode-ai',
  format: 'openai-chat',
  needsModels: true,
  prepare: ({ url, key, model, agent, models, env }) => {
    const offered = model === undefined ? models : [model, ...models.filter((id) => id !== model)];
    const headers = headersOf(model, agent);
    const provider = {
      npm: '@ai-sdk/openai-compatible',
      name: 'Turnpike',
      options: {
        baseURL: `${url}/v1`,
        apiKey: key,
        ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
      },
      models: Object.fromEntries(offered.map((id) => [id, { name: id }])),
    };
    // The sandbox answers anybody, but is nobody's choice for work.
    const first = model ?? offered.find((id) => !id.startsWith('sandbox/')) ?? offered[0];
    const config = {
      ...readOwnConfig(env.OPENCODE_CONFIG_CONTENT),
      provider: { turnpike: provider },
      ...(first !== undefined && { model: `turnpike/${first}`, small_model: `turnpike/${first}` }),
    };
    return { set: { OPENCODE_CONFIG_CONTENT: JSON.stringify(config) }, unset: [], args: [] };
  },
};

/** What the caller already injects that way stays, but for the parts set here. */
function readOwnConfig(text: string | undefined): object {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    return value !== null && typeof value === 'object' ? value : {};
  } catch {
    return {};
  }
}

const gemini: RunClient = {
  command: 'gemini',
  name: 'Gemini CLI',
  install: 'npm install -g @google/gemini-cli',
  format: 'gemini-generate',
  needsModels: false,
  prepare: ({ url, key, model, agent, env }) => ({
    set: {
      GEMINI_API_KEY: key,
      GOOGLE_GEMINI_BASE_URL: url,
      ...(model !== undefined && { GEMINI_MODEL: model }),
      ...withHeaders('GEMINI_CLI_CUSTOM_HEADERS', env, headersOf(model, agent), ':', ','),
    },
    unset: [
      'GOOGLE_API_KEY',
      'GOOGLE_GENAI_USE_VERTEXAI',
      'GOOGLE_GENAI_USE_GCA',
      'GEMINI_API_KEY_AUTH_MECHANISM',
    ],
    args: [],
  }),
};

/** Name on the command line -> how it is run. */
export const runClients: Readonly<Record<string, RunClient>> = { claude, codex, opencode, gemini };

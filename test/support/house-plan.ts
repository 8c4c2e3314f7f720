/** The plan of the house that test/architecture.test.ts holds: rooms, doors, and who may use which package. */

/**
 * Room -> rooms it may import, besides itself. A room is a folder of `src/`, or the files beside the folders
 * that begin with one word: `config.ts` and `config-schema.ts` are the room `config`.
 * Type-only imports count like any other.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  wire: [],
  catalog: ['base'],
  health: ['base'],
  store: ['base'],
  config: ['base'],
  guard: ['base', 'wire'],
  upstream: ['base', 'wire'],
  route: ['base', 'catalog', 'health'],
  registry: ['base', 'store'],
  ledger: ['base', 'catalog', 'store'],
  alerts: ['base', 'store', 'ledger'],
  people: ['base', 'store', 'registry'],
  gateway: [
    'base',
    'wire',
    'catalog',
    'health',
    'guard',
    'route',
    'store',
    'config',
    'registry',
    'ledger',
    'upstream',
  ],
  agents: ['base', 'route', 'store'],
  billing: ['base', 'store', 'registry', 'ledger'],
  admin: [
    'base',
    'wire',
    'catalog',
    'health',
    'guard',
    'route',
    'store',
    'config',
    'registry',
    'ledger',
    'upstream',
    'alerts',
    'people',
    'agents',
    'billing',
  ],
  // The CLI is a client of the admin API. It reads the same configuration as the server, to find it.
  // The same for the CLI, the console and programs of others.
  client: [],
  cli: ['config', 'client'],
  server: [
    'base',
    'wire',
    'catalog',
    'health',
    'guard',
    'route',
    'store',
    'config',
    'registry',
    'ledger',
    'upstream',
    'gateway',
    'alerts',
    'people',
    'agents',
    'billing',
    'admin',
  ],
};

/** Room -> room whose types alone it may import: `import type`, nothing that is left after compiling. */
export const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = { cli: ['admin'] };

/** File -> rooms it may import beyond its room's. */
export const DOORS: Readonly<Record<string, readonly string[]>> = {
  'src/cli/serve.ts': ['server'],
  // Files of the machine it runs on, which the server may not see.
  'src/cli/prompt-text.ts': ['agents'],
};

/** npm package -> rooms that may import it. What is not listed may be used nowhere in `src/`. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  pino: ['base'],
  uuidv7: ['base'],
  'ipaddr.js': ['base', 'upstream'],
  'better-auth': ['people'],
  jose: ['people'],
  '@node-rs/argon2': ['people', 'server'],
  '@napi-rs/keyring': ['server'],
  'openapi-fetch': ['client'],
  undici: ['upstream', 'alerts'],
  nodemailer: ['alerts'],
  'google-auth-library': ['upstream'],
  '@aws-sdk/credential-provider-node': ['upstream'],
  '@aws-crypto/sha256-js': ['upstream'],
  '@smithy/signature-v4': ['upstream'],
  '@smithy/eventstream-codec': ['upstream'],
  'better-sqlite3': ['store'],
  pg: ['store'],
  '@libsql/client': ['store'],
  kysely: ['store', 'registry', 'ledger', 'alerts', 'people', 'admin'],
  hono: ['admin', 'server'],
  '@hono/zod-openapi': ['admin'],
  '@hono/node-server': ['server'],
  zod: ['config', 'admin'],
  yaml: ['config', 'agents'],
  'prom-client': ['gateway', 'server'],
  commander: ['cli'],
  '@clack/prompts': ['cli'],
  picocolors: ['cli'],
  'cli-table3': ['cli'],
};

/** Builtins that open sockets, start programs, touch files or run text: only where the design says so. */
export const RISKY_BUILTINS: Readonly<Record<string, readonly string[]>> = {
  'node:http': ['gateway', 'server'],
  'node:https': ['gateway', 'server'],
  'node:http2': [],
  'node:net': ['gateway', 'upstream', 'alerts', 'server'],
  'node:tls': ['gateway', 'upstream', 'server'],
  'node:dgram': [],
  'node:dns': ['upstream', 'alerts'],
  'node:dns/promises': ['upstream'],
  'node:child_process': ['cli'],
  'node:cluster': [],
  'node:worker_threads': ['store', 'ledger', 'config', 'server'],
  'node:fs': ['catalog', 'store', 'config', 'cli', 'server'],
  'node:fs/promises': ['store', 'config', 'cli', 'server', 'agents'],
  'node:vm': [],
  'node:module': [],
  'node:inspector': [],
  'node:sqlite': [],
};

/** Rooms of pure functions: of the builtins only these. */
export const PURE_ROOMS: Readonly<Record<string, readonly string[]>> = {
  wire: ['node:buffer', 'node:string_decoder'],
  health: [],
  guard: ['node:buffer', 'node:crypto'],
  route: [],
};

/** What a test beside the code may use besides its room's own. */
export const TEST_TOOLS = [
  'vitest',
  'fast-check',
  'smtp-server',
  'eventsource-parser',
  'openai',
  '@anthropic-ai/sdk',
  'ollama',
  '@google/genai',
  '@langchain/google-genai',
  '@ai-sdk/google',
  'ai',
  '@langchain/ollama',
];

/** Folders of the wire formats, each named as its format is: none may know of another. */
export const FORMATS = [
  'anthropic-messages',
  'gemini-generate',
  'ollama-chat',
  'openai-chat',
  'openai-responses',
];

/** Packages no source imports, and the reason they are installed. */
export const TOOLS: Readonly<Record<string, string>> = {
  '@better-auth/core': 'peer of better-auth',
  '@better-auth/utils': 'peer of better-auth',
  '@biomejs/biome': 'npm run lint',
  '@types/better-sqlite3': 'types of better-sqlite3',
  '@types/node': 'types of node',
  '@types/nodemailer': 'types of nodemailer',
  '@types/pg': 'types of pg',
  '@types/smtp-server': 'types of smtp-server',
  'better-call': 'peer of better-auth',
  'openapi-typescript': 'makes the types of the admin client',
  ts7: 'npm run types',
  tsx: 'runs sources without a build, for development',
};

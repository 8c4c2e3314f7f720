/** A Turnpike that runs an example as it stands, but for the addresses: its vendors are all one fake upstream here. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';
import { type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import { type Desk, openDesk, operatorToken } from './open-house.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './turnpike-process.ts';
import { answerTo, type Said, voices } from './voices/index.ts';

export const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));

/** Where a vendor's own clients would point. */
const bases: Readonly<Record<string, string>> = {
  anthropic: '',
  openai: '/v1',
  gemini: '/v1beta',
  ollama: '',
};

/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

export interface ExampleHouse extends Desk {
  readonly url: string;
  readonly key: string;
  /** The copy of the example that is run. */
  readonly folder: string;
  readonly upstream: FakeUpstream;
  /** For `turnpike` commands: what the client file of this server says. */
  readonly client: { readonly url: string; readonly key: string; readonly operatorToken: string };
  /** The next chat that comes to a vendor is answered with this, in the vendor's own words. */
  says(said?: Partial<Said>): void;
  close(): Promise<void>;
}

interface Options {
  /** Providers that are not running. */
  readonly gone?: readonly string[];
  /** Changes the text of `turnpike.yaml` first. */
  readonly edit?: (text: string) => string;
}

export async function openExample(name: string, { gone = [], edit }: Options = {}): Promise<ExampleHouse> {
  const upstream = await startFakeUpstream();
  const home = newHome();
  const folder = mkdtempSync(join(tmpdir(), `turnpike-example-${name}-`));
  cpSync(join(EXAMPLES, name), folder, { recursive: true });
  const file = join(folder, 'turnpike.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, pointedAt(upstream.url, edit ? edit(text) : text, gone));
  const env = { TURNPIKE_HOME: home, TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY, LOG_LEVEL: 'silent', ...keys };
  const server = await startServer(loadConfig({ flags: { port: 0 }, env, cwd: folder }));
  const { url } = server;
  return {
    ...openDesk(url, home),
    url,
    key: BOOTSTRAP_KEY,
    folder,
    upstream,
    client: { url, key: BOOTSTRAP_KEY, operatorToken: operatorToken(home) },
    says: (said) => answerNext(upstream, said),
    async close() {
      await server.close();
      await upstream.close();
      removeHome(home);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function answerNext(upstream: FakeUpstream, said: Partial<Said> = {}): void {
  const all: Said = { text: 'Fine.', stop: 'end', usage: { input: 100, output: 20 }, ...said };
  upstream.answerBy((request) => {
    if (!request.path.startsWith('/api/show')) return answerTo(request, voiceAt(request.path), all);
    // Ollama's servers are asked first what their model can hold; this one does not say, and is asked after all.
    answerNext(upstream, said);
    return { status: 404, chunks: ['{}'] };
  });
}

const keys = { ANTHROPIC_API_KEY: 'key-ant', OPENAI_API_KEY: 'key-oai', GEMINI_API_KEY: 'key-gem' };

/** The same file, its vendors at other addresses. */
export function pointedAt(url: string, text: string, gone: readonly string[] = []): string {
  const config = parse(text) as { providers: Record<string, object | null> };
  for (const [name, provider] of Object.entries(config.providers)) {
    const address = gone.includes(name) ? NOWHERE : url + bases[name];
    config.providers[name] = { ...provider, base_url: address };
  }
  return stringify(config);
}

function voiceAt(path: string) {
  const found = Object.values(voices).find((voice) => path.startsWith(voice.path));
  return found ?? (path.startsWith('/v1beta/') ? voices['gemini-generate'] : voices['openai-chat']);
}

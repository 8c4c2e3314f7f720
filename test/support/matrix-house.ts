/**
 * One Turnpike in this process and one fake upstream behind it, spoken to by a provider of each format: every client
 * reaches every cell of its row here. What went over the client's wire is noted on the way.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { startServer } from '../../src/server.ts';
import { providerKinds } from '../../src/upstream/providers.ts';
import type { FormatId } from '../../src/wire/chat.ts';
import { formatOf } from '../../src/wire/formats.ts';
import { type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import { type Desk, openDesk } from './open-house.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './turnpike-process.ts';

export interface Column {
  readonly format: FormatId;
  /** As a client names it: one that answers at once, and takes every setting. */
  readonly model: string;
  /** One that thinks first. */
  readonly thinker: string;
  /** The former under a name that looks like Gemini's. */
  readonly alias: string;
  /** An abandoned stream is read to its end, as the vendor bills it anyway. */
  readonly isDrained: boolean;
}

interface Row extends Omit<Column, 'isDrained' | 'alias'> {
  readonly kind: string;
  readonly path: string;
  readonly more?: string;
}

const rows: readonly Row[] = [
  {
    format: 'anthropic-messages',
    kind: 'anthropic',
    path: '',
    model: 'ant/claude-sonnet-4-5',
    thinker: 'ant/claude-sonnet-4-5',
  },
  {
    format: 'openai-chat',
    kind: 'openai-compatible',
    path: '/v1',
    model: 'oai/gpt-4o',
    thinker: 'oai/gpt-5.1',
  },
  {
    format: 'openai-responses',
    kind: 'openai',
    // On the operator's word, as the kind would speak chat completions to some of these models.
    more: ', formats: [openai-responses]',
    path: '/v1',
    model: 'rsp/gpt-4o',
    thinker: 'rsp/gpt-5.1',
  },
  {
    format: 'gemini-generate',
    kind: 'gemini',
    path: '/v1beta',
    model: 'gem/gemini-2.5-flash',
    thinker: 'gem/gemini-2.5-pro',
  },
  { format: 'ollama-chat', kind: 'ollama', path: '', model: 'oll/llama3.2', thinker: 'oll/qwen3:8b' },
];

/** What the client's library sent and was shown, below its own types. */
export interface Traffic {
  readonly url: string;
  readonly init: RequestInit;
  readonly status: number;
  readonly headers: Headers;
}

export interface MatrixHouse extends Desk {
  readonly url: string;
  readonly key: string;
  readonly upstream: FakeUpstream;
  readonly columns: readonly Column[];
  /** The newest exchange over `fetch`. */
  traffic(): Traffic;
  close(): Promise<void>;
}

/** The upstream formats there are by now, each with a provider. */
export function columnsOfMatrix(): readonly Column[] {
  return rowsThere().map(({ format, model, thinker, kind }) => ({
    format,
    model,
    thinker,
    alias: aliasOf(model),
    isDrained: !providerKinds.get(kind)!.cancelStopsBilling,
  }));
}

function aliasOf(model: string): string {
  return `gemini-2.0-${model.split('/')[0]}`;
}

function rowsThere(): readonly Row[] {
  return rows.filter(({ format, kind }) => formatOf(format) && providerKinds.has(kind));
}

export async function openMatrix(moreConfig = ''): Promise<MatrixHouse> {
  const home = newHome();
  const columns = columnsOfMatrix();
  const upstream = await startFakeUpstream();
  const providers = rowsThere().map(({ model, kind, path, more = '' }) => {
    const name = model.split('/')[0];
    return `  ${name}: { kind: ${kind}, base_url: "${upstream.url}${path}", api_key: upstream-key-${name}${more} }\n`;
  });
  const aliases = columns.map(({ alias, model }) => `  ${alias}: ${model}\n`);
  writeFileSync(
    join(home, 'config.yaml'),
    `providers:\n${providers.join('')}aliases:\n${aliases.join('')}${moreConfig}`,
  );
  const env = { TURNPIKE_HOME: home, TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY, LOG_LEVEL: 'silent' };
  const server = await startServer(loadConfig({ flags: { port: 0 }, env, cwd: home }));
  const watch = watchFetch(server.url);
  return {
    ...openDesk(server.url, home),
    url: server.url,
    key: BOOTSTRAP_KEY,
    upstream,
    columns,
    traffic: watch.newest,
    async close() {
      watch.restore();
      await server.close();
      await upstream.close();
      removeHome(home);
    },
  };
}

/** Clients are made after it, so that those that keep a `fetch` keep this one. */
function watchFetch(prefix: string): { newest(): Traffic; restore(): void } {
  const original = globalThis.fetch;
  let newest: Traffic | undefined;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const answer = await original(input, init);
    if (url.startsWith(prefix) && !url.includes('/api/v1/')) {
      newest = { url, init: init ?? {}, status: answer.status, headers: answer.headers };
    }
    return answer;
  };
  return {
    newest() {
      if (!newest) throw new Error('nothing went over fetch yet');
      return newest;
    },
    restore() {
      globalThis.fetch = original;
    },
  };
}

/** The same request again, with orders to refuse what cannot be carried whole: the losses by their names, or none. */
export async function lossesOf({ url, init }: Traffic): Promise<string[]> {
  const headers = new Headers(init.headers as Record<string, string>);
  headers.set('x-turnpike-strict', 'true');
  const { signal: _, ...rest } = init;
  const answer = await fetch(url, { ...rest, headers });
  const text = await answer.text();
  const named = /cannot be carried to \S+: (.*?)\.? Remove what/s.exec(text)?.[1];
  return named?.split('; ').map((loss) => loss.replace(/ \(.*$/s, '')) ?? [];
}

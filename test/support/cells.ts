/**
 * The cells of the client matrix: each official client against a provider of each format, through a running
 * Turnpike and over real sockets. The provider is the sandbox engine behind a socket, spoken to by a kind
 * that knows one format only, so that two of the cells relay and two translate.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { loadConfig } from '../../src/config.ts';
import { type RunningServer, startServer } from '../../src/server.ts';
import { type FakeUpstream, startFakeUpstream } from '../fake-upstream.ts';
import { openDesk } from './open-house.ts';
import { BOOTSTRAP_KEY, newHome, removeHome } from './turnpike-process.ts';

export interface Road {
  readonly url: string;
  readonly upstream: FakeUpstream;
  readonly server: RunningServer;
  readonly openai: OpenAI;
  readonly anthropic: Anthropic;
  /** Faults of one test are none of the next one's business. */
  forgetHealth(): Promise<void>;
  close(): Promise<void>;
}

export const providers = [
  { provider: 'oai', format: 'openai-chat' },
  { provider: 'ant', format: 'anthropic-messages' },
] as const;

export async function openRoad(moreConfig = ''): Promise<Road> {
  const home = newHome();
  const upstream = await startFakeUpstream();
  writeFileSync(join(home, 'config.yaml'), roadConfig(upstream.url) + moreConfig);
  const env = { TURNPIKE_HOME: home, TURNPIKE_BOOTSTRAP_KEY: BOOTSTRAP_KEY, LOG_LEVEL: 'silent' };
  const server = await startServer(loadConfig({ flags: { port: 0 }, env, cwd: home }));
  const { url } = server;
  return {
    url,
    upstream,
    server,
    openai: new OpenAI({ apiKey: BOOTSTRAP_KEY, baseURL: `${url}/v1`, maxRetries: 0 }),
    anthropic: new Anthropic({ apiKey: BOOTSTRAP_KEY, baseURL: url, maxRetries: 0 }),
    forgetHealth: () => openDesk(url, home).forgetHealth(),
    async close() {
      await server.close();
      await upstream.close();
      removeHome(home);
    },
  };
}

export function roadConfig(upstreamUrl: string): string {
  return `providers:
  oai: { kind: openai-compatible, base_url: "${upstreamUrl}/v1", api_key: upstream-key-oai }
  ant: { kind: anthropic, base_url: "${upstreamUrl}", api_key: upstream-key-ant }
  rsp: { kind: openai, base_url: "${upstreamUrl}/v1", api_key: upstream-key-rsp, formats: [openai-responses] }
  gem: { kind: gemini, base_url: "${upstreamUrl}/v1beta", api_key: upstream-key-gem }
  oll: { kind: ollama, base_url: "${upstreamUrl}" }
aliases:
  fast: oai/echo
routes:
  safe: { models: [oai/fault-503, ant/echo] }
`;
}

/** A prompt that makes the sandbox answer exactly so, at once. */
export function orders(directive: string, text = ''): string {
  return `[[sandbox ttfb=0 pace=0 ${directive}]] ${text}`.trim();
}

/** A running Turnpike whose configuration files a test may change under it. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ConfigurationBody, Reloaded } from '../../src/admin/configuration.ts';
import { type OpenHouse, openHouse } from './open-house.ts';
import { BOOTSTRAP_KEY } from './turnpike-process.ts';

export interface ReloadHouse extends OpenHouse {
  /** Written as most programs do: the old content goes first. */
  write(text: string, name?: string): void;
  /** Another file in its place. */
  replace(text: string, name?: string): void;
  configuration(): Promise<ConfigurationBody>;
  reload(): Promise<Reloaded>;
  /** The configuration, once it is so. */
  until(isSo: (configuration: ConfigurationBody) => boolean): Promise<ConfigurationBody>;
  /** A chat; what answered it, or what was said instead. */
  ask(model: string): Promise<Answered>;
}

export interface Answered {
  readonly status: number;
  /** The model that answered. */
  readonly model: string | null;
  readonly exchangeId: string;
  readonly text: string;
}

const LIMIT_MS = 15_000;

export async function openReloadHouse(config: string): Promise<ReloadHouse> {
  const house = await openHouse(config);
  const path = (name: string) => join(house.home, name);
  const configuration = () => house.admin<ConfigurationBody>('GET', '/config');
  const made: ReloadHouse = {
    ...house,
    write(text, name = 'config.yaml') {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), text);
    },
    replace(text, name = 'config.yaml') {
      writeFileSync(path(`${name}.next`), text);
      renameSync(path(`${name}.next`), path(name));
    },
    configuration,
    reload: () => house.admin('POST', '/config/reload'),
    async until(isSo) {
      const giveUpAt = Date.now() + LIMIT_MS;
      for (;;) {
        const now = await configuration();
        if (isSo(now)) return now;
        if (Date.now() > giveUpAt) throw new Error(`not so after ${LIMIT_MS} ms: ${JSON.stringify(now)}`);
        await new Promise((done) => setTimeout(done, 10));
      }
    },
    ask: (model) =>
      ask(house.url, {
        model,
        messages: [{ role: 'user', content: '[[sandbox words=5 ttfb=5 pace=1]] Hello' }],
      }),
  };
  return made;
}

export async function ask(url: string, body: object): Promise<Answered> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOOTSTRAP_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return {
    status: response.status,
    model: response.headers.get('x-turnpike-model'),
    exchangeId: response.headers.get('x-turnpike-exchange-id') ?? '',
    text,
  };
}

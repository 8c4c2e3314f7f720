/** An upstream of OpenAI's format whose streams begin at once and end when the test says so. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spoken } from './spoken.ts';

const voice = spoken['openai-chat'];
/** What each stream reports to have used. */
export const HELD_USAGE = { input: 100, output: 10 } as const;
export const HELD_TEXT = 'Begun. Ended.';

export interface HeldUpstream {
  readonly url: string;
  /** Requests received. */
  count(): number;
  /** Resolves when so many streams are waiting to be ended. */
  untilHeld(count: number): Promise<void>;
  /** Ends those that wait, or the first of them, well, with a report of usage. */
  end(count?: number): void;
  /** Cuts what is open. */
  close(): Promise<void>;
}

export async function startHeldUpstream(): Promise<HeldUpstream> {
  let received = 0;
  const held = new Set<ServerResponse>();
  const wakes = new Set<() => void>();
  const server = createServer((request, response) => {
    received += 1;
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(voice.opening() + voice.words('Begun. '));
    held.add(response);
    response.on('close', () => held.delete(response));
    for (const wake of wakes) wake();
    wakes.clear();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    count: () => received,
    async untilHeld(count) {
      while (held.size < count) await new Promise<void>((wake) => wakes.add(wake));
    },
    end(count = held.size) {
      for (const response of [...held].slice(0, count)) {
        held.delete(response);
        response.end(voice.words('Ended.') + voice.closing(voice.usage(HELD_USAGE.input, HELD_USAGE.output)));
      }
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A provider that looks at keys: those it takes are named, every other is refused in the words of OpenAI, key and all. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface KeyCheckingUpstream {
  /** Up to and with `/v1`. */
  readonly url: string;
  /** Keys of the chats it was asked, in order, refused ones too. */
  readonly chats: string[];
  /** Taken from now on, and no others. */
  take(...keys: readonly string[]): void;
  close(): Promise<void>;
}

export async function startKeyCheckingUpstream(...keys: readonly string[]): Promise<KeyCheckingUpstream> {
  let taken = new Set(keys);
  const chats: string[] = [];
  const server = createServer((request, response) => {
    const key = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    request.resume().on('end', () => {
      const isChat = request.url === '/v1/chat/completions';
      if (isChat) chats.push(key);
      const isTaken = taken.has(key);
      const body = isTaken ? (isChat ? reply : { object: 'list', data: [] }) : refusal(key);
      response.writeHead(isTaken ? 200 : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    chats,
    take(...next) {
      taken = new Set(next);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refusal(key: string) {
  const message = `Incorrect API key provided: ${key}.`;
  return { error: { message, type: 'invalid_request_error', param: null, code: 'invalid_api_key' } };
}

const reply = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

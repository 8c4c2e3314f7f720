/** The pages of signing in, on the port of everything else. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { type PagePath, pagePaths, renderPage } from './admin/sign-in-page.ts';
import { clientAddress, parseProxy, type TrustedProxies } from './base/client-address.ts';
import type { Config } from './config.ts';
import type { People } from './people/people.ts';

const NONCE_BYTES = 18;

export function pageMounts(
  people: Pick<People, 'takesPasswords' | 'issuers'>,
): Record<string, RequestListener> {
  return Object.fromEntries(pagePaths.map((path) => [path, listenerOf(path, people)]));
}

function listenerOf(path: PagePath, people: Pick<People, 'takesPasswords' | 'issuers'>): RequestListener {
  return (request, response) => {
    request.resume();
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' });
      response.end();
      return;
    }
    const { body, headers } = renderPage(path, randomBytes(NONCE_BYTES).toString('base64'), {
      passwords: people.takesPasswords(),
      issuers: people.issuers().map(({ name }) => name),
    });
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(body) });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
}

/** Proxies of the configuration, read once for each list of them. */
export function createProxyReader(config: () => Config): () => TrustedProxies {
  let texts: readonly string[] | undefined;
  let read: TrustedProxies = [];
  return () => {
    const { trustedProxies } = config();
    if (trustedProxies !== texts)
      read = trustedProxies.map(parseProxy).filter((proxy) => proxy !== undefined);
    texts = trustedProxies;
    return read;
  };
}

/** Where a request comes from. */
export function addressOf(request: IncomingMessage, proxies: TrustedProxies): string | undefined {
  const forwarded = request.headers['x-forwarded-for'];
  const said = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
  return clientAddress(request.socket.remoteAddress, said, proxies);
}

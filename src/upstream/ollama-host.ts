/** `OLLAMA_HOST` as Ollama reads it: `host`, `host:port`, `:port` or a URL, of which only the first three mean Ollama's own port. */

const OLLAMA_PORT = 11434;

/** Where an Ollama that listens at every address of this machine is called. */
const LISTENS_EVERYWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '[::]']);

/** The base URL, without a trailing slash; undefined = this names no address. */
export function ollamaBaseUrl(text: string): string | undefined {
  const trimmed = text.trim();
  const url = trimmed.includes('://') ? parse(trimmed) : parse(`http://${withPort(trimmed)}`);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  if (LISTENS_EVERYWHERE.has(url.hostname)) url.hostname = '127.0.0.1';
  return url.href.replace(/\/+$/, '');
}

function parse(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** The text before its first slash is host and port; either may be left out, and a bare IPv6 address has no brackets. */
function withPort(text: string): string {
  const [place = '', ...path] = text.split('/');
  const isBareIpv6 = !place.startsWith('[') && place.split(':').length > 2;
  const host = isBareIpv6 ? `[${place}]` : place.startsWith(':') ? `127.0.0.1${place}` : place;
  const hostAndPort = /:\d+$/.test(host) && !isBareIpv6 ? host : `${host}:${OLLAMA_PORT}`;
  return [hostAndPort, ...path].join('/');
}

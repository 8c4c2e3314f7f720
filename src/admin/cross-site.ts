/**
 * Requests that another site caused. A browser brings the session's cookie along whoever asked for the request, so what
 * changes something must show that a page of ours asked. The cookie's SameSite is the first wall; this is the second.
 */
import { type Refusal, refuse } from '../base/refusal.ts';

export interface Sent {
  readonly method: string;
  readonly headers: Headers;
}

/** These change nothing, here as everywhere. What a header says of another method counts for nothing. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** For who is known by a cookie: it must be shown that a page of ours asked. undefined = it is. */
export function cookieDenial(sent: Sent, publicUrl: string | undefined): Refusal | undefined {
  const { method, headers } = sent;
  if (SAFE.has(method)) return undefined;
  const asked = whoAsked(headers, publicUrl);
  if (asked !== 'us')
    return refuse(
      'cross_site',
      asked === 'another' ? 'another site asked for this' : 'no page of ours asked for this',
    );
  // Forms can send three other types without asking first; nothing of ours reads them.
  const type = headers.get('content-type');
  if (type !== null && !/^application\/json\s*(;|$)/i.test(type))
    return refuse('cross_site', 'with a cookie only application/json is taken');
  return undefined;
}

/** For what takes no cookie, and gives one: programs may ask, and pages of ours, but no other's. undefined = it may. */
export function signInDenial({ method, headers }: Sent, publicUrl: string | undefined): Refusal | undefined {
  if (SAFE.has(method) || whoAsked(headers, publicUrl) !== 'another') return undefined;
  return refuse('cross_site', 'another site asked for this');
}

/** `unknown`: it says nothing of it, as programs do and browsers of long ago. */
function whoAsked(headers: Headers, publicUrl: string | undefined): 'us' | 'another' | 'unknown' {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  // Both say it where both are there: a proxy or an extension may have changed one.
  const isOrigin = origin === null || isOurs(origin, headers.get('host'), publicUrl);
  // `none`: typed into the address bar, which sends no POST of ours.
  const isSite = site === null || site === 'same-origin';
  if (!isOrigin || !isSite) return 'another';
  return origin === null && site === null ? 'unknown' : 'us';
}

/** Of the host that the request itself is for, by whatever scheme: a proxy may speak TLS for us. `null` is nobody's. */
function isOurs(origin: string, host: string | null, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (publicUrl !== undefined && url.origin === new URL(publicUrl).origin) return true;
  return /^https?:$/.test(url.protocol) && host !== null && url.host === hostOf(host, url.protocol);
}

/** As a URL of that scheme spells it: without the port that goes without saying. */
function hostOf(host: string, protocol: string): string | undefined {
  const text = `${protocol}//${host}`;
  return URL.canParse(text) ? new URL(text).host : undefined;
}

/** Where browsers reach us; undefined = nobody has said so, and the name they use may be anybody's. */
export function originOf(headers: Headers, publicUrl: string | undefined): string | undefined {
  if (publicUrl !== undefined) return new URL(publicUrl).origin;
  const host = headers.get('host') ?? '';
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(host) ? `http://${host}` : undefined;
}

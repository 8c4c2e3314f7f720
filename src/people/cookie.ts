/** The cookie that keeps a browser signed in. */
import { hash } from 'node:crypto';

/** Browsers take a name with this beginning only from us, over a safe channel, for all paths and no other host. */
export const SESSION_COOKIE = '__Host-turnpike-session';

/** Browsers give up at 4 KB; ours is some 100 characters. */
const MAX_LENGTH = 512;

/** The cookie as it came, with the library's signature; undefined = there is none, or several that contradict. */
export function sessionCookieOf(headers: Headers): string | undefined {
  return cookieOf(headers, SESSION_COOKIE);
}

/** undefined = there is none, or several that contradict: one of them somebody else has put there. */
export function cookieOf(headers: Headers, name: string): string | undefined {
  const header = headers.get('cookie');
  if (header === null) return undefined;
  const values = header
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1));
  return values.length > 0 && values.every((value) => value === values[0]) ? values[0] : undefined;
}

/**
 * What opens the session: 190 random bits, which nobody guesses. The signature behind the dot is for the library, which
 * puts it there; a cookie that is the token alone opens no more than the session does.
 */
export function tokenOf(headers: Headers): string | undefined {
  const cookie = sessionCookieOf(headers);
  if (cookie === undefined || cookie.length > MAX_LENGTH) return undefined;
  return /^[A-Za-z0-9]{32}(?=\.|%2E|$)/i.exec(cookie)?.[0];
}

/** As the database has it. */
export function hashOfToken(token: string): string {
  return hash('sha256', token, 'hex');
}

/** The browser forgets it. */
export function expired(name: string): string {
  return `${name}=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0`;
}

/** The URL of a database, as it may be shown: it can hold a password. */

export function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//i.test(url);
}

/** A server of libSQL, such as Turso. */
export function isLibsqlUrl(url: string): boolean {
  return /^libsql:\/\//i.test(url);
}

/** The same URL without password and options. What is no URL is not shown at all beyond its scheme. */
export function maskDatabaseUrl(url: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || url.startsWith('file:')) return url;
  const scheme = url.slice(0, url.indexOf('://') + 3);
  if (!URL.canParse(url)) return `${scheme}(rest masked)`;
  const { username, password, host, pathname, searchParams } = new URL(url);
  // A socket folder names the server where there is no host.
  const socket = host === '' ? (searchParams.get('host') ?? '') : '';
  const user = username === '' ? '' : `${username}${password === '' ? '' : ':\u2022\u2022\u2022\u2022'}@`;
  return `${scheme}${user}${host}${pathname}${socket === '' ? '' : ` at ${socket}`}`;
}

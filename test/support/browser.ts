/** A browser as far as signing in goes: it keeps cookies as they say, and tells with each request which page asked for it. */

export interface Browser {
  /** Of the pages it has open. */
  readonly origin: string;
  /** What it would send, by name. */
  readonly cookies: Map<string, string>;
  /** The last `Set-Cookie` lines, as they came. */
  readonly lines: string[];
  /** From a page of the installation itself, where `headers` do not say otherwise. */
  call(
    method: string,
    path: string,
    body?: object | string,
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of answers in JSON. */
  readonly json: Body;
}

/** What tests look into; what of it is there depends on what was asked. */
export interface Body {
  readonly error: { readonly code: string };
  readonly person: { readonly email: string };
  readonly sessions: readonly { readonly id: string; readonly isCurrent: boolean }[];
  readonly next: string;
  readonly uri: string;
  readonly recoveryCodes: readonly string[];
}

/** @param page headers that a browser sends on behalf of the page that asks; default: our own */
export function openBrowser(url: string, more: Record<string, string> = {}): Browser {
  const cookies = new Map<string, string>();
  const lines: string[] = [];
  return {
    origin: url,
    cookies,
    lines,
    async call(method, path, body, headers = { origin: url, 'sec-fetch-site': 'same-origin' }) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(cookie !== '' && { cookie }),
          ...(typeof body === 'object' && { 'content-type': 'application/json' }),
          ...more,
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      keep(cookies, lines, answer.headers.getSetCookie());
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, text, json: parse(text) };
    },
  };
}

function keep(cookies: Map<string, string>, lines: string[], set: readonly string[]): void {
  if (set.length > 0) lines.splice(0, lines.length, ...set);
  for (const line of set) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/max-age=0/i.test(line)) cookies.delete(name);
    else cookies.set(name, value);
  }
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {} as Body;
  }
}

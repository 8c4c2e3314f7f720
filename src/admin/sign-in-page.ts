/** The pages of signing in and of invitations: until there is a console, what a link leads to. They call the admin API. */
import { SIGN_IN_SCRIPT, SIGN_UP_SCRIPT } from './sign-in-script.ts';

export const pagePaths = ['/console/sign-in', '/console/sign-up'] as const;
export type PagePath = (typeof pagePaths)[number];

export interface Page {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * @param nonce new for each answer: nothing runs and nothing is styled but what carries it
 * @param way what may be done here: it is known when the page is made
 */
export function renderPage(
  path: PagePath,
  nonce: string,
  way: { readonly passwords: boolean; readonly issuers: readonly string[] },
): Page {
  const isSignIn = path === '/console/sign-in';
  const [title, content, script] = isSignIn
    ? ['Sign in', signIn(way), SIGN_IN_SCRIPT]
    : ['Accept an invitation', signUp(way), SIGN_UP_SCRIPT];
  return { body: frame(title, content, script, nonce), headers: headersOf(nonce) };
}

/** No picture, frame, font or script of anybody else's; nobody puts the page into a frame. */
function headersOf(nonce: string): Record<string, string> {
  const policy = [
    "default-src 'self'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    // Forms are sent by the script alone.
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // The link of an invitation stands in the address.
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

function signIn({ passwords, issuers }: { passwords: boolean; issuers: readonly string[] }): string {
  const links = issuers.map(
    (name) => `<a class="button" data-issuer href="/api/v1/auth/oidc/${name}/start">Sign in at ${name}</a>`,
  );
  const form = `<form id="form">
      ${field('email', 'E-mail address', 'type="email" autocomplete="username" required autofocus')}
      ${field('password', 'Password', 'type="password" autocomplete="current-password" required')}
      <div id="code-row" hidden>
        ${field('code', 'Code of your authenticator, or a recovery code', 'autocomplete="one-time-code" autocapitalize="none" spellcheck="false"')}
      </div>
      <button type="submit">Sign in</button>
    </form>`;
  return `${passwords ? form : ''}
    <nav aria-label="Other ways to sign in">${links.join('\n')}</nav>
    <section id="who" hidden>
      <p>Signed in as <strong id="name"></strong> (<span id="address"></span>).</p>
      <p><a href="/api/v1/reference">The admin API</a></p>
      <button type="button" id="out">Sign out</button>
    </section>`;
}

function signUp({ passwords }: { passwords: boolean }): string {
  const form = `<form id="form" hidden>
      <div id="email-row" hidden>${field('email', 'E-mail address', 'type="email" autocomplete="username"')}</div>
      ${field('name', 'Your name', 'autocomplete="name" required maxlength="100"')}
      ${field('password', 'Choose a password of at least 12 characters', 'type="password" autocomplete="new-password" required minlength="12"')}
      <button type="submit">Accept</button>
    </form>`;
  return `<p id="about">Reading the invitation\u2026</p>
    ${passwords ? form : ''}
    <div id="known" hidden>
      <button type="button" id="join">Accept as who is signed in</button>
      <p><a id="to-sign-in" href="/console/sign-in">Sign in first</a></p>
    </div>
    <p id="done" hidden><a href="/console/sign-in">Go on</a></p>`;
}

function field(id: string, label: string, attributes: string): string {
  return `<label for="${id}">${label}</label><input id="${id}" name="${id}" ${attributes}>`;
}

function frame(title: string, content: string, script: string, nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} \u00b7 Turnpike</title>
  <style nonce="${nonce}">${STYLE}</style>
</head>
<body>
  <main>
    <h1>${title}</h1>
    <p id="problem" role="alert"></p>
    ${content}
    <noscript><p>This page needs JavaScript.</p></noscript>
  </main>
  <script nonce="${nonce}">${script}</script>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; min-height: 100vh; place-items: center; }
main { width: min(24rem, 100vw - 3rem); padding: 1.5rem 0; }
h1 { font-size: 1.4rem; margin: 0 0 1rem; }
label { display: block; margin: 0.9rem 0 0.25rem; }
input, button, .button {
  box-sizing: border-box; width: 100%; padding: 0.6rem 0.7rem; font: inherit;
  border: 1px solid GrayText; border-radius: 0.4rem;
}
button, .button {
  display: block; margin-top: 1.2rem; text-align: center; text-decoration: none; cursor: pointer;
  color: ButtonText; background: ButtonFace;
}
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
#problem { min-height: 1.5em; margin: 0; font-weight: 600; }
[hidden] { display: none; }
`;

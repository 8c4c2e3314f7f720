/** A page on which people look through the admin API: made in their browser from the OpenAPI document, with nothing from elsewhere. */
import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';

/** Says nothing of the installation by itself: the document is asked for with the session, or the token typed in. */
export function answerReference(c: Context): Response {
  const nonce = randomBytes(16).toString('base64');
  c.header(
    'content-security-policy',
    [
      "default-src 'none'",
      `script-src 'nonce-${nonce}'`,
      `style-src 'nonce-${nonce}'`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  );
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'no-referrer');
  return c.html(pageWith(nonce));
}

const STYLE = `
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h2{margin:2rem 0 .5rem;text-transform:capitalize}
details{border:1px solid #d8dee4;border-radius:6px;margin:.35rem 0;padding:.4rem .7rem}
summary{cursor:pointer}code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:#f6f8fa;padding:.7rem;overflow:auto;border-radius:6px}
.method{display:inline-block;min-width:4.2rem;font-weight:600}.needs{color:#57606a}
table{border-collapse:collapse;width:100%}td{border-top:1px solid #eaeef2;padding:.25rem .5rem;vertical-align:top}
input{font:inherit;width:24rem;max-width:100%;box-sizing:border-box}
:root{color-scheme:light dark}a{color:inherit}
@media(prefers-color-scheme:dark){body{color:#e6edf3;background:#0d1117}pre{background:#161b22}details,td{border-color:#30363d}.needs{color:#8b949e}}`;

/** Every text of the document is put in as text: whatever stands in it, nothing of it becomes markup. */
const SCRIPT = `
const make = (name, text, ...inside) => {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  element.append(...inside);
  return element;
};
const classed = (name, text, kind) => Object.assign(make(name, text), { className: kind });
const place = document.getElementById('operations');
const say = (text) => place.replaceChildren(make('p', text));
let api;
const resolve = (schema, depth = 0) => {
  if (schema === null || typeof schema !== 'object' || depth > 8) return schema;
  if (Array.isArray(schema)) return schema.map((one) => resolve(one, depth + 1));
  if (typeof schema.$ref === 'string') {
    const found = schema.$ref.replace('#/', '').split('/').reduce((at, part) => (at ?? {})[part], api);
    return resolve(found ?? {}, depth + 1);
  }
  return Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, resolve(value, depth + 1)]));
};
const contentOf = (title, content) =>
  Object.entries(content ?? {}).map(([type, { schema }]) =>
    make('div', undefined, make('p', title + ' (' + type + ')'), make('pre', JSON.stringify(resolve(schema), null, 2))));
const rowsOf = (operation) =>
  (operation.parameters ?? []).map((one) =>
    make('tr', undefined, make('td', undefined, make('code', one.name)), make('td', one.in + (one.required ? ', required' : '')),
      make('td', one.description ?? one.schema?.description ?? one.schema?.type ?? '')));
const show = (path, method, operation) => {
  const title = make('summary', undefined, classed('span', method.toUpperCase(), 'method'), make('code', path),
    make('span', ' \\u2014 ' + (operation.summary ?? '')), classed('span', ' (' + (operation['x-turnpike-needs'] ?? '') + ')', 'needs'));
  const box = make('details', undefined, title);
  box.addEventListener('toggle', () => {
    if (box.childElementCount > 1) return;
    box.append(make('p', operation.operationId ?? ''));
    if (operation.parameters?.length) box.append(make('table', undefined, ...rowsOf(operation)));
    box.append(...contentOf('Body', operation.requestBody?.content));
    for (const [status, answer] of Object.entries(operation.responses ?? {}))
      box.append(make('p', status + ': ' + (answer.description ?? '')), ...contentOf('Answer', answer.content));
  });
  return box;
};
const showAll = () => {
  const groups = new Map();
  for (const [path, operations] of Object.entries(api.paths ?? {}))
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags?.[0] ?? 'other';
      groups.set(tag, [...(groups.get(tag) ?? []), show(path, method, operation)]);
    }
  place.replaceChildren(...[...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([tag, boxes]) => [make('h2', tag), ...boxes]));
};
const load = async (token) => {
  say('Loading\\u2026');
  const headers = token ? { authorization: 'Bearer ' + token } : {};
  const answer = await fetch('openapi.json', { headers, credentials: 'same-origin' }).catch(() => undefined);
  if (!answer?.ok) return place.replaceChildren(make('p', undefined,
    Object.assign(make('a', 'Sign in'), { href: '/console/sign-in?next=' + encodeURIComponent(location.pathname) }),
    make('span', ', or give the operator token above, to see the API.')));
  api = await answer.json();
  document.getElementById('version').textContent = api.info?.version ?? '';
  showAll();
};
document.getElementById('token').addEventListener('change', (event) => load(event.target.value.trim()));
load();`;

function pageWith(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Turnpike admin API</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<h1>Turnpike admin API <small id="version"></small></h1>
<p><label>Operator token, where nobody is signed in (it stays in this page): <input id="token" type="password" autocomplete="off" spellcheck="false"></label></p>
<div id="operations"></div>
<script nonce="${nonce}">${SCRIPT}</script>
</body>
</html>
`;
}

/** What the pages of signing in run. Texts reach the page as text, never as HTML. */

const SHARED = `
'use strict';
const at = (id) => document.getElementById(id);
const say = (text) => { at('problem').textContent = text; };
const show = (id, isShown) => { const one = at(id); if (one) one.hidden = !isShown; };
async function call(method, path, body) {
  const init = { method, credentials: 'same-origin', headers: {} };
  if (body !== undefined) {
    init.headers['content-type'] = 'application/json';
    init.body = JSON.stringify(body);
  }
  try {
    const answer = await fetch('/api/v1' + path, init);
    const text = await answer.text();
    return { ok: answer.ok, value: text === '' ? {} : JSON.parse(text) };
  } catch {
    return { ok: false, value: { error: { code: '', message: 'Turnpike did not answer; try again' } } };
  }
}
`;

export const SIGN_IN_SCRIPT = `${SHARED}
const query = new URLSearchParams(location.search);
const next = query.get('next') ?? undefined;
const problems = {
  not_invited: 'You are known there, but not invited here. Ask an admin for an invitation.',
  issuer_failed: 'Signing in there did not work. Try again.',
  sign_in_limited: 'Too many tries. Wait some minutes.',
};
say(problems[query.get('problem')] ?? '');
async function showWho() {
  const { ok, value } = await call('GET', '/auth/session');
  show('who', ok);
  show('form', !ok);
  document.querySelector('nav').hidden = ok;
  if (!ok) return false;
  at('name').textContent = value.person.name;
  at('address').textContent = value.person.email;
  return true;
}
for (const link of document.querySelectorAll('[data-issuer]'))
  if (next !== undefined) link.search = '?' + new URLSearchParams({ next });
at('form')?.addEventListener('submit', async (event) => {
  event.preventDefault();
  say('');
  const body = { email: at('email').value, password: at('password').value };
  if (at('code').value !== '') body.code = at('code').value;
  if (next !== undefined) body.next = next;
  const { ok, value } = await call('POST', '/auth/sign-in', body);
  if (ok) {
    at('password').value = at('code').value = '';
    if (!(await showWho())) say(
      'Your browser did not keep the cookie. Open this page over https, or on this machine as http://localhost.'
    );
    else if (value.next !== location.pathname) location.assign(value.next);
    return;
  }
  const isCode = value.error.code.startsWith('sign_in_code');
  show('code-row', isCode || !at('code-row').hidden);
  if (isCode) at('code').focus();
  say(value.error.message);
});
at('out').addEventListener('click', async () => {
  await call('POST', '/auth/sign-out');
  await showWho();
});
showWho();
`;

export const SIGN_UP_SCRIPT = `${SHARED}
const token = new URLSearchParams(location.search).get('token') ?? '';
at('to-sign-in').search = '?' + new URLSearchParams({ next: location.pathname + location.search });
function joined(value) {
  show('form', false);
  show('known', false);
  show('done', true);
  at('about').textContent = 'You are a member of ' + value.workspace.name + ' now, as ' + value.role + '.';
}
async function accept(body) {
  say('');
  const { ok, value } = await call('POST', '/invitations/accept', body);
  if (ok) return joined(value);
  say(value.error.message);
  if (value.error.code === 'sign_in_first') { show('form', false); show('known', true); }
}
at('form')?.addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = { token, name: at('name').value, password: at('password').value };
  if (!at('email-row').hidden) body.email = at('email').value;
  await accept(body);
});
at('join').addEventListener('click', () => accept({ token }));
(async () => {
  if (token === '') {
    at('about').textContent = '';
    return say('This page is opened by the link of an invitation. For the first one run: turnpike console');
  }
  const { ok, value } = await call('POST', '/invitations/show', { token });
  if (!ok) {
    at('about').textContent = '';
    return say(value.error.message);
  }
  // An invitation for nobody by name is the link of the first owner.
  at('about').textContent = value.email === null
    ? 'Turnpike has no owner yet: become the owner of ' + value.workspace + '.'
    : 'You are invited to ' + value.workspace + ' as ' + value.role + ' (' + value.email + ').';
  show('email-row', value.email === null);
  at('email')?.toggleAttribute('required', value.email === null);
  show('form', !value.isKnown);
  show('known', value.isKnown || !at('form'));
})();
`;

// Who asked for a request: our own page, another site, or a program.
import { describe, expect, it } from 'vitest';
import { cookieDenial, originOf, signInDenial } from './cross-site.ts';

const PUBLIC = 'https://turnpike.example.com';
const json = { 'content-type': 'application/json' };

type Row = [what: string, method: string, headers: Record<string, string>, publicUrl?: string];

const refused: Row[] = [
  ['nothing is said', 'POST', json],
  ['another origin', 'POST', { ...json, origin: 'https://evil.example' }],
  ['no origin at all', 'POST', { ...json, origin: 'null' }],
  ['an origin that begins like ours', 'POST', { ...json, origin: 'http://localhost:8642.evil.example' }],
  ['another port', 'POST', { ...json, origin: 'http://localhost:9999' }],
  ['another scheme', 'POST', { ...json, origin: 'ftp://localhost:8642' }],
  ['another site', 'POST', { ...json, 'sec-fetch-site': 'cross-site' }],
  ['another host of the same site', 'POST', { ...json, 'sec-fetch-site': 'same-site' }],
  ['the address bar', 'POST', { ...json, 'sec-fetch-site': 'none' }],
  [
    'our origin, but another site',
    'POST',
    { ...json, origin: 'http://localhost:8642', 'sec-fetch-site': 'cross-site' },
  ],
  [
    'our site, but another origin',
    'POST',
    { ...json, origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
  ],
  [
    'a form',
    'POST',
    { origin: 'http://localhost:8642', 'content-type': 'application/x-www-form-urlencoded' },
  ],
  [
    'a form with files',
    'POST',
    { origin: 'http://localhost:8642', 'content-type': 'multipart/form-data; boundary=x' },
  ],
  ['plain text', 'POST', { origin: 'http://localhost:8642', 'content-type': 'text/plain' }],
  [
    'a type that begins like JSON',
    'POST',
    { origin: 'http://localhost:8642', 'content-type': 'application/jsonx' },
  ],
  ['another method by a header', 'POST', { ...json, 'x-http-method-override': 'GET' }],
  ['DELETE', 'DELETE', {}],
  ['PUT', 'PUT', json],
  ['a method nobody knows', 'PURGE', {}],
  ['the host of another installation', 'POST', { ...json, origin: 'https://other.example.com' }, PUBLIC],
];

const passed: Row[] = [
  ['our origin', 'POST', { ...json, origin: 'http://localhost:8642' }],
  ['our origin by TLS of a proxy', 'POST', { ...json, origin: 'https://localhost:8642' }],
  ['our site', 'POST', { ...json, 'sec-fetch-site': 'same-origin' }],
  ['both', 'DELETE', { origin: 'http://localhost:8642', 'sec-fetch-site': 'same-origin' }],
  ['no body', 'POST', { origin: 'http://localhost:8642' }],
  [
    'JSON with a charset',
    'POST',
    { 'content-type': 'application/json; charset=utf-8', 'sec-fetch-site': 'same-origin' },
  ],
  ['GET from anywhere', 'GET', { 'sec-fetch-site': 'cross-site' }],
  ['where browsers open it', 'POST', { ...json, origin: PUBLIC }, PUBLIC],
];

const sent = (method: string, headers: Record<string, string>) => ({
  method,
  headers: new Headers({ host: 'localhost:8642', ...headers }),
});

describe('with a cookie', () => {
  it.each(refused)('refuses: %s', (_, method, headers, publicUrl) => {
    expect(cookieDenial(sent(method, headers), publicUrl)?.code).toBe('cross_site');
  });
  it.each(passed)('takes: %s', (_, method, headers, publicUrl) => {
    expect(cookieDenial(sent(method, headers), publicUrl)).toBeUndefined();
  });
});

describe('where a cookie is given', () => {
  it.each([
    ['a program', json, true],
    ['our page', { ...json, origin: 'http://localhost:8642' }, true],
    ['another site', { ...json, origin: 'https://evil.example' }, false],
    ['another site by its mark', { ...json, 'sec-fetch-site': 'cross-site' }, false],
    ['a page of no origin', { ...json, origin: 'null' }, false],
  ])('%s', (_, headers, isTaken) => {
    expect(signInDenial(sent('POST', headers), undefined) === undefined).toBe(isTaken);
  });
});

describe('where browsers reach us', () => {
  it.each([
    ['localhost:8642', undefined, 'http://localhost:8642'],
    ['127.0.0.1', undefined, 'http://127.0.0.1'],
    ['[::1]:8642', undefined, 'http://[::1]:8642'],
    ['localhost.evil.example', undefined, undefined],
    ['turnpike.internal', undefined, undefined],
    ['evil.example', `${PUBLIC}/`, PUBLIC],
  ])('%s, configured %s: %s', (host, publicUrl, expected) => {
    expect(originOf(new Headers({ host }), publicUrl)).toBe(expected);
  });
});

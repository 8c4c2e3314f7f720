/** Admission: which of the tokens of a request counts, how it is looked up, and what its scopes refuse. */
import { describe, expect, it } from 'vitest';
import type { KeyLookup } from '../registry/key-book.ts';
import type { KeyRecord } from '../registry/keys.ts';
import { hashToken } from '../registry/token.ts';
import { type Asking, admit, isLive, noteUse } from './admit.ts';
import { callNames } from './key-scopes.ts';

const TOKEN = 'tp-abcdefgh';
const NOW = 1_000;

const keyOf = (more: Partial<KeyRecord> = {}): KeyRecord => ({
  id: 'key_1',
  workspaceId: 'ws_1',
  name: 'laptop',
  preview: 'tp-…',
  createdAtMs: 1,
  ...more,
});
const book = (...entries: readonly (readonly [token: string, key: KeyRecord])[]): KeyLookup =>
  new Map(entries.map(([token, key]) => [hashToken(token), key]));

interface Sent {
  readonly headers?: readonly (readonly [string, string])[];
  readonly query?: string;
  readonly callName?: string;
  readonly address?: string;
}
const asking = ({ headers = [], query = '', callName = 'openai-chat', address }: Sent): Asking => ({
  request: { rawHeaders: headers.flat() },
  query,
  callName,
  address: () => address,
});
const bearer = (token: string) => ['Authorization', `Bearer ${token}`] as const;
const codeOf = (keys: KeyLookup, sent: Sent): string => {
  const admission = admit(keys, asking(sent), NOW);
  return admission.ok ? 'ok' : admission.refusal.code;
};

describe('the token that counts', () => {
  const keys = book([TOKEN, keyOf()], ['operators-own-key', keyOf()]);
  it.each<[string, Sent, string]>([
    ['a bearer token', { headers: [bearer(TOKEN)] }, 'ok'],
    ['in any case', { headers: [['authorization', `bearer  ${TOKEN} `]] }, 'ok'],
    ['x-api-key', { headers: [['X-Api-Key', TOKEN]] }, 'ok'],
    ['x-goog-api-key', { headers: [['x-goog-api-key', TOKEN]] }, 'ok'],
    ['api-key', { headers: [['api-key', TOKEN]] }, 'ok'],
    ['a parameter', { query: `alt=sse&key=${TOKEN}` }, 'ok'],
    ['one the operator chose', { headers: [bearer('operators-own-key')] }, 'ok'],
    ['the same twice', { headers: [bearer(TOKEN), ['x-api-key', TOKEN]], query: `key=${TOKEN}` }, 'ok'],
    ["beside a vendor's", { headers: [bearer('sk-ant-x'), ['x-api-key', TOKEN]] }, 'ok'],
    ['none', {}, 'key_missing'],
    ['another scheme', { headers: [['authorization', `Basic ${TOKEN}`]] }, 'key_missing'],
    ['a header that is nearly one', { headers: [['y-api-key', TOKEN]] }, 'key_missing'],
    ['a name of an object', { headers: [['constructor', TOKEN]] }, 'key_missing'],
    ['HDR-04: two of ours', { headers: [bearer('tp-other'), ['x-api-key', TOKEN]] }, 'key_conflict'],
    ['HDR-04: the header twice', { headers: [bearer('tp-other'), bearer(TOKEN)] }, 'key_conflict'],
    [
      'HDR-04: x-api-key twice',
      {
        headers: [
          ['x-api-key', TOKEN],
          ['x-api-key', 'tp-other'],
        ],
      },
      'key_conflict',
    ],
    [
      'HDR-04: header and parameter',
      { headers: [bearer('tp-other')], query: `key=${TOKEN}` },
      'key_conflict',
    ],
    ["two that are nobody's", { headers: [bearer('sk-a'), ['x-api-key', 'sk-b']] }, 'key_conflict'],
  ])('%s', (_name, sent, code) => expect(codeOf(keys, sent)).toBe(code));
});

describe('KEY-01, KEY-02: what is looked up', () => {
  /** Whatever is asked of it but a hash is a mistake. */
  const strict = () => {
    const asked: string[] = [];
    const lookup = new Proxy({} as KeyLookup, {
      get(_target, name) {
        if (name !== 'get') throw new Error(`admission used ${String(name)}`);
        return (tokenHash: string) => void asked.push(tokenHash);
      },
    });
    return { asked, lookup };
  };

  it('is the hash of the whole token, once, and nothing else is asked', () => {
    const { asked, lookup } = strict();
    expect(codeOf(lookup, { headers: [bearer(TOKEN)] })).toBe('key_unknown');
    expect(asked).toEqual([hashToken(TOKEN)]);
  });

  it('answers the same however much of a known token was sent', () => {
    const keys = book([TOKEN, keyOf()]);
    const said = Array.from({ length: TOKEN.length - 1 }, (_, at) =>
      admit(keys, asking({ headers: [bearer(`${TOKEN.slice(0, at + 1)}~`)] }), NOW),
    );
    expect(new Set(said.map((one) => JSON.stringify(one)))).toHaveLength(1);
  });

  it.each([
    "' OR 1=1 --",
    'tp-%00\u0000',
    'tp-\u00e9',
    'tp-\u{1f511}',
    'tp-a b',
    'tp-a\tb',
    `tp-${'x'.repeat(510)}`,
    'x'.repeat(1_000_000),
  ])('is nothing where %j was sent: it cannot be a key', (token) => {
    const { asked, lookup } = strict();
    expect(codeOf(lookup, { headers: [['x-api-key', token]] })).toBe('key_unknown');
    expect(codeOf(lookup, { query: new URLSearchParams({ key: token }).toString() })).toBe('key_unknown');
    expect(asked).toEqual([]);
  });

  it.each(["tp_%'", 'tp-["x"]', '[object', '__proto__', 'constructor'])(
    '%j is looked up like any other',
    (token) => {
      const { asked, lookup } = strict();
      expect(codeOf(lookup, { headers: [bearer(token)] })).toBe('key_unknown');
      expect(asked).toEqual([hashToken(token)]);
    },
  );
});

describe('a key that has ended', () => {
  const old = keyOf({ expiresAtMs: NOW, oldToken: 'tok_1' });
  it.each<[string, KeyRecord, string]>([
    ['has expired', keyOf({ expiresAtMs: NOW }), 'expired'],
    ['was given a new text', old, 'the time of this one is over'],
  ])('%s', (_name, key, words) => {
    const admission = admit(book([TOKEN, key]), asking({ headers: [bearer(TOKEN)] }), NOW);
    expect(admission).toMatchObject({ ok: false, refusal: { code: 'key_unknown' } });
    expect(JSON.stringify(admission)).toContain(words);
    expect(codeOf(book([TOKEN, { ...key, expiresAtMs: NOW + 1 }]), { headers: [bearer(TOKEN)] })).toBe('ok');
  });
  it('is told of streams that it began', () => {
    const keys = book([TOKEN, old], ['tp-live', keyOf()], ['tp-bait', keyOf({ isHoneypot: true })]);
    const live = (token: string, nowMs = NOW) => isLive(keys, hashToken(token), nowMs);
    expect([live(TOKEN), live(TOKEN, NOW - 1)]).toEqual([false, true]);
    expect([live('tp-live'), live('tp-bait'), live('tp-gone')]).toEqual([true, false, false]);
  });
  it('notes its use, and that of the token', () => {
    const used = new Map();
    noteUse(used, keyOf(), 5);
    noteUse(used, old, 6);
    expect([...used]).toEqual([
      ['key_1', 6],
      ['tok_1', 6],
    ]);
  });
});

it('HONEY-01: a honeypot is refused with the very words of an unknown key', () => {
  const keys = book([TOKEN, keyOf({ isHoneypot: true, allowedFormats: ['embeddings'], expiresAtMs: 1 })]);
  const bait = admit(keys, asking({ headers: [bearer(TOKEN)] }), NOW);
  const unknown = admit(keys, asking({ headers: [bearer('tp-unknown')] }), NOW);
  expect(bait).toEqual({ ...unknown, honeypot: expect.objectContaining({ id: 'key_1' }) });
});

describe('scopes', () => {
  const ask = (key: Partial<KeyRecord>, sent: Sent) =>
    codeOf(book([TOKEN, keyOf(key)]), { headers: [bearer(TOKEN)], ...sent });
  it.each<[readonly string[], string | undefined, string]>([
    [['openai-chat'], 'openai-chat', 'ok'],
    [['openai-chat'], 'openai-responses', 'format_not_allowed'],
    [['openai-chat'], 'openai-embeddings', 'format_not_allowed'],
    [['embeddings'], 'gemini-batch-embed', 'ok'],
    [['embeddings'], 'openai-chat', 'format_not_allowed'],
    [['chat'], 'ollama-chat', 'ok'],
    [['chat'], 'openai-files', 'format_not_allowed'],
    [['toString'], 'openai-chat', 'format_not_allowed'],
    // Lists of models are asked for before anything else.
    [['embeddings'], undefined, 'ok'],
  ])('%j for %s: %s', (allowedFormats, callName, code) => {
    const sent = { headers: [bearer(TOKEN)], query: '', callName, address: () => undefined };
    const request = { rawHeaders: sent.headers.flat() };
    const admission = admit(book([TOKEN, keyOf({ allowedFormats })]), { ...sent, request }, NOW);
    expect(admission.ok ? 'ok' : admission.refusal.code).toBe(code);
  });
  it('know every call by its name', () => {
    expect(callNames).toEqual(
      expect.arrayContaining(['anthropic-messages', 'openai-embeddings', 'openai-batches']),
    );
    for (const callName of callNames) expect(ask({ allowedFormats: [callName] }, { callName })).toBe('ok');
  });
  it.each<[string | undefined, string]>([
    ['10.1.2.3', 'ok'],
    ['2001:db8::7', 'ok'],
    ['11.1.2.3', 'address_not_allowed'],
    [undefined, 'address_not_allowed'],
  ])('from %s: %s', (address, code) => {
    const sent = address === undefined ? {} : { address };
    expect(ask({ allowedRanges: ['10.0.0.0/8', '2001:db8::/32'] }, sent)).toBe(code);
  });
  it('hold whichever header carries the key', () => {
    const keys = book([TOKEN, keyOf({ allowedFormats: ['embeddings'] })]);
    for (const sent of [
      { headers: [bearer(TOKEN)] },
      ...['x-api-key', 'x-goog-api-key', 'api-key'].map((name) => ({ headers: [[name, TOKEN] as const] })),
      { query: `key=${TOKEN}` },
    ])
      expect(codeOf(keys, sent)).toBe('format_not_allowed');
  });
});

/** What is taken out of texts and what stays. Every secret here was made up for it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSensitive, redactText } from './redact.ts';
import { redactDocument } from './redact-document.ts';

const a = (length: number, alphabet = 'aB3dE5gH7jK9'): string =>
  Array.from({ length }, (_, at) => alphabet[at % alphabet.length]).join('');
const hex = (length: number): string => a(length, '0a1b2c3d4e5f6789');

const pem = [
  '-----BEGIN RSA PRIVATE KEY-----',
  'Proc-Type: 4,ENCRYPTED',
  a(64),
  a(64),
  '-----END RSA PRIVATE KEY-----',
].join('\n');
const jwt = `eyJ${a(20)}.eyJ${a(40)}.${a(43)}`;

const taken: readonly (readonly [kind: string, secret: string, text?: string])[] = [
  ['api-key', `tp-${a(49)}`],
  ['api-key', `tpo-${a(49)}`],
  ['api-key', `sk-proj-${a(40)}_${a(20)}`],
  ['api-key', `sk-ant-api03-${a(80)}-AA`],
  ['api-key', `sk-or-v1-${hex(64)}`],
  ['api-key', `gsk_${a(52)}`],
  ['api-key', `xai-${a(80)}`],
  ['api-key', `AIza${a(35)}`],
  ['api-key', 'AKIAQWERTYUIOPASDF2G'],
  ['api-key', `ghp_${a(36)}`],
  ['api-key', `github_pat_${a(22)}_${a(59)}`],
  ['api-key', `glpat-${a(20)}`],
  ['api-key', `xoxb-123456789012-${a(24)}`],
  ['api-key', `sk_live_${a(24)}`],
  ['api-key', `SG.${a(22)}.${a(43)}`],
  ['api-key', `npm_${a(36)}`],
  ['api-key', `hf_${a(34)}`],
  ['api-key', `123456789:AA${a(33)}`],
  ['api-key', `${a(3)}8Q~${a(34)}`],
  ['private-key', pem],
  ['private-key', pem.slice(0, 150), pem.slice(0, 150)],
  ['token', jwt],
  ['token', a(40), `Authorization: Bearer ${a(40)}`],
  ['token', `${a(30)}==`, `curl -H "authorization: basic ${a(30)}=="`],
  ['password', 'p4ss;w0rd', 'postgres://turnpike:p4ss;w0rd@db.example:5432/app'],
  ['password', 'hunter2', 'redis://:hunter2@cache'],
  ['secret', 'Tr0ub4dor&3', 'DB_PASSWORD=Tr0ub4dor&3'],
  ['secret', a(40), `aws_secret_access_key = ${a(40)}`],
  ['secret', a(88), `AccountName=x;AccountKey=${a(88)};EndpointSuffix=y`],
  ['secret', 'Tr0ub4dor3!', "password: 'Tr0ub4dor3!'"],
  ['webhook', `T0/B0/${a(24)}`, `https://hooks.slack.com/services/T0/B0/${a(24)}`],
  ['e-mail', 'ann.lee+news@mail.example.org'],
  ['iban', 'DE89 3704 0044 0532 0130 00'],
  ['iban', 'GB82WEST12345698765432'],
  ['card', '4111 1111 1111 1111'],
  ['card', '5500-0000-0000-0004'],
  ['card', '378282246310005'],
  ['ip', '203.0.113.77'],
  ['ip', '2001:db8:85a3::8a2e:370:7334'],
  ['phone', '+49 (30) 901820', 'Phone: +49 (30) 901820'],
  ['phone', '020 7946 0958', 'call me at 020 7946 0958'],
];

const kept: readonly string[] = [
  'The task-force asked for a risk-based approach-with-many-hyphens.',
  'max_tokens: 4096, tokens = 12345678, token: string, "secret": null',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder, as files have it
  'password: ${DB_PASSWORD} or <your-password-here> or password = getPassword2()',
  'Basic understanding of bearer authentication is needed; see Basic authentication',
  'https://example.org:8443/a/b?c=d and git@github',
  '12:34:56 and 2026-11-22T02:30:00Z and std::vector<int> and aa:bb:cc:dd:ee:ff',
  'version 1.2.3, 127.0.0.1:8642, 0.0.0.0, 999.1.1.1, 1.2.3.4.5',
  'order 4111 1111 1111 1112 of 1234567890123456, 0000 0000 0000 0000',
  'GB82 WEST 1234 5698 7654 33 and US12 3456 7890 1234',
  '550e8400-e29b-41d4-a716-446655440000 d41d8cd98f00b204e9800998ecf8427e',
  'The phone rang 3 times. It is 2026.',
  '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  'eyJ is how JSON begins in base64',
  'key-value pairs; sk-learn; AKIA; pul-e',
  'import { redact } from "./redact.ts"; @param text',
];

describe('what is taken out', () => {
  const rows = taken.map(([kind, secret, text = `before ${secret} after`]) => ({ kind, secret, text }));
  it.each(rows)('$kind: $secret', ({ kind, secret, text }) => {
    const redacted = redactText(text);
    expect(redacted).toEqual({ text: text.replace(secret, `[${kind}]`), count: 1 });
  });
  it('says where it stood', () => {
    expect(findSensitive(`to ann@example.org`)).toEqual([{ kind: 'e-mail', start: 3, end: 18 }]);
  });
  it('is all of several', () => {
    const text = `ann@example.org, sk-${a(20)} and ${pem}; 203.0.113.77`;
    expect(redactText(text)).toEqual({ text: '[e-mail], [api-key] and [private-key]; [ip]', count: 4 });
  });
});

describe('what stays', () => {
  it.each(kept)('%s', (text) => {
    expect(redactText(text)).toEqual({ text, count: 0 });
    const json = JSON.stringify({ text });
    expect(redactDocument(json)).toEqual({ text: json, count: 0 });
  });
});

const key = `sk-${a(30)}`;
const escaped = [...key].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const documents: readonly (readonly [name: string, document: string, redacted: string])[] = [
  ['a field', `{ "a": [1, "x ${key}"] }`, '{ "a": [1, "x [api-key]"] }'],
  ['a field in escapes', `{"a":"${escaped}"}`, '{"a":"[api-key]"}'],
  ['behind a line break', `{"a":"x\\n${key}"}`, '{"a":"x\\n[api-key]"}'],
  ['the name of a field', `{"${key}":1}`, '{"[api-key]":1}'],
  [
    'by the name of its field',
    '{"db_password" : "abc", "note":"abc"}',
    '{"db_password" : "[secret]", "note":"abc"}',
  ],
  ['a number', '{"card":4111111111111111,"n":-12}', '{"card":"[card]","n":-12}'],
  [
    'arguments of a tool',
    JSON.stringify({ arguments: JSON.stringify({ password: 'abc', q: 'é "x"' }) }),
    JSON.stringify({ arguments: JSON.stringify({ password: '[secret]', q: 'é "x"' }) }),
  ],
  ['an image', `{"image":"data:image/png;base64,${a(3000)}=="}`, '{"image":"[encoded]"}'],
  ['a cut document', `{"a":"x ${key}`, '{"a":"x [api-key]'],
  ['a cut escape', `{"a":"ann@example.org \\u00`, '{"a":"[e-mail] u00'],
  ['no document at all', `[see] the "key" ${key}`, '[see] the "key" [api-key]'],
];

describe('documents', () => {
  it.each(documents)('%s', (_name, document, redacted) => {
    expect(redactDocument(document).text).toBe(redacted);
  });
  it('leaves definitions of tools alone', () => {
    const schema = '{"properties":{"password":{"type":"string"},"secret":true}}';
    expect(redactDocument(schema)).toEqual({ text: schema, count: 0 });
  });
});

describe('laws', () => {
  const secrets = taken.filter(([kind]) => kind === 'api-key' || kind === 'token' || kind === 'iban');
  const anySecret = fc.constantFrom(
    ...secrets.filter(([, , text]) => text === undefined).map(([, one]) => one),
  );
  const noise = fc.string({ unit: 'grapheme', maxLength: 60 });
  it('no planted secret comes through, whatever stands around it', () => {
    fc.assert(
      fc.property(
        noise,
        anySecret,
        noise,
        fc.constantFrom(' ', '\n', '"', '(', '=', ','),
        (before, secret, after, space) => {
          const text = `${before}${space}${secret}${space}${after}`;
          expect(redactText(text).text).not.toContain(secret);
          expect(
            redactDocument(JSON.stringify({ x: [text, { y: JSON.stringify({ text }) }] })).text,
          ).not.toContain(secret);
        },
      ),
      { numRuns: 500 },
    );
  });
  it('JSON stays JSON, whatever is in it; a cut document is no fault; twice is the same as once', () => {
    fc.assert(
      fc.property(fc.json(), anySecret, fc.nat(), (json, secret, cut) => {
        const document = `{"a":${json},"b":${JSON.stringify(`x ${secret} y`)}}`;
        const once = redactDocument(document);
        expect(() => JSON.parse(once.text)).not.toThrow();
        expect(once.text).not.toContain(secret);
        expect(redactDocument(once.text).text).toBe(once.text);
        redactDocument(document.slice(0, cut % document.length));
      }),
      { numRuns: 300 },
    );
  });
});

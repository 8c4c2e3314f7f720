// What is refused before anything is sent, whatever spelling it comes in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EgressPolicy, judgeAddress, judgeUrl, readAllowed } from './egress.ts';

const nothing: EgressPolicy = { allow: new Set() };
const allowing = (...texts: string[]): EgressPolicy => ({
  allow: new Set(texts.map((text) => readAllowed(text)!)),
});

describe('a URL', () => {
  it.each([
    'https://api.openai.com/v1',
    'http://models.example.com:8000/v1',
    'https://93.184.216.34/v1',
    'https://[2606:4700:4700::1111]:8443',
    'https://EXAMPLE.com./v1',
    'https://xn--bcher-kva.example/v1',
  ])('of the public internet may stand: %s', (text) => {
    expect(judgeUrl(text, nothing)).toMatchObject({ ok: true });
  });

  it.each([
    // Loopback, in the spellings that parsers fold.
    'http://127.0.0.1:8080',
    'http://localhost',
    'http://localhost.',
    'http://LOCALHOST:11434',
    'http://a.localhost',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://127.1',
    'http://127.0.0.1.',
    'http://①②⑦.0.0.1',
    'http://%31%32%37.0.0.1',
    'http://0.0.0.0',
    'http://[::]',
    'http://[::7f00:1]',
    'http://[64:ff9b::7f00:1]',
    'http://[64:ff9b:1::7f00:1]',
    'http://[2002:7f00:1::]',
    'http://[2001::1]',
    'http://[::ffff:0:127.0.0.1]',
    // Private and special.
    'http://10.0.0.1',
    'http://172.16.3.4',
    'http://192.168.1.1',
    'http://100.64.0.1',
    'http://198.18.0.1',
    'http://192.0.2.7',
    'http://224.0.0.1',
    'http://255.255.255.255',
    'http://[fd12:3456::1]',
    'http://[fec0::1]',
    'http://[ff02::1]',
    'http://[2001:db8::1]',
    'http://[3fff::1]',
    // Where clouds tell secrets.
    'http://169.254.169.254/latest/',
    'http://[fd00:ec2::254]',
    'http://100.100.100.200',
    'http://168.63.129.16',
    'http://metadata.google.internal',
    'http://[64:ff9b::a9fe:a9fe]',
    // Names of the own network.
    'http://ollama:11434',
    'http://db.corp',
    'http://printer.local',
    'http://router.home.arpa',
    'http://a..example.com',
    // No address of an API.
    'file:///etc/passwd',
    'gopher://example.com',
    'ftp://example.com',
    'data:text/plain,x',
    'javascript:alert(1)',
    'https:/example.com',
    'https:///example.com',
    '//example.com',
    'example.com',
    '',
    'http://user:pass@example.com',
    'http://user@example.com',
    'http://@example.com',
    'https://example.com/#fragment',
    'https://example.com/#',
    'https://example.com/?key=1',
    'https://example.com/%00',
    'https://example.com/%0d%0aX-Evil:1',
    'https://exam\r\nple.com/',
    'https://exam\tple.com/',
    ' https://example.com/',
    'https://example.com\\@evil.example',
    `https://${'a'.repeat(3000)}.example/`,
    `https://${'abcdefg.'.repeat(32)}example/`,
    `https://${'a'.repeat(64)}.example/`,
    'https://example.com:22',
    'https://example.com:25',
    'https://example.com:6379',
    'https://example.com:5432',
    'https://example.com:0',
  ])('that leads elsewhere is refused: %j', (text) => {
    expect(judgeUrl(text, nothing)).toMatchObject({ ok: false, reason: expect.stringMatching(/\w/) });
  });

  it('is refused at every port of every IPv4 address that is not public, however it is written', () => {
    const spellings: ((n: number) => string)[] = [
      String,
      (n) => `0x${n.toString(16)}`,
      (n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.'),
      (n) => [n >>> 24, (n >>> 16) & 255, n & 65_535].join('.'),
      (n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].map((p) => `0${p.toString(8)}`).join('.'),
      (n) => `[::ffff:${(n >>> 16).toString(16)}:${(n & 65_535).toString(16)}]`,
    ];
    const net = fc.constantFrom<[number, number]>(
      [10, 8],
      [127, 8],
      [169 * 256 + 254, 16],
      [192 * 256 + 168, 16],
    );
    fc.assert(
      fc.property(
        net,
        fc.nat(),
        fc.constantFrom(...spellings),
        fc.integer({ min: 1, max: 65_535 }),
        ([base, bits], host, spell, port) => {
          const address = base * 2 ** (32 - bits) + (host % 2 ** (32 - bits));
          expect(judgeUrl(`http://${spell(address)}:${port}/v1`, nothing).ok).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('what an operator allows', () => {
  it('is one host at one port', () => {
    const policy = allowing('127.0.0.1:11434', 'models.internal:8443', '[::1]:9000', 'example.com:6379');
    const isOk = (text: string) => judgeUrl(text, policy).ok;
    expect(isOk('http://127.0.0.1:11434')).toBe(true);
    expect(isOk('http://2130706433:11434/v1')).toBe(true);
    expect(isOk('http://127.0.0.1:11435')).toBe(false);
    expect(isOk('http://127.0.0.2:11434')).toBe(false);
    expect(isOk('http://localhost:11434')).toBe(false);
    expect(isOk('https://models.internal:8443/v1')).toBe(true);
    expect(isOk('https://MODELS.internal.:8443/v1')).toBe(true);
    expect(isOk('https://models.internal/v1')).toBe(false);
    expect(isOk('https://other.models.internal:8443')).toBe(false);
    expect(isOk('http://[::1]:9000')).toBe(true);
    expect(isOk('http://example.com:6379')).toBe(true);
  });

  it.each([
    '127.0.0.1',
    'models.internal',
    'http://models.internal:80',
    'models.internal:80/v1',
    'a b:80',
    'user@host:80',
    'host:0',
    'host:65536',
    '::1:80:',
    ':80',
    '169.254.169.254:80',
    '2852039166:80',
    '[::ffff:169.254.169.254]:80',
    '[64:ff9b::a9fe:a9fe]:80',
    '[2002:a9fe:a9fe::]:80',
    '[fd00:ec2::254]:80',
    '168.63.129.16:80',
    '100.100.100.200:80',
  ])('is never: %s', (text) => {
    expect(readAllowed(text)).toBeUndefined();
  });

  it('opens no address at which clouds tell secrets, whatever name leads there', () => {
    expect(judgeAddress('169.254.169.254', true)).toMatch(/secrets/);
    expect(judgeAddress('::ffff:169.254.169.254', true)).toMatch(/secrets/);
    expect(judgeAddress('fd00:ec2::254', true)).toMatch(/secrets/);
    expect(judgeAddress('127.0.0.1', true)).toBeUndefined();
    expect(judgeAddress('127.0.0.1', false)).toMatch(/public internet/);
    expect(judgeAddress('fe80::1%eth0', true)).toMatch(/no address/);
    expect(judgeAddress('example.com', true)).toMatch(/no address/);
  });
});

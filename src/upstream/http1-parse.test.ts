/** The response reader: framing under every cut, and refusal of whatever could mix up two answers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createResponseReader } from './http1-parse.ts';

interface Seen {
  status: number | undefined;
  headers: Record<string, string>;
  body: string;
  ended: 'reuse' | 'close' | undefined;
  problem: string | undefined;
}

function read(pieces: readonly Buffer[], isClosed = false): Seen {
  const seen: Seen = { status: undefined, headers: {}, body: '', ended: undefined, problem: undefined };
  const reader = createResponseReader({
    onHead(status, headers) {
      seen.status = status;
      seen.headers = headers;
    },
    onData(bytes) {
      seen.body += bytes.toString('latin1');
    },
    onEnd(canReuse) {
      seen.ended = canReuse ? 'reuse' : 'close';
    },
    onProblem(message) {
      seen.problem = message;
    },
  });
  for (const piece of pieces) {
    // A copy, as a socket gives: the reader moves data inside what it is given.
    if (!reader.push(Buffer.from(piece))) return seen;
  }
  if (isClosed) reader.finish();
  return seen;
}

const head = (lines: string): string => `HTTP/1.1 200 OK\r\n${lines}\r\n`;

const good: { name: string; wire: string; body: string; ended: 'reuse' | 'close'; isClosed?: boolean }[] = [
  { name: 'length', wire: `${head('Content-Length: 5\r\n')}hello`, body: 'hello', ended: 'reuse' },
  { name: 'no body', wire: head('content-length: 0\r\n'), body: '', ended: 'reuse' },
  { name: 'status 204', wire: 'HTTP/1.1 204 No Content\r\n\r\n', body: '', ended: 'reuse' },
  {
    name: 'close asked',
    wire: `${head('connection: close\r\ncontent-length: 2\r\n')}ok`,
    body: 'ok',
    ended: 'close',
  },
  { name: 'http/1.0', wire: 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok', body: 'ok', ended: 'close' },
  {
    name: 'until close',
    wire: `${head('x: y\r\n')}all of it`,
    body: 'all of it',
    ended: 'close',
    isClosed: true,
  },
  {
    name: 'chunked',
    wire: `${head('transfer-encoding: chunked\r\n')}3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n`,
    body: 'abc0123456789',
    ended: 'reuse',
  },
  {
    name: 'chunk extension and trailer',
    wire: `${head('transfer-encoding: chunked\r\n')}2;x=1\r\nab\r\n0\r\nx-sum: 1\r\n\r\n`,
    body: 'ab',
    ended: 'reuse',
  },
  {
    name: 'informational first',
    wire: `HTTP/1.1 100 Continue\r\n\r\n${head('content-length: 1\r\n')}x`,
    body: 'x',
    ended: 'reuse',
  },
  {
    name: 'a chunk that holds framing',
    wire: `${head('transfer-encoding: chunked\r\n')}9\r\n0\r\n\r\n1\r\nZ\r\n0\r\n\r\n`,
    body: '0\r\n\r\n1\r\nZ',
    ended: 'reuse',
  },
];

describe('responses as they should be', () => {
  it.each(good)('$name, whole and byte by byte', ({ wire, body, ended, isClosed }) => {
    const bytes = Buffer.from(wire, 'latin1');
    const single = [...bytes].map((byte) => Buffer.from([byte]));
    for (const pieces of [[bytes], single]) {
      const seen = read(pieces, isClosed);
      expect(seen).toMatchObject({ body, ended, problem: undefined });
    }
  });

  it.each(good)('$name, cut in two at every place', ({ wire, body, ended, isClosed }) => {
    const bytes = Buffer.from(wire, 'latin1');
    for (let cut = 1; cut < bytes.length; cut += 1) {
      expect(read([bytes.subarray(0, cut), bytes.subarray(cut)], isClosed)).toMatchObject({ body, ended });
    }
  });

  it('hands over a burst of chunks in one piece', () => {
    let pieces = 0;
    const reader = createResponseReader({
      onHead() {},
      onData: () => {
        pieces += 1;
      },
      onEnd() {},
      onProblem() {},
    });
    reader.push(
      Buffer.from(`${head('transfer-encoding: chunked\r\n')}${'3\r\nabc\r\n'.repeat(200)}0\r\n\r\n`),
    );
    expect(pieces).toBe(1);
  });

  it('gives the same body for any chunking and any cuts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 12 }),
        fc.array(fc.nat(400), { maxLength: 8 }),
        (chunks, cuts) => {
          const parts = chunks.map((chunk) =>
            Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
          );
          const wire = Buffer.concat([
            Buffer.from(head('transfer-encoding: chunked\r\n')),
            ...parts,
            Buffer.from('0\r\n\r\n'),
          ]);
          const at = [...new Set(cuts.map((cut) => cut % wire.length))].sort((a, b) => a - b);
          const pieces = [...at, wire.length]
            .map((end, index) => wire.subarray(index === 0 ? 0 : at[index - 1], end))
            .filter((p) => p.length > 0);
          const seen = read(pieces);
          expect(seen.ended).toBe('reuse');
          expect(seen.body).toBe(Buffer.concat(chunks).toString('latin1'));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('joins repeated headers and lowers their names', () => {
    const seen = read([Buffer.from(head('X-A: 1\r\nx-a: 2\r\ncontent-length: 0\r\n'))]);
    expect(seen.headers['x-a']).toBe('1, 2');
  });
});

const bad: [string, string][] = [
  ['not HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['length and encoding', head('content-length: 3\r\ntransfer-encoding: chunked\r\n')],
  ['two lengths', head('content-length: 3\r\ncontent-length: 4\r\n')],
  ['length that is no number', head('content-length: +3\r\n')],
  ['unknown transfer encoding', head('transfer-encoding: gzip, chunked\r\n')],
  ['folded header', head('x: 1\r\n folded\r\n')],
  ['header without colon', head('broken\r\n')],
  ['chunk size that is no number', `${head('transfer-encoding: chunked\r\n')}zz\r\n`],
  ['negative chunk size', `${head('transfer-encoding: chunked\r\n')}-1\r\n`],
  ['chunk size beyond a safe integer', `${head('transfer-encoding: chunked\r\n')}fffffffffffffff\r\n`],
  ['chunk longer than said', `${head('transfer-encoding: chunked\r\n')}1\r\nabc\r\n0\r\n\r\n`],
  ['bytes after the end', `${head('content-length: 1\r\n')}xy`],
  ['switching protocols', 'HTTP/1.1 101 Switching\r\n\r\n'],
  ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`],
  ['a chunk line without end', `${head('transfer-encoding: chunked\r\n')}1;${'y'.repeat(5000)}`],
  ['informational heads for ever', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(20)],
];

describe('responses that break the protocol', () => {
  it.each(bad)('%s', (_, wire) => {
    expect(read([Buffer.from(wire, 'latin1')]).problem).toEqual(expect.any(String));
  });

  it('does not take a cut for an end', () => {
    const seen = read([Buffer.from(`${head('content-length: 5\r\n')}hel`)], true);
    expect(seen.ended).toBeUndefined();
  });
});

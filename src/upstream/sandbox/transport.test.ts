/** The sandbox as a transport: it keeps the contract of callbacks, and lets go of everything. */
import { describe, expect, it } from 'vitest';
import { collect, type Sending } from '../../../test/support/collect.ts';
import { createManualTime } from '../../../test/support/manual-time.ts';
import { allFormats, chatPath, requestBody } from '../../../test/support/sandbox-ask.ts';
import { formats } from '../../wire/formats.ts';
import { createSandboxTransport } from './transport.ts';

const format = formats['openai-chat'];

function set() {
  const time = createManualTime();
  const transport = createSandboxTransport({ formats: allFormats, clock: time.clock, wait: time.wait });
  return { time, transport };
}

const asking = (prompt: string, more: Partial<Sending> = {}): Sending => ({
  origin: 'sandbox:',
  path: chatPath(format),
  body: requestBody(format, 'echo', prompt, { stream: true }),
  ...more,
});

describe('a call', () => {
  it('calls back only after send has returned, also where the answer is ready at once', async () => {
    const { time, transport } = set();
    for (const prompt of ['hi', '[[sandbox fail=429]]', '[[sandbox fail=refuse]]', '[[sandbox bad=1]]']) {
      const got = collect(transport, asking(prompt));
      expect(got.outcome).toBe('open');
      expect(got.status).toBeUndefined();
      await time.advance(0);
      expect(got.outcome).not.toBe('open');
    }
    expect(time.pending()).toBe(0);
  });
  it('joins a body that comes in parts', async () => {
    const { time, transport } = set();
    const body = Buffer.from(requestBody(format, 'echo', 'grüße', { stream: false }));
    const chunks: Buffer[] = [];
    const request = {
      ...{ origin: 'sandbox:', path: chatPath(format), method: 'POST' as const, headers: {} },
      body: [body.subarray(0, 30), new Uint8Array(body.subarray(30, 31)), body.subarray(31)],
      timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1, totalMs: 1 },
    };
    transport.send(request, {
      onHead() {},
      onData: (chunk) => chunks.push(chunk),
      onEnd() {},
      onFailure() {},
    });
    await time.advance(0);
    expect(Buffer.concat(chunks).toString()).toContain('grüße');
  });
  it('paused shows nothing, resumed shows the rest', async () => {
    const { time, transport } = set();
    const got = collect(transport, asking('one two three four [[sandbox pace=20]]'));
    await time.advance(40);
    got.call.pause();
    const seen = got.text();
    expect(seen).toContain('one');
    expect(seen).not.toContain('four');
    await time.advance(5_000);
    expect(got.text()).toBe(seen);
    got.call.resume();
    await time.advance(0);
    expect(got.text()).toContain('four');
    expect(got.outcome).toBe('end');
  });
  it.each(['hang', 'stall', 'pings', 'refuse'])(
    'aborted during %s says nothing more and leaves no timer',
    async (fault) => {
      const { time, transport } = set();
      const got = collect(transport, asking(`x [[sandbox fail=${fault}]]`));
      if (fault !== 'refuse') await time.advance(2_500);
      const chunks = got.chunks.length;
      got.call.abort();
      got.call.abort();
      got.call.resume();
      await time.advance(60_000);
      expect(got.outcome).toBe('open');
      expect(got.chunks).toHaveLength(chunks);
      expect(time.pending()).toBe(0);
    },
  );
  it('keeps 2,000 open streams on one timer', async () => {
    const { time, transport } = set();
    const streams = Array.from({ length: 2000 }, (_, i) =>
      collect(transport, asking(`a b c ${i} [[sandbox pace=20]]`)),
    );
    await time.advance(20);
    expect(time.pending()).toBe(1);
    await time.advance(200);
    expect(streams.every((stream) => stream.outcome === 'end')).toBe(true);
    expect(time.pending()).toBe(0);
  });
});

it('close fails what is open', async () => {
  const { time, transport } = set();
  const got = collect(transport, asking('x [[sandbox fail=hang]]'));
  await time.advance(10);
  await transport.close();
  expect(got.outcome).toMatchObject({ kind: 'cut', code: 'CLOSED' });
  expect(time.pending()).toBe(0);
});

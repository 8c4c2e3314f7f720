/** Reads a request body once, under a byte limit and a pause limit, and undoes its compression under the same byte limit. */
import type { IncomingMessage } from 'node:http';
import * as zlib from 'node:zlib';
import { type Refusal, refuse } from '../base/refusal.ts';

export type BodyResult =
  | { readonly ok: true; readonly body: Buffer }
  | { readonly ok: false; readonly refusal: Refusal }
  /** The client went away; there is nobody to answer. */
  | { readonly ok: false; readonly refusal?: undefined };

/** A client that sends next to nothing of its body for this long is stuck or hostile. */
const BODY_PAUSE_MS = 10_000;
/** What has to come within that time: a hundredth of what a slow line carries. */
const MIN_BYTES_PER_PAUSE = 1024;
/** How much of a refused body is read and thrown away, so that the client gets to read the answer. */
const DISCARD_BYTES = 256 * 1024 * 1024;
const DISCARD_MS = 10_000;

export async function readBody(request: IncomingMessage, limitBytes: number): Promise<BodyResult> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limitBytes) {
    discardRest(request);
    return { ok: false, refusal: tooLarge(limitBytes) };
  }
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== '' && !decoders[encoding]) {
    discardRest(request);
    const message = `content-encoding "${encoding.slice(0, 40)}" is not understood; send ${Object.keys(decoders).join(', ')} or plain`;
    return { ok: false, refusal: refuse('content_encoding_unsupported', message) };
  }
  const raw = await collect(request, limitBytes);
  if (!raw.ok || encoding === 'identity' || encoding === '') return raw;
  return decode(raw.body, encoding, limitBytes);
}

function tooLarge(limitBytes: number): Refusal {
  return refuse('body_too_large', `the body is larger than ${limitBytes} bytes`);
}

/** A body that is being read. */
interface Reading {
  bytes: number;
  bytesBefore: number;
  finish(result: BodyResult): void;
}

/** One interval looks at all bodies, so that a request costs no timer; a pause is noticed after one to two periods. */
const readings = new Set<Reading>();
let watch: NodeJS.Timeout | undefined;

function watchPauses(): void {
  for (const reading of readings) {
    if (reading.bytes - reading.bytesBefore < MIN_BYTES_PER_PAUSE) {
      const message = `fewer than ${MIN_BYTES_PER_PAUSE} bytes of the body came within ${BODY_PAUSE_MS} ms`;
      reading.finish({ ok: false, refusal: refuse('body_timeout', message) });
    }
    reading.bytesBefore = reading.bytes;
  }
  if (readings.size > 0) return;
  clearInterval(watch);
  watch = undefined;
}

function collect(request: IncomingMessage, limitBytes: number): Promise<BodyResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer): void => {
      reading.bytes += chunk.length;
      if (reading.bytes > limitBytes) reading.finish({ ok: false, refusal: tooLarge(limitBytes) });
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, reading.bytes);
      reading.finish({ ok: true, body });
    };
    const onGone = (): void => reading.finish({ ok: false });
    const reading: Reading = {
      bytes: 0,
      bytesBefore: Number.NEGATIVE_INFINITY,
      finish(result) {
        readings.delete(reading);
        request.off('data', onData).off('end', onEnd).off('close', onGone);
        if (!result.ok) discardRest(request);
        resolve(result);
      },
    };
    readings.add(reading);
    watch ??= setInterval(watchPauses, BODY_PAUSE_MS).unref();
    request.on('data', onData).on('end', onEnd).on('close', onGone).on('error', ignoreError);
  });
}

/** `close` follows an error and ends the read; the error itself says nothing more. */
function ignoreError(): void {}

/** Reads on without keeping, within limits: answering and hanging up at once would lose the answer in a reset. */
function discardRest(request: IncomingMessage): void {
  if (request.destroyed || request.readableEnded) return;
  let bytes = 0;
  const timer = setTimeout(() => request.destroy(), DISCARD_MS);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DISCARD_BYTES) request.destroy();
  });
  request.on('close', () => clearTimeout(timer)).on('error', ignoreError);
  request.resume();
}

type Decoder = (
  body: Buffer,
  options: { maxOutputLength: number },
  done: (error: Error | null, result: Buffer) => void,
) => void;

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: zlib.gunzip,
  'x-gzip': zlib.gunzip,
  deflate: zlib.inflate,
  br: zlib.brotliDecompress,
  ...zstdWhereNodeHasIt(),
};

function zstdWhereNodeHasIt(): Record<string, Decoder> {
  const zstd: unknown = Reflect.get(zlib, 'zstdDecompress');
  return typeof zstd === 'function' ? { zstd: zstd as Decoder } : {};
}

/** Text of conversations becomes a tenth of its size, seldom a fiftieth; a bomb a thousandth. */
const MAX_INFLATION = 100;
/** Small bodies may be anything. */
const INFLATED_ANYWAY_BYTES = 1024 * 1024;

function decode(body: Buffer, encoding: string, limitBytes: number): Promise<BodyResult> {
  const maxOutputLength = Math.min(limitBytes, Math.max(INFLATED_ANYWAY_BYTES, body.length * MAX_INFLATION));
  return new Promise((resolve) => {
    decoders[encoding]!(body, { maxOutputLength }, (error, result) => {
      if (!error) return resolve({ ok: true, body: result });
      const isTooLarge = Reflect.get(error, 'code') === 'ERR_BUFFER_TOO_LARGE';
      const refusal = isTooLarge
        ? refuse('body_too_large', `the body is larger than ${maxOutputLength} bytes when it is unpacked`)
        : refuse('body_invalid', `the body is not valid ${encoding}, as its content-encoding says`);
      resolve({ ok: false, refusal });
    });
  });
}

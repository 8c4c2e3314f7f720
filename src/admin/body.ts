/** Reads a request body of bounded size, depth and time, whatever kind of Request the transport made. */
import type { Context } from 'hono';
import { type Refusal, refuse } from '../base/refusal.ts';
import { walkTopLevel } from '../wire/walk.ts';
import { bodyRefusal } from './keepable.ts';

/** The largest admin body is a key with a list of models: a few kilobytes. */
export const MAX_BODY_BYTES = 64 * 1024;
/** So much takes no line this long; who drips it byte by byte holds a connection and nothing else. */
const MAX_BODY_MS = 15_000;

/**
 * Why the body is not read; undefined = it was, or there is none. The request is then replaced by a plain one that
 * holds the bytes: Hono's own limit copies the transport's request, which not every transport's can bear.
 */
export async function holdBody(c: Context): Promise<Refusal | undefined> {
  const { raw } = c.req;
  if (raw.method === 'GET' || raw.method === 'HEAD' || raw.body === null) return undefined;
  const encoding = raw.headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '')
    return refuse('content_encoding_unsupported', 'bodies of the admin API are read plain');
  const tooLarge = refuse('body_too_large', `the body is larger than ${MAX_BODY_BYTES} bytes`);
  if (Number(raw.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return tooLarge;
  const body = await inTime(readWithin(raw.body, MAX_BODY_BYTES));
  if (body === 'late') return refuse('body_timeout', `the body did not come within ${MAX_BODY_MS} ms`);
  if (!body) return tooLarge;
  // Schemas are walked by recursion: what is nested too deeply must not get there.
  const walk = walkTopLevel(body, []);
  if (!walk.ok && walk.problem === 'too-deep') return refuse('body_too_deep', `the body is ${walk.message}`);
  const unkeepable = bodyRefusal(body.toString());
  if (unkeepable) return unkeepable;
  const { url, method, headers } = raw;
  c.req.raw = new Request(url, { method, headers, ...(body.length > 0 && { body }) });
  return undefined;
}

function inTime<T>(work: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((done) => {
    timer = setTimeout(() => done('late'), MAX_BODY_MS).unref();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** undefined = there is more. What is not read is left to the transport to drop. */
async function readWithin(
  stream: AsyncIterable<Uint8Array>,
  limitBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

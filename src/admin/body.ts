/** Reads a request body of bounded size, whatever kind of Request the transport made. */
import type { Context } from 'hono';

/** The largest admin body is a key with a list of models: a few kilobytes. */
export const MAX_BODY_BYTES = 64 * 1024;

/**
 * False when there is more than the limit. Else the request is replaced by a plain one that holds the bytes:
 * Hono's own limit copies the transport's request, which not every transport's can bear.
 */
export async function holdBody(c: Context): Promise<boolean> {
  const { raw } = c.req;
  if (raw.method === 'GET' || raw.method === 'HEAD' || raw.body === null) return true;
  if (Number(raw.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) return false;
  const body = await readWithin(raw.body, MAX_BODY_BYTES);
  if (!body) return false;
  const { url, method, headers } = raw;
  c.req.raw = new Request(url, { method, headers, ...(body.length > 0 && { body }) });
  return true;
}

/** undefined = there is more. What is not read is left to the transport to drop. */
async function readWithin(
  stream: AsyncIterable<Uint8Array>,
  limitBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

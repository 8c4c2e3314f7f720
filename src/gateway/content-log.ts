/** Notes what an exchange said and was answered, where its workspace has that kept, and hands it over at its end. */
import type { ServerResponse } from 'node:http';
import type { KeptMode } from '../registry/privacy.ts';
import type { ContentLog, NotedContent } from './content-noted.ts';
import type { Exchange } from './exchange.ts';

/** Of each side: a conversation of 250,000 tokens. What is longer is kept to here, which is told with it. */
export const MAX_SIDE_BYTES = 1024 * 1024;

interface Reply {
  parts: Buffer[];
  heldBytes: number;
  totalBytes: number;
  contentType: string;
  /** There was no room for it. */
  isLost: boolean;
}

/** For exchanges of a workspace that has content kept; after the body is read. */
export function noteContent(contents: ContentLog, exchange: Exchange, mode: KeptMode, body: Buffer): void {
  const reply: Reply = { parts: [], heldBytes: 0, totalBytes: 0, contentType: '', isLost: false };
  watch(exchange.response, contents, reply);
  exchange.response.once('close', () => {
    contents.makeRoom(-reply.heldBytes);
    if (!reply.isLost) contents.take(contentOf(exchange, mode, body, reply));
  });
}

function contentOf(exchange: Exchange, mode: KeptMode, body: Buffer, reply: Reply): NotedContent {
  const { key, endpoint, response } = exchange;
  return {
    exchangeId: exchange.id,
    workspaceId: key!.workspaceId,
    memberId: key!.memberId,
    keyId: key!.id,
    mode,
    startedAtMs: exchange.startedAtMs,
    format: exchange.format.id,
    isChat: endpoint.operation === 'chat',
    status: response.headersSent ? response.statusCode : 0,
    contentType: reply.contentType,
    // A copy: a part would hold on to the whole.
    request: { bytes: Buffer.from(body.subarray(0, MAX_SIDE_BYTES)), totalBytes: body.length },
    reply: { bytes: Buffer.concat(reply.parts, reply.heldBytes), totalBytes: reply.totalBytes },
  };
}

/**
 * Everything that is written to a client goes through these three, from whatever lane it comes: what was answered from
 * the cache, refused, or ended with an error as well.
 */
function watch(response: ServerResponse, contents: ContentLog, reply: Reply): void {
  const { write, end, writeHead } = response;
  response.write = ((...args: Parameters<typeof write>) => {
    note(contents, reply, args[0]);
    return write.apply(response, args);
  }) as typeof write;
  response.end = ((...args: Parameters<typeof end>) => {
    note(contents, reply, args[0]);
    return end.apply(response, args);
  }) as typeof end;
  response.writeHead = ((...args: Parameters<typeof writeHead>) => {
    reply.contentType = contentTypeOf(args.at(-1)) ?? reply.contentType;
    return writeHead.apply(response, args);
  }) as typeof writeHead;
}

function contentTypeOf(head: unknown): string | undefined {
  const flat = Array.isArray(head) ? head : Object.entries(head ?? {}).flat();
  const at = flat.findIndex(
    (name, index) => index % 2 === 0 && String(name).toLowerCase() === 'content-type',
  );
  return at < 0 ? undefined : String(flat[at + 1]);
}

function note(contents: ContentLog, reply: Reply, chunk: unknown): void {
  const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  if (!(bytes instanceof Uint8Array)) return;
  reply.totalBytes += bytes.length;
  const kept = Math.min(bytes.length, MAX_SIDE_BYTES - reply.heldBytes);
  if (kept <= 0 || reply.isLost) return;
  if (!contents.makeRoom(kept)) {
    contents.makeRoom(-reply.heldBytes);
    Object.assign(reply, { parts: [], heldBytes: 0, isLost: true });
    return;
  }
  // A copy: what came from a socket is a part of a larger piece, which would be held with it.
  reply.parts.push(Buffer.from(bytes.subarray(0, kept)));
  reply.heldBytes += kept;
}

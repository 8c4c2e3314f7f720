/** The thread of server-content-thread.ts: makes contents ready for keeping, one after the other. */
import { parentPort } from 'node:worker_threads';
import type { NotedContent, Said } from './gateway/content-noted.ts';
import { prepareContent } from './gateway/content-prepare.ts';

export interface Task {
  readonly id: number;
  readonly content: NotedContent;
}

export type Answer =
  | { readonly id: number; readonly kind: 'done'; readonly packed: Uint8Array }
  /** Never with what was in it. */
  | { readonly id: number; readonly kind: 'fault' };

parentPort!.on('message', ({ id, content }: Task) => parentPort!.postMessage(answer(id, content)));

function answer(id: number, content: NotedContent): Answer {
  try {
    const { request, reply } = content;
    const whole = { ...content, request: buffered(request), reply: buffered(reply) };
    return { id, kind: 'done', packed: prepareContent(whole) };
  } catch {
    return { id, kind: 'fault' };
  }
}

/** On its way between threads a Buffer becomes plain bytes. */
function buffered({ bytes, totalBytes }: Said): Said {
  return { bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), totalBytes };
}

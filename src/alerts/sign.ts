/**
 * Signatures as Standard Webhooks has them: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`. The
 * receiver computes the same over the bytes as they came, compares, and refuses timestamps that are too old.
 */
import { createHmac } from 'node:crypto';
import type { Secret } from '../base/secret.ts';

/** Secrets of Standard Webhooks: what follows is base64. Any other secret is its own bytes. */
const PREFIX = 'whsec_';

export interface Signed {
  readonly id: string;
  /** Of this sending, in epoch milliseconds: a repeat has a new one. */
  readonly sentAtMs: number;
  readonly body: string;
}

/** The three headers of a webhook. */
export function signatureHeaders({ id, sentAtMs, body }: Signed, secret: Secret): Record<string, string> {
  const headerId = asHeader(id);
  const timestamp = String(Math.floor(sentAtMs / 1000));
  const signature = createHmac('sha256', keyOf(secret)).update(`${headerId}.${timestamp}.${body}`);
  return {
    'webhook-id': headerId,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature.digest('base64')}`,
  };
}

function keyOf(secret: Secret): Buffer {
  const text = secret.reveal();
  return text.startsWith(PREFIX) ? Buffer.from(text.slice(PREFIX.length), 'base64') : Buffer.from(text);
}

/** Ids hold what clients call their end users: bytes that a header may not have are written as in a URL. */
export function asHeader(id: string): string {
  let text = '';
  for (const byte of Buffer.from(id)) {
    const isPlain = byte > 0x20 && byte < 0x7f && byte !== 0x25;
    text += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}

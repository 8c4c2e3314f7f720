/** Looks after what runs for keys that are no more: a revoked key gets no further word of a reply under way. */
import { refuse } from '../base/refusal.ts';
import type { Exchange, Gateway } from './exchange.ts';

/** A revocation is in force within a second of its commit; what runs is looked through as often. */
export const REVOKED_EVERY_MS = 1_000;

const ended = refuse('key_unknown', 'this key was revoked while its reply was under way');

/** Starts looking; the answer stops it. */
export function startRevocations(gateway: Pick<Gateway, 'open' | 'snapshot'>): () => void {
  const timer = setInterval(() => stopRevoked(gateway), REVOKED_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** A key that has run out meanwhile may end what it began: that was known when it began. */
export function stopRevoked({ open, snapshot }: Pick<Gateway, 'open' | 'snapshot'>): void {
  const { keys } = snapshot();
  const isRevoked = ({ tokenHash }: Exchange) => tokenHash !== undefined && !keys.get(tokenHash);
  for (const exchange of open) if (isRevoked(exchange)) exchange.onStop?.(ended);
}

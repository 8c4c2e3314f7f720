/**
 * What makes good an attempt that was never sent and yet is booked: its process slept between the commit of its
 * reservation and the leave to send, was fenced, and others booked the reservation at its deadline. When it wakes it
 * takes the reservation back, finds the entry, and books that nothing was sent: the stores make a difference of it.
 */
import { ZERO_USD } from '../base/money.ts';
import type { Entry } from './book.ts';
import type { AttemptKey } from './ledger.ts';
import type { Post } from './ledger-store.ts';

/** @param booked the entry of sequence 0, with the status `interrupted` */
export function bookNeverSent(booked: Entry): Post {
  const entry: Entry = {
    ...booked,
    status: 'not_sent',
    input_tokens: 0,
    cache_read_tokens: 0,
    cache_write_5m_tokens: 0,
    cache_write_1h_tokens: 0,
    output_tokens: 0,
    reasoning_tokens: 0,
    audio_input_tokens: 0,
    audio_output_tokens: 0,
    cost_nano: ZERO_USD,
    input_cost_nano: ZERO_USD,
    cache_cost_nano: ZERO_USD,
    output_cost_nano: ZERO_USD,
    other_cost_nano: ZERO_USD,
    is_estimated: 0,
    flags: null,
  };
  return { entry, price: undefined };
}

/** Those of the entries that others made of what is taken back. */
export function findBooked<E extends Entry>(
  releases: readonly AttemptKey[],
  entries: readonly E[],
): readonly E[] {
  const names = new Set(releases.map(({ exchangeId, attempt }) => `${exchangeId}/${attempt}`));
  return entries.filter((entry) => {
    const isBooked = entry.sequence === 0 && entry.status === 'interrupted';
    return isBooked && names.has(`${entry.exchange_id}/${entry.attempt}`);
  });
}

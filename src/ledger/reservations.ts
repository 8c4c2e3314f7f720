/** Reading what is held. */
import type { Kysely } from 'kysely';
import type { Tables } from '../store/schema.ts';
import type { Reservation } from './book.ts';

/** All but whose it is. */
export const reservationColumns = [
  'exchange_id',
  'attempt',
  'workspace_id',
  'key_id',
  'member_id',
  'agent_id',
  'session_id',
  'end_user',
  'provider',
  'model',
  'client_format',
  'lane',
  'price_id',
  'input_estimate',
  'max_output_tokens',
  'observed_output',
  'created_at',
  'deadline_at',
  'amount_nano',
  'windows',
  'rates',
] as const satisfies readonly (keyof Reservation)[];

/** What the lives of a replica before this one have left, in key order. */
export function listOwn(
  kysely: Kysely<Tables>,
  replicaId: string,
  beforeEpoch: number,
  limit: number,
): Promise<readonly Reservation[]> {
  return kysely
    .selectFrom('reservations')
    .select(reservationColumns)
    .where('replica_id', '=', replicaId)
    .where('replica_epoch', '<', beforeEpoch)
    .orderBy('exchange_id')
    .orderBy('attempt')
    .limit(limit)
    .execute();
}

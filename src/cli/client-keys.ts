/** The part of the admin API that `turnpike keys` asks, as typed functions. */
import type {
  Key,
  KeyChangeBody,
  KeyList,
  KeyListQuery,
  MadeKey,
  NewKeyBody,
  RotationBody,
} from '../admin/keys.ts';
import { givenOf } from './client-analytics.ts';

export interface KeyClient {
  /** Newest first, as many as `limit` names or all there are; `isTruncated` = there are more. */
  list(
    query: KeyFilter,
    limit: number,
  ): Promise<{ readonly keys: readonly Key[]; readonly isTruncated: boolean }>;
  find(id: string): Promise<Key>;
  create(key: NewKeyBody): Promise<MadeKey>;
  change(id: string, change: KeyChangeBody): Promise<Key>;
  rotate(id: string, rotation: RotationBody): Promise<MadeKey>;
  revoke(id: string): Promise<Key>;
}

export type KeyFilter = Omit<KeyListQuery, 'limit' | 'after'>;

/** As many as one answer holds. */
const PAGE = 1_000;

export function createKeyClient(
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>,
): KeyClient {
  const at = (id: string) => `/keys/${encodeURIComponent(id)}`;
  return {
    async list(filter, limit) {
      const keys: Key[] = [];
      let next: string | null | undefined;
      do {
        const left = Math.min(PAGE, limit - keys.length);
        const asked = { ...filter, limit: String(left), ...(next && { after: next }) };
        const page = await call<KeyList>('GET', `/keys?${givenOf(asked)}`);
        keys.push(...page.keys);
        next = page.next;
      } while (next !== null && keys.length < limit);
      return { keys, isTruncated: next !== null };
    },
    find: (id) => call('GET', at(id)),
    create: (key) => call('POST', '/keys', key),
    change: (id, change) => call('PATCH', at(id), change),
    rotate: (id, rotation) => call('POST', `${at(id)}/rotate`, rotation),
    revoke: (id) => call('DELETE', at(id)),
  };
}

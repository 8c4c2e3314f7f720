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
import type { AdminApi } from '../client/admin-api.ts';
import { asTyped, type Take } from './client-take.ts';

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

export function createKeyClient(api: AdminApi, take: Take): KeyClient {
  const at = (id: string) => ({ path: { id } });
  return {
    async list(filter, limit) {
      const keys: Key[] = [];
      let next: string | null | undefined;
      do {
        const left = Math.min(PAGE, limit - keys.length);
        const asked = { ...filter, limit: String(left), after: next ?? undefined };
        const page: KeyList = await take(
          api.GET('/api/v1/keys', { params: { query: asTyped<'/api/v1/keys'>(asked) } }),
        );
        keys.push(...page.keys);
        next = page.next;
      } while (next !== null && keys.length < limit);
      return { keys, isTruncated: next !== null };
    },
    find: (id) => take(api.GET('/api/v1/keys/{id}', { params: at(id) })),
    create: (body) => take(api.POST('/api/v1/keys', { body })),
    change: (id, body) => take(api.PATCH('/api/v1/keys/{id}', { params: at(id), body })),
    rotate: (id, body) => take(api.POST('/api/v1/keys/{id}/rotate', { params: at(id), body })),
    revoke: (id) => take(api.DELETE('/api/v1/keys/{id}', { params: at(id) })),
  };
}

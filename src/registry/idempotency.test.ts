/** Claims of writes that are done once: on every store. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { Store } from '../store/store.ts';
import {
  type Claim,
  claimWrite,
  committedQuery,
  forgetClaim,
  KEPT_MS,
  keepAnswer,
  sweepIdempotency,
} from './idempotency.ts';

const NOW = 1_795_219_200_000;
const MINUTES = 60_000;
const claim = (n: number, more: Partial<Claim> = {}): Claim => ({
  workspaceId: 'ws_1',
  callerId: 'mem_ada',
  keyHash: 'k1',
  requestHash: 'r1',
  claim: `c${n}`,
  ...more,
});
const pause = async () => undefined;

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'writes on $name',
  (underTest) => {
    let store: Store;
    beforeEach(async () => {
      store = (await underTest.open()).store;
    });
    afterEach(() => store.close());
    afterAll(() => underTest.remove());

    it('twenty at once are one', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, (_, n) => claimWrite(store, claim(n), NOW)));
      expect(all.map(({ kind }) => kind).sort()).toEqual(['ours', ...Array(19).fill('running')]);
    });

    it('answers the same again until it is old, and to nobody else', async () => {
      await claimWrite(store, claim(1), NOW);
      await keepAnswer(store, claim(1), { status: 201, answer: 'sealed' });
      const again = (more: Partial<Claim>, atMs = NOW + 1) => claimWrite(store, claim(2, more), atMs);
      expect(await again({})).toEqual({ kind: 'done', status: 201, answer: 'sealed' });
      expect(await again({ requestHash: 'r2' })).toEqual({ kind: 'other_request' });
      expect(await again({ callerId: 'mem_bob' })).toEqual({ kind: 'ours' });
      expect(await again({ workspaceId: 'ws_2' })).toEqual({ kind: 'ours' });
      expect(await again({ keyHash: 'k2' })).toEqual({ kind: 'ours' });
      expect(await again({}, NOW + KEPT_MS)).toEqual({ kind: 'ours' });
    });

    it('what changed nothing may be done again', async () => {
      await claimWrite(store, claim(1), NOW);
      await forgetClaim(store, claim(1));
      expect(await claimWrite(store, claim(2), NOW)).toEqual({ kind: 'ours' });
    });

    it('who died before the change is forgotten after a while, who died after it never', async () => {
      await claimWrite(store, claim(1), NOW);
      expect(await claimWrite(store, claim(2), NOW + 9 * MINUTES)).toEqual({ kind: 'running' });
      expect(await claimWrite(store, claim(3), NOW + 10 * MINUTES)).toEqual({ kind: 'ours' });
      // The first one was not dead after all, but its claim is another's by now.
      await store.write([committedQuery(store, claim(1))]);
      await keepAnswer(store, claim(1), { status: 201, answer: 'late' });
      await store.write([committedQuery(store, claim(3))]);
      await forgetClaim(store, claim(3));
      expect(await claimWrite(store, claim(4), NOW + 19 * MINUTES)).toEqual({ kind: 'running' });
      expect(await claimWrite(store, claim(4), NOW + 21 * MINUTES)).toEqual({
        kind: 'done',
        status: undefined,
        answer: undefined,
      });
    });

    it('sweeps what is old', async () => {
      for (let n = 0; n < 600; n += 1)
        await claimWrite(store, claim(n, { keyHash: `k${n}` }), n < 550 ? NOW : NOW + 10);
      expect(await sweepIdempotency(store, NOW + KEPT_MS, pause)).toBe(550);
      expect(await sweepIdempotency(store, NOW + KEPT_MS, pause)).toBe(0);
    });

    it('has a limit', async () => {
      const rows = Array.from({ length: 2_000 }, (_, n) => ({
        ...{
          workspace_id: 'ws_1' as const,
          caller_id: 'mem_ada',
          request_hash: 'r',
          claim: 'c',
          is_committed: 1,
        },
        ...{ key_hash: '', status: 200, answer: null, created_at: NOW, expires_at: NOW + 5, n },
      }));
      for (let batch = 0; batch < 5; batch += 1) {
        const values = rows.map(({ n, ...row }) => ({ ...row, key_hash: `x${batch}-${n}` }));
        for (let at = 0; at < values.length; at += 500)
          await store.write([store.kysely.insertInto('idempotency_keys').values(values.slice(at, at + 500))]);
      }
      expect(await claimWrite(store, claim(1), NOW)).toEqual({ kind: 'ours' });
      expect(await claimWrite(store, claim(2, { keyHash: 'k2' }), NOW)).toEqual({ kind: 'full' });
      expect(await claimWrite(store, claim(2, { keyHash: 'k2', callerId: 'mem_bob' }), NOW)).toEqual({
        kind: 'ours',
      });
      expect(await claimWrite(store, claim(3, { keyHash: 'k3' }), NOW + 5)).toEqual({ kind: 'ours' });
    });
  },
);

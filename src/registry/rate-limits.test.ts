/** Rate limits in the registry: made, changed, deleted, and held equal to a file. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { storesUnderTest } from '../../test/support/stores.ts';
import type { RateLimitTerms } from '../base/rate-limit.ts';
import { readRateScope } from '../base/rate-limit.ts';
import type { Store } from '../store/store.ts';
import {
  changeRateLimit,
  createRateLimit,
  deleteRateLimit,
  listRateLimits,
  loadRateLimits,
  type RateLimitContext,
  type RateLimitOutcome,
  type RateLimitRecord,
  reconcileRateLimits,
} from './rate-limits.ts';
import { createWorkspace, ensureFirstWorkspace } from './workspaces.ts';

const terms = (scope: string, more: Partial<RateLimitTerms> = { requestsPerMinute: 60 }): RateLimitTerms => ({
  scope: readRateScope(scope)!,
  burstSeconds: 60,
  ...more,
});

function done(outcome: RateLimitOutcome): RateLimitRecord {
  if (outcome.kind !== 'done') throw new Error(outcome.kind);
  return outcome.rateLimit;
}

describe.each(storesUnderTest().filter(({ name }) => !name.endsWith('power')))(
  'rate limits on $name',
  (under) => {
    let store: Store;
    let context: RateLimitContext;
    beforeEach(async () => {
      store = (await under.open()).store;
      const { id } = await ensureFirstWorkspace(store, 1);
      context = { workspaceId: id, nowMs: 10 };
    });
    afterEach(() => store.close());
    afterAll(under.remove);

    const make = async (scope: string, more?: Partial<RateLimitTerms>) =>
      done(await createRateLimit(store, terms(scope, more), context));
    const scopes = async () => (await loadRateLimits(store)).map(({ scope }) => `${scope.kind}:${scope.id}`);

    it('are kept as they were made', async () => {
      const made = await make('deployment:openai/gpt-4o', {
        requestsPerMinute: 1,
        inputTokensPerMinute: 1_000_000_000,
        outputTokensPerMinute: 3,
        concurrent: 4,
        burstSeconds: 6,
      });
      expect(made).toMatchObject({ version: 1, source: 'api', createdAtMs: 10, burstSeconds: 6 });
      expect(made.id).toMatch(/^lim_/);
      expect(await listRateLimits(store, context.workspaceId)).toEqual([made]);
      expect(await loadRateLimits(store)).toEqual([made]);
    });

    it('are one of a scope, in each workspace, and limit something', async () => {
      await make('key:*');
      expect(await createRateLimit(store, terms('key:*'), context)).toEqual({ kind: 'scope_taken' });
      expect(await createRateLimit(store, terms('agent:*', {}), context)).toEqual({ kind: 'empty' });
      const other = { workspaceId: (await createWorkspace(store, 'other', 1)).id, nowMs: 1 };
      expect((await createRateLimit(store, terms('key:*'), other)).kind).toBe('done');
      expect(await listRateLimits(store, context.workspaceId)).toHaveLength(1);
    });

    it('grow their version and the revision with each change, and with nothing else', async () => {
      const { id } = await make('key:*', { requestsPerMinute: 60, concurrent: 5 });
      const before = store.revision.current();
      const change = { requestsPerMinute: null, outputTokensPerMinute: 7, burstSeconds: 6 };
      const after = done(await changeRateLimit(store, id, change, context));
      expect(after).toMatchObject({ version: 2, concurrent: 5, outputTokensPerMinute: 7, burstSeconds: 6 });
      expect(after.requestsPerMinute).toBeUndefined();
      expect(await loadRateLimits(store)).toEqual([after]);
      expect(done(await changeRateLimit(store, id, { concurrent: 5 }, context))).toEqual(after);
      expect(store.revision.current()).toBe(before + 1);
      const nothing = { concurrent: null, outputTokensPerMinute: null };
      expect(await changeRateLimit(store, id, nothing, context)).toEqual({ kind: 'empty' });
      expect(await loadRateLimits(store)).toEqual([after]);
    });

    it('take changes that come together one after the other', async () => {
      const { id } = await make('key:*');
      await Promise.all([
        changeRateLimit(store, id, { concurrent: 7 }, context),
        changeRateLimit(store, id, { inputTokensPerMinute: 7 }, context),
        changeRateLimit(store, id, { burstSeconds: 7 }, context),
      ]);
      expect(await loadRateLimits(store)).toMatchObject([
        { requestsPerMinute: 60, concurrent: 7, inputTokensPerMinute: 7, burstSeconds: 7, version: 4 },
      ]);
    });

    it('are gone when they are deleted, and may be made anew', async () => {
      const made = await make('key:*');
      expect(done(await deleteRateLimit(store, made.id, context))).toEqual(made);
      expect(await deleteRateLimit(store, made.id, context)).toEqual({ kind: 'unknown' });
      expect(await changeRateLimit(store, made.id, { concurrent: 1 }, context)).toEqual({ kind: 'unknown' });
      expect((await make('key:*')).id).not.toBe(made.id);
    });

    it('of another workspace are out of reach', async () => {
      const { id } = await make('key:*');
      const other = { workspaceId: (await createWorkspace(store, 'other', 5)).id, nowMs: 1 };
      expect(await changeRateLimit(store, id, { concurrent: 1 }, other)).toEqual({ kind: 'unknown' });
      expect(await deleteRateLimit(store, id, other)).toEqual({ kind: 'unknown' });
    });

    describe('of a file', () => {
      const declare = (...declared: RateLimitTerms[]) => reconcileRateLimits(store, declared, context);
      const nothing = { created: [], changed: [], deleted: [], taken: [] };

      it('are made, changed and deleted as it says, and those of the API are left alone', async () => {
        await make('workspace');
        expect(await declare(terms('key:*'), terms('agent:a'))).toEqual({
          ...nothing,
          created: ['key:*', 'agent:a'],
        });
        const next = await declare(terms('agent:a', { concurrent: 1 }), terms('agent:b'));
        expect(next).toEqual({ ...nothing, created: ['agent:b'], changed: ['agent:a'], deleted: ['key:*'] });
        expect((await scopes()).sort()).toEqual(['agent:a', 'agent:b', 'workspace:*']);
        const [a] = await listRateLimits(store, context.workspaceId);
        expect(a).toMatchObject({ concurrent: 1, version: 2, source: 'file' });
        expect(a!.requestsPerMinute).toBeUndefined();
      });

      it('change nothing when it says the same again', async () => {
        await declare(terms('key:*'), terms('agent:a'));
        const before = store.revision.current();
        expect(await declare(terms('agent:a'), terms('key:*'))).toEqual(nothing);
        expect(store.revision.current()).toBe(before);
      });

      it('can be changed and deleted in the file alone', async () => {
        await declare(terms('key:*'));
        const [{ id }] = (await loadRateLimits(store)) as [RateLimitRecord];
        expect(await changeRateLimit(store, id, { concurrent: 1 }, context)).toEqual({ kind: 'declared' });
        expect(await deleteRateLimit(store, id, context)).toEqual({ kind: 'declared' });
        expect(await createRateLimit(store, terms('key:*'), context)).toEqual({ kind: 'scope_taken' });
      });

      it('may not have the scope of one that the API made: nothing is changed then', async () => {
        await make('key:*');
        expect(await declare(terms('agent:a'), terms('key:*'))).toEqual({ ...nothing, taken: ['key:*'] });
        expect(await scopes()).toEqual(['key:*']);
      });
    });
  },
);

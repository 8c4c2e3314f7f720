/** What members prefer, compiled: for their own keys alone, and never beyond what an operator allows. */
import { describe, expect, it } from 'vitest';
import type { WorkspaceId } from './base/ids.ts';
import { promptModelsOf } from './config-models.ts';
import type { PreferenceRecord, PreferenceTerms } from './registry/preferences.ts';
import { choose } from './route/precedence.ts';
import type { RoutingTable } from './route/ref.ts';
import { noFallback } from './route/route-rule.ts';
import { compileModelRules, routingWishes, withWish } from './server-rules.ts';

const HERE = 'ws_here' as WorkspaceId;
const input = (name: string) => ({
  workspaceId: HERE,
  explicit: undefined,
  pipeline: undefined,
  step: undefined,
  prompt: { kind: 'agent', name } as const,
  request: undefined,
  key: undefined,
});
const files = { promptModels: promptModelsOf([], '', {}) };
const setting = {
  workspaceId: HERE,
  promptId: 'agent:set',
  ref: 'set/one',
  createdBy: 'operator',
  createdAtMs: 1,
};

describe('what members prefer', () => {
  const preference = (memberId: `mem_${string}`, terms: PreferenceTerms): PreferenceRecord => ({
    ...terms,
    memberId,
    workspaceId: HERE,
    updatedAtMs: 1,
  });
  const preferences = [
    preference('mem_ada', { model: 'ada/likes', fallback: ['then/this'] }),
    preference('mem_bob', { fallback: ['bob/falls'] }),
    preference('mem_eve', { provider: 'work', hasFallback: false }),
    preference('mem_fay', { hasFallback: true }),
  ];
  const rules = compileModelRules(
    files,
    { rules: [setting], agents: [], preferences },
    { ref: 'last/one', source: 'last' },
  );

  it.each([
    ['mem_ada', 'set', 'ada/likes', 'preference of mem_ada', ['then/this']],
    ['mem_ada', 'other', 'ada/likes', 'preference of mem_ada', ['then/this']],
    ['mem_bob', 'set', 'set/one', 'setting agent:set', ['bob/falls']],
    ['mem_bob', 'other', 'last/one', 'last', ['bob/falls']],
    ['mem_eve', 'set', 'set/one', 'setting agent:set', undefined],
    [undefined, 'set', 'set/one', 'setting agent:set', undefined],
  ])('%s, asking as %s: %s', (memberId, agent, ref, source, fallback) => {
    const choice = choose(rules, { ...input(agent), memberId });
    expect(choice).toMatchObject({ ok: true, ref, rule: { source } });
    expect(choice.ok && choice.rule.fallback).toEqual(fallback);
  });

  const wishes = routingWishes(preferences);
  const tableWith = (isEnabled: boolean, allowsNamed: boolean): RoutingTable => ({
    providers: new Map(),
    aliases: new Map(),
    routes: new Map(),
    fallback: { ...noFallback, isEnabled, allowsNamed },
    defaultRef: undefined,
  });
  it.each<[string, boolean, boolean, boolean, boolean]>([
    ['mem_eve', true, true, false, false],
    ['mem_fay', false, true, true, true],
    ['mem_fay', true, true, true, true],
    ['mem_fay', false, false, false, false],
  ])(
    '%s falls back as it says, unless an operator forbids it',
    (who, isOn, isAllowed, isOnThen, isAllowedThen) => {
      const { fallback } = withWish(tableWith(isOn, isAllowed), wishes.get(who)!);
      expect([fallback.isEnabled, fallback.allowsNamed]).toEqual([isOnThen, isAllowedThen]);
    },
  );

  it('take another way only where they say so', () => {
    expect([...wishes.keys()]).toEqual(['mem_eve', 'mem_fay']);
    expect(withWish(tableWith(true, true), wishes.get('mem_eve')!).preferredProvider).toBe('work');
    expect(withWish(tableWith(true, true), wishes.get('mem_fay')!)).not.toHaveProperty('preferredProvider');
  });
});

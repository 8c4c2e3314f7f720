/** Declared providers, routes and aliases behind the admin API that hold still. */
import type { DeclaredDesk, NameDesk, NamedFacts, ProviderDesk } from '../../src/admin/deps-declared.ts';
import type { RouteSettings } from '../../src/base/route-settings.ts';
import type { Declaration } from '../../src/registry/declarations.ts';
import type { ProviderTerms } from '../../src/registry/providers.ts';

const terms: ProviderTerms = {
  kind: 'openai-compatible',
  baseUrl: 'https://models.example/v1',
  headers: { 'x-team': 'not-to-be-shown' },
  models: ['m'],
  timeouts: { connectMs: 100 },
  settings: { region: 'eu' },
};

const route: RouteSettings = {
  strategy: 'weighted',
  targets: [
    { ref: 'openai/gpt-4o', weight: 2 },
    { ref: 'fast', weight: 1 },
  ],
  filter: { capabilities: ['tools', 'structured-output'], contextWindow: 1000, maxInputRate: 2_500_000_000 },
  cacheTtlMs: 60_000,
};

function declarationOf<T>(name: string, said: T, nowMs: number): Declaration<T> {
  return {
    workspaceId: 'ws_1',
    name,
    terms: said,
    createdBy: 'operator',
    createdAtMs: nowMs,
    changedAtMs: nowMs,
  };
}

/** `house` is declared; names tell what becomes of a change: `fixed`, `full`, `inside`, `bad`, `held`. */
function fakeProviders(made: unknown[], nowMs: number): ProviderDesk {
  const answer = (name: string, said: ProviderTerms) => {
    if (name === 'fixed')
      return { kind: 'fixed', message: 'fixed is declared in a file, which wins' } as const;
    if (name === 'full') return { kind: 'too_many' } as const;
    if (name === 'inside') return { kind: 'egress_refused', message: 'its address is private' } as const;
    if (name === 'bad') return { kind: 'invalid', message: 'the kind needs a base_url' } as const;
    if (name === 'held') return { kind: 'has_credentials' } as const;
    return { kind: 'done', facts: { record: declarationOf(name, said, nowMs), problem: undefined } } as const;
  };
  const isThere = (name: string) => name === 'house';
  return {
    find: async (name) =>
      isThere(name) ? { record: declarationOf(name, terms, nowMs), problem: 'no key' } : undefined,
    async create(name, said, by) {
      made.push([name, said, by]);
      return answer(name, said);
    },
    async change(name, change) {
      made.push([name, change]);
      return name === 'nobody' ? { kind: 'unknown' } : answer(name, terms);
    },
    async remove(name) {
      if (name === 'fixed') return { kind: 'fixed', message: 'fixed is declared in a file, which wins' };
      if (!isThere(name)) return { kind: 'unknown' };
      return { kind: 'done', record: declarationOf(name, terms, nowMs), credentials: 2 };
    },
    test: async (name) =>
      isThere(name) ? { isReachable: true, message: 'status 200', credential: undefined } : undefined,
  };
}

function fakeNames<T>(made: unknown[], said: T, nowMs: number): NameDesk<T, NamedFacts<T>, Declaration<T>> {
  const ofFile: NamedFacts<T> = {
    name: 'fixed',
    terms: said,
    file: '/etc/turnpike.yaml',
    record: undefined,
    problem: 'nobody serves it',
  };
  const record = declarationOf('mine', said, nowMs);
  const mine: NamedFacts<T> = { ...record, file: undefined, record, problem: undefined };
  const fixed = { kind: 'fixed', message: 'fixed is declared in a file, which wins' } as const;
  return {
    list: async () => [ofFile, mine],
    find: async (name) => [ofFile, mine].find((one) => one.name === name),
    async set(name, next, { by, force }) {
      made.push([name, next, by, force]);
      if (name === 'fixed') return fixed;
      if (name === 'full') return { kind: 'too_many' };
      if (name === 'loop') return { kind: 'invalid', message: 'loop leads back to itself' };
      return { kind: 'done', facts: { ...mine, name, terms: next }, isNew: name !== 'mine' };
    },
    async remove(name) {
      if (name === 'fixed') return fixed;
      return name === 'mine' ? { kind: 'done', record } : { kind: 'unknown' };
    },
  };
}

export function fakeDeclaredDesk(made: unknown[], nowMs: number): DeclaredDesk {
  return {
    providers: fakeProviders(made, nowMs),
    routes: fakeNames(made, route, nowMs),
    aliases: fakeNames(made, { ref: 'openai/gpt-4o' }, nowMs),
  };
}

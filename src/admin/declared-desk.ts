/** The desk for providers that a workspace declares, on top of the registry and of what may be sent to. */
import type { Clock } from '../base/clock.ts';
import type { WorkspaceId } from '../base/ids.ts';
import {
  changeProvider,
  createProvider,
  findProvider,
  type ProviderOutcome,
  type ProviderRecord,
  type ProviderTerms,
  removeProvider,
} from '../registry/providers.ts';
import type { Store } from '../store/store.ts';
import type { DeclaredVerdict } from '../upstream/declared.ts';
import type { Provider } from '../upstream/provider.ts';
import type {
  DeclaredFacts,
  ProviderAnswer,
  ProviderChange,
  ProviderDesk,
  ProviderTrial,
} from './deps-declared.ts';

export interface ProviderDeskInput {
  readonly store: Store;
  readonly workspaceId: WorkspaceId;
  readonly clock: Clock;
  /** The file or variable that declares a provider of this name already, in words; undefined = none does. */
  fixedBy(name: string): string | undefined;
  /** As it would be configured, addresses judged by what they say. */
  judge(name: string, terms: ProviderTerms): DeclaredVerdict;
  /** Why nothing is sent to where its name leads just now; undefined = it may be, or nobody knows the name. */
  refusalNow(provider: Provider): Promise<string | undefined>;
  /** Why a provider serves nothing now. */
  problemOf(name: string): string | undefined;
  /** What the registry holds by now serves when this resolves. */
  recompile(): Promise<void>;
  test(name: string): Promise<ProviderTrial | undefined>;
}

export function createProviderDesk(input: ProviderDeskInput): ProviderDesk {
  const { store, workspaceId, clock } = input;
  return {
    async find(name) {
      const record = await findProvider(store, name, workspaceId);
      return record && factsOf(input, record);
    },
    async create(name, terms, by) {
      const refused = await refusalOf(input, name, terms);
      if (refused) return refused;
      const context = { workspaceId, nowMs: clock.now(), by };
      return answer(input, await createProvider(store, { name, terms }, context));
    },
    async change(name, change) {
      const fixed = input.fixedBy(name);
      if (fixed !== undefined) return { kind: 'fixed', message: fixed };
      const before = await findProvider(store, name, workspaceId);
      if (!before) return { kind: 'unknown' };
      const terms = changed(before.terms, change);
      const refused = await refusalOf(input, name, terms);
      if (refused) return refused;
      const context = { workspaceId, nowMs: clock.now() };
      return answer(input, await changeProvider(store, { name, terms }, context));
    },
    async remove(name) {
      const removed = await removeProvider(store, name, workspaceId);
      if (!removed) {
        const fixed = input.fixedBy(name);
        return fixed === undefined ? { kind: 'unknown' } : { kind: 'fixed', message: fixed };
      }
      await input.recompile();
      return { kind: 'done', record: removed.provider, credentials: removed.credentials };
    },
    test: (name) => input.test(name),
  };
}

async function refusalOf(
  input: ProviderDeskInput,
  name: string,
  terms: ProviderTerms,
): Promise<ProviderAnswer | undefined> {
  const fixed = input.fixedBy(name);
  if (fixed !== undefined) return { kind: 'fixed', message: fixed };
  const verdict = input.judge(name, terms);
  if (verdict.kind === 'reserved') return { kind: 'fixed', message: verdict.message };
  if (verdict.kind !== 'done') return verdict;
  const refusal = await input.refusalNow(verdict.provider);
  return refusal === undefined ? undefined : { kind: 'egress_refused', message: refusal };
}

/** What is null is gone, and then the kind's. */
function changed(before: ProviderTerms, change: ProviderChange): ProviderTerms {
  const said = Object.entries({ ...before, ...withoutUndefined(change) });
  const kept = Object.fromEntries(said.filter(([, value]) => value !== null));
  return { headers: {}, models: [], timeouts: {}, settings: {}, ...kept } as unknown as ProviderTerms;
}

function withoutUndefined(change: ProviderChange): ProviderChange {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

async function answer(input: ProviderDeskInput, outcome: ProviderOutcome): Promise<ProviderAnswer> {
  switch (outcome.kind) {
    case 'done':
      await input.recompile();
      return { kind: 'done', facts: factsOf(input, outcome.provider) };
    case 'taken':
      return { kind: 'fixed', message: 'the workspace has a provider of that name already' };
    default:
      return { kind: outcome.kind };
  }
}

function factsOf({ problemOf }: ProviderDeskInput, record: ProviderRecord): DeclaredFacts {
  return { record, problem: problemOf(record.name) };
}

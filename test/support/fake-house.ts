/** A house behind the admin API that holds still: the same keys, entries and providers every time. */
import { createHash } from 'node:crypto';
import type {
  AdminDeps,
  EntryFacts,
  ProviderFacts,
  ReconciliationDesk,
  SpendingDesk,
  UsageSum,
} from '../../src/admin/deps.ts';
import { silentLog } from '../../src/base/log.ts';
import { nanoUsd } from '../../src/base/money.ts';
import type { Decision } from '../../src/ledger/decision.ts';
import type { NewAuditEvent } from '../../src/registry/audit-events.ts';
import { fakeAgentDesk } from './fake-agents.ts';
import { fakeAlertDesk } from './fake-alerts.ts';
import { fakeAnalyticsDesk } from './fake-analytics.ts';
import { fakeAuditDesk, fakeLiveDesk, fakeOnceDesk } from './fake-audit.ts';
import { fakeBudgetDesk } from './fake-budgets.ts';
import { fakeConfigurationDesk } from './fake-configuration.ts';
import { fakeCredentialDesk } from './fake-credentials.ts';
import { fakeDeclaredDesk } from './fake-declared.ts';
import { fakeCounted, fakeDryRun } from './fake-dry-run.ts';
import { fakeHealthDesk } from './fake-health.ts';
import { fakeKeyDesk } from './fake-keys.ts';
import { fakeMembershipDesks } from './fake-members.ts';
import { fakeModels, fakePrice } from './fake-models.ts';
import { fakePriceDesk } from './fake-prices.ts';
import { fakeMemberDataDesk, fakePrivacyDesk } from './fake-privacy.ts';
import { fakePrompts } from './fake-prompts.ts';
import { fakeRateLimitDesk } from './fake-rate-limits.ts';
import { oneRun, proposalOf } from './fake-reconciliation.ts';
import { fakeRoutingDesk } from './fake-routing.ts';
import { fakeSignIn } from './fake-sign-in.ts';
import { fakeVaultDesk } from './fake-vault.ts';

export const NOW = Date.parse('2026-11-21T12:00:00Z');
export const TOKEN = `tpo-${'a'.repeat(43)}`;
export const VIRTUAL_KEY = `tp-${'b'.repeat(43)}`;
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const entry: EntryFacts = {
  id: 'ent_1',
  exchangeId: 'exc_1',
  attempt: 1,
  kind: 'settle',
  status: 'upstream_error',
  latencyMs: 80,
  createdAtMs: NOW - 500,
  startedAtMs: NOW - 900,
  workspaceId: 'ws_1',
  keyId: 'key_1',
  provider: 'openai',
  model: 'gpt-4o',
  clientFormat: 'openai-chat',
  lane: 'relay',
  input: 10,
  cacheRead: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
  cost: nanoUsd(0n),
  isEstimated: false,
  flags: [],
};
const first: EntryFacts = { ...entry, errorClass: 'status_503' };
const second: EntryFacts = {
  ...entry,
  id: 'ent_2',
  attempt: 2,
  status: 'ok',
  startedAtMs: NOW - 800,
  latencyMs: 300,
  lane: 'translate',
  cost: nanoUsd(1_250_000n),
};

/** Of the second attempt; the first was relayed without a loss. */
const decision: Decision = {
  asked: 'fast',
  revision: 7,
  upstreamFormat: 'anthropic-messages',
  overheadMs: 1.25,
  skipped: [{ ref: 'openai/o3', reason: 'model_not_allowed' }],
  requestLosses: {
    named: [
      { kind: 'dropped', path: 'topK', note: 'the provider knows no such field' },
      { kind: 'approximated', path: 'turns[2].parts[0]', note: 'sent as user text' },
    ],
    unnamed: 12,
  },
  replyLosses: {
    named: [{ kind: 'dropped', path: 'stop.sequence', note: 'there is no field for it' }],
    unnamed: 0,
  },
};

const provider: ProviderFacts = {
  name: 'house',
  kind: 'openai-compatible',
  baseUrl: 'https://ada:hunter2@models.example/v1?key=hunter3',
  source: 'file',
  needsCredential: true,
  hasCredential: false,
  formats: ['openai-chat'],
};

const sum: UsageSum = {
  value: 'openai/gpt-4o',
  entries: 2,
  errors: 1,
  input: 20,
  cacheRead: 3,
  cacheWrite: 4,
  output: 5,
  reasoning: 1,
  cost: nanoUsd(1_250_000n),
  unpriced: 1,
  estimated: 0,
};

export interface FakeHouse {
  deps: AdminDeps;
  made: unknown[];
  asked: unknown[];
  /** Events of the audit that are no part of a change. */
  told: Omit<NewAuditEvent, 'workspaceId'>[];
  logged: unknown[];
}

/** One run with a row over the line; `down` has no bill to be had, `quiet` no drift. */
function fakeReconciliation(fake: FakeHouse): ReconciliationDesk {
  return {
    async run(asked) {
      fake.asked.push(asked);
      const { provider } = asked;
      if (provider === 'nobody')
        return { kind: 'no_source', message: 'the bill of nobody cannot be fetched' };
      const isQuiet = provider === 'quiet' || provider === 'down';
      const failures = provider === 'down' ? [{ provider, message: 'the bill of down: answered 401' }] : [];
      const run = isQuiet ? { ...oneRun, rows: [], over: 0, drift: 0n } : oneRun;
      return { kind: 'done', run, proposals: isQuiet ? [] : [proposalOf('adj_1')], failures };
    },
    runs: async () => [oneRun],
    proposals: async () => [proposalOf('adj_1')],
    async decide(id, verdict, by) {
      fake.asked.push([id, verdict, by]);
      if (id === 'adj_old') return proposalOf(id, 'dismissed');
      return id === 'adj_1' ? proposalOf(id, verdict === 'accept' ? 'accepted' : 'dismissed') : undefined;
    },
  };
}

function fakeSpending(fake: FakeHouse): SpendingDesk {
  return {
    usage: async (...asked) => {
      fake.asked.push(asked);
      return [sum, { ...sum, value: 'openai/o3', cost: nanoUsd(1n) }];
    },
    recent: async (asked) => {
      fake.asked.push(asked);
      const older: EntryFacts = { ...entry, id: 'ent_3', exchangeId: 'exc_0', cost: undefined };
      return { entries: [entry, second, older], next: undefined };
    },
    entriesOf: async (id) => (id === 'exc_1' ? [first, second] : []),
    decisionsOf: async () => new Map([[2, decision]]),
    contextOf: async () => ({ prices: new Map([[2, fakePrice]]), budgets: [fakeCounted] }),
    verify: async () => ({
      isSound: false,
      entries: 3,
      cost: nanoUsd(5n),
      problems: ['ent_3 has no hold'],
    }),
    export: async function* (query) {
      fake.asked.push(query);
      yield 'seq,model\r\n';
      yield '1,gpt-4o\r\n';
    },
  };
}

/** `made` and `asked` collect what it was told; `logged` the faults. */
export function fakeHouse(): FakeHouse {
  const fake: FakeHouse = { deps: {} as AdminDeps, made: [], asked: [], told: [], logged: [] };
  fake.deps = {
    ...fakeMembershipDesks(fake.made, NOW),
    clock: { now: () => NOW, monotonic: () => 0 },
    log: { ...silentLog, error: (fields) => fake.logged.push(fields) },
    operatorTokenHash: () => sha256(TOKEN),
    workspaceId: 'ws_1',
    inWorkspace: () => fake.deps,
    identify: async () => undefined,
    findWorkspace: async (id) => (id === 'ws_1' ? id : undefined),
    keys: fakeKeyDesk(fake.made, NOW, VIRTUAL_KEY),
    identifyAgent: () => undefined,
    agents: fakeAgentDesk(fake.made, NOW),
    alerts: fakeAlertDesk(fake.asked, NOW),
    audit: fakeAuditDesk(fake.told, NOW),
    once: fakeOnceDesk,
    updates: fakeLiveDesk,
    health: fakeHealthDesk(fake.asked, NOW),
    spending: fakeSpending(fake),
    analytics: fakeAnalyticsDesk(fake.asked, NOW),
    signIn: fakeSignIn(NOW),
    credentials: fakeCredentialDesk(fake.made, NOW),
    vault: fakeVaultDesk(fake.made, NOW),
    configuration: fakeConfigurationDesk(fake.made, NOW),
    budgets: fakeBudgetDesk(fake.made, NOW),
    prices: fakePriceDesk(fake.asked),
    privacy: fakePrivacyDesk(NOW, fake.made),
    memberData: fakeMemberDataDesk(fake.made),
    routing: fakeRoutingDesk(fake.made, NOW),
    rateLimits: fakeRateLimitDesk(fake.made, NOW),
    reconciliation: fakeReconciliation(fake),
    describeInstallation: () => ({
      version: '0.1.0',
      startedAtMs: NOW - 60_000,
      home: '/home/ada/.turnpike',
      durability: 'power',
      revision: 7,
      formats: ['openai-chat'],
      database: 'file:/home/ada/.turnpike/turnpike.db',
      isLedgerWritable: true,
      pendingSettles: 0,
      openReservations: 1,
    }),
    describeModels: async () => fakeModels,
    describeProviders: () => [provider],
    declared: fakeDeclaredDesk(fake.made, NOW),
    describePrompts: () => fakePrompts,
    explainChoice: async (query) => {
      fake.asked.push(query);
      return query.key === 'nobody' ? 'key_unknown' : fakeDryRun(query.model ?? 'fast', fakePrice);
    },
    resetHealth: () => 0,
  };
  return fake;
}

/** Alerts in plain words and in fields, and rows that are none. */
import { describe, expect, it } from 'vitest';
import { budgetAlert, NOW } from '../../test/support/outbox.ts';
import { nanoUsd } from '../base/money.ts';
import { FOREVER_MS } from '../ledger/period.ts';
import { type Alert, type DriftAlert, readAlert } from './alert.ts';
import { fieldsOfAlert } from './fields.ts';
import type { HealthAlert } from './health-alert.ts';
import { type Circumstances, sayAlert, titleOf } from './wording.ts';

const hard: Circumstances = {
  traits: { id: 'bud_1', isHard: true, timeZone: 'Europe/Berlin' },
  projection: {
    projected: nanoUsd(31_204_000_000n),
    crossesAtMs: Date.parse('2026-12-03T13:00:00Z'),
    basis: 'recent',
  },
};
const soft: Circumstances = {
  traits: { id: 'bud_1', isHard: false, timeZone: 'UTC' },
  projection: undefined,
};
const unknown: Circumstances = { traits: undefined, projection: undefined };

const drift: DriftAlert = {
  topic: 'reconciliation.drift',
  provider: 'openai',
  model: 'gpt-4o',
  dayStart: Date.parse('2026-11-20'),
  bookedNano: '10000000000',
  driftNano: '2600000000',
  causes: [
    { cause: 'unrecorded', nano: '2610000000' },
    { cause: 'billed_elsewhere', nano: '-10000000' },
  ],
  reconciliation: 'rec_1',
  at: NOW,
};

const health: HealthAlert = {
  topic: 'credential.disabled',
  ref: 'anthropic/claude-opus-4-1',
  provider: 'anthropic',
  credential: 'file:team\u001b[2J',
  reason: 'status 401',
  since: NOW - 31 * 60_000,
  at: NOW,
};

const words = (alert: Alert, circumstances: Circumstances) => {
  const { title, lines, hint } = sayAlert(alert, circumstances);
  return [title, ...lines, hint];
};

it.each<[what: string, alert: Alert, circumstances: Circumstances, said: readonly string[]]>([
  [
    'a threshold of a hard budget',
    budgetAlert(),
    hard,
    [
      'Budget "coders": 80 % of $25.00 is spent',
      '$20.00 of $25.00 (80 %) is spent by agent "coder".',
      'It counts the day that began 21 Nov 2026 01:00 and resets 22 Nov 2026 01:00 (Europe/Berlin).',
      'At this pace the limit is reached on 3 Dec 2026 14:00 (Europe/Berlin), and $31.20 is spent by the reset.',
      'Requests that would pass the limit are refused.',
      'turnpike budgets show bud_1',
    ],
  ],
  [
    'a threshold of a soft budget of a month',
    budgetAlert({
      period: 'month',
      windowEnd: Date.parse('2026-12-01'),
      threshold: 150,
      settledNano: '37500000000',
    }),
    soft,
    [
      'Budget "coders": 150 % of $25.00 is spent',
      '$37.50 of $25.00 (150 %) is spent by agent "coder".',
      'It counts the month that began 21 Nov 2026 00:00 and resets 1 Dec 2026 00:00 (UTC).',
      'The budget only tells: no request is refused because of it.',
      'turnpike budgets show bud_1',
    ],
  ],
  [
    'a refusal by a total of a workspace',
    budgetAlert({
      topic: 'budget.blocked',
      threshold: null,
      scopeKind: 'workspace',
      subject: 'ws_1',
      period: 'total',
      windowStart: 0,
      windowEnd: FOREVER_MS,
    }),
    { ...hard, projection: undefined },
    [
      'Budget "coders": requests are refused',
      '$20.00 of $25.00 (80 %) is spent by the workspace.',
      'It counts all that is ever spent: it does not reset.',
      'Requests that do not fit into what is left are refused until its limit is raised.',
      'turnpike budgets show bud_1',
    ],
  ],
  [
    'a rolling budget that is gone, of a limit of nothing',
    budgetAlert({ period: 'rolling:24', scopeKind: 'end-user', limitNano: '0', settledNano: '1234' }),
    unknown,
    [
      'Budget "coders": 80 % of $0.00 is spent',
      '$0.000001 of $0.00 is spent by end user "coder".',
      'It counts the last 24 hours at any moment, so some of it comes back every hour.',
      'turnpike budgets show bud_1',
    ],
  ],
  [
    'a bill that says more',
    drift,
    unknown,
    [
      'openai/gpt-4o on 2026-11-20: billed $2.60 more than is booked',
      "The provider's bill says $12.60, the ledger $10.00.",
      'Causes: unrecorded +$2.61, billed elsewhere -$0.01.',
      'Nothing was booked: an adjustment is proposed.',
      'turnpike ledger proposals',
    ],
  ],
  [
    'a credential that is refused',
    health,
    unknown,
    [
      'Provider "anthropic" refuses credential "file:team [2J"',
      'It was last seen so: status 401. It was anthropic/claude-opus-4-1 that was asked.',
      'Nothing more is sent with it until a probe is let in, or a trial is.',
      'This is told once until it is good again.',
      'turnpike health --events',
    ],
  ],
  [
    'the only credential of a provider',
    { ...health, credential: '' },
    unknown,
    expect.arrayContaining(['Provider "anthropic" refuses its credential']),
  ],
  [
    'a deployment that is down',
    { ...health, topic: 'deployment.down', reason: 'status 529' },
    unknown,
    [
      'anthropic/claude-opus-4-1 is down',
      'It was last seen so: status 529.',
      'It failed again after its first wait. Requests go elsewhere where they can.',
      'turnpike health --events',
    ],
  ],
  [
    'one that answers again',
    { ...health, topic: 'deployment.recovered' },
    unknown,
    ['anthropic/claude-opus-4-1 answers again', 'It was down for 31 minutes.', 'turnpike health --events'],
  ],
])('says %s', (_what, alert, circumstances, said) => {
  expect(words(alert, circumstances)).toEqual(said);
});

it('says a bill that says less, of no model', () => {
  expect(titleOf({ ...drift, model: null, driftNano: '-1500000000', causes: [] })).toBe(
    'openai/(tools) on 2026-11-20: billed $1.50 less than is booked',
  );
});

it('takes steering characters out of names, and cuts long ones', () => {
  const alert = budgetAlert({ budgetName: 'a\r\nBcc: b\u202e\u0000c', subject: '😀'.repeat(200) });
  const [title, spent] = words(alert, unknown);
  expect(title).toBe('Budget "a Bcc: b c": 80 % of $25.00 is spent');
  expect(spent!.length).toBeLessThan(200);
  expect(spent!.isWellFormed()).toBe(true);
});

it('has the same in fields', () => {
  expect(fieldsOfAlert(budgetAlert(), hard)).toEqual({
    ...{ budgetId: 'bud_1', budgetName: 'coders', workspaceId: 'ws_1', scope: 'agent', subject: 'coder' },
    ...{ period: 'day', windowStart: '2026-11-21T00:00:00.000Z', resetsAt: '2026-11-22T00:00:00.000Z' },
    ...{ thresholdPercent: 80, limitUsd: '25.00', spentUsd: '20.000000001', action: 'block' },
    ...{ projectedUsd: '31.204', crossesAt: '2026-12-03T13:00:00.000Z' },
  });
  expect(fieldsOfAlert(budgetAlert({ period: 'total' }))).toMatchObject({ resetsAt: null });
  expect(fieldsOfAlert(drift)).toEqual({
    ...{ provider: 'openai', model: 'gpt-4o', day: '2026-11-20', bookedUsd: '10.00', driftUsd: '2.60' },
    causes: [
      { cause: 'unrecorded', usd: '2.61' },
      { cause: 'billed_elsewhere', usd: '-0.01' },
    ],
    reconciliation: 'rec_1',
  });
  expect(fieldsOfAlert({ ...health, credential: 'file:team' })).toEqual({
    ...{ ref: 'anthropic/claude-opus-4-1', provider: 'anthropic', credential: 'file:team' },
    ...{ reason: 'status 401', since: '2026-11-21T11:29:00.000Z' },
  });
});

describe('rows', () => {
  it.each<[what: string, topic: string, alert: object]>([
    ['a threshold', 'budget.threshold', budgetAlert()],
    ['a refusal', 'budget.blocked', budgetAlert({ topic: 'budget.blocked', threshold: null })],
    ['drift', 'reconciliation.drift', drift],
    ['a refused credential', 'credential.disabled', health],
    ['what is down', 'deployment.down', { ...health, topic: 'deployment.down' }],
    ['what has recovered', 'deployment.recovered', { ...health, topic: 'deployment.recovered' }],
    ['a window without end', 'budget.threshold', budgetAlert({ windowEnd: FOREVER_MS })],
    ['fields of a newer version', 'budget.threshold', { ...budgetAlert(), more: [1] }],
  ])('reads %s', (_what, topic, alert) => {
    expect(readAlert(topic, JSON.stringify(alert))).toEqual({ ...alert, topic });
  });
  it.each<[what: string, topic: string, payload: string]>([
    ['half of one', 'budget.threshold', '{"budgetId":'],
    ['another topic', 'stripe.meter', JSON.stringify(budgetAlert())],
    ['a topic of Object', 'constructor', JSON.stringify(budgetAlert())],
    ['nothing', 'budget.threshold', 'null'],
    ['a list', 'budget.threshold', '[]'],
    ['money as a number', 'budget.threshold', JSON.stringify({ ...budgetAlert(), limitNano: 25 })],
    ['money as a word', 'budget.threshold', JSON.stringify({ ...budgetAlert(), settledNano: 'all' })],
    ['no threshold', 'budget.threshold', JSON.stringify({ ...budgetAlert(), threshold: null })],
    ['a time there is not', 'budget.threshold', JSON.stringify({ ...budgetAlert(), windowEnd: 9e15 })],
    ['a cause of nothing', 'reconciliation.drift', JSON.stringify({ ...drift, causes: [null] })],
  ])('does not read %s', (_what, topic, payload) => {
    expect(readAlert(topic, payload)).toBeUndefined();
  });
});

/** The payloads of the outbox that this room tells of, read with care: a row may be of a newer version. */
import type { BudgetId } from '../base/budget.ts';
import type { BudgetAlert } from '../ledger/alert.ts';
import type { HealthAlert } from './health-alert.ts';
import type { SecurityAlert } from './security-alert.ts';

/** The provider's bill and our books differ by more than they should. */
export interface DriftAlert {
  readonly topic: 'reconciliation.drift';
  readonly provider: string;
  /** null = for no model: calls of built-in tools. */
  readonly model: string | null;
  /** The UTC day it is about. */
  readonly dayStart: number;
  readonly bookedNano: string;
  /** What the provider bills, less what is booked. */
  readonly driftNano: string;
  /** Largest first; they add up to the drift. */
  readonly causes: readonly { readonly cause: string; readonly nano: string }[];
  readonly reconciliation: string;
  readonly at: number;
}

export type Alert = BudgetAlert | DriftAlert | HealthAlert | SecurityAlert;
export type Topic = Alert['topic'];

/** Other rows of the outbox are other rooms' to deliver. */
export const topics: readonly Topic[] = [
  'budget.threshold',
  'budget.blocked',
  'reconciliation.drift',
  'credential.disabled',
  'deployment.down',
  'deployment.recovered',
  'security.honeypot',
];

/** undefined = it is no alert that we know. */
export function readAlert(topic: string, payload: string): Alert | undefined {
  const known = topics.find((one) => one === topic);
  const value = parseObject(payload);
  if (!known || !value) return undefined;
  const fields = fieldsOf[known];
  const isWhole = Object.entries(fields).every(([name, isGood]) => isGood(value[name]));
  // A row that names another topic inside is told as what its column says.
  return isWhole ? ({ ...value, topic } as unknown as Alert) : undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string';
const isTime: Check = (value) => typeof value === 'number' && Math.abs(value) <= 8_640_000_000_000_000;
const isNano: Check = (value) => typeof value === 'string' && /^-?\d{1,30}$/.test(value);
const isPercent: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const isCause: Check = (value) => {
  const { cause, nano } = (value ?? {}) as Partial<DriftAlert['causes'][number]>;
  return isText(cause) && isNano(nano);
};

const budgetFields: Readonly<Record<string, Check>> = {
  budgetId: isText,
  budgetName: isText,
  workspaceId: isText,
  scopeKind: isText,
  subject: isText,
  period: isText,
  windowStart: isTime,
  windowEnd: isTime,
  limitNano: isNano,
  settledNano: isNano,
  at: isTime,
};

const healthFields: Readonly<Record<string, Check>> = {
  ref: isText,
  provider: isText,
  credential: isText,
  reason: isText,
  since: isTime,
  at: isTime,
};

const fieldsOf: Readonly<Record<Topic, Readonly<Record<string, Check>>>> = {
  'budget.threshold': { ...budgetFields, threshold: isPercent },
  'budget.blocked': budgetFields,
  'reconciliation.drift': {
    provider: isText,
    model: (value) => value === null || isText(value),
    dayStart: isTime,
    bookedNano: isNano,
    driftNano: isNano,
    causes: (value) => Array.isArray(value) && value.every(isCause),
    reconciliation: isText,
    at: isTime,
  },
  'credential.disabled': healthFields,
  'deployment.down': healthFields,
  'deployment.recovered': healthFields,
  'security.honeypot': {
    workspaceId: isText,
    keyId: isText,
    keyName: isText,
    preview: isText,
    address: isText,
    userAgent: isText,
    uses: (value) => typeof value === 'number' && Number.isSafeInteger(value),
    at: isTime,
  },
};

/** What of a budget's row the words need. */
export interface BudgetTraits {
  readonly id: BudgetId;
  readonly isHard: boolean;
  /** IANA name. */
  readonly timeZone: string;
}

/** Budgets as a configuration file declares them, and as terms the registry keeps. */
import { z } from 'zod';
import {
  type BudgetTerms,
  budgetDefaults,
  isTimeZone,
  limitHelp,
  MAX_ANCHOR_DAY,
  MAX_BUDGET_NAME_LENGTH,
  MAX_OUTPUT_CAP,
  MAX_QUEUE_MS,
  MAX_THRESHOLD_PERCENT,
  MAX_THRESHOLDS,
  periodHelp,
  readLimit,
  readPeriod,
  readScope,
  readThresholds,
  scopeHelp,
  writeScope,
} from './base/budget.ts';
import { formatUsd } from './base/money.ts';

/** More than anybody writes by hand; programs use the admin API. */
const MAX_BUDGETS = 1_000;

const budget = z.strictObject({
  name: z
    .string()
    .trim()
    .min(1)
    .max(MAX_BUDGET_NAME_LENGTH)
    .meta({ description: 'What it is known by when the file changes. Default: scope and period.' })
    .optional(),
  scope: z
    .string()
    .refine((text) => readScope(text) !== undefined, `must be ${scopeHelp}`)
    .meta({
      description: `Whose spend it counts: ${scopeHelp}. With :* each value has a window of its own.`,
    }),
  period: z
    .string()
    .refine((text) => readPeriod(text) !== undefined, `must be ${periodHelp}`)
    .meta({ description: `${periodHelp}. Weeks begin on Monday.` }),
  // A number of YAML is read as it is printed; nothing is calculated with it.
  limit_usd: z
    .union([z.string(), z.number()])
    .refine((amount) => readLimit(String(amount)) !== undefined, `must be ${limitHelp}`)
    .meta({ description: `${limitHelp}. In quotes beyond 15 digits.` }),
  action: z
    .enum(['block', 'warn'])
    .meta({
      description: 'What happens at the limit: nothing more is sent, or it is only told.',
      default: 'block',
    })
    .optional(),
  alerts: z
    .array(z.int().min(1).max(MAX_THRESHOLD_PERCENT))
    .max(MAX_THRESHOLDS)
    .meta({
      description: 'Per cents of the limit to tell of, each once a window.',
      default: [...budgetDefaults.thresholds],
    })
    .optional(),
  time_zone: z
    .string()
    .refine(isTimeZone, 'must be the IANA name of a time zone, such as Europe/Berlin')
    .meta({
      description: 'Where days, weeks and months begin: the IANA name.',
      default: budgetDefaults.timeZone,
    })
    .optional(),
  anchor_day: z
    .int()
    .min(1)
    .max(MAX_ANCHOR_DAY)
    .meta({ description: 'Day on which months begin.', default: budgetDefaults.anchorDay })
    .optional(),
  output_cap: z
    .int()
    .min(1)
    .max(MAX_OUTPUT_CAP)
    .meta({ description: 'Output tokens to ask for where the client names no limit. Default: 8192.' })
    .optional(),
  queue_ms: z
    .int()
    .min(0)
    .max(MAX_QUEUE_MS)
    .meta({
      description: 'How long a request may wait for what others hold to be given back.',
      default: budgetDefaults.queueMs,
    })
    .optional(),
  mode: z
    .enum(['worst-case', 'incremental'])
    .meta({
      description: 'What is held: the most a request can cost, or the next piece of its stream.',
      default: budgetDefaults.mode,
    })
    .optional(),
});

/** Asked also of entries that are refused: of the texts as they are written. */
function nameOf({ name, scope, period }: z.infer<typeof budget>): string {
  return name ?? `${scope} ${period}`;
}

export const budgetList = z
  .array(budget)
  .max(MAX_BUDGETS)
  .superRefine((entries, context) => {
    const names = entries.map(nameOf);
    const at = names.findIndex((name, index) => names.indexOf(name) !== index);
    if (at === -1) return;
    const message = `two budgets are called "${names[at]}"; give each a name of its own`;
    context.addIssue({ code: 'custom', path: [at, 'name'], message });
  });

type Entries = z.infer<typeof budgetList>;

interface BudgetFile {
  readonly path: string;
  readonly content: { readonly budgets?: Entries | undefined };
}

/** Budgets of all files; of a name that several have, the last one's. Their files are noted in `sources`. */
export function mergeBudgets(
  files: readonly BudgetFile[],
  sources: Record<string, string>,
): readonly BudgetTerms[] {
  const merged = new Map<string, BudgetTerms>();
  for (const { path, content } of files) {
    for (const terms of (content.budgets ?? []).map(budgetTermsOf)) {
      merged.set(terms.name, terms);
      sources[`budgets.${terms.name}`] = path;
    }
  }
  return [...merged.values()];
}

/** Every entry has passed `budgetList`. */
export function budgetTermsOf(entry: Entries[number]): BudgetTerms {
  const { action, alerts, time_zone, anchor_day, output_cap, queue_ms, mode } = entry;
  return {
    name: nameOf(entry),
    scope: readScope(entry.scope)!,
    period: readPeriod(entry.period)!,
    limit: readLimit(String(entry.limit_usd))!,
    enforcement: action === 'warn' ? 'soft' : 'hard',
    thresholds: readThresholds(alerts ?? budgetDefaults.thresholds)!,
    timeZone: time_zone ?? budgetDefaults.timeZone,
    anchorDay: anchor_day ?? budgetDefaults.anchorDay,
    queueMs: queue_ms ?? budgetDefaults.queueMs,
    mode: mode ?? budgetDefaults.mode,
    ...(output_cap !== undefined && { outputCap: output_cap }),
  };
}

/** In a line, for people. */
export function describeBudget({ scope, period, limit, enforcement }: BudgetTerms): string {
  return `${writeScope(scope)}, $${formatUsd(limit)}, ${period}, ${enforcement === 'hard' ? 'block' : 'warn'}`;
}

/** Budgets: list with what is left, make, change, archive. */
import { z } from '@hono/zod-openapi';
import {
  type BudgetChange,
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
} from '../base/budget.ts';
import { formatUsd } from '../base/money.ts';
import { refuse } from '../base/refusal.ts';
import { type BudgetWindow, remainingOf, resetOf } from '../ledger/budget-windows.ts';
import type { Projection } from '../ledger/projection.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { BudgetAnswer, BudgetFacts } from './deps-budgets.ts';
import { Count, iso, limitOf, Usd, usdOf, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

/** Rows of one answer. */
const MAX_ROWS = 1_000;

const Amount = z
  .string()
  .max(30)
  .refine((text) => readLimit(text) !== undefined, `must be ${limitHelp}`)
  .openapi({ example: '25', description: limitHelp });
const Scope = z
  .string()
  .max(400)
  .refine((text) => readScope(text) !== undefined, `must be ${scopeHelp}`)
  .openapi({ example: 'agent:coder', description: scopeHelp });
const PeriodText = z
  .string()
  .max(20)
  .refine((text) => readPeriod(text) !== undefined, `must be ${periodHelp}`)
  .openapi({ example: 'month', description: periodHelp });
const Action = z
  .enum(['block', 'warn'])
  .openapi({ description: 'At the limit: nothing more is sent, or it is only told' });
const Alerts = z
  .array(z.int().min(1).max(MAX_THRESHOLD_PERCENT))
  .max(MAX_THRESHOLDS)
  .openapi({ example: [50, 80, 100], description: 'Per cents of the limit' });
const Mode = z.enum(['worst-case', 'incremental']);

const changeable = {
  name: z.string().trim().min(1).max(MAX_BUDGET_NAME_LENGTH).optional(),
  limitUsd: Amount.optional(),
  action: Action.optional(),
  alerts: Alerts.optional(),
  timeZone: z
    .string()
    .max(100)
    .refine(isTimeZone, 'must be the IANA name of a time zone, such as Europe/Berlin')
    .optional(),
  anchorDay: z.int().min(1).max(MAX_ANCHOR_DAY).optional(),
  queueMs: z.int().min(0).max(MAX_QUEUE_MS).optional(),
  mode: Mode.optional(),
};
const OutputCap = z.int().min(1).max(MAX_OUTPUT_CAP);

export const NewBudgetBody = z
  .strictObject({
    ...changeable,
    scope: Scope,
    period: PeriodText,
    limitUsd: Amount,
    outputCap: OutputCap.optional(),
  })
  .openapi('NewBudget');
export type NewBudgetBody = z.infer<typeof NewBudgetBody>;

export const BudgetChangeBody = z
  .strictObject({
    ...changeable,
    outputCap: OutputCap.nullable().optional().openapi({ description: 'null = the policy of the gateway' }),
  })
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change')
  .openapi('BudgetChange');
export type BudgetChangeBody = z.infer<typeof BudgetChangeBody>;

const BudgetProjection = z.strictObject({
  spentUsd: Usd.nullable().openapi({
    description: 'Spent when it resets; of rolling periods what they come to; null = it never resets',
  }),
  limitReachedAt: When.nullable().openapi({
    description: 'null = it is reached already, or not before the reset',
  }),
  basis: z
    .enum(['recent', 'window'])
    .openapi({ description: 'Pace of the last hours or days, or of the whole window' }),
});

export const BudgetWindowBody = z
  .strictObject({
    subject: z.string().openapi({ description: 'The value it is counted for', example: 'coder' }),
    start: When,
    resetsAt: When.nullable().openapi({ description: 'When some of it comes back; null = never' }),
    limitUsd: Usd,
    spentUsd: Usd,
    reservedUsd: Usd.openapi({ description: 'Held for requests under way' }),
    remainingUsd: Usd.openapi({ description: 'Below 0 where more was spent than the limit is now' }),
    requests: Count,
    refusals: Count,
    overruns: Count.openapi({ description: 'Attempts that cost more than was reserved for them' }),
    blockedAt: When.nullable(),
    projection: BudgetProjection.nullable().openapi({
      description: 'At the pace of late; null = there is too little to go by',
    }),
  })
  .openapi('BudgetWindow');

export const BudgetBody = z
  .strictObject({
    id: z.string().openapi({ example: 'bud_01k9…' }),
    name: z.string(),
    scope: z.string(),
    period: z.string(),
    limitUsd: Usd,
    action: Action,
    alerts: Alerts,
    timeZone: z.string(),
    anchorDay: z.int(),
    calendarChangesAt: When.nullable().openapi({
      description: 'When timeZone and anchorDay begin to count; null = they do',
    }),
    outputCap: z.int().nullable(),
    queueMs: z.int(),
    mode: Mode,
    version: z.int(),
    source: z.enum(['file', 'api']),
    createdAt: When,
    archivedAt: When.nullable(),
    windows: z.array(BudgetWindowBody).openapi({ description: 'Open now, the fullest first' }),
    windowCount: Count.openapi({ description: 'Open now, shown or not' }),
  })
  .openapi('Budget');
export type BudgetBody = z.infer<typeof BudgetBody>;

export const BudgetList = z
  .strictObject({
    budgets: z.array(BudgetBody),
    isTruncated: z.boolean(),
  })
  .openapi('BudgetList');
export type BudgetList = z.infer<typeof BudgetList>;

const one = (description: string) => ({
  description,
  content: { 'application/json': { schema: BudgetBody } },
});
const params = z.strictObject({ id: z.string().max(100) });

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/budgets',
  summary: 'Budgets by name, with their open windows',
  request: {
    query: z.strictObject({
      archived: z.enum(['true', 'false']).default('false').openapi({ description: 'Archived ones too' }),
      limit: limitOf(200, MAX_ROWS),
    }),
  },
  responses: {
    200: { description: 'The budgets', content: { 'application/json': { schema: BudgetList } } },
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

const findRoute = adminRoute('viewer', {
  method: 'get',
  path: '/budgets/{id}',
  summary: 'One budget, with its open windows',
  request: { params },
  responses: { 200: one('The budget'), 404: problemResponse('record_unknown'), ...denied },
});

const createBudgetRoute = adminRoute('admin', {
  method: 'post',
  path: '/budgets',
  summary: 'Make a budget',
  request: { body: { required: true, content: { 'application/json': { schema: NewBudgetBody } } } },
  responses: { 201: one('The budget'), 400: problemResponse('body_invalid'), ...denied },
});

const changed = {
  400: problemResponse('body_invalid'),
  404: problemResponse('record_unknown'),
  409: problemResponse('budget_fixed'),
  ...denied,
};

const changeRoute = adminRoute('admin', {
  method: 'patch',
  path: '/budgets/{id}',
  summary: 'Change a budget; requests under way are not touched, a new calendar begins with the next window',
  request: {
    params,
    body: { required: true, content: { 'application/json': { schema: BudgetChangeBody } } },
  },
  responses: { 200: one('The budget as it is now'), ...changed },
});

const archiveRoute = adminRoute('admin', {
  method: 'delete',
  path: '/budgets/{id}',
  summary: 'Archive a budget: it counts no more, and its windows stay',
  request: { params },
  responses: { 200: one('The archived budget'), ...changed },
});

export function registerBudgets(app: AdminApp, { budgets }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const { archived, limit } = c.req.valid('query');
    const found = await budgets.list(archived === 'true', limit + 1);
    const shown = found.slice(0, limit).map(renderBudget);
    return c.json({ budgets: shown, isTruncated: found.length > limit }, 200);
  });
  app.openapi(findRoute, async (c) => {
    const { id } = c.req.valid('param');
    const answer = await budgets.find(id);
    if (answer.kind !== 'done') return c.json(problemOf(unknown(id)), 404);
    return c.json(renderBudget(answer.facts), 200);
  });
  app.openapi(createBudgetRoute, async (c) => {
    const terms = termsOf(c.req.valid('json'));
    const answer = await budgets.create(terms);
    if (answer.kind === 'done') return c.json(renderBudget(answer.facts), 201);
    return c.json(problemOf(refuse('body_invalid', takenBy(terms.name))), 400);
  });
  app.openapi(changeRoute, async (c) => {
    const { id } = c.req.valid('param');
    const change = changeOf(c.req.valid('json'));
    const answer = await budgets.change(id, change);
    if (answer.kind === 'done') return c.json(renderBudget(answer.facts), 200);
    if (answer.kind === 'unknown') return c.json(problemOf(unknown(id)), 404);
    if (answer.kind === 'name_taken') {
      return c.json(problemOf(refuse('body_invalid', takenBy(change.name ?? ''))), 400);
    }
    return c.json(problemOf(fixed(id, answer)), 409);
  });
  app.openapi(archiveRoute, async (c) => {
    const { id } = c.req.valid('param');
    const answer = await budgets.archive(id);
    if (answer.kind === 'done') return c.json(renderBudget(answer.facts), 200);
    if (answer.kind === 'unknown') return c.json(problemOf(unknown(id)), 404);
    return c.json(problemOf(fixed(id, answer)), 409);
  });
}

const unknown = (id: string) => refuse('record_unknown', `there is no budget ${id}`);
const takenBy = (name: string) => `name: another budget is called "${name}"`;

function fixed(id: string, { kind }: BudgetAnswer) {
  const why = kind === 'archived' ? 'is archived' : 'is declared in a configuration file';
  return refuse('budget_fixed', `the budget ${id} ${why}`);
}

/** The schemas have let only texts through that can be read. */
function termsOf(body: NewBudgetBody): BudgetTerms {
  const terms = unscopedTermsOf(body);
  return { ...terms, name: terms.name ?? `${body.scope} ${body.period}`, scope: readScope(body.scope)! };
}

/** Of a budget whose scope is what it is made with. */
export function unscopedTermsOf(
  body: Omit<NewBudgetBody, 'scope'>,
): Omit<BudgetTerms, 'scope' | 'name'> & { readonly name?: string } {
  return {
    ...budgetDefaults,
    ...settingsOf(body),
    period: readPeriod(body.period)!,
    limit: readLimit(body.limitUsd)!,
    ...(body.outputCap !== undefined && { outputCap: body.outputCap }),
  };
}

function changeOf(body: BudgetChangeBody): BudgetChange {
  const { outputCap } = body;
  return { ...settingsOf(body), ...(outputCap !== undefined && { outputCap }) };
}

/** What making and changing have in common. */
function settingsOf(body: Omit<BudgetChangeBody, 'outputCap'>): Omit<BudgetChange, 'outputCap'> {
  const { name, limitUsd, action, alerts, timeZone, anchorDay, queueMs, mode } = body;
  return {
    ...(name !== undefined && { name }),
    ...(limitUsd !== undefined && { limit: readLimit(limitUsd)! }),
    ...(action !== undefined && { enforcement: action === 'warn' ? 'soft' : 'hard' }),
    ...(alerts !== undefined && { thresholds: readThresholds(alerts)! }),
    ...(timeZone !== undefined && { timeZone }),
    ...(anchorDay !== undefined && { anchorDay }),
    ...(queueMs !== undefined && { queueMs }),
    ...(mode !== undefined && { mode }),
  };
}

export function renderBudget({ budget, windows, count, projections }: BudgetFacts): BudgetBody {
  return {
    id: budget.id,
    name: budget.name,
    scope: writeScope(budget.scope),
    period: budget.period,
    limitUsd: formatUsd(budget.limit),
    action: budget.enforcement === 'hard' ? 'block' : 'warn',
    alerts: [...budget.thresholds],
    timeZone: budget.timeZone,
    anchorDay: budget.anchorDay,
    calendarChangesAt: budget.before ? iso(budget.before.untilMs) : null,
    outputCap: budget.outputCap ?? null,
    queueMs: budget.queueMs,
    mode: budget.mode,
    version: budget.version,
    source: budget.source,
    createdAt: iso(budget.createdAtMs),
    archivedAt: budget.archivedAtMs === undefined ? null : iso(budget.archivedAtMs),
    windows: windows.map((window) => renderWindow(budget, window, projections.get(window.subject))),
    windowCount: count,
  };
}

function renderWindow(
  budget: BudgetFacts['budget'],
  window: BudgetWindow,
  projection: Projection | undefined,
): z.infer<typeof BudgetWindowBody> {
  const resetsAtMs = resetOf(budget, window);
  return {
    subject: window.subject,
    start: iso(window.startMs),
    resetsAt: resetsAtMs === undefined ? null : iso(resetsAtMs),
    limitUsd: formatUsd(window.limit),
    spentUsd: formatUsd(window.settled),
    reservedUsd: formatUsd(window.reserved),
    remainingUsd: formatUsd(remainingOf(window)),
    requests: window.requests,
    refusals: window.refusals,
    overruns: window.overruns,
    blockedAt: window.blockedAtMs === undefined ? null : iso(window.blockedAtMs),
    projection: projection ? renderProjection(projection) : null,
  };
}

function renderProjection({ projected, crossesAtMs, basis }: Projection): z.infer<typeof BudgetProjection> {
  return {
    spentUsd: usdOf(projected),
    limitReachedAt: crossesAtMs === undefined ? null : iso(crossesAtMs),
    basis,
  };
}

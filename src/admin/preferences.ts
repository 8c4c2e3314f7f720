/** What the calling member prefers for its own keys in this workspace: provider, model, who stands in, monthly limit. */
import { z } from '@hono/zod-openapi';
import { limitHelp, readLimit } from '../base/budget.ts';
import { formatUsd } from '../base/money.ts';
import { refuse } from '../base/refusal.ts';
import type { PreferenceTerms, Preferences as StoredPreferences } from '../registry/preferences.ts';
import { callerOf } from './caller.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import { iso, Usd, When } from './fields.ts';
import { json } from './member-fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';
import { Force, Ref, Refs } from './routing-fields.ts';

/** Longer names no provider has. */
const MAX_PROVIDER_LENGTH = 100;

export const Preferences = z
  .strictObject({
    provider: z.string().nullable(),
    model: z.string().nullable(),
    fallback: z.strictObject({
      isEnabled: z.boolean().nullable().openapi({ description: 'null = as the workspace has it' }),
      models: z.array(z.string()).nullable(),
    }),
    monthlyBudgetUsd: Usd.nullable(),
    budgetId: z.string().nullable().openapi({ description: 'Of the budget that holds the limit' }),
    updatedAt: When.nullable().openapi({ description: 'null = nothing was ever said' }),
  })
  .openapi('Preferences');
export type Preferences = z.infer<typeof Preferences>;

export const NewPreferencesBody = z
  .strictObject({
    provider: z
      .string()
      .trim()
      .min(1)
      .max(MAX_PROVIDER_LENGTH)
      .nullable()
      .default(null)
      .openapi({ description: 'Asked first where several serve a model that is named without a provider' }),
    model: Ref.nullable()
      .default(null)
      .openapi({ description: 'For every chat of the own keys, before what else is set or asked for' }),
    fallback: z
      .strictObject({
        isEnabled: z.boolean().nullable().default(null),
        models: Refs.nullable()
          .default(null)
          .openapi({ description: 'Tried after the model, where what names it names none' }),
      })
      .default({ isEnabled: null, models: null }),
    monthlyBudgetUsd: z
      .string()
      .max(30)
      .refine((text) => readLimit(text) !== undefined, `must be ${limitHelp}`)
      .nullable()
      .default(null)
      .openapi({
        example: '25',
        description: `${limitHelp}; of all own keys together, a calendar month in UTC`,
      }),
    force: Force,
  })
  .openapi('NewPreferences');
export type NewPreferencesBody = z.input<typeof NewPreferencesBody>;

const answers = { 200: json('As it is now', Preferences), 409: problemResponse('no_person'), ...denied };

const findRoute = adminRoute('member', {
  method: 'get',
  path: '/me/preferences',
  summary: 'What the caller prefers; null = as the workspace has it',
  responses: answers,
});
const setRoute = adminRoute('member', {
  method: 'put',
  path: '/me/preferences',
  summary: 'Set all of what the caller prefers; what is left out is as the workspace has it',
  request: { body: { required: true, ...json('The preferences', NewPreferencesBody) } },
  responses: { ...answers, 400: problemResponse('body_invalid') },
});
const clearRoute = adminRoute('member', {
  method: 'delete',
  path: '/me/preferences',
  summary: 'Use the default: in all as the workspace has it',
  responses: answers,
});

export function registerPreferences(app: AdminApp, { preferences }: AdminDeps): void {
  app.openapi(findRoute, async (c) => {
    const { memberId } = callerOf(c);
    if (memberId === undefined) return c.json(problemOf(noMember), 409);
    return c.json(render(await preferences.find(memberId)), 200);
  });
  app.openapi(setRoute, async (c) => {
    const { memberId } = callerOf(c);
    if (memberId === undefined) return c.json(problemOf(noMember), 409);
    const body = c.req.valid('json');
    const monthly = body.monthlyBudgetUsd === null ? undefined : readLimit(body.monthlyBudgetUsd);
    const answer = await preferences.set(memberId, termsOf(body), monthly, body.force);
    if (answer.kind === 'unreachable') {
      return c.json(problemOf(refuse('body_invalid', answer.message)), 400);
    }
    return c.json(render(answer.preferences), 200);
  });
  app.openapi(clearRoute, async (c) => {
    const { memberId } = callerOf(c);
    if (memberId === undefined) return c.json(problemOf(noMember), 409);
    await preferences.clear(memberId);
    return c.json(render(await preferences.find(memberId)), 200);
  });
}

const noMember = refuse(
  'no_person',
  'only members have preferences; the operator token and services have none',
);

function termsOf({ provider, model, fallback }: z.infer<typeof NewPreferencesBody>): PreferenceTerms {
  const { isEnabled, models } = fallback;
  return {
    ...(provider !== null && { provider }),
    ...(model !== null && { model }),
    ...(models !== null && { fallback: models }),
    ...(isEnabled !== null && { hasFallback: isEnabled }),
  };
}

function render({ record, budget }: StoredPreferences): Preferences {
  return {
    provider: record?.provider ?? null,
    model: record?.model ?? null,
    fallback: {
      isEnabled: record?.hasFallback ?? null,
      models: record?.fallback ? [...record.fallback] : null,
    },
    monthlyBudgetUsd: budget ? formatUsd(budget.limit) : null,
    budgetId: budget?.id ?? null,
    updatedAt: record ? iso(record.updatedAtMs) : null,
  };
}

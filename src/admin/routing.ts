/** Models by prompt: which each gets and which layer says so; set, take away. And all of it with its sources. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { LAYERS } from '../route/layers.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { NameFacts, RuleFacts, StepFacts } from './deps-routing.ts';
import { Count, iso, limitOf, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';
import { FallbackSettingsBody, renderFallback } from './routing-fallback.ts';
import { acceptSlashes, Force, noSubject, Ref, Refs, readSubject } from './routing-fields.ts';

/** Rows of one answer. */
const MAX_ROWS = 10_000;

const LayerName = z.enum(LAYERS);

export const ModelRuleBody = z
  .strictObject({
    id: z.string().openapi({
      example: 'agent:oss:code-reviewer',
      description:
        'agent:* = every agent without a rule of its own; default = where nothing else names a model',
    }),
    effective: z
      .strictObject({ ref: z.string(), layer: LayerName, source: z.string(), fallback: z.array(z.string()) })
      .nullable()
      .openapi({ description: 'For a request that names no model itself; null = none is named anywhere' }),
    layers: z
      .array(z.strictObject({ layer: LayerName, ref: z.string(), source: z.string() }))
      .openapi({ description: 'Those that say something of it, highest first' }),
    setting: z
      .strictObject({
        ref: z.string(),
        fallback: z.array(z.string()),
        createdBy: z.string(),
        createdAt: When,
      })
      .nullable()
      .openapi({ description: 'What was set here' }),
    problem: z
      .string()
      .nullable()
      .openapi({ description: 'Why the effective model leads nowhere; null = it leads somewhere' }),
  })
  .openapi('ModelRule');
export type ModelRuleBody = z.infer<typeof ModelRuleBody>;

export const ModelRuleList = z
  .strictObject({ rules: z.array(ModelRuleBody), isTruncated: z.boolean() })
  .openapi('ModelRuleList');
export type ModelRuleList = z.infer<typeof ModelRuleList>;

export const NewModelRuleBody = z
  .strictObject({
    model: Ref.openapi({ description: 'A model ref; inherit = leave it to the layers below' }),
    fallback: Refs.optional().openapi({ description: 'Refs to try after it, in order' }),
    force: Force,
  })
  .openapi('NewModelRule');
export type NewModelRuleBody = z.input<typeof NewModelRuleBody>;

export const UnsetModelRule = z
  .strictObject({ was: z.strictObject({ ref: z.string() }), now: ModelRuleBody })
  .openapi('UnsetModelRule');
export type UnsetModelRule = z.infer<typeof UnsetModelRule>;

export const ModelsConfig = z
  .strictObject({
    rules: z.array(ModelRuleBody),
    steps: z.array(
      z.strictObject({
        pipeline: z.string(),
        number: Count,
        name: z.string(),
        agent: z.string().nullable(),
        ref: z.string().nullable().openapi({ description: 'null = its agent decides' }),
        source: z.string().nullable(),
      }),
    ),
    names: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['alias', 'route']),
        strategy: z.string().nullable(),
        refs: z.array(z.string()),
        source: z.string().nullable(),
      }),
    ),
    fallback: FallbackSettingsBody,
    problems: z
      .array(z.strictObject({ source: z.string(), ref: z.string(), problem: z.string() }))
      .openapi({ description: 'Refs that lead nowhere here, and what is missing' }),
    isTruncated: z.boolean(),
  })
  .openapi('ModelsConfig');
export type ModelsConfig = z.infer<typeof ModelsConfig>;

const json = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});
const params = z.strictObject({ id: z.string().max(300) });
const query = z.strictObject({ limit: limitOf(1_000, MAX_ROWS) });

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/routing/rules',
  summary: 'The model of every prompt that any layer speaks of, and which layer says so',
  request: { query },
  responses: { 200: json('The rules', ModelRuleList), 400: problemResponse('query_invalid'), ...denied },
});

const showRoute = adminRoute('viewer', {
  method: 'get',
  path: '/routing/rules/{id}',
  summary: 'The model of one prompt, of a kind (agent:*), or of what names none (default)',
  request: { params },
  responses: { 200: json('The rule', ModelRuleBody), 404: problemResponse('record_unknown'), ...denied },
});

const setRoute = adminRoute('admin', {
  method: 'put',
  path: '/routing/rules/{id}',
  summary: 'Set the model of a prompt',
  request: { params, body: { required: true, ...json('The model', NewModelRuleBody) } },
  responses: {
    200: json('The rule as it is now', ModelRuleBody),
    400: problemResponse('body_invalid'),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

const unsetRoute = adminRoute('admin', {
  method: 'delete',
  path: '/routing/rules/{id}',
  summary: 'Take away what was set of a prompt; what files say of it stays',
  request: { params },
  responses: {
    200: json('What it was, and what holds now', UnsetModelRule),
    404: problemResponse('record_unknown'),
    ...denied,
  },
});

const configRoute = adminRoute('viewer', {
  method: 'get',
  path: '/routing/config',
  summary: 'Everything that decides which model answers, with the source of each value',
  request: { query },
  responses: {
    200: json('The configuration', ModelsConfig),
    400: problemResponse('query_invalid'),
    ...denied,
  },
});

export function registerRouting(app: AdminApp, { routing }: AdminDeps): void {
  app.openapi(listRoute, async (c) => {
    const { limit } = c.req.valid('query');
    const found = await routing.rules();
    return c.json({ rules: found.slice(0, limit).map(renderRule), isTruncated: found.length > limit }, 200);
  });
  app.openapi(showRoute, async (c) => {
    const { id } = c.req.valid('param');
    const subject = readSubject(id);
    if (!subject) return c.json(problemOf(noSubject(id)), 404);
    return c.json(renderRule(await routing.rule(subject)), 200);
  });
  app.openapi(setRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { model, fallback, force } = c.req.valid('json');
    const subject = readSubject(id);
    if (!subject) return c.json(problemOf(noSubject(id)), 404);
    const set = await routing.setRule(subject, { ref: model, ...(fallback && { fallback }) }, force);
    if (set.kind === 'unreachable') return c.json(problemOf(refuse('body_invalid', set.message)), 400);
    return c.json(renderRule(set.facts), 200);
  });
  app.openapi(unsetRoute, async (c) => {
    const { id } = c.req.valid('param');
    const subject = readSubject(id);
    if (!subject) return c.json(problemOf(noSubject(id)), 404);
    const answer = await routing.unsetRule(subject);
    if (!answer) return c.json(problemOf(refuse('record_unknown', `nothing was set of ${id}`)), 404);
    return c.json({ was: { ref: answer.was.ref }, now: renderRule(answer.facts) }, 200);
  });
  app.openapi(configRoute, async (c) => {
    const { limit } = c.req.valid('query');
    const found = await routing.rules();
    const body: ModelsConfig = {
      rules: found.slice(0, limit).map(renderRule),
      steps: routing.steps().slice(0, limit).map(renderStep),
      names: routing.names().slice(0, limit).map(renderName),
      fallback: renderFallback(routing.fallback()),
      problems: [...routing.problems()],
      isTruncated: found.length > limit || routing.steps().length > limit || routing.names().length > limit,
    };
    return c.json(body, 200);
  });
  acceptSlashes(app, '/routing/rules/');
}

function renderRule({ id, effective, layers, setting, problem }: RuleFacts): ModelRuleBody {
  return {
    id,
    effective: effective
      ? {
          ref: effective.rule.ref.trim(),
          layer: effective.layer,
          source: effective.rule.source,
          fallback: [...(effective.rule.fallback ?? [])],
        }
      : null,
    layers: layers.map(({ layer, ref, source }) => ({ layer, ref: ref ?? '', source: source ?? '' })),
    setting: setting
      ? {
          ref: setting.ref,
          fallback: [...(setting.fallback ?? [])],
          createdBy: setting.createdBy,
          createdAt: iso(setting.createdAtMs),
        }
      : null,
    problem: problem ?? null,
  };
}

function renderStep({ pipeline, number, name, agent, rule }: StepFacts): ModelsConfig['steps'][number] {
  return {
    pipeline,
    number,
    name,
    agent: agent ?? null,
    ref: rule?.ref ?? null,
    source: rule?.source ?? null,
  };
}

function renderName({ name, kind, strategy, refs, source }: NameFacts): ModelsConfig['names'][number] {
  return { name, kind, strategy: strategy ?? null, refs: [...refs], source: source ?? null };
}

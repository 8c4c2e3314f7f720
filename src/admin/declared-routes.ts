/** Routes: several models under one name, of files and of the workspace. */
import { z } from '@hono/zod-openapi';
import { formatUsd, nanoUsd } from '../base/money.ts';
import { refuse } from '../base/refusal.ts';
import type { RouteSettings } from '../base/route-settings.ts';
import { type RouteEntry, routeOf, routeSchema } from '../config-routing.ts';
import { callerOf } from './caller.ts';
import {
  DeclaredName,
  declaredFields,
  json,
  nameParams,
  nameRefusals,
  problemOfName,
  renderWhere,
} from './declared-fields.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { RouteFacts } from './deps-declared.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';
import { Force, Ref } from './routing-fields.ts';

/** As in a file, where the same bounds hold: what is read here is read by its schema once more. */
const Strategy = z.enum(['ordered', 'weighted', 'cheapest', 'fastest', 'sticky']);
const Weight = z.int().min(0).max(1_000).openapi({ description: '0 = only when the others fail' });
const Ceiling = z
  .string()
  .max(40)
  .openapi({ example: '2.50', description: 'US dollars for a million tokens' });
const is = z.boolean().optional();

const Requirements = z
  .strictObject({
    tools: is,
    vision: is,
    thinking: is,
    documents: is,
    audio: is,
    structuredOutput: is,
    contextWindow: z.int().min(1).max(100_000_000).optional(),
    region: z.string().min(1).max(64).optional(),
    maxPriceUsd: z.strictObject({ input: Ceiling.optional(), output: Ceiling.optional() }).optional(),
  })
  .openapi('RouteRequirements');

export const NewRouteBody = z
  .strictObject({
    strategy: Strategy.default('ordered'),
    models: z
      .array(z.union([Ref, z.strictObject({ ref: Ref, weight: Weight.default(1) })]))
      .min(1)
      .max(20),
    require: Requirements.optional(),
    cacheTtlSeconds: z.int().min(1).max(604_800).optional(),
    isHedged: z.boolean().default(false),
    force: Force,
  })
  .openapi('NewRoute');
export type NewRouteBody = z.input<typeof NewRouteBody>;

export const Route = z
  .strictObject({
    name: z.string(),
    strategy: Strategy,
    models: z.array(z.strictObject({ ref: z.string(), weight: z.int() })),
    require: Requirements.nullable(),
    cacheTtlSeconds: z.int().nullable(),
    isHedged: z.boolean(),
    ...declaredFields,
  })
  .openapi('Route');
export type Route = z.infer<typeof Route>;
export const RouteList = z.strictObject({ routes: z.array(Route) }).openapi('RouteList');
export type RouteList = z.infer<typeof RouteList>;

const listRoute = adminRoute('viewer', {
  method: 'get',
  path: '/routes',
  summary: 'Routes of the files and of the workspace',
  responses: { 200: json('The routes', RouteList), ...denied },
});

const showRoute = adminRoute('viewer', {
  method: 'get',
  path: '/routes/{name}',
  summary: 'One route',
  request: { params: nameParams },
  responses: { 200: json('The route', Route), 404: nameRefusals[404], ...denied },
});

const setRoute = adminRoute('admin', {
  method: 'put',
  path: '/routes/{name}',
  summary: 'Declare a route of the workspace; the one there was is replaced',
  request: { params: nameParams, body: { required: true, ...json('The route', NewRouteBody) } },
  responses: {
    200: json('The route', Route),
    201: json('The route', Route),
    400: problemResponse('body_invalid'),
    ...nameRefusals,
    ...denied,
  },
});

const removeRoute = adminRoute('admin', {
  method: 'delete',
  path: '/routes/{name}',
  summary: 'Remove a route of the workspace',
  request: { params: nameParams },
  responses: { 200: json('What it was', Route), ...nameRefusals, ...denied },
});

export function registerRoutes(app: AdminApp, { declared: { routes } }: AdminDeps): void {
  app.openapi(listRoute, async (c) => c.json({ routes: (await routes.list()).map(renderRoute) }, 200));
  app.openapi(showRoute, async (c) => {
    const { name } = c.req.valid('param');
    const facts = await routes.find(name);
    return facts ? c.json(renderRoute(facts), 200) : c.json(unknown(name), 404);
  });
  app.openapi(setRoute, async (c) => {
    const { name } = c.req.valid('param');
    const { force, ...body } = c.req.valid('json');
    const known = DeclaredName.safeParse(name);
    if (!known.success) return c.json(invalid('name', known.error), 400);
    const entry = routeSchema.safeParse(entryOf(body));
    if (!entry.success) return c.json(invalid('', entry.error), 400);
    const answer = await routes.set(name, routeOf(entry.data), { by: callerOf(c).id, force });
    if (answer.kind === 'done') return c.json(renderRoute(answer.facts), answer.isNew ? 201 : 200);
    const { status, problem } = problemOfName(answer);
    return c.json(problem, status);
  });
  app.openapi(removeRoute, async (c) => {
    const { name } = c.req.valid('param');
    const removed = await routes.remove(name);
    if (removed.kind === 'unknown') return c.json(unknown(name), 404);
    if (removed.kind === 'fixed') return c.json(problemOf(refuse('name_fixed', removed.message)), 409);
    const { record } = removed;
    return c.json(renderRoute({ ...record, record, file: undefined, problem: undefined }), 200);
  });
}

function unknown(name: string) {
  return problemOf(refuse('record_unknown', `there is no route ${name}`));
}

function invalid(place: string, { issues }: z.ZodError) {
  const [issue] = issues;
  const where = [place, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  return problemOf(refuse('body_invalid', `${where}: ${issue?.message ?? 'cannot be read'}`));
}

/** In the words of a file. */
function entryOf(body: Omit<z.output<typeof NewRouteBody>, 'force'>): RouteEntry {
  const { strategy, models, require, cacheTtlSeconds, isHedged } = body;
  const { structuredOutput, contextWindow, maxPriceUsd, ...rest } = require ?? {};
  return {
    strategy,
    models,
    hedge: isHedged,
    cache_ttl_s: cacheTtlSeconds,
    ...(require && {
      require: {
        ...rest,
        structured_output: structuredOutput,
        context_window: contextWindow,
        max_price: maxPriceUsd,
      },
    }),
  };
}

function renderRoute(facts: RouteFacts): Route {
  const { strategy, targets, filter, cacheTtlMs, isHedged } = facts.terms;
  return {
    name: facts.name,
    strategy,
    models: targets.map(({ ref, weight }) => ({ ref, weight })),
    require: filter ? renderFilter(filter) : null,
    cacheTtlSeconds: cacheTtlMs === undefined ? null : cacheTtlMs / 1_000,
    isHedged: isHedged ?? false,
    ...renderWhere(facts),
  };
}

function renderFilter({
  capabilities,
  contextWindow,
  region,
  maxInputRate,
  maxOutputRate,
}: NonNullable<RouteSettings['filter']>): z.infer<typeof Requirements> {
  const named = capabilities.map((name) => [name === 'structured-output' ? 'structuredOutput' : name, true]);
  const ceiling = (rate: number) => formatUsd(nanoUsd(BigInt(rate)));
  const hasCeiling = maxInputRate !== undefined || maxOutputRate !== undefined;
  return {
    ...Object.fromEntries(named),
    ...(contextWindow !== undefined && { contextWindow }),
    ...(region !== undefined && { region }),
    ...(hasCeiling && {
      maxPriceUsd: {
        ...(maxInputRate !== undefined && { input: ceiling(maxInputRate) }),
        ...(maxOutputRate !== undefined && { output: ceiling(maxOutputRate) }),
      },
    }),
  };
}

/** Providers that a workspace declares itself: declare, look at, change, remove, and ask any provider a small question. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import { FORMATS } from '../config-schema.ts';
import type { ProviderTerms } from '../registry/providers.ts';
import { callerOf } from './caller.ts';
import { Trial } from './credentials.ts';
import { DeclaredName, json, nameParams } from './declared-fields.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { DeclaredFacts, ProviderAnswer, ProviderChange } from './deps-declared.ts';
import { iso, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

/** Longer ones are read too, to be refused with the reason that all others are refused with. */
const MAX_URL_TEXT = 16_000;
const MAX_HEADERS = 50;
const MAX_MODELS = 1_000;

const Setting = z.string().min(1).max(200);
const Duration = (most: number) => z.int().min(50).max(most).optional();

const BaseUrl = z.string().max(MAX_URL_TEXT).openapi({
  example: 'https://models.example.com/v1',
  description:
    "As the vendor's own SDK takes it; of the public internet, or allowed by the operator. Absent = the kind's",
});
const Headers = z
  .record(z.string().min(1).max(200), z.string().max(2000))
  .refine((headers) => Object.keys(headers).length <= MAX_HEADERS, `at most ${MAX_HEADERS}`)
  .openapi({ description: 'Sent with every request; none that carries a secret. They are not shown again' });
const Models = z.array(Setting).max(MAX_MODELS);
const Formats = z.array(z.enum(FORMATS)).min(1).max(FORMATS.length);
const StreamUsage = z.enum(['ask', 'leave']);
const Timeouts = z
  .strictObject({
    connectMs: Duration(60_000),
    firstByteMs: Duration(3_600_000),
    idleMs: Duration(3_600_000),
    contentMs: Duration(7_200_000),
    totalMs: Duration(7_200_000),
  })
  .openapi('ProviderTimeouts');
const Settings = z
  .strictObject({
    apiVersion: Setting.optional(),
    region: Setting.optional(),
    project: Setting.optional(),
    location: Setting.optional(),
  })
  .openapi('ProviderSettings');

export const NewProviderBody = z
  .strictObject({
    name: DeclaredName,
    kind: z.string().min(1).max(64).openapi({ example: 'openai-compatible' }),
    baseUrl: BaseUrl.optional(),
    headers: Headers.default({}),
    models: Models.default([]),
    streamUsage: StreamUsage.optional(),
    formats: Formats.optional(),
    autoCache: z.boolean().optional(),
    timeouts: Timeouts.default({}),
    settings: Settings.default({}),
  })
  .openapi('NewProvider');
export type NewProviderBody = z.input<typeof NewProviderBody>;

const orNull = <T extends z.ZodType>(schema: T) => schema.nullable().optional();
export const ProviderChangeBody = z
  .strictObject({
    baseUrl: orNull(BaseUrl),
    headers: orNull(Headers),
    models: orNull(Models),
    streamUsage: orNull(StreamUsage),
    formats: orNull(Formats),
    autoCache: orNull(z.boolean()),
    timeouts: orNull(Timeouts),
    settings: orNull(Settings),
  })
  .refine((change) => Object.keys(change).length > 0, 'names nothing to change')
  .openapi('ProviderChange', { description: 'null = as the kind has it' });
export type ProviderChangeBody = z.input<typeof ProviderChangeBody>;

export const DeclaredProvider = z
  .strictObject({
    name: z.string(),
    kind: z.string(),
    baseUrl: z.string().nullable(),
    headers: z.array(z.string()).openapi({ description: 'Their names; values are not shown again' }),
    models: z.array(z.string()),
    streamUsage: StreamUsage.nullable(),
    formats: z.array(z.string()).nullable(),
    autoCache: z.boolean(),
    timeouts: Timeouts,
    settings: Settings,
    problem: z.string().nullable().openapi({ description: 'Why it serves nothing now; null = it does' }),
    createdBy: z.string(),
    createdAt: When,
    changedAt: When,
  })
  .openapi('DeclaredProvider');
export type DeclaredProvider = z.infer<typeof DeclaredProvider>;

export const RemovedProvider = z
  .strictObject({
    provider: DeclaredProvider,
    credentials: z.int().openapi({ description: 'Credentials of the vault that went with it' }),
  })
  .openapi('RemovedProvider');
export type RemovedProvider = z.infer<typeof RemovedProvider>;

export const ProviderTest = z
  .strictObject({
    isReachable: z.boolean(),
    message: z.string(),
    // Not `Trial.nullable()`: that would name the nullable one CredentialTrial, wherever else it stands.
    credential: z
      .union([Trial, z.null()])
      .openapi({ description: 'Of the one used first; null = it is called without' }),
  })
  .openapi('ProviderTest');
export type ProviderTest = z.infer<typeof ProviderTest>;

const refusals = {
  400: problemResponse('body_invalid'),
  409: problemResponse('name_fixed'),
  422: problemResponse('egress_refused'),
  ...denied,
};
const unknownRefusal = { 404: problemResponse('record_unknown') };

const createProviderRoute = adminRoute('admin', {
  method: 'post',
  path: '/providers',
  summary: 'Declare a provider of the workspace; its keys are saved in the vault',
  request: { body: { required: true, ...json('The provider', NewProviderBody) } },
  responses: { 201: json('The provider', DeclaredProvider), ...refusals },
});

const showRoute = adminRoute('viewer', {
  method: 'get',
  path: '/providers/{name}',
  summary: 'A provider that the workspace declared',
  request: { params: nameParams },
  responses: { 200: json('The provider', DeclaredProvider), ...unknownRefusal, ...denied },
});

const changeRoute = adminRoute('admin', {
  method: 'patch',
  path: '/providers/{name}',
  summary: 'Change a provider of the workspace; its address only while it has no credential',
  request: { params: nameParams, body: { required: true, ...json('The change', ProviderChangeBody) } },
  responses: { 200: json('The provider', DeclaredProvider), ...unknownRefusal, ...refusals },
});

const removeRoute = adminRoute('admin', {
  method: 'delete',
  path: '/providers/{name}',
  summary: 'Remove a provider of the workspace, and what the vault holds for it',
  request: { params: nameParams },
  responses: {
    200: json('What it was', RemovedProvider),
    409: problemResponse('name_fixed'),
    ...unknownRefusal,
    ...denied,
  },
});

const testRoute = adminRoute('admin', {
  method: 'post',
  path: '/providers/{name}/test',
  summary: 'Ask a provider, of whatever source, a question that costs nothing',
  request: { params: nameParams },
  responses: { 200: json('What it showed', ProviderTest), ...unknownRefusal, ...denied },
});

export function registerDeclaredProviders(app: AdminApp, { declared: { providers } }: AdminDeps): void {
  app.openapi(createProviderRoute, async (c) => {
    const { name, ...terms } = c.req.valid('json');
    const answer = await providers.create(name, terms as ProviderTerms, callerOf(c).id);
    if (answer.kind === 'done') return c.json(renderDeclared(answer.facts), 201);
    const { status, problem } = problemOfAnswer(answer, name);
    return c.json(problem, status === 404 ? 400 : status);
  });
  app.openapi(showRoute, async (c) => {
    const { name } = c.req.valid('param');
    const facts = await providers.find(name);
    return facts ? c.json(renderDeclared(facts), 200) : c.json(unknown(name), 404);
  });
  app.openapi(changeRoute, async (c) => {
    const { name } = c.req.valid('param');
    const answer = await providers.change(name, c.req.valid('json') as ProviderChange);
    if (answer.kind === 'done') return c.json(renderDeclared(answer.facts), 200);
    const { status, problem } = problemOfAnswer(answer, name);
    return c.json(problem, status);
  });
  app.openapi(removeRoute, async (c) => {
    const { name } = c.req.valid('param');
    const removed = await providers.remove(name);
    if (removed.kind === 'unknown') return c.json(unknown(name), 404);
    if (removed.kind === 'fixed') return c.json(problemOf(refuse('name_fixed', removed.message)), 409);
    const provider = renderDeclared({ record: removed.record, problem: undefined });
    return c.json({ provider, credentials: removed.credentials }, 200);
  });
  app.openapi(testRoute, async (c) => {
    const { name } = c.req.valid('param');
    const trial = await providers.test(name);
    return trial
      ? c.json({ ...trial, credential: trial.credential ?? null }, 200)
      : c.json(unknown(name), 404);
  });
}

function unknown(name: string) {
  return problemOf(refuse('record_unknown', `the workspace has declared no provider ${name}`));
}

function problemOfAnswer(answer: Exclude<ProviderAnswer, { kind: 'done' }>, name: string) {
  switch (answer.kind) {
    case 'unknown':
      return { status: 404, problem: unknown(name) } as const;
    case 'too_many':
      return {
        status: 400,
        problem: problemOf(refuse('body_invalid', 'the workspace has no room for more')),
      } as const;
    case 'has_credentials': {
      const message = `the vault holds credentials of ${name}, given for the address it has`;
      return { status: 409, problem: problemOf(refuse('provider_holds_credentials', message)) } as const;
    }
    case 'fixed':
      return { status: 409, problem: problemOf(refuse('name_fixed', answer.message)) } as const;
    case 'egress_refused':
      return { status: 422, problem: problemOf(refuse('egress_refused', answer.message)) } as const;
    case 'invalid':
      return { status: 400, problem: problemOf(refuse('body_invalid', answer.message)) } as const;
    default:
      return answer satisfies never;
  }
}

function renderDeclared({ record, problem }: DeclaredFacts): DeclaredProvider {
  const { kind, baseUrl, headers, models, streamUsage, formats, autoCache, timeouts, settings } =
    record.terms;
  return {
    name: record.name,
    kind,
    baseUrl: baseUrl ?? null,
    headers: Object.keys(headers),
    models: [...models],
    streamUsage: streamUsage ?? null,
    formats: formats ? [...formats] : null,
    autoCache: autoCache ?? false,
    timeouts,
    settings,
    problem: problem ?? null,
    createdBy: record.createdBy,
    createdAt: iso(record.createdAtMs),
    changedAt: iso(record.changedAtMs),
  };
}

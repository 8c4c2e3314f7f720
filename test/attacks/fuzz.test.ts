/**
 * Every operation of the admin API's own document, asked with what its schemas say and with what they do not: no answer
 * is a fault, and each is one that the document promises.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { createApp } from '../../src/admin/app.ts';
import { fakeHouse } from '../support/fake-house.ts';
import { type OpenHouse, openHouse, operatorToken } from '../support/open-house.ts';
import { freshPostgres, hasPostgres } from '../support/postgres.ts';
import { type Named, type Schema, valueFor } from '../support/schema-arbitrary.ts';
import { newHome } from '../support/turnpike-process.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema?: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Named };
}

/** Enough to meet most fields of most bodies, the same in each run of the suite; `TURNPIKE_TEST_FUZZ=500` looks elsewhere. */
const { TURNPIKE_TEST_FUZZ: more } = process.env;
const RUNS = more ? { numRuns: Number(more) } : { numRuns: 12, seed: 6 };
/** What answers without an end, or ends the process that is asked. */
const LEFT = new Set(['GET /api/v1/events/live']);

const app = createApp(fakeHouse().deps);
const document = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } }) as never;
const { paths, components } = document as Document;
const named = components?.schemas ?? {};
/** The schemas that the handlers' answers are made by. */
const answers = new Map<string, unknown>(
  app.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route'
      ? [[`${definition.route.method} ${definition.route.path}`, definition.route.responses] as const]
      : [],
  ),
);

const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

/** Nobody listens there: no credential that is tried leaves this machine. */
const CONFIG = 'providers: { openai: { base_url: "http://127.0.0.1:9/v1" } }\n';

interface Drawn {
  readonly path: string;
  readonly body: string | undefined;
}

function requestFor(path: string, { parameters = [], requestBody }: Operation): fc.Arbitrary<Drawn> {
  const texts = parameters
    .filter((one) => one.in !== 'header')
    .map((one) =>
      fc.option(
        valueFor(one.schema ?? {}, named).map((value) => ({ ...one, value: asText(value) })),
        { nil: undefined, freq: one.required || one.in === 'path' ? 1_000_000 : 3 },
      ),
    );
  const schema = requestBody?.content['application/json']?.schema;
  const body = schema
    ? valueFor(schema, named).map((value) => JSON.stringify(value) ?? 'null')
    : fc.constant(undefined);
  return fc.tuple(fc.tuple(...texts), body).map(([given, content]) => {
    let filled = path;
    const query = new URLSearchParams();
    for (const one of given) {
      if (!one) continue;
      if (one.in === 'path') filled = filled.replace(`{${one.name}}`, encodeURIComponent(one.value) || 'x');
      else query.set(one.name, one.value);
    }
    const search = query.size > 0 ? `?${query}` : '';
    return { path: filled.replaceAll(/\{.+?\}/g, 'x') + search, body: content };
  });
}

function asText(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).toWellFormed().slice(0, 2_000);
}

function schemaOf(method: string, path: string, status: number): z.ZodType | undefined {
  const declared = answers.get(`${method.toLowerCase()} ${path.replace('/api/v1', '')}`);
  const content = (declared as Record<number, { content?: Record<string, { schema?: z.ZodType }> }>)?.[status]
    ?.content;
  return content?.['application/json']?.schema;
}

const asked = operations.filter(({ method, path }) => !LEFT.has(`${method} ${path}`));
/** What is written is where databases differ; a few of each, as most that this finds is found by the first. */
const written = asked.filter(({ method }) => method !== 'GET');
const FEW = { ...RUNS, numRuns: more ? Number(more) : 4 };

const databases = [
  { name: 'SQLite', isHere: true, open: () => openHouse(CONFIG), operations: asked, runs: RUNS },
  {
    name: 'PostgreSQL',
    isHere: hasPostgres,
    open: async () => openHouse(CONFIG, newHome(), await freshPostgres()),
    operations: written,
    runs: FEW,
  },
];

it('has operations', () => expect(operations.length).toBeGreaterThan(60));

describe.each(databases.filter(({ isHere }) => isHere))(
  'on $name no 500, and every answer as the document says',
  (on) => {
    let house: OpenHouse;
    let token: string;
    beforeAll(async () => {
      house = await on.open();
      token = operatorToken(house.home);
    });
    afterAll(() => house.close());

    it.each(on.operations.map(({ method, path, operation }) => [method, path, operation] as const))(
      '%s %s',
      async (method, path, operation) => {
        await fc.assert(
          fc.asyncProperty(requestFor(path, operation), (drawn) =>
            judge(house.url, token, { method, path, operation, drawn }),
          ),
          on.runs,
        );
      },
    );
  },
);

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  readonly drawn: Drawn;
}

async function judge(url: string, token: string, { method, path, operation, drawn }: Asked): Promise<void> {
  const sent = {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(drawn.body !== undefined && { body: drawn.body }),
  };
  const answer = await fetch(url + drawn.path, { ...sent, redirect: 'manual' });
  const text = await answer.text();
  expect(answer.status, text).toBeLessThan(500);
  // A path whose parameter has become a segment of its own is another path.
  if (answer.status === 404 && text.includes('path_unknown')) return;
  const isSaid = Object.hasOwn(operation.responses, answer.status) || UNSAID.has(answer.status);
  expect(isSaid, `${answer.status} is in no line of the document: ${text}`).toBe(true);
  const schema = schemaOf(method, path, answer.status);
  if (schema) expect(schema.safeParse(JSON.parse(text)).error, text).toBeUndefined();
}

/** What any route may answer before it is reached, and needs no line in each. */
const UNSAID = new Set([400, 413, 415, 422, 429]);

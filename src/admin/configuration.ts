/** The configuration files of the process that answers: what it has read, what is wrong with them, and reading them now. */
import { z } from '@hono/zod-openapi';
import { refuse } from '../base/refusal.ts';
import type { AdminApp, AdminDeps } from './deps.ts';
import type { ConfigurationFacts } from './deps-configuration.ts';
import { Count, iso, When } from './fields.ts';
import { denied, problemOf, problemResponse } from './problem.ts';
import { adminRoute } from './route.ts';

const Names = z.array(z.string());

export const ConfigurationBody = z
  .strictObject({
    /** Of what serves now. */
    revision: Count,
    /** Read, in rising precedence. */
    files: Names,
    /** When the files last were in order and in force. */
    loadedAt: When,
    /** Of the last reading, where it was not taken: the state before it serves on. */
    problem: z.strictObject({ message: z.string(), at: When }).nullable(),
    /** Settings that the files have changed and that count from the next start. */
    pendingRestart: Names,
    warnings: Names,
    /** Since the start. */
    reloads: z.strictObject({ done: Count, failed: Count }),
  })
  .openapi('Configuration');
export type ConfigurationBody = z.infer<typeof ConfigurationBody>;

export const Reloaded = z
  .strictObject({
    isChanged: z.boolean(),
    /** Names of settings and prompts; values are never shown. */
    added: Names,
    changed: Names,
    removed: Names,
    configuration: ConfigurationBody,
  })
  .openapi('ReloadedConfiguration');
export type Reloaded = z.infer<typeof Reloaded>;

const showRoute = adminRoute('operator', {
  method: 'get',
  path: '/config',
  summary: 'Files, revision, and what of the files is not in force, and why',
  responses: {
    200: { description: 'The configuration', content: { 'application/json': { schema: ConfigurationBody } } },
    ...denied,
  },
});

const reloadRoute = adminRoute('operator', {
  method: 'post',
  path: '/config/reload',
  summary: 'Read the files now',
  responses: {
    200: { description: 'What has changed', content: { 'application/json': { schema: Reloaded } } },
    422: problemResponse('config_not_taken'),
    ...denied,
  },
});

export function registerConfiguration(app: AdminApp, { configuration }: AdminDeps): void {
  app.openapi(showRoute, (c) => c.json(render(configuration.describe()), 200));
  app.openapi(reloadRoute, async (c) => {
    const answer = await configuration.reload();
    if (answer.kind === 'failed') return c.json(problemOf(refuse('config_not_taken', answer.message)), 422);
    const { added, changed, removed } = answer.kind === 'done' ? answer : NOTHING;
    const reloaded: Reloaded = {
      isChanged: answer.kind === 'done',
      added: [...added],
      changed: [...changed],
      removed: [...removed],
      configuration: render(configuration.describe()),
    };
    return c.json(reloaded, 200);
  });
}

const NOTHING = { added: [], changed: [], removed: [] } as const;

function render(facts: ConfigurationFacts): ConfigurationBody {
  const { problem } = facts;
  return {
    revision: facts.revision,
    files: [...facts.files],
    loadedAt: iso(facts.loadedAtMs),
    problem: problem ? { message: problem.message, at: iso(problem.atMs) } : null,
    pendingRestart: [...facts.pendingRestart],
    warnings: [...facts.warnings],
    reloads: facts.reloads,
  };
}
